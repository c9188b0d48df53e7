"""From the log to the memory: what a card's reviews, in order of time, come to."""

from collections.abc import Iterable
from dataclasses import dataclass

from flashcards.lib.prepared import Prepared
from flashcards.study import card_days, class_sums
from flashcards.study.days import Moment
from flashcards.study.models import Memory, Rating, Review, State
from flashcards.study.options import policy_of
from flashcards.study.scheduling import MemoryState, answer, fuzz_seed, recall

DAY_SECONDS = 86_400
STATE_FIELDS = tuple(MemoryState.__dataclass_fields__)
OUTCOME_FIELDS = ("state_before", "recall", "interval_seconds", "stability", "difficulty")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one review did, as it is stored beside it; fields as in `Review`."""

    state_before: State
    recall: float | None
    interval_seconds: int
    stability: float
    difficulty: float


def state_of(memory: Memory) -> MemoryState:
    """Return the scheduled part of a stored memory."""
    values = {name: getattr(memory, name) for name in STATE_FIELDS}
    return MemoryState(**{**values, "state": State(memory.state)})


def put_state(memory: Memory, state: MemoryState) -> None:
    """Set the scheduled part of `memory` (not saved); what the learner marked on it stays."""
    for name in STATE_FIELDS:
        setattr(memory, name, getattr(state, name))


HELD = Prepared(lambda user, card: Memory.objects.select_for_update().filter(user=user, card=card))


def held_memory(user_id: int, card_id: int) -> Memory | None:
    """Return the learner's memory of a card, held against other requests while the transaction lasts; None if new."""
    return HELD.one(user_id, card_id)


def keep(memory: Memory) -> None:
    """Store a memory; one that says nothing, neither reviewed nor marked, is removed: a new card has no row."""
    if memory.state != State.NEW or memory.is_suspended or memory.is_starred or memory.buried_until is not None:
        memory.save()
    elif memory.pk is not None:
        memory.delete()


def interval_seconds(state: MemoryState) -> int:
    """Return the seconds from a card's last review to its next, as a button says it."""
    if state.due_at is not None and state.last_answered_at is not None:
        return round((state.due_at - state.last_answered_at).total_seconds())
    return state.interval_days * DAY_SECONDS


def apply_review(before: MemoryState, review: Review) -> tuple[MemoryState, Outcome]:
    """Return the memory after `review`, and what that review did; uses only what the review itself records."""
    policy = policy_of(review.preset_id)
    moment = Moment(review.answered_at, review.day, review.day_ends_at)
    after = answer(before, Rating(review.rating), policy, moment, fuzz_seed(review.card_id, before.reps))
    if after.stability is None or after.difficulty is None:
        raise ValueError("a reviewed card has stability and difficulty")
    outcome = Outcome(
        state_before=before.state,
        recall=recall(before, policy, review.day),
        interval_seconds=interval_seconds(after),
        stability=after.stability,
        difficulty=after.difficulty,
    )
    return after, outcome


def replay(reviews: Iterable[Review]) -> tuple[MemoryState, list[tuple[Review, Outcome]]]:
    """Return the memory that these reviews of one card, in order of time, come to, and what each of them did."""
    state = MemoryState()
    outcomes = []
    for review in reviews:
        state, outcome = apply_review(state, review)
        outcomes.append((review, outcome))
    return state, outcomes


def log_of(user_id: int, card_id: int) -> list[Review]:
    """Return the card's reviews that stand, in order of time."""
    standing = Review.objects.filter(user_id=user_id, card_id=card_id, undone_at=None)
    return list(standing.order_by("answered_at", "id"))


def rebuild(user_id: int, card_id: int) -> MemoryState:
    """Replay a card's log, mend what is stored beside it, outcomes and sums, and return the memory it comes to."""
    log = log_of(user_id, card_id)
    state, outcomes = replay(log)
    changed = []
    lapses = []
    for review, outcome in outcomes:
        if any(getattr(review, name) != getattr(outcome, name) for name in OUTCOME_FIELDS):
            before = card_days.is_lapse(review.rating, review.state_before)
            for name in OUTCOME_FIELDS:
                setattr(review, name, getattr(outcome, name))
            changed.append(review)
            lapses.append((review, card_days.is_lapse(review.rating, review.state_before) - before))
    Review.objects.bulk_update(changed, OUTCOME_FIELDS)
    class_sums.move_lapses(lapses)
    card_days.keep(user_id, card_id, log)
    return state
