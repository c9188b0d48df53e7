"""A learner's history of notes, as files carry it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from flashcards.accounts.models import User
from flashcards.decks.formats.records import CardRecord, ReviewRecord
from flashcards.decks.models import Note
from flashcards.lib.days import day_as_date
from flashcards.study.models import Memory, Review

FACTS = (
    "day", "preset_id", "state_before", "interval_seconds", "stability", "difficulty", "recall", "given", "verdict",
    "slip",
)  # fmt: skip
"""What a review's record says beside when, how and how long; with its id, all that a review is."""


def cards_of(user: User, notes: Sequence[Note]) -> dict[int, list[CardRecord]]:
    """Return by note's pk what `user` did with its cards, undone reviews left out; two queries for all notes."""
    reviews: dict[int, list[ReviewRecord]] = defaultdict(list)
    log = Review.objects.filter(user=user, card__note__in=notes, undone_at=None).order_by("answered_at", "id")
    for review in log:
        reviews[review.card_id].append(_review(review))
    found: dict[int, list[CardRecord]] = defaultdict(list)
    memories = Memory.objects.filter(user=user, card__note__in=notes).select_related("card").order_by("card__ordinal")
    for memory in memories:
        found[memory.card.note_id].append(
            CardRecord(
                memory.card.ordinal,
                reviews.get(memory.card_id, []),
                is_suspended=memory.is_suspended,
                is_starred=memory.is_starred,
                memory=_memory(memory) if memory.reps else {},
            )
        )
    return dict(found)


def _review(review: Review) -> ReviewRecord:
    facts: dict[str, Any] = {"id": str(review.pk), "day_ends_at": review.day_ends_at.isoformat()}
    facts |= {name: getattr(review, name) for name in FACTS}
    return ReviewRecord(review.answered_at, review.rating, review.duration_ms, _told(facts.items()))


def _told(facts: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the facts that say something."""
    return {name: value for name, value in facts if value not in (None, "")}


def _memory(memory: Memory) -> dict[str, Any]:
    due = memory.due_at or (day_as_date(memory.due_day) if memory.due_day is not None else None)
    return _told(
        {
            "state": memory.state,
            "stability": memory.stability,
            "difficulty": memory.difficulty,
            "due": due,
            "interval_days": memory.interval_days,
            "reps": memory.reps,
            "lapses": memory.lapses,
        }.items()
    )
