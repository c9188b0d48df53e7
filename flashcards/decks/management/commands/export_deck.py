"""Write a deck as its Markdown file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from flashcards.decks.formats import text
from flashcards.decks.importing import deck_record
from flashcards.decks.models import Deck


class Command(BaseCommand):
    """`export_deck DECK FILE`: importing the file again changes nothing."""

    help = "Write the deck with this id as its Markdown file. Archived notes and topics without notes are left out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the deck's id and the file."""
        parser.add_argument("deck", help="the deck's id, such as deep-learning")
        parser.add_argument("file", type=Path)

    def handle(self, *, deck: str, file: Path | str, **_options: Any) -> None:
        """Write the file; raises CommandError when there is no such deck or the file can't be written."""
        found = Deck.objects.filter(slug=deck).first()
        if found is None:
            raise CommandError(f"There is no deck “{deck}”.")
        record = deck_record(found)
        try:
            Path(file).write_bytes(text.write(record))
        except OSError as error:
            raise CommandError(f"{file} can't be written: {error.strerror}.") from None
        self.stdout.write(f"{len(record.notes())} notes written to {file}.")
