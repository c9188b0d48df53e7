"""The scheduler against its acceptance vectors (FSRS-6, default weights), Anki's fuzz, and its own promises."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.study.days import Moment
from flashcards.study.models import Rating, State
from flashcards.study.options import DEFAULT_POLICY
from flashcards.study.scheduling import (
    MAXIMUM_INTERVAL,
    MemoryState,
    Policy,
    answer,
    fuzz_bounds,
    fuzz_seed,
    interval_for,
    is_leech,
    outcomes,
    recall,
    recall_after,
)

FIRST_DAY = date(2026, 1, 5).toordinal()
AGAIN, HARD, GOOD, EASY = Rating


def at(day: int, seconds: float = 12 * 3600) -> Moment:
    midnight = datetime.combine(date.fromordinal(day), time(), tzinfo=UTC)
    return Moment(midnight + timedelta(seconds=seconds), day, midnight + timedelta(days=1))


def when_due(memory: MemoryState, moment: Moment) -> Moment:
    """The moment at which a learner who is never late answers."""
    if memory.due_at is not None:
        return Moment(memory.due_at, moment.day, moment.day_ends_at)
    assert memory.due_day is not None
    return at(memory.due_day)


def in_review(stability: float, difficulty: float) -> MemoryState:
    return MemoryState(
        State.REVIEW, None, stability, difficulty, FIRST_DAY + 10, None, FIRST_DAY, at(FIRST_DAY).now, 10, 3
    )


@pytest.mark.parametrize(
    ("rating", "stability", "difficulty"),
    [(AGAIN, 0.212, 6.4133), (HARD, 1.2931, 5.11217071), (GOOD, 2.3065, 2.11810397), (EASY, 8.2956, 1)],
)
def test_first_rating(rating: Rating, stability: float, difficulty: float) -> None:
    after = answer(MemoryState(), rating, DEFAULT_POLICY, at(FIRST_DAY), None)
    assert after.stability == pytest.approx(stability, abs=1e-6)
    assert after.difficulty == pytest.approx(difficulty, abs=1e-6)


def test_a_card_forgotten_first_and_then_known() -> None:
    memory, day, seen = MemoryState(), FIRST_DAY, []
    for rating, elapsed in zip([1, 3, 3, 3, 3, 3], [0, 0, 1, 3, 8, 21], strict=True):
        day += elapsed
        memory = answer(memory, Rating(rating), DEFAULT_POLICY, at(day), None)
        seen.append((memory.stability, memory.difficulty))
    stabilities = [0.212, 0.24669, 2.02148, 7.8637, 21.91772, 53.62691]
    difficulties = [6.4133, 6.40211, 6.39094, 6.37978, 6.36863, 6.3574867]
    assert [s for s, _ in seen] == pytest.approx(stabilities, abs=1e-4)
    assert [d for _, d in seen] == pytest.approx(difficulties, abs=1e-4)


def test_intervals_of_a_learner_who_is_never_late() -> None:
    memory, moment, days = MemoryState(), at(FIRST_DAY), []
    for rating in [3] * 6 + [1, 1] + [3] * 5:
        memory = answer(memory, Rating(rating), DEFAULT_POLICY, moment, None)
        days.append(memory.interval_days)
        moment = when_due(memory, moment)
    assert days == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


@pytest.mark.parametrize(
    ("days", "stabilities"),
    [
        (0, [3.0512, 10, 10, 15.5343]),
        (5, [1.3024, 17.7753, 22.9287, 34.2141]),
        (10, [1.392, 23.2469, 32.0267, 51.2539]),
        (20, [1.5219, 30.8675, 44.6982, 74.9863]),
    ],
)
def test_stability_and_difficulty_after_a_review(days: int, stabilities: list[float]) -> None:
    after = outcomes(in_review(10, 5), DEFAULT_POLICY, at(FIRST_DAY + days), None)
    assert [after[rating].stability for rating in Rating] == pytest.approx(stabilities, abs=1e-3)
    assert [after[r].difficulty for r in Rating] == pytest.approx([8.3418, 6.666, 4.9902, 3.3145], abs=1e-3)


@pytest.mark.parametrize(
    ("rating", "elapsed", "stability", "difficulty"),
    [(1, 1, 0.100886, 8.806304), (2, 1, 3.249412, 6.740459), (3, 1, 7.3153, 2.111214), (4, 1, 18.014914, 1)],
)
def test_the_same_rating_twice(rating: int, elapsed: int, stability: float, difficulty: float) -> None:
    first = answer(MemoryState(), Rating(rating), DEFAULT_POLICY, at(FIRST_DAY), None)
    after = answer(first, Rating(rating), DEFAULT_POLICY, at(FIRST_DAY + elapsed), None)
    assert (after.stability, after.difficulty) == pytest.approx((stability, difficulty), rel=1e-5)


@pytest.mark.parametrize(
    ("interval", "bounds"),
    [(2.49, (2, 2)), (2.5, (2, 4)), (7, (5, 9)), (17, (14, 20)), (20, (17, 23)), (37, (33, 41))],
)
def test_fuzz_bounds(interval: float, bounds: tuple[int, int]) -> None:
    assert fuzz_bounds(interval) == bounds


def test_leeches_fire_at_eight_and_every_fourth() -> None:
    assert [lapses for lapses in range(18) if is_leech(lapses)] == [8, 12, 16]


def test_learning_steps_as_in_anki() -> None:
    first = outcomes(MemoryState(), DEFAULT_POLICY, at(FIRST_DAY), None)
    delays = [(after.due_at - at(FIRST_DAY).now).total_seconds() for after in first.values() if after.due_at]
    assert delays == [60, 330, 600]
    assert first[EASY].state == State.REVIEW
    assert first[EASY].interval_days == 8
    second = outcomes(first[GOOD], DEFAULT_POLICY, at(FIRST_DAY, 13 * 3600), None)
    assert second[GOOD].state == State.REVIEW
    assert second[AGAIN].step == 0
    assert second[HARD].step == 1


def test_a_step_that_crosses_the_end_of_the_day_is_counted_in_days() -> None:
    policy = Policy(DEFAULT_POLICY.parameters, 0.9, (60, 3600, 3 * 86400), (600,))
    late = at(FIRST_DAY, 23.5 * 3600)
    memory = answer(MemoryState(), GOOD, policy, late, None)
    assert (memory.state, memory.due_at, memory.due_day) == (State.LEARNING, None, FIRST_DAY + 1)
    memory = answer(memory, GOOD, policy, at(FIRST_DAY + 1), None)
    assert (memory.state, memory.due_at, memory.due_day) == (State.LEARNING, None, FIRST_DAY + 4)
    again = answer(memory, AGAIN, policy, at(FIRST_DAY + 4), None)
    assert again.due_at == at(FIRST_DAY + 4).now + timedelta(minutes=1)


def test_a_next_day_review_is_not_taken_for_a_same_day_one() -> None:
    """23:00 to 07:00 is under 24 hours and yet another study day: the very thing that study days are for."""
    evening = answer(MemoryState(), EASY, DEFAULT_POLICY, at(FIRST_DAY, 23 * 3600), None)
    morning = answer(evening, GOOD, DEFAULT_POLICY, at(FIRST_DAY + 1, 7 * 3600), None)
    noon = answer(evening, GOOD, DEFAULT_POLICY, at(FIRST_DAY + 1, 23.5 * 3600), None)
    assert morning.stability == noon.stability


def test_recall_falls_to_ninety_percent_after_the_stability() -> None:
    assert recall_after(12.5, 12.5, DEFAULT_POLICY) == pytest.approx(0.9)
    assert interval_for(12.5, DEFAULT_POLICY) == pytest.approx(12.5)
    assert recall(MemoryState(), DEFAULT_POLICY, FIRST_DAY) is None
    assert recall(in_review(10, 5), DEFAULT_POLICY, FIRST_DAY + 10) == pytest.approx(0.9)


states = st.builds(
    MemoryState,
    state=st.just(State.REVIEW),
    stability=st.floats(0.01, 40_000),
    difficulty=st.floats(1, 10),
    due_day=st.just(FIRST_DAY),
    last_day=st.integers(FIRST_DAY - 2000, FIRST_DAY),
    last_answered_at=st.just(at(FIRST_DAY - 2000).now),
    interval_days=st.integers(1, 40_000),
    reps=st.integers(1, 500),
    lapses=st.integers(0, 30),
)
policies = st.builds(
    Policy,
    st.just(DEFAULT_POLICY.parameters),
    st.floats(0.7, 0.99),
    st.lists(st.integers(1, 3 * 86_400), max_size=4).map(tuple),
    st.lists(st.integers(1, 3 * 86_400), max_size=3).map(tuple),
)


@given(states, policies, st.floats(0, 1, exclude_max=True))
def test_passing_intervals_keep_their_order_and_grow(memory: MemoryState, policy: Policy, fuzz: float) -> None:
    after = outcomes(memory, policy, at(FIRST_DAY), fuzz)
    hard, good, easy = (after[rating].interval_days for rating in (HARD, GOOD, EASY))
    assert hard >= 1
    assert hard < good < easy or easy == MAXIMUM_INTERVAL
    for rating in (HARD, GOOD, EASY):
        stability = after[rating].stability
        assert stability is not None
        wanted = min(interval_for(stability, policy), MAXIMUM_INTERVAL)
        if round(wanted) > memory.interval_days + 1:
            assert after[rating].interval_days > min(memory.interval_days, MAXIMUM_INTERVAL - 1)


@given(states, policies, st.sampled_from(Rating), st.integers(1, 10**9))
def test_the_interval_on_the_button_is_the_interval_one_gets(
    memory: MemoryState, policy: Policy, rating: Rating, card: int
) -> None:
    shown = outcomes(memory, policy, at(FIRST_DAY), fuzz_seed(card, memory.reps))[rating]
    later = answer(memory, rating, policy, at(FIRST_DAY, 20 * 3600), fuzz_seed(card, memory.reps))
    if shown.due_at is None and later.due_at is None:
        assert shown.state != State.REVIEW or shown.due_day == later.due_day
