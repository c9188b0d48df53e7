"""The formats that can be read, and what a file is by its first bytes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from flashcards.decks.formats import text
from flashcards.decks.formats.names import Format
from flashcards.decks.formats.records import DeckHead, DeckRecord, NoteRecord, TopicRecord
from flashcards.decks.transfers.json_reader import JsonReader
from flashcards.decks.transfers.list_reader import ListReader
from flashcards.decks.transfers.reading import Reader, Reading
from flashcards.decks.transfers.table_reader import TableReader
from flashcards.lib.errors import Problem, Refused

ANKI_ENDINGS = {".apkg", ".colpkg"}
FIRST_BYTES = 4096
"""How much `guess_format` wants to see."""


class WholeDeck:
    """A small deck, read whole, as a source; it has no media."""

    def __init__(self, deck: DeckRecord) -> None:
        self.deck = deck
        topics = [TopicRecord(topic.slug, topic.title, line=topic.line) for topic in deck.topics]
        self.head = DeckHead(
            deck.title, deck.slug, deck.language, deck.introduction, topics, note_count=len(deck.notes())
        )

    def notes(self) -> Iterator[NoteRecord]:
        """Yield the notes, each with its topic's slug."""
        for topic in self.deck.topics:
            for note in topic.notes:
                note.topic = topic.slug
                yield note

    def media(self, name: str) -> bytes | None:
        """Return None: there are none."""
        return None


class TextReader:
    """Reads our own deck file, whose media are those of the site that wrote it."""

    format: ClassVar[Format] = Format.TEXT
    template: ClassVar[str] = ""

    def choices_from(self, posted: Any) -> dict[str, Any]:
        """Return nothing: nothing has to be guessed."""
        return {}

    @contextmanager
    def open(self, path: Path, name: str, choices: dict[str, Any]) -> Iterator[Reading]:
        """Open the file; raises Refused with every problem and its line."""
        with path.open("rb") as file:
            deck = text.parse(file.read(text.MAX_BYTES + 1))
        yield Reading(WholeDeck(deck))


class AnkiReader:
    """Reads packages of Anki, old and new."""

    format: ClassVar[Format] = Format.ANKI
    template: ClassVar[str] = ""

    def choices_from(self, posted: Any) -> dict[str, Any]:
        """Return nothing: nothing has to be guessed."""
        return {}

    @contextmanager
    def open(self, path: Path, name: str, choices: dict[str, Any]) -> Iterator[Reading]:
        """Open the package; raises Refused."""
        from flashcards.decks.formats.anki.reading import open_package  # noqa: PLC0415  much, and seldom needed

        with open_package(path, history=True) as source:
            if not source.head.title:
                source.head.title = Path(name).stem
            yield Reading(source, problems=source.problems)


_ALL: tuple[Reader, ...] = (AnkiReader(), TableReader(), ListReader(), TextReader(), JsonReader())
READERS: dict[str, Reader] = {reader.format.value: reader for reader in _ALL}
"""By the name of the format."""


def reader_of(name: str) -> Reader:
    """Return the reader of a format by its name; raises Refused if there is none."""
    if name not in READERS:
        raise Refused([Problem("format", f"Files of the format “{name[:20]}” can’t be read.")])
    return READERS[name]


def guess_format(name: str, first_bytes: bytes) -> Format:
    """Return what a file most likely is: by what is in it, and where that leaves a choice by its name."""
    ending, start = Path(name).suffix.lower(), first_bytes.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"PK"):
        is_sheet = ending == ".xlsx" or b"[Content_Types].xml" in first_bytes or b"xl/" in first_bytes
        return Format.TABLE if is_sheet and ending not in ANKI_ENDINGS else Format.ANKI
    if ending in ANKI_ENDINGS:
        return Format.ANKI
    if start.startswith(b"---") and b"deck:" in start:
        return Format.TEXT
    if start.startswith((b"#separator:", b"#html:")):
        return Format.TABLE  # What Anki calls notes in plain text.
    if start.startswith((b"{", b"[")) and ending in {"", ".json"}:
        return Format.JSON
    return {".csv": Format.TABLE, ".tsv": Format.TABLE, ".xlsx": Format.TABLE, ".json": Format.JSON,
            ".md": Format.TEXT}.get(ending, Format.LIST)  # fmt: skip
