"""How much of a table is read. Whoever reads one says so: a class's list is short, a deck's is not."""

from dataclasses import dataclass

from flashcards.lib.errors import Problem, Refused


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read: rows of a sheet, columns, characters of a cell; of a workbook also what it unfolds to.

    `marks` bounds the elements and attributes of a workbook, which cost far more memory than the file shows: in all
    its parts together, and `marks_at_once` in one row or string, which is held as a whole.
    """

    rows: int = 60_000
    columns: int = 200
    cell: int = 20_000
    unzipped: int = 32 * 1024 * 1024
    marks: int = 2_000_000
    marks_at_once: int = 20_000
    parts: int = 1_000
    sheets: int = 50


def refusal(message: str, row: int | None = None) -> Refused:
    """Return the error for a file that can't be read; `row` as a spreadsheet numbers it."""
    return Refused([Problem("file", message, row)])
