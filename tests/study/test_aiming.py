"""Aiming at an exam day: the formulas are the scheduler's, the choice is the best, the forecast makes sense."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import combinations
from random import Random

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.study.aiming import Aim, Held, Pace, forecast, steps_to, within
from flashcards.study.days import Moment
from flashcards.study.models import Rating, State
from flashcards.study.options import DEFAULT_POLICY
from flashcards.study.predicting import Trace, forgetting
from flashcards.study.scheduling import MemoryState, answer, recall

TODAY = 739_000
PACE = Pace(review=12, again=12, new=40)
WEIGHTS = DEFAULT_POLICY.parameters
MODEL = forgetting(WEIGHTS)
MOMENT = Moment(datetime(2026, 11, 25, 12, tzinfo=UTC), TODAY, datetime(2026, 11, 26, 3, tzinfo=UTC))

seen_cards = st.builds(
    Held,
    card=st.just(0),
    stability=st.floats(0.05, 400),
    difficulty=st.floats(1, 10),
    last_day=st.integers(TODAY - 400, TODAY),
)
new_cards = st.just(Held(0))


@st.composite
def decks(draw: st.DrawFn, most: int = 25) -> tuple[Held, ...]:
    drawn = draw(st.lists(st.one_of(seen_cards, new_cards), min_size=1, max_size=most))
    return tuple(held._replace(card=place) for place, held in enumerate(drawn))


def answered(state: MemoryState, *ratings: Rating) -> Trace:
    """What the scheduler makes of answers given one after another on one day."""
    moment = MOMENT
    for rating in ratings:
        state = answer(state, rating, DEFAULT_POLICY, moment, None)
        moment = replace(moment, now=moment.now + timedelta(minutes=10))
    assert state.stability is not None
    assert state.difficulty is not None
    return state.stability, state.difficulty


@given(seen_cards.filter(lambda held: held.last_day < TODAY))
def test_the_formulas_give_what_the_scheduler_gives(held: Held) -> None:
    assert held.stability is not None
    state = MemoryState(
        State.REVIEW, None, held.stability, held.difficulty, TODAY, None, held.last_day, None, interval_days=3, reps=4
    )
    before = recall(state, DEFAULT_POLICY, TODAY)
    assert before is not None
    assert MODEL.recall(TODAY - held.last_day, held.stability) == pytest.approx(before)
    passed = MODEL.passed(held.stability, held.difficulty, before)
    failed = MODEL.failed(held.stability, held.difficulty, before)
    assert passed == pytest.approx(answered(state, Rating.GOOD))
    assert failed == pytest.approx(answered(state, Rating.AGAIN, Rating.GOOD))
    expected = before * MODEL.recall(5, passed[0]) + (1 - before) * MODEL.recall(5, failed[0])
    days = TODAY - held.last_day
    assert MODEL.recall_if_asked(held.stability, held.difficulty, days, 5) == pytest.approx(expected)


def test_so_they_do_for_a_new_card_with_its_steps() -> None:
    new = MemoryState()
    assert MODEL.met(passed=True) == pytest.approx(answered(new, Rating.GOOD, Rating.GOOD))
    assert MODEL.met(passed=False) == pytest.approx(answered(new, Rating.AGAIN, Rating.GOOD, Rating.GOOD))


@given(st.floats(0.01, 0.999), st.integers(1, 400))
def test_a_stability_is_found_for_a_recall(wanted: float, days: int) -> None:
    stability = MODEL.stability_for(wanted, days)
    assert stability == 0.001 or MODEL.recall(days, stability) == pytest.approx(wanted)


@given(decks(), st.integers(0, 60), st.floats(0, 3600))
def test_a_day_goes_beyond_the_minutes_by_one_card_at_most(cards: tuple[Held, ...], days: int, budget: float) -> None:
    aim = Aim(TODAY + days, PACE, MODEL)
    picked = within(aim.ranking(cards, TODAY, max(60, budget)), budget)
    assert sum(aim.seconds(held, TODAY) for held in picked[:-1]) < budget or not picked
    assert len({held.card for held in picked}) == len(picked)
    assert all(held.stability is None or held.last_day < TODAY for held in picked)
    assert picked == within(Aim(TODAY + days, PACE, MODEL).ranking(cards, TODAY, max(60, budget)), budget)


@given(decks(most=7), st.integers(1, 4))
def test_on_the_last_day_no_other_choice_is_better(cards: tuple[Held, ...], count: int) -> None:
    """Where every card takes as long as another, what comes first is the best choice of so many."""
    aim = Aim(TODAY + 1, Pace(10, 0, 10), MODEL)
    free = [held for held in cards if held.stability is None or held.last_day < TODAY]

    def worth(chosen: tuple[Held, ...]) -> float:
        asked = {held.card for held in chosen}
        return sum(
            aim.on_exam_if_asked(held, TODAY) if held.card in asked else aim.recall(held, aim.exam_day)
            for held in cards
        )

    picked = tuple(within(aim.ranking(cards, TODAY, 600), 10.0 * count))
    best = max(worth(chosen) for size in range(count + 1) for chosen in combinations(free, size))
    assert worth(picked) == pytest.approx(best, abs=0.001 * count + 1e-9)


@given(seen_cards.filter(lambda held: held.last_day < TODAY), st.integers(2, 60))
def test_what_stands_for_a_review_is_recalled_on_the_exam_day_as_the_review_is(held: Held, days: int) -> None:
    aim = Aim(TODAY + days, PACE, MODEL)
    assert aim.recall(aim.expected(held, TODAY), aim.exam_day) == pytest.approx(aim.on_exam_if_asked(held, TODAY))


@settings(deadline=None, max_examples=60)
@given(decks(), st.integers(0, 120), st.integers(1, 60))
def test_a_forecast_is_a_chance_and_more_minutes_do_not_harm(cards: tuple[Held, ...], days: int, minutes: int) -> None:
    def ready(minutes: float) -> tuple[float, float]:
        budget = 60.0 * minutes
        return forecast(cards, TODAY, TODAY + days, budget=budget, pace=PACE, parameters=WEIGHTS)

    untouched, kept = ready(minutes)
    assert 0 <= untouched <= kept + 1e-9 <= 1 + 1e-9
    assert ready(minutes) == (untouched, kept)
    assert ready(2 * minutes)[1] >= kept - 0.03
    if not days:
        assert kept == untouched


def test_no_cards_have_no_forecast_to_fear() -> None:
    assert forecast((), TODAY, TODAY + 9, budget=60, pace=PACE, parameters=WEIGHTS) == (0, 0)


@given(st.integers(0, 4000))
def test_a_forecast_plays_every_day_once(days: int) -> None:
    steps = steps_to(TODAY + days, TODAY)
    assert [day for first, length in steps for day in range(first, first + length)] == list(range(TODAY, TODAY + days))
    assert len(steps) <= 20


def test_a_forecast_comes_true_for_learners_whom_the_model_fits() -> None:
    """Played through with chance, over many cards: the mean recall is what was foretold."""
    chance = Random(7)
    cards = tuple(
        Held(n) if n % 2 else Held(n, chance.uniform(1, 20), chance.uniform(2, 8), TODAY - chance.randrange(1, 20))
        for n in range(400)
    )
    foretold = forecast(cards, TODAY, TODAY + 14, budget=900, pace=PACE, parameters=WEIGHTS)
    aim = Aim(TODAY + 14, PACE, MODEL)
    held = {each.card: each for each in cards}
    for day in range(TODAY, TODAY + 14):
        for each in within(aim.ranking(list(held.values()), day, 900), 900):
            outcomes = aim.outcomes(each, day)
            _, stability, difficulty = chance.choices(outcomes, [share for share, _, _ in outcomes])[0]
            held[each.card] = Held(each.card, stability, difficulty, day)
    happened = sum(aim.recall(each, aim.exam_day) for each in held.values()) / len(cards)
    assert foretold.untouched + 0.2 < foretold.kept
    assert happened == pytest.approx(foretold.kept, abs=0.03)


def test_the_simulation_is_repeatable_and_aiming_is_never_worse() -> None:
    def run() -> str:
        out = StringIO()
        call_command("simulate_exam", learners=4, cards=60, stdout=out)
        return out.getvalue()

    printed = run()
    assert printed == run()
    lines = printed.splitlines()[2:]
    assert len(lines) == 9
    for line in lines:
        _, *methods, over_plain, over_ahead = line.split("|")
        assert len(methods) == 3
        for gain in (over_plain, over_ahead):
            difference, error = map(float, gain.split("±"))
            assert difference > -3 * max(error, 0.1)
    assert float(lines[0].split("|")[4].split("±")[0]) > 2


@pytest.mark.parametrize("wrong", [{"learners": 1}, {"cards": 0}, {"seen": 2}])
def test_a_simulation_without_sense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(CommandError):
        call_command("simulate_exam", **wrong)
