"""Text with separators (CSV and its kin) → rows of cells, whatever the encoding and the separator."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from flashcards.lib.errors import Refused
from flashcards.lib.tables.limits import Limits, refusal

SEPARATORS = ";\t,|"
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 (little-endian)",
    "utf-16-be": "UTF-16 (big-endian)",
    "utf-32": "UTF-32",
    "cp1252": "Western (Windows-1252)",
    "latin-1": "Western (ISO 8859-1)",
    "iso8859-15": "Western with € (ISO 8859-15)",
    "mac-roman": "Western (old Mac)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "shift_jis": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
    "euc-kr": "Korean (EUC-KR)",
}
"""The encodings that a person may choose, with what they are called."""

TRIED_ROWS = 40
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # Before UTF-16: its mark begins with the same two bytes.
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_KINDS = ("%pdf", "<html", "<table", "<!doctype", "<?xml", "{\\rtf")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)

UNREADABLE = "The file is neither a CSV file nor an XLSX workbook. Save the list as one of the two."
TOO_LONG = "This row is too long. Look for a quotation mark too many."
NEVER_CLOSED = "A quotation mark is opened in this row and never closed."

Meaning = Callable[[Sequence[str]], int]
"""Tells how many cells of a row say something to the caller: a title that it knows, an address."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, and the name in ENCODINGS by which it was decoded."""

    text: str
    encoding: str


def decoded(data: bytes, encoding: str = "") -> Decoded:
    """Return the text of a file: decoded as `encoding` says, else as its mark (BOM), else UTF-8, else Windows-1252.

    Raises Refused for what is no text, and with the line where the bytes are not of that encoding.
    """
    if data.startswith(_OLD_WORKBOOK):
        locked = "The workbook is locked with a password. Save it without one."
        old = "This is a workbook of an old kind. Save it as XLSX or CSV."
        raise refusal(locked if _ENCRYPTED in data else old)
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    name = encoding or marked or _unmarked_encoding(data)
    try:
        text = data.decode("utf-8-sig" if name == "utf-8" else name)
    except UnicodeDecodeError as error:
        if encoding:
            line = data.count(b"\n", 0, error.start) + 1
            raise refusal(f"The file is not {ENCODINGS.get(encoding, encoding)}.", line) from None
        if name != "cp1252":
            raise refusal("The file is damaged: it ends or breaks off within a character.") from None
        name, text = "latin-1", data.decode("latin-1")
    if "\0" in text or text.lstrip()[:20].lower().startswith(_OTHER_KINDS):
        raise refusal(UNREADABLE)
    return Decoded(text.removeprefix("\ufeff"), name)


def _unmarked_encoding(data: bytes) -> str:
    # Letters of Europe in UTF-16 have a zero as every second byte; no other text has zeros.
    if len(data) % 2 == 0 and b"\0" in data:
        zeros = {"utf-16-le": data[1::2].count(0), "utf-16-be": data[::2].count(0)}
        likely = max(zeros, key=lambda name: zeros[name])
        if 4 * zeros[likely] > len(data):
            return likely
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def without_separator_line(text: str) -> tuple[str, str]:
    """Return `text` without a first line “sep=;” and the separator that it states ("" without one)."""
    stated = _SEPARATOR_LINE.match(text)
    if not stated:
        return text, ""
    return text[stated.end() :], "" if stated[1] in '"\r\n' else stated[1]


def guess_separator(text: str, limits: Limits, meant: Meaning) -> str:
    """Return the separator with which the first rows say most to `meant`, then give the most even columns."""
    return max(SEPARATORS, key=lambda separator: _plausible(text, separator, limits, meant))


def _plausible(text: str, separator: str, limits: Limits, meant: Meaning) -> tuple[int, int, int]:
    try:
        tried = [row for row in islice(split(text, separator, limits), TRIED_ROWS) if any(map(str.strip, row))]
    except Refused:
        return -1, 0, 0
    widths = [len(row) for row in tried]
    usual = max(widths, key=widths.count, default=1)
    return sum(map(meant, tried)), widths.count(usual) if usual > 1 else 0, usual


def split(text: str, separator: str, limits: Limits) -> Iterator[list[str]]:
    """Yield the rows, blank ones too; raises Refused, with the row, for cells without end and quotes left open."""
    held: list[str] = []
    lines = io.StringIO(text, newline="")
    reader = csv.reader(_remembered(lines, held), delimiter=separator)
    number, row = 0, None
    while True:
        number += 1
        kept_lines = held.copy()
        held.clear()
        try:
            after = next(reader, None)
        except csv.Error:
            raise refusal("A cell has no end here. Look for a quotation mark too many.", number) from None
        if after is None:
            if row is not None and _is_open(kept_lines, separator):
                raise refusal(NEVER_CLOSED, number - 1)
            return
        row = after
        if len(row) > limits.columns or any(len(cell) > limits.cell for cell in row):
            raise refusal(TOO_LONG, number)
        yield row


def _remembered(lines: io.StringIO, held: list[str]) -> Iterator[str]:
    for line in lines:
        held.append(line)
        yield line


def _is_open(lines: Sequence[str], separator: str) -> bool:
    """Tell whether the file ends within the quotes of its last row, which `lines` are."""
    try:
        for _ in csv.reader(lines, delimiter=separator, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False
