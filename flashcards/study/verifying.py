"""Does what is stored agree with the log? Replays every card's reviews, adds them up, compares; changes nothing."""

from collections.abc import Iterator
from itertools import groupby

from flashcards.study import verifying_sums
from flashcards.study.models import Memory, Review
from flashcards.study.replay import OUTCOME_FIELDS, STATE_FIELDS, replay
from flashcards.study.scheduling import MemoryState


def differences() -> Iterator[str]:
    """Yield one line for each thing stored that differs from what the log comes to."""
    log = Review.objects.filter(undone_at=None).order_by("user_id", "card_id", "answered_at", "id")
    keys = Review.objects.filter(undone_at=None).values_list("user_id", "card_id").distinct()
    for (user_id, card_id), reviews in groupby(log.iterator(), key=lambda review: (review.user_id, review.card_id)):
        state, outcomes = replay(reviews)
        name = f"user {user_id} card {card_id}"
        for review, outcome in outcomes:
            yield from _compare(f"{name} review {review.pk}", review, outcome, OUTCOME_FIELDS)
        memory = Memory.objects.filter(user_id=user_id, card_id=card_id).first()
        if memory is None:
            yield f"{name}: has {len(outcomes)} reviews and no memory"
        else:
            yield from _compare(name, memory, state, STATE_FIELDS)
    reviewed = Memory.objects.exclude(reps=0).values_list("user_id", "card_id")
    for user_id, card_id in reviewed.difference(keys).order_by("user_id", "card_id"):
        yield f"user {user_id} card {card_id}: has a memory and no reviews"
    unreviewed = Memory.objects.filter(reps=0).iterator()
    for memory in unreviewed:
        if Review.objects.filter(user_id=memory.user_id, card_id=memory.card_id, undone_at=None).exists():
            continue
        yield from _compare(f"user {memory.user_id} card {memory.card_id}", memory, MemoryState(), STATE_FIELDS)
    yield from verifying_sums.differences()


def _compare(name: str, stored: object, true: object, fields: tuple[str, ...]) -> Iterator[str]:
    for field in fields:
        ours, theirs = getattr(stored, field), getattr(true, field)
        if ours != theirs:
            yield f"{name}: {field} is {ours!r}, the log says {theirs!r}"
