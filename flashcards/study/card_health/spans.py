"""What an edit did to a card: its answers before and after, side by side with the words that changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from flashcards.decks.kinds import FIELDS
from flashcards.decks.models import Card as DeckCard
from flashcards.decks.models import Note
from flashcards.lib.differences import Piece, difference
from flashcards.study.card_health.tally import LONGEST_MS, Tally
from flashcards.study.models import Rating, Review, State

MOST_SPANS = 20


@dataclass(frozen=True, slots=True)
class Span:
    """The time in which a note read as it did: since when (UTC), what was changed then, and the answers given in it.

    `changes` are pairs of a field's name and its pieces against the version before; empty for the first.
    """

    since: datetime
    severity: str
    reason: str
    tally: Tally
    changes: list[tuple[str, list[Piece]]]


def spans_of(card: DeckCard) -> list[Span]:
    """Return the last spans of a card, the present one first; an edit that left the texts alone begins none."""
    rows = Note.history.filter(id=card.note_id).order_by("history_date", "history_id")
    versions = _distinct(list(rows))[-MOST_SPANS - 1 :]
    tallies = _tallies(card, [version.history_date for version in versions])
    spans = []
    for before, after, tally in zip([None, *versions], versions, tallies, strict=False):
        changes = _changes(before, after) if before is not None else []
        spans.append(Span(after.history_date, after.severity, after.history_change_reason or "", tally, changes))
    return spans[::-1][:MOST_SPANS]


def _distinct(rows: list[Any]) -> list[Any]:
    """Return the rows whose texts or kind differ from those of the row before."""
    return rows[:1] + [after for before, after in pairwise(rows) if _changes(before, after)]


def _changes(before: Any, after: Any) -> list[tuple[str, list[Piece]]]:
    changed = [name for name in ("kind", *FIELDS) if getattr(before, name) != getattr(after, name)]
    return [(name.capitalize(), difference(getattr(before, name), getattr(after, name))) for name in changed]


def _tallies(card: DeckCard, begins: Sequence[datetime]) -> list[Tally]:
    """Return the sums of the answers between these moments, the last one open; earlier answers go to the first."""
    tallies = [Tally() for _ in begins]
    learners: list[set[int]] = [set() for _ in begins]
    answers = Review.objects.filter(card=card, undone_at=None).order_by("answered_at")
    at = 0
    fields = ("answered_at", "user_id", "rating", "state_before", "recall", "duration_ms")
    for answered_at, user, rating, state, recall, taken in answers.values_list(*fields).iterator():
        while at + 1 < len(begins) and answered_at >= begins[at + 1]:
            at += 1
        tally = tallies[at]
        tally.reviews += 1
        tally.again += rating == Rating.AGAIN
        tally.milliseconds += min(taken, LONGEST_MS)
        learners[at].add(user)
        if state == State.REVIEW and recall is not None:
            tally.asked += 1
            tally.recalled += rating > Rating.AGAIN
            tally.predicted += recall
            tally.spread += recall * (1 - recall)
    for tally, users in zip(tallies, learners, strict=True):
        tally.learners = len(users)
    return tallies
