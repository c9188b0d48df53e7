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

from openpyxl import load_workbook

from flashcards.lib.errors import Problem, Refused

MAX_UNZIPPED = 32 * 1024 * 1024
MAX_SMALL_PART = 512 * 1024
MAX_PARTS = 1_000
MAX_SHEETS = 50
MAX_ROWS = 60_000
MAX_COLUMNS = 100
# Elements and attributes cost far more memory than the file shows: in all parts together, and in one row or string,
# which the reader holds as a whole.
MAX_MARKS = 2_000_000
MAX_MARKS_AT_ONCE = 20_000
LONGEST_CELL = 20_000

_CELLS = re.compile(r"xl/(sharedStrings|worksheets/[^/]+)\.xml", re.IGNORECASE)
_FRAME = re.compile(r"\[Content_Types\]\.xml|xl/workbook\d*\.xml|xl/_rels/workbook\d*\.xml\.rels", re.IGNORECASE)
_STYLES = re.compile(r"xl/styles\.xml", re.IGNORECASE)
_ROW_OR_STRING = re.compile(rb"<(?:\w+:)?(?:row|si)\b")
_ONLY_ZEROS = re.compile(r"0{2,40}")

DAMAGED = "The workbook is damaged. Open it in your spreadsheet program and save it again, or save it as CSV."
TOO_LARGE = "The workbook unfolds to far more than a list of students. Copy the list into a new workbook."


def is_zip(data: bytes) -> bool:
    """Tell whether the file begins as a workbook does."""
    return data.startswith(b"PK\x03\x04")


def rows(data: bytes) -> Iterator[list[str]]:
    """Yield the rows of the first sheet that says something, blank ones too; raises Refused."""
    slim = _slimmed(data)
    try:
        yield from _rows(slim)
    except Refused:
        raise
    except Exception as error:
        # The reader raises whatever Python does when XML is not what it expects; the file is always the reason.
        raise _refusal(DAMAGED) from error


def _rows(slim: io.BytesIO) -> Iterator[list[str]]:
    book = load_workbook(slim, read_only=True, data_only=True, keep_links=False)
    if len(book.worksheets) > MAX_SHEETS:
        raise _refusal(f"The workbook has more than {MAX_SHEETS} sheets. Copy the list into a new workbook.")
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()  # Some programs state them wrongly.
        blank, said = 0, False
        for row in sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS):
            cells = [_text(cell.value, cell.number_format) if cell.value is not None else "" for cell in row]
            if not any(map(str.strip, cells)):
                blank += 1  # Sheets often end in many of them; only those between others count.
                continue
            for _ in range(blank):
                yield []
            blank, said = 0, True
            yield cells
        if said:
            return


def _text(value: object, number_format: str) -> str:
    """Return a cell as people see it: whole numbers without a point, zeros in front where the format has them."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and _ONLY_ZEROS.fullmatch(number_format or ""):
        return str(value).zfill(len(number_format))
    text = str(value)
    if len(text) > LONGEST_CELL:
        raise _refusal("A cell of the workbook is too long to be somebody’s name or address.")
    return text


def _slimmed(data: bytes) -> io.BytesIO:
    """Return the workbook with nothing in it but its cells, unzipped within limits; raises Refused."""
    slim = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(slim, "w") as kept:
            _copy(archive, kept)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error, OverflowError) as error:
        raise _refusal(DAMAGED) from error
    return slim


def _copy(archive: zipfile.ZipFile, kept: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise _refusal(TOO_LARGE)
    if not any(part.filename.lower().startswith("xl/workbook") for part in parts):
        raise _refusal("This zip file holds no XLSX workbook. Save the list as XLSX or CSV.")
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
            raise _refusal(DAMAGED)
        if part.flag_bits & 1:
            raise _refusal("The workbook is locked with a password. Save it without one.")
        unzipped += part.file_size
        if unzipped > MAX_UNZIPPED or (is_frame and part.file_size > MAX_SMALL_PART):
            raise _refusal(TOO_LARGE)
        xml = archive.read(part)  # Never more than `file_size`.
        marks += _marks(xml)
        if marks > MAX_MARKS or (holds_cells and max(map(_marks, _ROW_OR_STRING.split(xml))) > MAX_MARKS_AT_ONCE):
            raise _refusal(TOO_LARGE)
        if b"<!DOCTYPE" in xml.replace(b"\0", b""):
            raise _refusal(DAMAGED)  # No workbook has one; entities that unfold need it.
        kept.writestr(part.filename, xml)


def _marks(xml: bytes) -> int:
    return xml.count(b"<") + xml.count(b"=")


def _refusal(message: str) -> Refused:
    return Refused([Problem("file", message)])
