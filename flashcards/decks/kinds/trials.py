"""A numeric note tried out before it is stored: many draws, so that its author meets what a learner would have met."""

from collections.abc import Sequence
from itertools import combinations, islice, product

from flashcards.decks.kinds.number_words import as_text
from flashcards.decks.kinds.numbers import Numbers, Outcome
from flashcards.decks.kinds.placeholders import Segment, filled
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.expressions import ExpressionError, parse

MAX_PARTS = 5_000
MOST_DRAWS = 400
PARTS_OF_ALL_DRAWS = 400_000
LEAST_SHARE = 0.1
"""Of the draws, that must meet what is required: a showing draws until one does."""

type Texts = Sequence[tuple[str, Sequence[Segment]]]
"""Fields and their compiled texts."""


def try_out(numbers: Numbers, texts: Texts, field: str) -> list[Outcome]:
    """Return what many draws of `numbers` come to, every text of `texts` filled with each of them.

    Raises Refused with what fails, its line and the draw that shows it.
    """
    parts = _parts(numbers, texts)
    if parts > MAX_PARTS:
        raise Refused([Problem(field, f"There is too much to work out: {parts:,} parts; {MAX_PARTS:,} are allowed.")])
    corners, sample = _picks(numbers, min(MOST_DRAWS, PARTS_OF_ALL_DRAWS // parts))
    outcomes = [outcome for picks in sample if (outcome := _tried(numbers, picks, texts, field))]
    if len(outcomes) < LEAST_SHARE * len(sample):
        line = next(step.line for step in numbers.steps if not step.name)
        message = f"Only {len(outcomes)} of {len(sample)} draws meet what is required; at least a tenth must."
        raise Refused([Problem(field, message, line)])
    outcomes += [outcome for picks in corners if (outcome := _tried(numbers, picks, texts, field))]
    if problems := _slip_problems(numbers, outcomes, field):
        raise Refused(problems)
    return outcomes


def _tried(numbers: Numbers, picks: list[int], texts: Texts, field: str) -> Outcome | None:
    where = field
    try:
        values = numbers.worked_out(picks)
        if values is None:
            return None
        outcome = numbers.outcome(values)
        for name, segments in texts:
            where = name
            filled(segments, outcome.values)
    except ExpressionError as error:
        drawn = ", ".join(f"{name} = {as_text(value)}" for name, value in numbers.picked(picks).items())
        raise Refused([Problem(where, f"With {drawn}: {error}", error.line)]) from None
    return outcome


def _parts(numbers: Numbers, texts: Texts) -> int:
    """Return about how many operations one draw takes."""
    expressions = [step.expression for step in (*numbers.steps, numbers.answer)]
    expressions += [slip.expression for slip in numbers.slips]
    expressions += [parse(segment[1]) for _, text in texts for segment in text if not isinstance(segment, str)]
    return len(numbers.drawn) + sum(expression.parts for expression in expressions)


def _picks(numbers: Numbers, most: int) -> tuple[list[list[int]], list[list[int]]]:
    """Return corners (first and last of each) and a fair sample; of few ways to pick no corners, but every way."""
    counts = [name.count for name in numbers.drawn]
    if numbers.combinations <= most:
        return [], list(map(list, product(*map(range, counts))))
    corners = (
        [count - 1 if place in last else 0 for place, count in enumerate(counts)]
        for size in range(len(counts) + 1)
        for last in map(set, combinations(range(len(counts)), size))
    )
    fair = [numbers.picks(seed, 0) for seed in range(most - most // 4)]
    return list(islice(corners, most // 4)), fair


def _slip_problems(numbers: Numbers, outcomes: Sequence[Outcome], field: str) -> list[Problem]:
    problems: list[Problem] = []
    for index, slip in enumerate(numbers.slips):
        right = sum(numbers.is_close(outcome.slips[index], outcome.answer) for outcome in outcomes)
        if right > len(outcomes) / 2:
            message = f"The slip “{slip.name}” gives the right answer in {right} of {len(outcomes)} draws."
            problems.append(Problem(field, message, slip.line))
        for before, other in enumerate(numbers.slips[:index]):
            if all(numbers.is_close(outcome.slips[index], outcome.slips[before]) for outcome in outcomes):
                message = f"The slips “{other.name}” and “{slip.name}” always give the same."
                problems.append(Problem(field, message, slip.line))
    return problems
