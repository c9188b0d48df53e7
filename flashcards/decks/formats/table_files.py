"""The bytes of a CSV, TSV or XLSX file → rows, with what was guessed on the way, and what Anki writes above them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from flashcards.decks.formats.table_columns import known_titles
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.tables import delimited, workbook
from flashcards.lib.tables.cells import as_it_was
from flashcards.lib.tables.limits import Limits, refusal

MAX_BYTES = 20_000_000
MAX_ROWS = 50_000
LIMITS = Limits(rows=60_000, columns=100, cell=100_000, unzipped=48 * 1024 * 1024, marks=3_000_000)
TOO_LARGE = f"The file is larger than {MAX_BYTES // 1_000_000} MB. Split it."
TOO_MANY = f"The file has more than {MAX_ROWS:,} rows. Split it."
MAX_BLANK_ROWS = 60_000
DECK_SHEET = "Deck"
"""The sheet of our own workbooks that says what the rows can't: the deck's title and so on."""

_DIRECTIVE = re.compile(r"#(separator|html|tags|columns|notetype|deck|guid|[a-z]+ column):(.*)", re.IGNORECASE)
_SEPARATOR_NAMES = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " "}


@dataclass(frozen=True, slots=True)
class Row:
    """A row that says something; `number` as a spreadsheet counts, from 1."""

    number: int
    cells: list[str]

    def cell(self, place: int) -> str:
        """Return what stands in a column, "" beyond the end."""
        return self.cells[place] if place < len(self.cells) else ""


@dataclass(slots=True)
class Table:
    """A file that has been opened. `separator` and `encoding` are "" for a workbook, `sheet` for a text.

    `directives` are the lines that Anki puts above its exports, by name; `deck` is what our own workbooks say of it.
    """

    rows: list[Row]
    separator: str = ""
    encoding: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    directives: dict[str, str] = field(default_factory=dict)
    deck: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def open_table(data: bytes, choices: dict[str, Any]) -> Table:
    """Return the rows of a file. `choices` may say separator, encoding and sheet; what they don't is guessed.

    Raises Refused for what is no table or too much of one.
    """
    if len(data) > MAX_BYTES:
        raise refusal(TOO_LARGE)
    table = _from_workbook(data, choices) if workbook.is_zip(data) else _from_text(data, choices)
    if not table.rows:
        raise refusal("The file is empty.")
    return table


def title_of(name: str) -> str:
    """Return a deck's title from a file's name: “my_words.csv” → my words."""
    return " ".join(PurePath(name).stem.replace("_", " ").split())[:200]


def _from_workbook(data: bytes, choices: dict[str, Any]) -> Table:
    book = workbook.Workbook(data, LIMITS)
    deck = _deck_facts(book) if DECK_SHEET in book.sheets else {}
    sheets = [name for name in book.sheets if not (deck and name == DECK_SHEET)]
    wanted = choices.get("sheet")
    if wanted in sheets:
        return Table(_filled(book.rows(wanted)), sheet=wanted, sheets=sheets, deck=deck)
    for name in sheets:
        if rows := _filled(book.rows(name)):
            return Table(rows, sheet=name, sheets=sheets, deck=deck)
    return Table([])


def _deck_facts(book: workbook.Workbook) -> dict[str, str]:
    """Return what the sheet about the deck says by name; nothing if it is somebody's own sheet of that name."""
    facts = {}
    for number, cells in enumerate(book.rows(DECK_SHEET)):
        if number > 10 or not cells:
            return {}
        facts[cells[0].strip().lower()] = as_it_was(cells[1]) if len(cells) > 1 else ""
    return facts if {"deck", "title"} <= facts.keys() else {}


def _from_text(data: bytes, choices: dict[str, Any]) -> Table:
    problems: list[Problem] = []
    try:
        found = delimited.decoded(data, choices.get("encoding") or "")
    except Refused as refused:
        if not choices.get("encoding"):
            raise
        found = delimited.decoded(data)
        named = delimited.ENCODINGS[found.encoding]
        problems = [
            Problem("encoding", f"{each.message} It was read as {named}.", each.line) for each in refused.problems
        ]
    text, stated = delimited.without_separator_line(found.text)
    directives, text, skipped = _directives(text)
    named = directives.get("separator", "")
    stated = _SEPARATOR_NAMES.get(named.lower(), named if len(named) == 1 else stated)
    separator = choices.get("separator") or stated or delimited.guess_separator(text, LIMITS, known_titles)
    rows = _filled(delimited.split(text, separator, LIMITS), skipped)
    return Table(rows, separator, found.encoding, directives=directives, problems=problems)


def _directives(text: str) -> tuple[dict[str, str], str, int]:
    """Return what Anki's lines above the rows say, the text below them, and how many lines they are."""
    found: dict[str, str] = {}
    skipped = at = 0
    while line := _DIRECTIVE.match(text, at):
        found[line[1].lower()] = line[2].strip("\r")
        at = text.find("\n", at) + 1 or len(text)
        skipped += 1
    return found, text[at:], skipped


def _filled(rows: Iterable[list[str]], skipped: int = 0) -> list[Row]:
    """Return the rows that say something; raises Refused for too many, and for blanks without end."""
    filled: list[Row] = []
    for number, cells in enumerate(rows, start=skipped + 1):
        if any(map(str.strip, cells)):
            filled.append(Row(number, cells))
        if len(filled) > MAX_ROWS + 1:
            raise refusal(TOO_MANY)
        if number - len(filled) > MAX_BLANK_ROWS:
            raise refusal("The file has too many empty rows. Copy the cards into a new sheet.")
    return filled
