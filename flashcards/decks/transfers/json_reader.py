"""Reads decks as JSON for an import."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from flashcards.decks.formats import json_deck
from flashcards.decks.formats.names import Format
from flashcards.decks.transfers.reading import Reading
from flashcards.decks.transfers.table_reader import at_most


class JsonReader:
    """Reads our own JSON."""

    format: ClassVar[Format] = Format.JSON
    template: ClassVar[str] = ""

    def choices_from(self, posted: Any) -> dict[str, Any]:
        """Return nothing: nothing has to be guessed."""
        return {}

    @contextmanager
    def open(self, path: Path, name: str, choices: dict[str, Any]) -> Iterator[Reading]:
        """Open the file; raises Refused with every problem of its frame."""
        deck = json_deck.read(at_most(path, json_deck.MAX_BYTES))
        yield Reading(deck, problems=deck.problems)
