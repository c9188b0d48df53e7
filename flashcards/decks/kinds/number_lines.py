"""What a numeric note declares, line by line: the numbers that are drawn, the answer and the named slips.

n = 16 to 64 step 4
f = one of 3, 5, 7
require: f < n
answer: n - f + 1
slip: forgot the one = n - f
  The first position counts as well.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from keyword import iskeyword

from flashcards.decks.kinds.number_words import is_format
from flashcards.decks.kinds.numbers import Numbers, OneOf, Range, Slip, Step
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.expressions import CONSTANTS, FUNCTIONS, Expression, ExpressionError, parse

MAX_NAMES = 40
MAX_SLIPS = 20
MAX_CHOICES = 200
MAX_SLIP_NAME = 80
MAX_UNIT = 40

_NUMBER = r"-?\d{1,15}(?:\.\d{1,12})?(?:[eE]-?\d{1,2})?"
_RANGE = re.compile(rf"({_NUMBER})\s+to\s+({_NUMBER})(?:\s+step\s+({_NUMBER}))?")
_ASSIGNED = re.compile(r"([A-Za-z][A-Za-z0-9_]{0,29})\s*=(?!=)\s*(.+)")
_KEYED = re.compile(r"(require|answer|format|unit|tolerance|slip):\s*(.*)")
_TOLERANCE = re.compile(r"(\d{1,9}(?:\.\d{1,12})?(?:e-?\d{1,2})?)\s*(%?)")


def read_numbers(source: str, field: str) -> Numbers:
    """Return what `source` declares; raises Refused with every problem and its line."""
    reader = _Reader(source, field)
    reader.read()
    if reader.problems:
        raise Refused(reader.problems)
    return reader.numbers


class _Reader:
    def __init__(self, source: str, field: str) -> None:
        self.lines = source.split("\n")
        self.field = field
        self.numbers = Numbers()
        self.names: set[str] = set()
        self.seen: set[str] = set()
        self.problems: list[Problem] = []

    def problem(self, message: str, line: int) -> None:
        self.problems.append(Problem(self.field, message, line))

    def read(self) -> None:
        if len(self.lines) > 200:
            self.problem(f"There are {len(self.lines):,} lines; at most 200 are allowed.", 201)
            return
        for line, text, more in self._declarations():
            try:
                self._line(line, text, more)
            except ExpressionError as error:
                self.problem(str(error), line)
        if len(self.names) > MAX_NAMES:
            self.problem(f"There are {len(self.names)} names; at most {MAX_NAMES} are allowed.", 1)
        if len(self.numbers.slips) > MAX_SLIPS:
            self.problem(f"There are {len(self.numbers.slips)} slips; at most {MAX_SLIPS} are allowed.", 1)
        if "answer" not in self.seen:
            self.problem("There is no answer. Write a line such as answer: n - f + 1.", len(self.lines))
        if not self.numbers.drawn:
            self.problem("Nothing is drawn. Declare a name, such as n = 16 to 64 step 4.", 1)

    def _declarations(self) -> Iterator[tuple[int, str, str]]:
        """Yield each declaration with its line and the indented text that follows it."""
        at = 0
        while at < len(self.lines):
            line, text = at + 1, self.lines[at].strip()
            at += 1
            more = []
            while at < len(self.lines) and self.lines[at].startswith(("  ", "\t")) and text:
                more.append(self.lines[at].strip())
                at += 1
            if text:
                yield line, text, "\n".join(more)

    def _line(self, line: int, text: str, more: str) -> None:
        if keyed := _KEYED.fullmatch(text):
            if more and keyed[1] != "slip":
                self.problem("Only a slip is followed by an indented line.", line + 1)
            getattr(self, f"_{keyed[1]}")(line, keyed[2].strip(), more)
        elif assigned := _ASSIGNED.fullmatch(text):
            if more:
                self.problem("Only a slip is followed by an indented line.", line + 1)
            self._name(line, assigned[1], assigned[2].strip())
        else:
            self.problem(
                f"“{text[:40]}” declares nothing. A line is NAME = …, or begins with require:, answer:, format:,"
                " unit:, tolerance: or slip:.",
                line,
            )

    def _name(self, line: int, name: str, text: str) -> None:
        if name in self.names or name in FUNCTIONS or name in {"answer", *CONSTANTS} or iskeyword(name):
            self.problem(f"The name {name} is taken.", line)
            return
        if found := _RANGE.fullmatch(text):
            self._range(line, name, *found.groups())
        elif text.startswith("one of "):
            self._one_of(line, name, text.removeprefix("one of "))
        else:
            self.numbers.steps.append(Step(name, self._expression(text), line))
        self.names.add(name)

    def _range(self, line: int, name: str, low: str, high: str, step: str | None) -> None:
        first, last = Decimal(low), Decimal(high)
        is_whole = all(number == number.to_integral_value() for number in (first, last))
        if step is None and not is_whole:
            self.problem("A range of decimals needs a step: 0.1 to 0.9 step 0.1.", line)
            return
        by = Decimal(step or "1")
        if by <= 0:
            self.problem("A step must be greater than 0.", line)
        elif last < first:
            self.problem(f"The range of {name} is empty: {low} is greater than {high}.", line)
        elif (last - first) / by >= 10**9:
            self.problem(f"The range of {name} holds too many numbers.", line)
        else:
            self.numbers.drawn.append(Range(name, first, by, int((last - first) / by) + 1))

    def _one_of(self, line: int, name: str, text: str) -> None:
        # Read as a tuple, so that commas within (…) are no separators.
        parsed = parse(f"({text},)")
        items = getattr(parsed.tree, "elts", [])
        values = tuple(parse(text_of).value({}) for text_of in _items(f"({text},)", items))
        if not values or len(values) > MAX_CHOICES:
            self.problem(f"{name} is one of {len(values)} values; 1 to {MAX_CHOICES} are allowed.", line)
        elif len(set(values)) < len(values):
            self.problem(f"{name} lists a value twice.", line)
        else:
            self.numbers.drawn.append(OneOf(name, values))

    def _expression(self, text: str) -> Expression:
        expression = parse(text)
        if unknown := sorted(expression.names - self.names):
            raise ExpressionError(f"{', '.join(unknown)} is not declared above this line.")
        return expression

    def _once(self, line: int, key: str) -> None:
        if key in self.seen:
            self.problem(f"There are two lines {key}:.", line)
        self.seen.add(key)

    def _require(self, line: int, text: str, _more: str) -> None:
        self.numbers.steps.append(Step("", self._expression(text), line))

    def _answer(self, line: int, text: str, _more: str) -> None:
        self._once(line, "answer")
        self.numbers.answer = Step("answer", self._expression(text), line)

    def _format(self, line: int, text: str, _more: str) -> None:
        self._once(line, "format")
        if not text or not is_format(text):
            self.problem(f"“{text[:20]}” is no format. Write .3f, .3g, .1e, .1% or a comma.", line)
        self.numbers.format = text

    def _unit(self, line: int, text: str, _more: str) -> None:
        self._once(line, "unit")
        if not text or len(text) > MAX_UNIT:
            self.problem(f"A unit has 1 to {MAX_UNIT} characters.", line)
        self.numbers.unit = text

    def _tolerance(self, line: int, text: str, _more: str) -> None:
        self._once(line, "tolerance")
        found = _TOLERANCE.fullmatch(text)
        if found is None:
            self.problem("A tolerance is a number such as 0.01, or a share such as 1%.", line)
            return
        self.numbers.is_relative = bool(found[2])
        self.numbers.tolerance = float(found[1]) / (100 if found[2] else 1)
        if self.numbers.is_relative and self.numbers.tolerance > 0.2:
            self.problem("A tolerance of more than 20 % takes nearly everything for right.", line)

    def _slip(self, line: int, text: str, more: str) -> None:
        name, divider, formula = (part.strip() for part in text.partition(" = "))
        if not divider or not name or len(name) > MAX_SLIP_NAME:
            self.problem(f"A slip is written slip: NAME = FORMULA, its name at most {MAX_SLIP_NAME} characters.", line)
            return
        if any(slip.name == name for slip in self.numbers.slips):
            self.problem(f"Two slips are called “{name}”.", line)
        if not more:
            self.problem(f"The slip “{name}” needs a sentence: an indented line that says what went wrong.", line)
        self.numbers.slips.append(Slip(name, self._expression(formula), more, line))


def _items(source: str, nodes: list[object]) -> list[str]:
    return [source[getattr(node, "col_offset", 0) : getattr(node, "end_col_offset", 0)] for node in nodes]
