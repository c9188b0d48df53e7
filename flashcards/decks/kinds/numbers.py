"""What a numeric note draws and works out: the numbers of a showing, the answer, the named slips."""

from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b

from flashcards.decks.kinds.number_words import rounding
from flashcards.lib.expressions import Expression, ExpressionError, Number, Value, parse

USUAL_TOLERANCE = 0.01
ROUNDING = 1e-9
"""What binary fractions may differ by, as a share."""
LEAST_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Range:
    """A name drawn from `count` numbers: the first, and what each adds."""

    name: str
    first: Decimal
    step: Decimal
    count: int

    def pick(self, index: int) -> Number:
        """Return the number at `index`; whole numbers as whole numbers."""
        return _plain(self.first + index * self.step)


@dataclass(frozen=True, slots=True)
class OneOf:
    """A name drawn from a list."""

    name: str
    values: tuple[Value, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.values)

    def pick(self, index: int) -> Value:
        """Return the value at `index`."""
        return self.values[index]


@dataclass(frozen=True, slots=True)
class Step:
    """A name worked out from those above it, or (without a name) what must be true of them; `line` is its own."""

    name: str
    expression: Expression
    line: int


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong way to the answer: its name, its formula and, in Markdown, what went wrong."""

    name: str
    expression: Expression
    sentence: str
    line: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One showing's numbers, the answer among them by its name, and what each slip comes to."""

    values: dict[str, Value]
    slips: list[Value]

    @property
    def answer(self) -> Value:
        """The right answer."""
        return self.values["answer"]


@dataclass(slots=True)
class Numbers:
    """All that is declared. `tolerance` is None for the usual one; `steps` are in the order in which they are done."""

    drawn: list[Range | OneOf] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    answer: Step = Step("answer", parse("0"), 0)
    format: str = ""
    unit: str = ""
    tolerance: float | None = None
    is_relative: bool = False
    slips: list[Slip] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        """What has a value at each showing, the answer left out."""
        return {name.name for name in self.drawn} | {step.name for step in self.steps if step.name}

    @property
    def combinations(self) -> int:
        """How many ways there are to pick all that is drawn."""
        ways = 1
        for name in self.drawn:
            ways *= name.count
        return ways

    def draw(self, seed: int, attempt: int = 0) -> dict[str, Value] | None:
        """Return the numbers of one showing; None if they don't meet what is required: then try the next attempt.

        The same seed gives the same numbers on every machine and version: picks are digests, not a library's chance.
        Raises ExpressionError with its line.
        """
        return self.worked_out(self.picks(seed, attempt))

    def picks(self, seed: int, attempt: int) -> list[int]:
        """Return which value each drawn name takes, by its index."""
        return [_digest(seed, attempt, place) % name.count for place, name in enumerate(self.drawn)]

    def worked_out(self, picks: list[int]) -> dict[str, Value] | None:
        """Return the values that these picks, an index a drawn name, come to; None if something required is false.

        Raises ExpressionError with its line.
        """
        values = self.picked(picks)
        for step in self.steps:
            value = _value(step, values)
            if step.name:
                values[step.name] = value
            elif not value:
                return None
        return values

    def is_close(self, given: Value, right: Value) -> bool:
        """Return whether `given` is `right` within the tolerance; tuples number by number.

        The usual tolerance: whole numbers exactly, others within 1 %. What is rounded as `format` shows it is
        always right.
        """
        if isinstance(given, tuple) and isinstance(right, tuple):
            return len(given) == len(right) and all(map(self.is_close, given, right))
        if isinstance(given, tuple) or isinstance(right, tuple):
            return False
        allowed = self._allowed(right)
        if not allowed and isinstance(given, int) and isinstance(right, int):
            return given == right
        return abs(given - right) <= allowed + max(LEAST_ROUNDING, ROUNDING * abs(right))

    def _allowed(self, right: Number) -> float:
        rounded = rounding(right, self.format)
        if self.tolerance is None:
            return max(rounded, 0.0 if isinstance(right, int) else USUAL_TOLERANCE * abs(right))
        return max(rounded, self.tolerance * abs(right) if self.is_relative else self.tolerance)

    def outcome(self, values: dict[str, Value]) -> Outcome:
        """Return what these numbers of one showing come to; raises ExpressionError with its line."""
        answer = _value(self.answer, values)
        if isinstance(answer, tuple) and len(answer) < 2:
            error = ExpressionError("The answer is a number, or a tuple of at least two.")
            error.line = self.answer.line
            raise error
        complete = {**values, "answer": answer}
        return Outcome(complete, [_value(slip, complete) for slip in self.slips])

    def picked(self, picks: list[int]) -> dict[str, Value]:
        """Return the drawn names alone with the values of these picks."""
        return {name.name: name.pick(index) for name, index in zip(self.drawn, picks, strict=True)}


def _value(step: Step | Slip, values: dict[str, Value]) -> Value:
    try:
        return step.expression.value(values)
    except ExpressionError as error:
        error.line = step.line
        raise


def _digest(seed: int, attempt: int, place: int) -> int:
    return int.from_bytes(blake2b(f"{seed}.{attempt}.{place}".encode(), digest_size=8).digest())


def _plain(number: Decimal) -> Number:
    return int(number) if number == number.to_integral_value() else float(number)
