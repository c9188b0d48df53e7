"""Reads spreadsheets for an import; what was guessed of them can be corrected on the page that shows them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from flashcards.decks import kinds
from flashcards.decks.formats import table_files, tables
from flashcards.decks.formats.names import Format
from flashcards.decks.formats.table_columns import FIELDS
from flashcards.decks.transfers.reading import Reading
from flashcards.lib.tables.delimited import ENCODINGS
from flashcards.lib.tables.limits import refusal

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
_LABELS = {"comma": "Comma ,", "semicolon": "Semicolon ;", "tab": "Tab", "bar": "Bar |"}
_MEANINGS = {
    "": "Not read", "question": "Question", "answer": "Answer", "explanation": "Explanation", "topic": "Topic",
    "tags": "Tags", "kind": "Kind of card", "reference": "Reference", "sources": "Source ids", "key": "Key",
}  # fmt: skip


class TableReader:
    """Reads CSV, TSV and XLSX."""

    format: ClassVar[Format] = Format.TABLE
    template: ClassVar[str] = "decks/_choices_table.html"

    def choices_from(self, posted: Any) -> dict[str, Any]:
        """Return what a form says of the table: separator, encoding, sheet, has_header, kind, breaks, columns."""
        if "layout" not in posted:
            return {}
        choices: dict[str, Any] = {
            "layout": posted["layout"][:200],
            "has_header": "has_header" in posted,
            "breaks": "breaks" in posted,
            "columns": list(_columns(posted)),
        }
        if posted.get("separator") in SEPARATORS:
            choices["separator"] = SEPARATORS[posted["separator"]]
        if posted.get("encoding") in ENCODINGS:
            choices["encoding"] = posted["encoding"]
        if posted.get("sheet"):
            choices["sheet"] = posted["sheet"][:200]
        if posted.get("kind") in {kind.name for kind in kinds.all_kinds()}:
            choices["kind"] = posted["kind"]
        return choices

    @contextmanager
    def open(self, path: Path, name: str, choices: dict[str, Any]) -> Iterator[Reading]:
        """Open the file; raises Refused if it is no table."""
        source, shown, problems = tables.read(at_most(path, table_files.MAX_BYTES), name, choices)
        yield Reading(source, {**shown, "options": _options(shown)}, problems)


def at_most(path: Path, limit: int) -> bytes:
    """Return what a file holds; raises Refused if it is more than `limit` bytes."""
    if path.stat().st_size > limit:
        raise refusal(f"The file is larger than {limit // 1_000_000} MB. Split it.")
    return path.read_bytes()


def _columns(posted: Mapping[str, str]) -> Iterator[str]:
    for place in range(table_files.LIMITS.columns):
        if f"column-{place}" not in posted:
            return
        name = posted[f"column-{place}"]
        yield name if name in FIELDS else ""


def _options(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what there is to choose from: pairs of value and label."""
    named = {value: name for name, value in SEPARATORS.items()}
    separators = [[name, _LABELS[name]] for name in SEPARATORS]
    return {
        "separator": named.get(shown["separator"], ""),
        "separators": separators if shown["separator"] in named else [["", "As the file says"], *separators],
        "encodings": [[name, label] for name, label in ENCODINGS.items()],
        "meanings": [[name, label] for name, label in _MEANINGS.items()],
        "kinds": [[kind.name, kind.label] for kind in kinds.all_kinds()],
        "columns": [
            {"name": name, "title": title or f"Column {place}"}
            for place, (name, title) in enumerate(zip(shown["columns"], shown["titles"], strict=True), start=1)
        ],
    }
