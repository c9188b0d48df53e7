"""What the tests of numeric notes share: a note, its problems, what is said of an answer."""

import pytest

from flashcards.decks.kinds import Draft, Face, Judged
from flashcards.decks.kinds.numbers import Numbers
from flashcards.decks.kinds.numeric import Numeric
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.expressions import Value
from tests.hanging import must_end

NUMERIC = Numeric()

CONVOLUTION = """n = 16 to 64 step 4
f = one of 3, 5, 7
p = 0 to 2
require: f < n
out = n + 2*p - f + 1
answer: out
slip: forgot the padding = n - f + 1
  Padding adds {{p}} on each side, so the input is **{{n + 2*p}}** wide.
slip: forgot the one = out - 1
  The first position counts as well: ${{n + 2*p}} - {{f}} + 1 = {{answer}}$."""


def note(answer: str = CONVOLUTION, question: str = "How wide?", explanation: str = "") -> Face:
    (face,) = NUMERIC.faces(Draft(question, answer, explanation))
    return face


def problems(answer: str, question: str = "How wide?", explanation: str = "") -> list[Problem]:
    with must_end(), pytest.raises(Refused) as refused:
        note(answer, question, explanation)
    return refused.value.problems


def judged(face: Face, given: str | None, seed: int = 7) -> Judged:
    return NUMERIC.judge(face.data, seed, given)


def right(numbers: Numbers, seed: int) -> Value:
    """Return the right answer of the first draw from this seed that meets what is required."""
    values = next(found for attempt in range(1_000) if (found := numbers.draw(seed, attempt)) is not None)
    return numbers.outcome(values).answer
