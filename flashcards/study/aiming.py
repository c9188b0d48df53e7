"""Exam day: which cards to ask today so that recall on a given day is the highest for the time there is. Pure.

A card's worth today is what asking it adds to its predicted recall on the exam day, by the second it takes. Where
time will be left to ask every card once more shortly before the exam (the last round), only what today adds beyond
that counts: so a card is not asked early when asking it late does the same. docs/exam-day.md has the formulas.
"""

import math
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from flashcards.study.predicting import FORGOTTEN_AT_FIRST, Forgetting, forgetting

LEAST_GAIN = 0.001
"""What adds less than a tenth of a per cent to a card's recall is not worth a learner's time."""
DAYS_APART, STEPS_BEFORE = 7, 12
"""A forecast plays the last days one by one, and what is before them in no more steps than this."""
USUAL_RECALL = 0.8

Outcomes = tuple[tuple[float, float, float], ...]
"""What asking a card may leave: chance, stability, difficulty."""


class Held(NamedTuple):
    """What is known of a learner's memory of a card; a card never seen has only its id."""

    card: int
    stability: float | None = None
    difficulty: float = 5.0
    last_day: int = 0


class Pace(NamedTuple):
    """Seconds that a learner takes: for a review, more if it was forgotten, and for a new card with its steps."""

    review: float
    again: float
    new: float


class LastRound(NamedTuple):
    """Asking every card once more before the exam: the day in the middle of it, and the chance to come to it."""

    day: int
    chance: float


class Forecast(NamedTuple):
    """Mean predicted recall (0 to 1) on the exam day: if nothing more is studied, and with the daily minutes kept."""

    untouched: float
    kept: float


class Aim:
    """An exam day, a learner's pace and memory model: what asking a card on a day is worth."""

    def __init__(self, exam_day: int, pace: Pace, model: Forgetting) -> None:
        self.exam_day = exam_day
        self.pace = pace
        self.model = model
        self.first: Outcomes = (
            (1 - FORGOTTEN_AT_FIRST, *model.met(passed=True)),
            (FORGOTTEN_AT_FIRST, *model.met(passed=False)),
        )

    def recall(self, held: Held, day: int) -> float:
        """Return the predicted recall on `day` if the card is not asked before; 0 for one never seen."""
        if held.stability is None:
            return 0.0
        return self.model.recall(max(0, day - held.last_day), held.stability)

    def outcomes(self, held: Held, day: int) -> Outcomes:
        """Return what asking the card on `day` may leave."""
        if held.stability is None:
            return self.first
        recall = self.recall(held, day)
        passed = self.model.passed(held.stability, held.difficulty, recall)
        return (recall, *passed), (1 - recall, *self.model.failed(held.stability, held.difficulty, recall))

    def on_exam(self, outcomes: Outcomes, day: int) -> float:
        """Return the recall to be expected on the exam day after these outcomes on `day`."""
        days = self.exam_day - day
        return sum(chance * self.model.recall(days, stability) for chance, stability, _ in outcomes)

    def on_exam_if_asked(self, held: Held, day: int) -> float:
        """Return the recall to be expected on the exam day if the card is next asked on `day`, and not again."""
        if held.stability is None:
            return self.on_exam(self.first, day)
        days = max(0, day - held.last_day)
        return self.model.recall_if_asked(held.stability, held.difficulty, days, self.exam_day - day)

    def seconds(self, held: Held, day: int) -> float:
        """Return how long asking the card on `day` takes, its steps on that day included."""
        if held.stability is None:
            return self.pace.new
        return self.pace.review + (1 - self.recall(held, day)) * self.pace.again

    def gain(self, held: Held, day: int, last: LastRound) -> float:
        """Return what asking the card on `day` adds to the recall on the exam day, see the module's first lines."""
        after = self.outcomes(held, day)
        gain = 0.0
        if last.chance < 1:
            gain += (1 - last.chance) * (self.on_exam(after, day) - self.recall(held, self.exam_day))
        if last.chance > 0:
            before, left = last.day - day, self.exam_day - last.day
            both = sum(
                chance * self.model.recall_if_asked(stability, difficulty, before, left)
                for chance, stability, difficulty in after
            )
            gain += last.chance * (both - self.on_exam_if_asked(held, last.day))
        return gain

    def last_round(self, cards: Sequence[Held], day: int, budget: float) -> LastRound:
        """Return the last round as it looks on `day` with `budget` seconds a day: new cards are learned before it."""
        left = self.exam_day - day - 1
        if left <= 0 or not cards:
            return LastRound(self.exam_day, 0)
        once = len(cards) * (self.pace.review + (1 - USUAL_RECALL) * self.pace.again)
        learning = sum(held.stability is None for held in cards) * self.pace.new
        chance = (left * budget - learning) / once
        middle = math.ceil(min(left, once / budget) / 2)
        return LastRound(max(day + 1, self.exam_day - middle), min(1.0, max(0.0, chance)))

    def ranking(self, cards: Sequence[Held], day: int, budget: float) -> list[tuple[Held, float]]:
        """Return the cards worth asking on `day` and the seconds each takes, the most worth first."""
        last = self.last_round(cards, day, budget)
        new = self.gain(Held(0), day, last)
        valued = []
        for place, held in enumerate(cards):
            if held.stability is not None and held.last_day >= day:
                continue
            gain = new if held.stability is None else self.gain(held, day, last)
            if gain >= LEAST_GAIN:
                seconds = self.seconds(held, day)
                valued.append((-gain / seconds, place, held, seconds))
        return [(held, seconds) for _, _, held, seconds in sorted(valued)]

    def expected(self, held: Held, day: int) -> Held:
        """Return the memory that stands for the outcomes of asking the card on `day`.

        Not asked again, it is recalled on the exam day just as they would be on the mean.
        """
        after = self.outcomes(held, day)
        recall = min(self.on_exam(after, day), 1 - 1e-9)
        stability = self.model.stability_for(recall, self.exam_day - day)
        return Held(held.card, stability, sum(chance * difficulty for chance, _, difficulty in after), day)


