"""How much a learner knows of decks or topics: many at once, in queries whose number does not grow with them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, Min, Q, QuerySet

from flashcards.decks.models import Card
from flashcards.study.models import Memory, Review, State

MATURE_DAYS = 21
Group = Literal["deck", "topic"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the known bar: its kind, its cards, and its place in a picture 100 wide."""

    kind: str
    count: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Pile:
    """Cards of a deck or topic, counted. `cards` are all but archived ones; the next five make them up.

    Young: an interval under 21 days; mature: of 21 or more. `waiting` are due, `due_notes` the notes among them not
    asked yet today, `in_steps` come back within the day, the first of them at `step_at`.
    """

    cards: int = 0
    new: int = 0
    learning: int = 0
    young: int = 0
    mature: int = 0
    suspended: int = 0
    waiting: int = 0
    due_notes: int = 0
    in_steps: int = 0
    step_at: datetime | None = None

    @property
    def segments(self) -> list[Segment]:
        """The known bar from firm to untouched; suspended cards and parts without cards are left out."""
        kept = self.cards - self.suspended
        parts, x = [], 0.0
        for kind in ("mature", "young", "learning", "new"):
            count: int = getattr(self, kind)
            if count:
                width = 100 * count / kept
                parts.append(Segment(kind, count, round(x, 3), round(width, 3)))
                x += width
        return parts

    @property
    def words(self) -> str:
        """The known bar in words."""
        return f"{self.mature} mature, {self.young} young, {self.learning} learning, {self.new} new"


def piles(user_id: int, day: int, decks: Collection[int], group: Group) -> dict[int, Pile]:
    """Return the pile of each deck, or of each topic of these decks, that holds a card."""
    totals = Card.objects.filter(deck__in=decks, archived_at=None).order_by().values_list(group).annotate(Count("pk"))
    key = "deck" if group == "deck" else "card__topic"
    mine = memories(user_id, decks).order_by().values(key).annotate(**_counts(user_id, day))
    counted = {row.pop(key): row for row in mine}
    found = {}
    for place, cards in totals:
        counts = counted.get(place, {})
        apart = sum(counts.get(name, 0) for name in ("learning", "young", "mature", "suspended"))
        found[place] = Pile(cards=cards, new=cards - apart, **counts)
    return found


def memories(user_id: int, decks: Collection[int]) -> QuerySet[Memory]:
    """Return the learner's memories of cards that still are in these decks."""
    return Memory.objects.filter(user=user_id, deck__in=decks, card__archived_at=None)


def is_active(day: int) -> Q:
    """Return the condition on memories of cards that may be asked on `day`: neither suspended nor buried."""
    return Q(is_suspended=False) & (Q(buried_until=None) | Q(buried_until__lte=day))


def is_due(day: int) -> Q:
    """Return the condition on memories that are due on `day`, but for those in steps within it (as `queue.due`)."""
    return is_active(day) & Q(due_day__lte=day, due_at=None) & ~Q(state=State.NEW)


def asked_notes(user_id: int, day: int) -> QuerySet[Review, int]:
    """Return the notes that a card was asked of on `day`; their other cards wait for another day."""
    return Review.objects.filter(user=user_id, day=day, undone_at=None).values_list("card__note", flat=True)


def _counts(user_id: int, day: int) -> dict[str, Count | Min]:
    in_steps = is_active(day) & Q(due_at__isnull=False)
    kept = Q(is_suspended=False)
    return {
        "learning": Count("pk", filter=kept & Q(state__in=(State.LEARNING, State.RELEARNING))),
        "young": Count("pk", filter=kept & Q(state=State.REVIEW, interval_days__lt=MATURE_DAYS)),
        "mature": Count("pk", filter=kept & Q(state=State.REVIEW, interval_days__gte=MATURE_DAYS)),
        "suspended": Count("pk", filter=Q(is_suspended=True)),
        "waiting": Count("pk", filter=is_due(day)),
        "due_notes": Count("note", distinct=True, filter=is_due(day) & ~Q(note__in=asked_notes(user_id, day))),
        "in_steps": Count("pk", filter=in_steps),
        "step_at": Min("due_at", filter=in_steps),
    }
