"""A package as a source of notes: the zip, the collection in it, the media."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from flashcards.decks.formats.anki.reading import note_types, subdecks
from flashcards.decks.formats.anki.reading.archive import Archive, open_archive
from flashcards.decks.formats.anki.reading.characters import fit
from flashcards.decks.formats.anki.reading.collection import Collection
from flashcards.decks.formats.anki.reading.fields import Converter
from flashcards.decks.formats.anki.reading.keys import Keys
from flashcards.decks.formats.anki.reading.limits import LARGEST_COLLECTION, refusal
from flashcards.decks.formats.anki.reading.media_list import MediaList
from flashcards.decks.formats.anki.reading.notes import NoteReader
from flashcards.decks.formats.anki.reading.subdecks import Tree
from flashcards.decks.formats.records import NoteRecord
from flashcards.lib.errors import Problem

_NEWEST_FIRST = ("collection.anki21b", "collection.anki21", "collection.anki2")
_LONGEST_INTRODUCTION = 40_000


class AnkiSource:
    """A `DeckSource`. `problems` are the notes that were left out so far, with the reason."""

    def __init__(self, collection: Collection, media: MediaList, *, history: bool) -> None:
        self._collection = collection
        self._media = media
        self._history = history
        self._said = collection.head()
        self._note_types = note_types.read(self._said)
        self._tree = subdecks.read(self._said)
        counts = self._said["counts"]
        self.problems: list[Problem] = []
        self.head = self._tree.head
        self.head.note_count = counts["notes"]
        self.head.review_count = counts["answers"]
        self.head.media_count = len(media)
        self.head.introduction = _introduction(self._tree, media)

    def notes(self) -> Iterator[NoteRecord]:
        """Yield the notes in the order in which they were made; raises Refused where the file is damaged."""
        self.problems.clear()
        reader = NoteReader(
            self._note_types,
            self._tree,
            Keys(self._said["again"]),
            self._media.__contains__,
            self._said["created"],
            self._history,
            self.problems,
        )
        for row in self._collection.notes(history=self._history):
            yield from reader.records(row)

    def media(self, name: str) -> bytes | None:
        """Return the bytes of a medium by its name, percent-quoted or not; None if there is none; raises Refused."""
        data = self._media.data(name)
        return self._media.data(unquote(name)) if data is None else data


@contextmanager
def open_package(path: Path, *, history: bool) -> Iterator[AnkiSource]:
    """Open the package at `path`; with `history` its notes come with what was learnt. Raises Refused."""
    with open_archive(path) as archive, tempfile.TemporaryDirectory() as folder:
        name = _collection_of(archive)
        is_new = name == _NEWEST_FIRST[0]
        file = Path(folder, "collection")
        archive.extract(name, file, LARGEST_COLLECTION, zstd=is_new)
        _check_size(file)
        yield AnkiSource(Collection(file), MediaList(archive, is_new=is_new), history=history)


def _collection_of(archive: Archive) -> str:
    """Return the newest collection in the package; older ones only say that Anki should be updated."""
    for name in _NEWEST_FIRST:
        if name in archive.names:
            return name
    raise refusal("The file is no Anki package: there is no collection in it.")


def _check_size(file: Path) -> None:
    """Refuse what is no SQLite file, or not all of one."""
    with file.open("rb") as opened:
        header = opened.read(100)
    if not header.startswith(b"SQLite format 3\x00") or len(header) < 100:
        raise refusal("The package's collection is no database: it is damaged, or not Anki's.")
    page = int.from_bytes(header[16:18]) or 1
    pages = int.from_bytes(header[28:32])
    if header[24:28] == header[92:96] and pages * (65_536 if page == 1 else page) > file.stat().st_size:
        raise refusal("The package's collection is cut off: some of its pages are missing.")


def _introduction(tree: Tree, media: MediaList) -> str:
    """Return the decks' descriptions as one Markdown text, each but the root's under its name."""
    texts: list[str] = []
    for deck in tree.descriptions:
        converter = Converter(media.__contains__)
        text = fit(deck.description).strip() if deck.is_markdown else converter.markdown(deck.description)
        below = deck.path[1:] if tree.head.title else deck.path
        if text:
            texts.append(f"**{converter.markdown(' › '.join(below))}**\n\n{text}" if below else text)
    return "\n\n".join(texts)[:_LONGEST_INTRODUCTION]
