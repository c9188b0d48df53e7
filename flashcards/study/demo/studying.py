"""A simulated learner's weeks: which cards they meet in each sitting, whether they still know them, what they answer.

What is asked follows the rules of a session: cards in steps when they are due, then due ones with new ones among
them, cards of one note on different days. What somebody truly remembers is not what the scheduler takes them to: their
forgetting curve has a stability of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from flashcards.accounts.models import User
from flashcards.decks import kinds
from flashcards.decks.models import Card
from flashcards.study.days import Moment
from flashcards.study.demo.answers import Answers, Attempt
from flashcards.study.demo.learners import Learner, chance_of
from flashcards.study.demo.sittings import Sitting, Term, sittings
from flashcards.study.giving import seed_for
from flashcards.study.models import Review, State
from flashcards.study.options import DEFAULT_POLICY
from flashcards.study.queue import LEARN_AHEAD
from flashcards.study.replay import OUTCOME_FIELDS, apply_review
from flashcards.study.scheduling import MemoryState, recall_after

KNOWN_BEFORE = 0.4
"""Of the cards never seen, by somebody of usual strength."""
KNOWN_WITHIN_A_DAY = 0.95
NEW_UNTIL_DUE = 60
"""A pile higher than this is worked off first."""
EVERY = 3
"""Of the cards asked one is new, while there are both."""
BETWEEN_CARDS = timedelta(seconds=1)
TAUGHT_AT_FIRST = 0.12
"""The part of the deck that may be studied on the first day; all of it is open at the end."""


@dataclass(slots=True)
class Studied:
    """What a learner's weeks come to: their reviews in order of time, and each card's memory."""

    reviews: list[Review] = field(default_factory=list)
    states: dict[int, MemoryState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Material:
    """What is studied: a deck's cards in its order, under the settings of a preset, with chance from `seed`."""

    cards: Sequence[Card]
    preset_id: int
    seed: int


def study(learner: Learner, user: User, material: Material, term: Term, now: datetime) -> Studied:
    """Return what the learner did with the material from the first day of the term until `now`."""
    cards = material.cards
    chance = chance_of(material.seed, learner.number, "studying")
    accepted = [str(card.data["accepted"][0]) for card in cards if card.kind == "typed"]
    answers = Answers(learner, accepted or ["no idea"], chance)
    weeks = _Weeks(user, {card.pk: card for card in cards}, material.preset_id, answers)
    for sitting in sittings(learner, user, term, now, chance):
        opened = TAUGHT_AT_FIRST + (1 - TAUGHT_AT_FIRST) * term.part(sitting.begins.day)
        weeks.sit(sitting, cards[: round(opened * len(cards))], now)
    return weeks.studied


@dataclass(slots=True)
class _Weeks:
    user: User
    cards: dict[int, Card]
    preset_id: int
    answers: Answers
    studied: Studied = field(default_factory=Studied)

    @property
    def chance(self) -> Random:
        return self.answers.chance

    def sit(self, sitting: Sitting, opened: Sequence[Card], now: datetime) -> None:
        """Go through one sitting; `opened` are the cards that may be new by now."""
        moment = sitting.begins
        ends = min(now, moment.day_ends_at, moment.now + timedelta(minutes=sitting.minutes))
        plan = self._plan(sitting, opened)
        in_steps: dict[int, datetime] = {}
        while True:
            card_id = _next(plan, in_steps, moment.now)
            if card_id is None:
                return
            moment = self._ask(self.cards[card_id], moment, ends)
            if moment.now >= ends:
                return
            due_at = self.studied.states[card_id].due_at
            in_steps.pop(card_id, None)
            if due_at is not None:
                in_steps[card_id] = due_at

    def _plan(self, sitting: Sitting, opened: Sequence[Card]) -> list[int]:
        """Return the cards to ask, the first one last: due ones, and new ones among them."""
        day = sitting.begins.day
        due = [card_id for card_id, state in self.studied.states.items() if (state.due_day or 0) <= day]
        new = [card.pk for card in opened if card.pk not in self.studied.states]
        self.chance.shuffle(due)
        notes: set[int] = set()
        due = [card_id for card_id in due if self._is_first(card_id, notes)]
        new = [card_id for card_id in new if self._is_first(card_id, notes)][: sitting.new_cards]
        if len(due) > NEW_UNTIL_DUE:
            new = []
        plan: list[int] = []
        for place in range(len(due) + len(new)):
            source = new if (place % EVERY == EVERY - 1 and new) or not due else due
            plan.append(source.pop(0))
        return plan[::-1]

    def _is_first(self, card_id: int, notes: set[int]) -> bool:
        note = self.cards[card_id].note_id
        if note in notes:
            return False
        notes.add(note)
        return True

    def _ask(self, card: Card, moment: Moment, ends: datetime) -> Moment:
        """Let the learner answer a card; return when it is done. Nothing is stored of an answer after `ends`."""
        before = self.studied.states.get(card.pk, MemoryState())
        seconds = self.answers.seconds(card, before.reps)
        answered = replace(moment, now=moment.now + timedelta(seconds=seconds))
        if answered.now >= ends:
            return answered
        attempt = Attempt(
            card=card,
            seed=seed_for(self.user.pk, card, before.reps),
            knows=self.chance.random() < self._known(card, before, moment.day),
            met=before.reps,
            duration_ms=round(1000 * seconds),
        )
        rating, given = self.answers.answer(attempt)
        review = Review(
            id=UUID(int=self.chance.getrandbits(128), version=4),
            user=self.user,
            card_id=card.pk,
            deck_id=card.deck_id,
            rating=rating,
            answered_at=answered.now,
            day=answered.day,
            day_ends_at=answered.day_ends_at,
            duration_ms=attempt.duration_ms,
            preset_id=self.preset_id,
            given=given.stored() if given is not None else None,
            verdict=given.verdict if given is not None else "",
            slip=given.slip if given is not None else "",
        )
        after, outcome = apply_review(before, review)
        for name in OUTCOME_FIELDS:
            setattr(review, name, getattr(outcome, name))
        self.studied.states[card.pk] = after
        self.studied.reviews.append(review)
        return replace(answered, now=answered.now + BETWEEN_CARDS)

    def _known(self, card: Card, before: MemoryState, day: int) -> float:
        """Return how likely the learner truly knows the card today."""
        strength = self.answers.learner.hold_on(card.topic_id)
        if before.state == State.NEW or before.stability is None or before.last_day is None:
            # Nobody knows by chance the word or the number that a card asks for.
            return min(0.7, KNOWN_BEFORE * strength) * (0.5 if kinds.asking(card.kind) is not None else 1)
        if before.last_day == day:
            return float(KNOWN_WITHIN_A_DAY ** (1 / min(strength, 2)))
        return recall_after(day - before.last_day, before.stability * strength, DEFAULT_POLICY)


def _next(plan: list[int], in_steps: dict[int, datetime], now: datetime) -> int | None:
    """Return the card to ask at `now`: one whose step is over, else the plan's next, else the step that ends soon."""
    soonest = min(in_steps, key=lambda card_id: in_steps[card_id], default=None)
    if soonest is not None and in_steps[soonest] <= now:
        return soonest
    if plan:
        return plan.pop()
    if soonest is not None and in_steps[soonest] <= now + LEARN_AHEAD:
        return soonest
    return None
