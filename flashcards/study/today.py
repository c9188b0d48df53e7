"""What today's session asks of decks or topics: what `queue.make_plan` would pick, counted by the database instead.

Many decks at once, in queries whose number does not grow with them.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, When

from flashcards.decks.models import Card
from flashcards.study.days import Moment
from flashcards.study.known import Group, Pile, asked_notes, is_active, is_due, memories
from flashcards.study.models import DeckOptions, Memory, Review, State, StudySession
from flashcards.study.queue import LEARN_AHEAD, Entry
from flashcards.study.sessions import fitting


@dataclass(frozen=True, slots=True)
class Limits:
    """A deck's limits a day, and what they still allow today."""

    new_per_day: int
    reviews_per_day: int
    new_left: int
    reviews_left: int


@dataclass(frozen=True, slots=True)
class Today:
    """What a session begun now would ask (or the open one still asks), and the cards in steps within the day.

    `reviews` are of the `waiting` cards; the first card in steps comes back at `step_at`.
    """

    reviews: int
    new: int
    learning: int
    waiting: int
    step_at: datetime | None

    @property
    def words(self) -> str:
        """The numbers in words, such as "20 of 312 to review, 5 new"; empty when there are none."""
        of = f" of {self.waiting}" if self.waiting > self.reviews else ""
        parts = [
            f"{self.reviews}{of} to review" if self.reviews else "",
            f"{self.learning} learning" if self.learning else "",
            f"{self.new} new" if self.new else "",
        ]
        return ", ".join(filter(None, parts))

    def is_ready(self, now: datetime) -> bool:
        """Whether a card would be asked at `now`."""
        return bool(self.reviews or self.new or (self.step_at is not None and self.step_at <= now + LEARN_AHEAD))


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """What the session open in a deck still holds of its plan; `topic` and `tag` are its scope."""

    topic: int | None
    tag: int | None
    reviews: int
    new: int


def limits(user_id: int, day: int, decks: Collection[int]) -> dict[int, Limits]:
    """Return each deck's limits for the learner, the usual ones where they chose none."""
    usual = DeckOptions()
    chosen = {options.deck_id: options for options in DeckOptions.objects.filter(user=user_id, deck__in=decks)}
    answered = Review.objects.filter(user=user_id, day=day, deck__in=decks, undone_at=None).order_by()
    done: dict[tuple[int, int], int] = defaultdict(int)
    for deck, state, number in answered.values_list("deck", "state_before").annotate(Count("pk")):
        done[deck, state] = number
    found = {}
    for deck in decks:
        options = chosen.get(deck, usual)
        found[deck] = Limits(
            new_per_day=options.new_per_day,
            reviews_per_day=options.reviews_per_day,
            new_left=max(0, options.new_per_day - done[deck, State.NEW]),
            reviews_left=max(0, options.reviews_per_day - done[deck, State.REVIEW]),
        )
    return found


def unseen_notes(user_id: int, day: int, decks: Collection[int], group: Group) -> dict[int, int]:
    """Return how many notes of each deck or topic hold a new card that a session may take on `day`."""
    if not decks:
        return {}
    met = Memory.objects.filter(user=user_id, card=OuterRef("pk")).exclude(is_active(day), state=State.NEW)
    due = memories(user_id, decks).filter(is_due(day)).values("note")
    cards = Card.objects.filter(~Exists(met), deck__in=decks, archived_at=None).exclude(note__in=due).order_by()
    cards = cards.exclude(note__in=asked_notes(user_id, day))
    return dict(cards.values_list(group).annotate(Count("note", distinct=True)))


def open_plans(user_id: int, moment: Moment, decks: Collection[int]) -> dict[int, OpenPlan]:
    """Return, by deck, what of today's open sessions is left to ask, but for those that would be planned anew."""
    rows = StudySession.objects.filter(user=user_id, deck__in=decks, assignment=None, ended_at=None, day=moment.day)
    latest = {session.deck_id: session for session in rows.order_by("started_at", "pk")}
    plans = {}
    for session in fitting(list(latest.values()), user_id, moment.day):
        left = session.plan[session.cursor :]
        new = sum(entry == Entry.NEW for _, entry in left)
        plans[session.deck_id] = OpenPlan(session.topic_id, session.tag_id, len(left) - new, new)
    return plans


def asked_today(pile: Pile, limits: Limits, unseen: int, plan: OpenPlan | None) -> Today:
    """Return what a session asks; `plan` is the open session's, if that has the same scope."""
    if plan is not None:
        return Today(plan.reviews, plan.new, pile.in_steps, pile.waiting, pile.step_at)
    reviews = min(pile.due_notes, limits.reviews_left)
    new = min(unseen, limits.new_left, limits.reviews_left - reviews)
    return Today(reviews, new, pile.in_steps, pile.waiting, pile.step_at)


def coming(user_id: int, day: int, decks: Collection[int], days: int) -> dict[int, dict[int, int]]:
    """Return, by deck, how many cards come back in 1, 2, … `days` days; buried ones not before they are unburied."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    if decks:
        unburied = When(buried_until__gt=F("due_day"), then="buried_until")
        back = Case(unburied, default="due_day", output_field=IntegerField())
        mine = memories(user_id, decks).filter(Q(is_suspended=False, due_at=None)).exclude(state=State.NEW)
        rows = mine.annotate(back=back).filter(back__gt=day, back__lte=day + days).order_by()
        for deck, back_day, number in rows.values_list("deck", "back").annotate(number=Count("pk")):
            found[deck][back_day - day] = number
    return found
