"""Simulated learners before an exam: what aiming at it gains over the plain scheduler. Seeded, so it can be repeated.

A learner's true memory follows FSRS-6 with weights of their own. The program believes in the usual weights, as it does
of a learner it does not know, and sees of the truth only whether a card was recalled.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from flashcards.study.aiming import Aim, Held, Pace, within
from flashcards.study.exam_day import USUAL_PACE
from flashcards.study.options import DEFAULT_POLICY
from flashcards.study.predicting import FORGOTTEN_AT_FIRST, Forgetting, forgetting
from flashcards.study.scheduling import interval_for

NEW_A_DAY = 20
BEFORE_DAYS = 40
NOISE = {0: 0.3, 1: 0.3, 2: 0.3, 3: 0.3, 11: 0.3, 20: 0.15}
"""How far a learner's weights stray from the usual ones: the standard deviation of their logarithm."""
GROWTH_NOISE = 0.2


class Method(StrEnum):
    """How a day's cards are chosen."""

    PLAIN = "plain"
    AHEAD = "ahead"
    AIMED = "aimed"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a simulated learner has before them: cards, part of them studied before, days, and minutes a day."""

    cards: int
    seen: float
    days: int
    minutes: int


@dataclass(slots=True)
class SimulatedCard:
    """A card as the program believes it to be held, when it is due, and as it is held in truth."""

    held: Held
    due: int = 0
    stability: float = 0.0
    difficulty: float = 5.0


class Learner:
    """A simulated learner with a deck; day 0 is today."""

    def __init__(self, seed: int, setting: Setting) -> None:
        self.chance = Random(seed)  # noqa: S311
        self.setting = setting
        self.believed = forgetting(DEFAULT_POLICY.parameters)
        self.truth = self._own_model()
        self.slowness = math.exp(self.chance.gauss(0, 0.2))
        self.cards = [SimulatedCard(Held(number)) for number in range(setting.cards)]
        self._study_before()

    def _own_model(self) -> Forgetting:
        weights = list(DEFAULT_POLICY.parameters)
        for place, deviation in NOISE.items():
            weights[place] *= math.exp(self.chance.gauss(0, deviation))
        weights[8] += self.chance.gauss(0, GROWTH_NOISE)
        return Forgetting(tuple(weights))

    def _study_before(self) -> None:
        """Study part of the cards in the days before today, each review on its due day."""
        for card in self.cards[: round(self.setting.seen * len(self.cards))]:
            day = -self.chance.randrange(1, BEFORE_DAYS)
            while day < 0:
                self.ask(card, day)
                day = card.due

    def ask(self, card: SimulatedCard, day: int) -> float:
        """Ask a card and return the seconds that it took, its steps on that day included."""
        held = card.held
        if held.stability is None:
            passed = self.chance.random() >= FORGOTTEN_AT_FIRST
            trace, true = self.believed.met(passed=passed), self.truth.met(passed=passed)
            seconds = USUAL_PACE.new
        else:
            recall = self.truth.recall(day - held.last_day, card.stability)
            expected = self.believed.recall(day - held.last_day, held.stability)
            passed = self.chance.random() < recall
            move, true_move = (
                (self.believed.passed, self.truth.passed) if passed else (self.believed.failed, self.truth.failed)
            )
            trace = move(held.stability, held.difficulty, expected)
            true = true_move(card.stability, card.difficulty, recall)
            seconds = USUAL_PACE.review + (0 if passed else USUAL_PACE.again)
        card.held = Held(held.card, *trace, day)
        card.stability, card.difficulty = true
        card.due = day + max(1, round(interval_for(trace[0], DEFAULT_POLICY)))
        return seconds * self.slowness

    def study(self, method: Method) -> float:
        """Study each day until the exam, and return the minutes that it took."""
        choose: Callable[[int], list[SimulatedCard]] = self._aimed if method == Method.AIMED else self._plain
        spent = 0.0
        for day in range(self.setting.days):
            asked = choose(day)
            if method == Method.AHEAD:
                asked += sorted((card for card in self._seen() if card.due > day), key=lambda card: card.due)
            left = 60.0 * self.setting.minutes
            for card in asked:
                if left <= 0:
                    break
                seconds = self.ask(card, day)
                left -= seconds
                spent += seconds
        return spent / 60

    def recall(self) -> float:
        """Return the mean recall of all cards on the exam day, in truth."""
        day = self.setting.days
        known = sum(self.truth.recall(day - card.held.last_day, card.stability) for card in self._seen())
        return known / len(self.cards)

    def _seen(self) -> list[SimulatedCard]:
        return [card for card in self.cards if card.held.stability is not None]

    def _plain(self, day: int) -> list[SimulatedCard]:
        """Return what the usual plan asks: due cards, the best recalled first, and then new ones."""
        due = [card for card in self._seen() if card.due <= day]
        due.sort(key=lambda card: (day - card.held.last_day) / (card.held.stability or 1))
        return due + [card for card in self.cards if card.held.stability is None][:NEW_A_DAY]

    def _aimed(self, day: int) -> list[SimulatedCard]:
        pace = Pace(*(self.slowness * seconds for seconds in USUAL_PACE))
        aim = Aim(self.setting.days, pace, self.believed)
        budget = 60.0 * self.setting.minutes
        ranked = aim.ranking([card.held for card in self.cards], day, budget)
        return [self.cards[held.card] for held in within(ranked, budget * 2)]


def trial(seed: int, setting: Setting, method: Method) -> tuple[float, float]:
    """Return a learner's true recall on the exam day, and the minutes they studied."""
    learner = Learner(seed, setting)
    minutes = learner.study(method)
    return learner.recall(), minutes
