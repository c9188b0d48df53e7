"""One person of a roster, and what can be wrong with them and between them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from flashcards.lib.errors import Problem
from flashcards.lib.text import text_problems

MAX_LINES = 2_000
MAX_NAME = 150
MAX_EMAIL = 254
MAX_NUMBER = 40
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row without space around them; `number` is the row's in the spreadsheet."""

    number: int
    cells: list[str]

    def cell(self, column: int) -> str:
        """Return what stands in a column, "" beyond the end."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A person as the file has them; `email` in lower case, `student_number` may be empty."""

    row: int
    name: str
    email: str
    student_number: str


def is_address(text: str) -> bool:
    """Tell whether `text` is an e-mail address that mail can be sent to."""
    if len(text) > MAX_EMAIL:
        return False
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def line_problems(lines: Iterable[Line]) -> list[Problem]:
    """Return everything wrong with the lines, in their order."""
    problems: list[Problem] = []
    addresses: dict[str, Line] = {}
    numbers: dict[str, Line] = {}
    for line in lines:
        problems += _name_problems(line) + _address_problems(line) + _number_problems(line)
        if line.email:
            problems += _shared_address(addresses.setdefault(line.email, line), line)
        if line.student_number:
            problems += _shared_number(numbers.setdefault(line.student_number, line), line)
    return problems


def _name_problems(line: Line) -> list[Problem]:
    if not line.name:
        return [Problem("name", "The name is missing.", line.row)]
    return _text_problems("name", "name", line.name, MAX_NAME, line.row)


def _address_problems(line: Line) -> list[Problem]:
    if not line.email:
        return [Problem("email", "The e-mail address is missing.", line.row)]
    if len(line.email) > MAX_EMAIL:
        message = f"The e-mail address has {len(line.email):,} characters; at most {MAX_EMAIL} are allowed."
        return [Problem("email", message, line.row)]
    if not is_address(line.email):
        return [Problem("email", f"“{_short(line.email)}” is no e-mail address.", line.row)]
    return _text_problems("email", "e-mail address", line.email, MAX_EMAIL, line.row)


def _number_problems(line: Line) -> list[Problem]:
    return _text_problems("student_number", "student number", line.student_number, MAX_NUMBER, line.row)


def _text_problems(field: str, called: str, text: str, limit: int, row: int) -> list[Problem]:
    if len(text) > limit:
        return [Problem(field, f"The {called} has {len(text):,} characters; at most {limit} are allowed.", row)]
    return [Problem(field, f"The {called}: {problem.message}", row) for problem in text_problems(field, text)[:1]]


def _shared_address(first: Line, line: Line) -> list[Problem]:
    if first is line:
        return []
    if first.name == line.name:
        message = f"{_short(line.email)} is in row {first.row} already. Remove one of the two."
    else:
        message = f"{_short(line.email)} belongs to {_short(first.name)} in row {first.row} as well."
        message += " Two people can’t have one address."
    return [Problem("email", message, line.row)]


def _shared_number(first: Line, line: Line) -> list[Problem]:
    if first is line or (first.email == line.email and first.name == line.name):
        return []
    message = f"The student number {_short(line.student_number)} is in row {first.row} already."
    return [Problem("student_number", message, line.row)]


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
