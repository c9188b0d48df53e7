"""Anki itself, which judges the packages that we write; and a deck in memory to write them from."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from anki.collection import Collection, ExportAnkiPackageOptions, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from flashcards.decks.formats.anki.writing import Written, write_package
from flashcards.decks.formats.records import DeckHead, NoteRecord, TopicRecord

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6364f8cf500f000386018059347d"
    "6b0000000049454e44ae426082"
)


@dataclass
class MemorySource:
    """A deck in memory; what `files` don't hold is missing."""

    records: Sequence[NoteRecord]
    head: DeckHead = field(default_factory=lambda: DeckHead("Physics", "physics"))
    files: dict[str, bytes] = field(default_factory=dict)

    def notes(self) -> Iterator[NoteRecord]:
        yield from self.records

    def media(self, name: str) -> bytes | None:
        return self.files.get(name)


def with_topics(head: DeckHead, *topics: TopicRecord) -> DeckHead:
    head.topics = list(topics)
    return head


def write(path: Path, *records: NoteRecord, **more: Any) -> Written:
    """Write these notes as a package at `path`."""
    return write_package(path, MemorySource(records, **more), now=NOW)


@contextmanager
def collection(folder: Path) -> Iterator[Any]:
    """Open an empty collection of Anki in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    opened = Collection(str(folder / "collection.anki2"))
    try:
        yield opened
    finally:
        opened.close()


def take(opened: Any, package: Path, *, with_options: bool = False) -> Any:
    """Import a package as Anki's own window does, with history; return the log."""
    options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=with_options)
    request = ImportAnkiPackageRequest(package_path=str(package), options=options)
    return opened.import_anki_package(request).log


def judged(opened: Any, package: Path, written: Written, **options: Any) -> None:
    """Import a package into an empty collection; fail if Anki complains of anything."""
    log = take(opened, package, **options)
    complaints = {
        one.name: list(getattr(log, one.name))
        for one in log.DESCRIPTOR.fields
        if one.name not in {"new", "found_notes", "dupe_resolution"} and getattr(log, one.name)
    }
    assert complaints == {}
    assert (len(log.new), log.found_notes) == (written.notes, written.notes)
    counted = opened.note_count(), opened.card_count(), opened.db.scalar("select count() from revlog")
    assert counted == (written.notes, written.cards, written.reviews)
    said, is_fine = opened.fix_integrity()
    assert (said, is_fine) == ("Database rebuilt and optimized.", True)
    counted = opened.note_count(), opened.card_count(), opened.db.scalar("select count() from revlog")
    assert counted == (written.notes, written.cards, written.reviews)
    media = opened.media.check()
    assert (list(media.missing), list(media.unused)) == ([], [])
    assert list(opened.get_empty_cards().notes) == []


def export(opened: Any, path: Path, *, legacy: bool) -> None:
    """Write the whole collection as a package, in the format of before 2022 or the present one."""
    options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy)
    opened.export_anki_package(out_path=str(path), options=options, limit=None)


def note_of(opened: Any, key: str, deck: str = "physics") -> Any:
    """Return Anki's note for ours with this key."""
    return opened.get_note(opened.db.scalar("select id from notes where guid = ?", f"{deck}:{key}"))
