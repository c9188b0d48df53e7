"""When a card comes back: FSRS-6 through the `fsrs` package, fed with study days. Pure: no database, no clock.

The package floors 24-hour spans, which would turn many next-day reviews into same-day ones, so it is given the
midnights (UTC) of study days, and due moments, fuzz and the order among the four intervals are worked out here, as
in Anki's scheduler. Days are integers as in `lib/days.py`; steps are seconds; stability is days until recall falls
to 90 %.
"""

import hashlib
import math
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from fsrs import Card as FsrsCard
from fsrs import Rating as FsrsRating
from fsrs import Scheduler
from fsrs import State as FsrsState

from flashcards.study.days import Moment
from flashcards.study.models import Rating, State

MAXIMUM_INTERVAL = 36_500
LEECH_LAPSES = 8
LEECH_EVERY = 4
FUZZ_FROM = 2.5
FUZZ_PARTS = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, math.inf, 0.05))


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings a card is scheduled under: FSRS weights, desired retention (0–1) and steps in seconds."""

    parameters: tuple[float, ...]
    desired_retention: float
    learning_steps: tuple[int, ...]
    relearning_steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MemoryState:
    """What is known of one learner's memory of one card; the default is a card never seen."""

    state: State = State.NEW
    step: int | None = None
    stability: float | None = None
    difficulty: float | None = None
    due_day: int | None = None
    due_at: datetime | None = None
    last_day: int | None = None
    last_answered_at: datetime | None = None
    interval_days: int = 0
    reps: int = 0
    lapses: int = 0
    is_leech: bool = False


@lru_cache(maxsize=1024)
def _scheduler(policy: Policy) -> Scheduler:
    return Scheduler(
        parameters=policy.parameters,
        desired_retention=policy.desired_retention,
        learning_steps=[timedelta(seconds=seconds) for seconds in policy.learning_steps],
        relearning_steps=[timedelta(seconds=seconds) for seconds in policy.relearning_steps],
        maximum_interval=MAXIMUM_INTERVAL,
        enable_fuzzing=False,
    )


@lru_cache(maxsize=1024)
def _midnight(day: int) -> datetime:
    return datetime.combine(date.fromordinal(day), time(), tzinfo=UTC)


def recall(memory: MemoryState, policy: Policy, day: int) -> float | None:
    """Return the predicted probability (0–1) of recalling the card on `day`; None for a card never reviewed.

    FSRS-6: (1 + factor · t / S)^(−w20) with factor = 0.9^(−1/w20) − 1, t in days since the last review.
    """
    if memory.stability is None or memory.last_day is None:
        return None
    return recall_after(max(0, day - memory.last_day), memory.stability, policy)


def recall_after(days: float, stability: float, policy: Policy) -> float:
    """Return the predicted recall (0–1) `days` after a review that left `stability` days; formula as in `recall`."""
    decay = -policy.parameters[20]
    return float((1 + (0.9 ** (1 / decay) - 1) * days / stability) ** decay)


def interval_for(stability: float, policy: Policy) -> float:
    """Return the days (not rounded) until recall falls to the desired retention: `recall_after` solved for t."""
    decay = -policy.parameters[20]
    return float(stability / (0.9 ** (1 / decay) - 1) * (policy.desired_retention ** (1 / decay) - 1))


def fuzz_bounds(interval: float) -> tuple[int, int]:
    """Return the days (lowest, highest) among which an interval of `interval` days may be spread, as Anki does."""
    if interval < FUZZ_FROM:
        days = max(1, math.floor(interval + 0.5))
        return days, days
    delta = 1 + sum(rate * max(0.0, min(interval, end) - start) for start, end, rate in FUZZ_PARTS)
    return max(2, math.floor(interval - delta + 0.5)), math.floor(interval + delta + 0.5)


