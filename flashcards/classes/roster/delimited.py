"""Text with separators (CSV and its kin) → rows of cells, whatever the encoding and the separator."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from flashcards.classes.roster.columns import known_titles, looks_like_address
from flashcards.lib.errors import Problem, Refused

SEPARATORS = ";\t,|"
TRIED_ROWS = 40
MAX_CELLS = 200
MAX_CELL = 20_000
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # Before UTF-16: its mark begins with the same two bytes.
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHER_KINDS = ("%pdf", "<html", "<table", "<!doctype", "<?xml", "{\\rtf")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)

UNREADABLE = "The file is neither a CSV file nor an XLSX workbook. Save the list as one of the two."


def rows(data: bytes) -> Iterator[list[str]]:
    """Yield the rows of a text file, blank ones too. Raises Refused for what is no text, and for cells without end."""
    text = decoded(data)
    stated = _SEPARATOR_LINE.match(text)
    text = text[stated.end() :] if stated else text
    yield from _split(text, stated[1] if stated and stated[1] not in '"\r\n' else _separator(text))


def decoded(data: bytes) -> str:
    """Return the text of a file: as its mark (BOM) says, else UTF-8 if it is, else Windows-1252. Raises Refused."""
    if data.startswith(OLD_WORKBOOK):
        locked = "The workbook is locked with a password. Save it without one."
        old = "This is a workbook of an old kind. Save it as XLSX or CSV."
        raise _refusal(locked if ENCRYPTED in data else old)
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), None) or _unmarked_encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "cp1252":
            raise _refusal("The file is damaged: it ends or breaks off within a character.") from error
        text = data.decode("latin-1")
    if "\0" in text or text.lstrip()[:20].lower().startswith(OTHER_KINDS):
        raise _refusal(UNREADABLE)
    return text


def _unmarked_encoding(data: bytes) -> str:
    # Letters of Europe in UTF-16 have a zero as every second byte; no other text has zeros.
    if len(data) % 2 == 0 and b"\0" in data:
        return "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _separator(text: str) -> str:
    """Return the separator with which the first rows show most addresses and titles, then the most even columns."""
    return max(SEPARATORS, key=lambda separator: _plausible(text, separator))


def _plausible(text: str, separator: str) -> tuple[int, int, int]:
    try:
        tried = [row for row in islice(_split(text, separator), TRIED_ROWS) if any(map(str.strip, row))]
    except Refused:
        return -1, 0, 0
    meant = sum(max(known_titles(row), sum(map(_is_address, row))) for row in tried)
    widths = [len(row) for row in tried]
    usual = max(widths, key=widths.count, default=1)
    return meant, widths.count(usual) if usual > 1 else 0, usual


def _is_address(cell: str) -> bool:
    return "\t" not in cell and looks_like_address(cell)


def _split(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise _refusal("A cell has no end here. Look for a quotation mark too many.", number) from error
        if row is None:
            return
        if len(row) > MAX_CELLS or any(len(cell) > MAX_CELL for cell in row):
            raise _refusal("This row is too long. Look for a quotation mark too many.", number)
        yield row


def _refusal(message: str, row: int | None = None) -> Refused:
    return Refused([Problem("file", message, row)])
