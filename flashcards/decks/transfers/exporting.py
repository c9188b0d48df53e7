"""The formats that a deck can be taken away in, and what each keeps."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flashcards.accounts.models import User
from flashcards.decks.formats import json_deck, tables, text
from flashcards.decks.formats.names import Format
from flashcards.decks.importing import deck_record
from flashcards.decks.models import Deck
from flashcards.decks.transfers.source import StoredDeck
from flashcards.lib.errors import Problem, Refused

type Progress = Callable[[int, int], None]

SMALL_NOTES = 300
"""A deck of so many is made into a file while the person waits."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Makes files of one format; `keeps` says in words what is in them, `make` returns how many notes it wrote."""

    name: str
    format: Format
    label: str
    keeps: str
    ending: str
    content_type: str
    make: Callable[[Path, StoredDeck], int]
    carries_history: bool = False

    def write(self, path: Path, deck: Deck, history_of: User | None, progress: Progress) -> int:
        """Write `deck` to `path` and return how many notes; raises Refused."""
        return self.make(path, StoredDeck(deck, history_of if self.carries_history else None, progress))


def writers() -> list[Writer]:
    """Return all, the usual one first."""
    return list(_WRITERS.values())


def writer_of(name: str) -> Writer:
    """Return the writer of this name; raises Refused if there is none."""
    if name not in _WRITERS:
        raise Refused([Problem("format", f"There is no format “{name[:20]}”. There are: {', '.join(_WRITERS)}.")])
    return _WRITERS[name]


def name_for(path: Path) -> str:
    """Return the name of the writer whose files end as `path` does; "text" for any other ending."""
    return next((writer.name for writer in writers() if writer.ending == path.suffix.lower()), "text")


def file_name(deck: Deck, writer: Writer) -> str:
    """Return what a file of `deck` is called."""
    return f"{deck.slug}{writer.ending}"


def _make_text(path: Path, source: StoredDeck) -> int:
    record = deck_record(source.deck)
    path.write_bytes(text.write(record))
    return len(record.notes())


def _make_anki(path: Path, source: StoredDeck) -> int:
    from flashcards.decks.formats.anki.writing import write_package  # noqa: PLC0415  much, and seldom needed

    return write_package(path, source, faces=source.faces).notes


def _make_table(form: str) -> Callable[[Path, StoredDeck], int]:
    def make(path: Path, source: StoredDeck) -> int:
        with path.open("wb") as file:
            return tables.write(file, source, form)

    return make


def _make_json(path: Path, source: StoredDeck) -> int:
    with path.open("wb") as file:
        return json_deck.write(file, source)


_WRITERS = {
    writer.name: writer
    for writer in (
        Writer(
            "anki", Format.ANKI, "Anki package (.apkg)",
            "For Anki, and to bring back here: all kinds, topics, tags, pictures and sounds.",
            ".apkg", "application/octet-stream", _make_anki, carries_history=True,
        ),
        Writer(
            "text", Format.TEXT, "Text (.md)",
            "Markdown to read and to edit with any program: every word, topics and tags, no pictures and sounds.",
            ".md", "text/markdown; charset=utf-8", _make_text,
        ),
        Writer(
            "xlsx", Format.TABLE, "Workbook (.xlsx)",
            "For Excel, LibreOffice and their like: a row for each note with every word, topics and tags.",
            ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _make_table("xlsx"),
        ),
        Writer(
            "csv", Format.TABLE, "Table (.csv)", "The same with commas, which every program reads.",
            ".csv", "text/csv; charset=utf-8", _make_table("csv"),
        ),
        Writer(
            "tsv", Format.TABLE, "Table (.tsv)", "The same with tabs.",
            ".tsv", "text/tab-separated-values; charset=utf-8", _make_table("tsv"),
        ),
        Writer(
            "json", Format.JSON, "JSON (.json)",
            "For programs: every word, topics, tags, pictures and sounds.",
            ".json", "application/json", _make_json, carries_history=True,
        ),
    )
}  # fmt: skip
