"""Write a deck as a file of any format."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from flashcards.accounts.models import User
from flashcards.decks.models import Deck
from flashcards.decks.transfers import exporting
from flashcards.decks.transfers.exporting import Writer
from flashcards.lib.errors import Refused


class Command(BaseCommand):
    """`export_deck DECK FILE`: importing the file again changes nothing."""

    help = "Write the deck with this id as a file. Archived notes and topics without notes are left out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the deck's id, the file, its format and whose history goes along."""
        names = [writer.name for writer in exporting.writers()]
        parser.add_argument("deck", help="the deck's id, such as deep-learning")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format", choices=names, help="what to write; else the file's ending says, or it is text"
        )
        parser.add_argument("--history", metavar="EMAIL", help="with this person's scheduling and reviews")

    def handle(self, *, deck: str, file: Path | str, history: str | None = None, **options: Any) -> None:
        """Write the file; raises CommandError when there is no such deck or the file can't be written."""
        found = Deck.objects.filter(slug=deck).first()
        if found is None:
            raise CommandError(f"There is no deck “{deck}”.")
        writer = exporting.writer_of(options.get("format") or exporting.name_for(Path(file)))
        person = _person(history, writer) if history else None
        try:
            notes = writer.write(Path(file), found, person, lambda _done, _total: None)
        except OSError as error:
            raise CommandError(f"{file} can't be written: {error.strerror}.") from None
        except Refused as refused:
            raise CommandError("\n".join(str(problem) for problem in refused.problems)) from None
        self.stdout.write(f"{notes} notes written to {file}.")


def _person(email: str, writer: Writer) -> User:
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        raise CommandError(f"Nobody here has the address {email}.")
    if not writer.carries_history:
        raise CommandError(f"Files of the format {writer.name} hold no history.")
    return person
