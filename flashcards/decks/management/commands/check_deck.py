"""Proof-read a deck: a file before it is imported, or a deck of the database."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from flashcards.decks.formats import text
from flashcards.decks.formats.records import DeckRecord
from flashcards.decks.importing import deck_record
from flashcards.decks.models import Deck
from flashcards.decks.proofing import Proof, Severity, of_file, proof_read, read_subjects
from flashcards.lib.errors import Refused


class Command(BaseCommand):
    """`check_deck FILE_OR_DECK`: a line for each error and warning, exit code 1 if there is an error."""

    help = "Proof-read a deck (docs/deck-format.md): a line for each error and warning. Nothing is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the deck and the switches."""
        parser.add_argument("deck", metavar="FILE_OR_DECK", help="a deck's file, or the id of a deck in the database")
        parser.add_argument(
            "--coverage",
            action="append",
            default=[],
            type=Path,
            metavar="FILE",
            help="a list of subjects that the deck has to cover, CSV with the header id,subject; may be given again",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object with counts and findings")

    def handle(self, *, deck: str, coverage: Sequence[Path | str], json: bool, **_options: Any) -> None:
        """Print what is wrong; raises CommandError (exit status 1) when there is an error, or nothing to read."""
        proof = _proof(deck, [Path(file) for file in coverage])
        errors, warnings = proof.count(Severity.ERROR), proof.count(Severity.WARNING)
        counted = f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')} in {_counted(proof.notes, 'note')}"
        if json:
            self.stdout.write(_as_json(proof))
        else:
            for finding in proof.findings:
                self.stdout.write(str(finding))
        if errors:
            later = "" if proof.is_complete else " The rest is checked once the file can be read."
            raise CommandError(f"{counted}.{later}")
        if not json:
            self.stdout.write(f"{counted}.")


def _proof(deck: str, coverage: Sequence[Path]) -> Proof:
    try:
        subjects = read_subjects(coverage) if coverage else None
    except Refused as refused:
        raise CommandError("\n".join(problem.message for problem in refused.problems)) from None
    try:
        return proof_read(_record(deck), subjects)
    except Refused as refused:
        return Proof(findings=of_file(refused.problems), is_complete=False)
    except DatabaseError as error:
        raise CommandError(f"The database can't be asked: {error}. Has manage.py migrate run?") from None


def _record(deck: str) -> DeckRecord:
    """Return the deck of a file or of the database; raises Refused for a bad file, CommandError without either."""
    file = Path(deck)
    if file.is_file():
        try:
            with file.open("rb") as opened:
                return text.parse(opened.read(text.MAX_BYTES + 1))
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from None
    found = Deck.objects.filter(slug=deck).first()
    if found is None:
        raise CommandError(f"There is no file and no deck “{deck}”.")
    return deck_record(found)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _as_json(proof: Proof) -> str:
    return json.dumps(
        {
            "notes": proof.notes,
            "cards": proof.cards,
            "errors": proof.count(Severity.ERROR),
            "warnings": proof.count(Severity.WARNING),
            "findings": [finding.as_json() for finding in proof.findings],
        },
        ensure_ascii=False,
    )
