"""An XLSX workbook → rows of cells as text. Formulas are never worked out: what the spreadsheet last showed is read.

A workbook is a zip of XML, and a small one can unfold to anything. So its parts are unzipped under limits first, and
only those that hold cells are handed on to the reader.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from openpyxl import load_workbook

from flashcards.lib.errors import Refused
from flashcards.lib.tables.limits import Limits, refusal
from flashcards.lib.tables.shown import shown

MAX_SMALL_PART = 512 * 1024

_CELLS = re.compile(r"xl/(sharedStrings|worksheets/[^/]+)\.xml", re.IGNORECASE)
_FRAME = re.compile(r"\[Content_Types\]\.xml|xl/workbook\d*\.xml|xl/_rels/workbook\d*\.xml\.rels", re.IGNORECASE)
_STYLES = re.compile(r"xl/styles\.xml", re.IGNORECASE)
_ROW_OR_STRING = re.compile(rb"<(?:\w+:)?(?:row|si)\b")

DAMAGED = "The workbook is damaged. Open it in your spreadsheet program and save it again, or save it as CSV."
TOO_LARGE = "The workbook unfolds to far more than a list. Copy the list into a new workbook."
TOO_LONG = "A cell of the workbook is too long: {length:,} characters; at most {limit:,} are allowed."


def is_zip(data: bytes) -> bool:
    """Tell whether the file begins as a workbook does."""
    return data.startswith(b"PK\x03\x04")


class Workbook:
    """A workbook within limits; `sheets` are the names of those that people see, in order."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Open the workbook that `data` holds; raises Refused."""
        self._limits = limits
        slim = _slimmed(data, limits)
        try:
            self._book: Any = load_workbook(slim, read_only=True, data_only=True, keep_links=False)
            sheets = list(self._book.worksheets)
        except Exception as error:
            # The reader raises whatever Python does when XML is not what it expects; the file is always the reason.
            raise refusal(DAMAGED) from error
        if len(sheets) > limits.sheets:
            raise refusal(f"The workbook has more than {limits.sheets} sheets. Copy the list into a new workbook.")
        self._sheets: dict[str, Any] = {sheet.title: sheet for sheet in sheets if sheet.sheet_state == "visible"}
        self.sheets = list(self._sheets)

    def rows(self, name: str) -> Iterator[list[str]]:
        """Yield the rows of a sheet as texts, blank ones between others too; raises Refused."""
        try:
            yield from self._rows(self._sheets[name])
        except Refused:
            raise
        except Exception as error:
            raise refusal(DAMAGED) from error  # As above: XML that the reader did not expect.

    def _rows(self, sheet: Any) -> Iterator[list[str]]:
        sheet.reset_dimensions()  # Some programs state them wrongly.
        blank = 0
        for row in sheet.iter_rows(max_row=self._limits.rows, max_col=self._limits.columns):
            cells = [self._text(cell.value, cell.number_format) if cell.value is not None else "" for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if not any(map(str.strip, cells)):
                blank += 1  # Sheets often end in many of them; only those between others count.
                continue
            for _ in range(blank):
                yield []
            blank = 0
            yield cells

    def _text(self, value: object, number_format: str) -> str:
        text = shown(value, number_format or "")
        if len(text) > self._limits.cell:
            raise refusal(TOO_LONG.format(length=len(text), limit=self._limits.cell))
        return text


def first_filled(book: Workbook) -> Iterator[list[str]]:
    """Yield the rows of the first sheet that says something; raises Refused."""
    for name in book.sheets:
        said = False
        for row in book.rows(name):
            said = True
            yield row
        if said:
            return


def _slimmed(data: bytes, limits: Limits) -> io.BytesIO:
    """Return the workbook with nothing in it but its cells, unzipped within limits; raises Refused."""
    slim = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(slim, "w") as kept:
            _copy(archive, kept, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error, OverflowError) as error:
        raise refusal(DAMAGED) from error
    return slim


def _copy(archive: zipfile.ZipFile, kept: zipfile.ZipFile, limits: Limits) -> None:
    parts = archive.infolist()
    if len(parts) > limits.parts:
        raise refusal(TOO_LARGE)
    if not any(part.filename.lower().startswith("xl/workbook") for part in parts):
        raise refusal("This zip file holds no XLSX workbook. Save the list as XLSX or CSV.")
    unzipped = marks = 0
    seen: set[str] = set()
    for part in parts:
        holds_cells = _CELLS.fullmatch(part.filename)
        is_frame = _FRAME.fullmatch(part.filename)
        is_style = _STYLES.fullmatch(part.filename) and part.file_size <= MAX_SMALL_PART
        if not (holds_cells or is_frame or is_style) or part.filename in seen:
            continue
        seen.add(part.filename)
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refusal(DAMAGED)
        if part.flag_bits & 1:
            raise refusal("The workbook is locked with a password. Save it without one.")
        unzipped += part.file_size
        if unzipped > limits.unzipped or (is_frame and part.file_size > MAX_SMALL_PART):
            raise refusal(TOO_LARGE)
        xml = archive.read(part)  # Never more than `file_size`.
        marks += _marks(xml, 0, len(xml))
        if marks > limits.marks or (holds_cells and _most_at_once(xml) > limits.marks_at_once):
            raise refusal(TOO_LARGE)
        if b"<!DOCTYPE" in (xml.replace(b"\0", b"") if b"\0" in xml else xml):
            raise refusal(DAMAGED)  # No workbook has one; entities that unfold need it.
        kept.writestr(part.filename, xml)


def _marks(xml: bytes, start: int, end: int) -> int:
    return xml.count(b"<", start, end) + xml.count(b"=", start, end)


def _most_at_once(xml: bytes) -> int:
    """Return the marks of the row or string that has most, or of what stands before the first."""
    places = [0, *(found.start() for found in _ROW_OR_STRING.finditer(xml)), len(xml)]
    return max(_marks(xml, start, end) for start, end in pairwise(places))
