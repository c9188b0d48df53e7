"""Rows of texts → a file: text with separators, or a workbook, row by row so that memory does not grow with them."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from flashcards.lib.errors import Refused
from flashcards.lib.tables.cells import harmless, kept
from flashcards.lib.tables.limits import refusal

TEXT_FORMAT = "@"
MOST_IN_A_CELL = 32_767
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to write: its name, the widths of its columns in characters, and its rows, all as wide."""

    name: str
    widths: Sequence[float]
    rows: Iterable[Sequence[str]]


class Line:
    """A file for `csv` that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


def write_delimited(out: BinaryIO, rows: Iterable[Sequence[str]], separator: str) -> None:
    """Write rows as UTF-8 with a mark (BOM), which spreadsheets look for; cells are made harmless."""
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=separator)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    text.detach()


def write_workbook(out: BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Write a workbook whose cells are all text; the first row of each sheet is bold and stays in sight.

    Raises Refused, with the row, for a text that no cell of a workbook can hold.
    """
    book = Workbook(write_only=True)
    try:
        _fill(book, sheets)
    except Refused:
        book.save(io.BytesIO())  # Closes and removes the files that it writes its sheets to.
        raise
    book.save(out)


def _fill(book: Workbook, sheets: Iterable[Sheet]) -> None:
    for each in sheets:
        sheet = book.create_sheet(each.name)
        sheet.freeze_panes = "A2"
        for place, width in enumerate(each.widths, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        title, usual = ([_cell(sheet, bold=bold) for _ in each.widths] for bold in (True, False))
        for number, row in enumerate(each.rows, start=1):
            cells = title if number == 1 else usual
            sheet.append([_filled(cell, text, number) for cell, text in zip(cells, row, strict=True)])


def _cell(sheet: Any, *, bold: bool) -> Cell:
    cell = WriteOnlyCell(sheet)
    cell.number_format = TEXT_FORMAT
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    cell.font = Font(bold=bold)
    return cell


def _filled(cell: Cell, text: str, row: int) -> Cell | None:
    """Return `cell`, which is used for row after row, with a text in it; None leaves the place empty."""
    if not text:
        return None
    spelt = _UNWRITABLE.sub(_spelt, kept(text))
    if len(spelt) > MOST_IN_A_CELL:
        message = f"A cell of a workbook holds {MOST_IN_A_CELL:,} characters; this text has {len(spelt):,}."
        raise refusal(f"{message} Choose CSV.", row)
    cell.value = spelt
    cell.data_type = "s"  # Also for what begins with =.
    return cell


def _spelt(found: re.Match[str]) -> str:
    """Return a character that XML can't hold, or that begins what reads like one, as workbooks spell it: _x000D_."""
    return f"_x{ord(found[0]):04X}_"
