"""Create or update a deck from its Markdown file."""

import json
from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from flashcards.decks.formats import text
from flashcards.decks.importing import Outcome, import_deck
from flashcards.lib.errors import Problem, Refused


class Command(BaseCommand):
    """`import_deck FILE`: notes are matched by their id, so everybody's memory of a changed note stays."""

    help = "Create or update a deck from its Markdown file (docs/deck-format.md). One error, and nothing is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file and the switches."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--prune", action="store_true", help="archive the notes that the file no longer has")
        parser.add_argument("--json", action="store_true", help="print one JSON object with counts and errors")
        parser.add_argument(
            "--public", action=BooleanOptionalAction, help="whether anybody may study it; a new deck is public"
        )
        parser.add_argument("--private", action="store_false", dest="public", help="the same as --no-public")

    def handle(self, *, file: Path | str, prune: bool, json: bool, public: bool | None, **_options: Any) -> None:
        """Import the file; raises CommandError (exit status 1) when anything in it is wrong."""
        problems: list[Problem] = []
        outcome = Outcome()
        try:
            outcome = import_deck(text.parse(_content(Path(file))), prune=prune, public=public)
        except Refused as refused:
            problems = refused.problems
        if json:
            self.stdout.write(_as_json(outcome, problems))
        for problem in problems:
            self.stderr.write(f"{file}:{problem.line or 1}: {problem.field}: {problem.message}")
        if problems:
            raise CommandError(f"{len(problems)} wrong in {file}: nothing was changed.")
        if outcome.gone:
            what = "archived" if prune else "left as they are (--prune archives them)"
            self.stderr.write(f"No longer in the file, {what}: {', '.join(outcome.gone)}")
        if not json:
            self.stdout.write(
                f"{outcome.notes} notes, {outcome.cards} cards: {outcome.created} created, "
                f"{outcome.updated} updated, {outcome.unchanged} unchanged."
            )


def _content(file: Path) -> bytes:
    """Return the file's bytes, not more than needed to see that it is too big."""
    try:
        with file.open("rb") as opened:
            return opened.read(text.MAX_BYTES + 1)
    except OSError as error:
        raise Refused([Problem("file", f"The file can't be read: {error.strerror}.")]) from None


def _as_json(outcome: Outcome, problems: list[Problem]) -> str:
    return json.dumps(
        {
            "notes": outcome.notes,
            "cards": outcome.cards,
            "created": outcome.created,
            "updated": outcome.updated,
            "unchanged": outcome.unchanged,
            "media": 0,
            "reviews": 0,
            "errors": [
                {"line": problem.line, "field": problem.field, "message": problem.message} for problem in problems
            ],
        }
    )
