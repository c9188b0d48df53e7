"""Reads packages of Anki, `.apkg` and `.colpkg`, old and new. `docs/anki.md` says what becomes of what."""

from flashcards.decks.formats.anki.reading.package import AnkiSource, open_package

__all__ = ["AnkiSource", "open_package"]
