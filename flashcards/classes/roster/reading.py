"""A roster file → lines: whatever kind of spreadsheet it is, the same people come out, or Refused with the reasons."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from flashcards.classes.roster.columns import (
    Columns,
    columns_of,
    find_header,
    guess,
    known_titles,
    looks_like_address,
)
from flashcards.classes.roster.lines import MAX_LINES, Line, Row, line_problems
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.tables import delimited, workbook
from flashcards.lib.tables.limits import Limits

MAX_BYTES = 5 * 1024 * 1024
TOO_LARGE = f"The file is larger than {MAX_BYTES // 1024 // 1024} MB."
LOOKED_THROUGH = 40
MAX_BLANK_ROWS = 60_000
LIMITS = Limits(rows=60_000)


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file says. `columns` tells where each value was found, `unread` names columns that mean nothing here."""

    lines: list[Line]
    columns: dict[str, str]
    unread: list[str]


def read(data: bytes) -> Roster:
    """Return what a CSV or XLSX file holds. Raises Refused with every problem, each with its row as people count."""
    if len(data) > MAX_BYTES:
        raise _refusal(TOO_LARGE)
    filled = _filled(_rows(data))
    beginning = list(islice(filled, LOOKED_THROUGH))
    if not beginning:
        raise _refusal("The file is empty.")
    header = find_header(beginning)
    after = beginning if header is None else beginning[header + 1 :]
    columns = guess(after) if header is None else columns_of(beginning[header].cells, after)
    lines = [columns.line(row) for row in _at_most(chain(after, filled))]
    if not lines:
        raise _refusal("The file has a header, but no students below it.")
    problems = line_problems(lines)
    if problems:
        raise Refused(problems)
    return _roster(lines, columns)


def _rows(data: bytes) -> Iterator[list[str]]:
    if workbook.is_zip(data):
        yield from workbook.first_filled(workbook.Workbook(data, LIMITS))
        return
    text, separator = delimited.without_separator_line(delimited.decoded(data).text)
    yield from delimited.split(text, separator or delimited.guess_separator(text, LIMITS, _meant), LIMITS)


def _meant(row: Sequence[str]) -> int:
    """Return how many cells of a row are titles of columns or addresses."""
    return max(known_titles(row), sum("\t" not in cell and looks_like_address(cell) for cell in row))


def _roster(lines: list[Line], columns: Columns) -> Roster:
    return Roster(lines, columns.described(), columns.unread)


def _filled(rows: Iterable[list[str]]) -> Iterator[Row]:
    """Yield the rows that say something, numbered as a spreadsheet numbers them; raises Refused for endless blanks."""
    blank = 0
    for number, cells in enumerate(rows, start=1):
        stripped = [" ".join(cell.split()) for cell in cells]
        if any(stripped):
            yield Row(number, stripped)
            continue
        blank += 1
        if blank > MAX_BLANK_ROWS:
            raise _refusal("The file has too many empty rows. Copy the students into a new sheet.")


def _at_most(rows: Iterable[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows, start=1):
        if count > MAX_LINES:
            raise _refusal(
                f"The file has more than {MAX_LINES:,} students. That is the most that a class takes at once."
            )
        yield row


def _refusal(message: str) -> Refused:
    return Refused([Problem("file", message)])
