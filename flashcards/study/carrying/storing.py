"""Cards whose logs have changed by many reviews at once: replayed, and stored with all that follows from them."""

from collections.abc import Iterable, Mapping, Sequence

from flashcards.accounts.models import User
from flashcards.study import card_days, class_sums
from flashcards.study.models import CardDay, Memory, Review
from flashcards.study.replay import OUTCOME_FIELDS, STATE_FIELDS, put_state, replay

AT_ONCE = 500
_MARKS = ("is_suspended", "is_starred")
_MEMORY_FIELDS = (*STATE_FIELDS, *_MARKS)


def store(
    user: User, logs: Mapping[int, Sequence[Review]], memories: Mapping[int, Memory], new: Sequence[Review]
) -> None:
    """Replay `logs`, by card, and store what is new and what has changed: reviews, memories, days and classes' sums.

    `memories` are by card, too; each card that has a log needs one. `new` are reviews in the logs, not stored yet.
    """
    fresh = {review.pk for review in new}
    changed: list[Review] = []
    lapses: list[tuple[Review, int]] = []
    standing = {card: _standing(log) for card, log in logs.items()}
    for card, log in standing.items():
        state, outcomes = replay(log)
        put_state(memories[card], state)
        for review, outcome in outcomes:
            is_known = review.pk not in fresh
            before = card_days.is_lapse(review.rating, review.state_before) if is_known else False
            differs = is_known and any(getattr(review, name) != getattr(outcome, name) for name in OUTCOME_FIELDS)
            for name in OUTCOME_FIELDS:
                setattr(review, name, getattr(outcome, name))
            if differs:
                changed.append(review)
                lapses.append((review, card_days.is_lapse(review.rating, review.state_before) - before))
    Review.objects.bulk_create(new, batch_size=AT_ONCE)
    Review.objects.bulk_update(changed, OUTCOME_FIELDS, batch_size=AT_ONCE)
    class_sums.move_lapses(lapses)
    _store_memories(memories.values())
    _store_days(user, standing)


def _standing(log: Iterable[Review]) -> list[Review]:
    return sorted((each for each in log if each.undone_at is None), key=lambda each: (each.answered_at, each.pk))


def _store_memories(memories: Iterable[Memory]) -> None:
    held = list(memories)
    Memory.objects.bulk_create([memory for memory in held if memory.pk is None], batch_size=AT_ONCE)
    Memory.objects.bulk_update([memory for memory in held if memory.pk], _MEMORY_FIELDS, batch_size=AT_ONCE)


def _store_days(user: User, logs: Mapping[int, Sequence[Review]]) -> None:
    CardDay.objects.filter(user=user, card__in=list(logs)).delete()
    days = (day for card, log in logs.items() for day in card_days.days_of(user.pk, card, log))
    CardDay.objects.bulk_create(days, batch_size=AT_ONCE)