def within(ranked: Sequence[tuple[Held, float]], budget: float) -> list[Held]:
    """Return the first cards of a ranking while `budget` seconds last; the last one may go beyond."""
    taken = []
    for held, seconds in ranked:
        if budget <= 0:
            break
        taken.append(held)
        budget -= seconds
    return taken


@lru_cache(maxsize=128)
def forecast(
    cards: tuple[Held, ...], today: int, exam_day: int, *, budget: float, pace: Pace, parameters: tuple[float, ...]
) -> Forecast:
    """Return what recall to expect on the exam day, with nothing more and with `budget` seconds each day before it.

    Plays the days through with what each review leaves on the mean, so the same question has the same answer.
    """
    aim = Aim(exam_day, pace, forgetting(parameters))
    if not cards:
        return Forecast(0, 0)
    known = {held.card: held for held in cards}
    for day, days in steps_to(exam_day, today):
        ranked = aim.ranking(list(known.values()), day, budget)
        known |= {held.card: aim.expected(held, day) for held in within(ranked, budget * days)}
    return Forecast(mean_recall(aim, cards), mean_recall(aim, known.values()))


def steps_to(exam_day: int, today: int) -> list[tuple[int, int]]:
    """Return the days from today until the exam as steps: each one's first day, and how many it holds."""
    apart = max(today, exam_day - DAYS_APART)
    length = max(1, math.ceil((apart - today) / STEPS_BEFORE))
    before = [(day, min(length, apart - day)) for day in range(today, apart, length)]
    return before + [(day, 1) for day in range(apart, exam_day)]


def mean_recall(aim: Aim, cards: Collection[Held]) -> float:
    """Return the mean predicted recall of `cards` on the exam day."""
    return sum(aim.recall(held, aim.exam_day) for held in cards) / len(cards)