def fuzz_seed(card: int, reps: int) -> float:
    """Return a number in [0, 1) that depends on the card and its count of reviews alone, so a preview stays true."""
    digest = hashlib.blake2b(f"{card}:{reps}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def is_leech(lapses: int) -> bool:
    """Whether a card reaching `lapses` is told to be a leech: at 8, then at every fourth."""
    return lapses >= LEECH_LAPSES and (lapses - LEECH_LAPSES) % LEECH_EVERY == 0


def outcomes(memory: MemoryState, policy: Policy, moment: Moment, fuzz: float | None) -> dict[Rating, MemoryState]:
    """Return what each rating would make of `memory` at `moment`.

    `fuzz` in [0, 1) picks each interval within its bounds (`fuzz_seed`); None leaves it as it is. Passing intervals
    stand at least a day apart, hard < good < easy, and one that grows at all grows by a day.
    """
    after: dict[Rating, MemoryState] = {}
    shortest = 1
    for rating in Rating:
        result = _rate(memory, rating, policy, moment)
        if result.due_at is None and result.state == State.REVIEW:
            days = _spread(result, memory, policy, fuzz, shortest if rating > Rating.AGAIN else 1)
            if rating > Rating.AGAIN:
                shortest = days + 1
            result = replace(result, interval_days=days, due_day=moment.day + days)
        after[rating] = result
    return after


def answer(memory: MemoryState, rating: Rating, policy: Policy, moment: Moment, fuzz: float | None) -> MemoryState:
    """Return `memory` after a review with `rating` at `moment`; see `outcomes`."""
    return outcomes(memory, policy, moment, fuzz)[rating]


def _rate(memory: MemoryState, rating: Rating, policy: Policy, moment: Moment) -> MemoryState:
    """Return the memory after `rating`, its interval in days not yet spread."""
    # An answer filed late may stand on a day before the last one's: no time has passed then.
    day = moment.day if memory.last_day is None else max(moment.day, memory.last_day)
    before = FsrsCard(
        card_id=0,
        state=FsrsState(memory.state or State.LEARNING),
        step=memory.step if memory.state else 0,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=_midnight(day),
        last_review=None if memory.last_day is None else _midnight(memory.last_day),
    )
    after, _ = _scheduler(policy).review_card(before, FsrsRating(rating), _midnight(day))
    lapsed = memory.state == State.REVIEW and rating == Rating.AGAIN
    lapses = memory.lapses + lapsed
    result = replace(
        memory,
        state=State(after.state),
        step=after.step,
        stability=after.stability,
        difficulty=after.difficulty,
        due_at=None,
        last_day=day,
        last_answered_at=moment.now,
        reps=memory.reps + 1,
        lapses=lapses,
        is_leech=memory.is_leech or (lapsed and is_leech(lapses)),
    )
    if after.state == FsrsState.Review:
        return result
    return _step(result, after.due - _midnight(day), moment)


def _step(memory: MemoryState, delay: timedelta, moment: Moment) -> MemoryState:
    """Return a card in steps with its due moment; a step that crosses into another study day is counted in days."""
    due_at = moment.now + delay
    if due_at < moment.day_ends_at:
        return replace(memory, due_at=due_at, due_day=moment.day, interval_days=0)
    days = 1 + (due_at - moment.day_ends_at).days
    return replace(memory, due_day=moment.day + days, interval_days=days)


def _spread(after: MemoryState, before: MemoryState, policy: Policy, fuzz: float | None, shortest: int) -> int:
    """Return the interval in days of a card in review: fuzzed, and never under `shortest`."""
    if after.stability is None:
        raise ValueError("a reviewed card has a stability")
    interval = min(max(1.0, interval_for(after.stability, policy)), MAXIMUM_INTERVAL)
    rounded = math.floor(interval + 0.5)
    if before.state == State.REVIEW and rounded > before.interval_days:
        shortest = max(shortest, before.interval_days + 1)
    low, high = (rounded, rounded) if fuzz is None else fuzz_bounds(interval)
    low = min(max(low, shortest), MAXIMUM_INTERVAL)
    high = min(max(high, low), MAXIMUM_INTERVAL)
    return low if fuzz is None else low + math.floor(fuzz * (high - low + 1))
