"""Create or update a deck from a file of any format."""

import json
import time
from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.decks.formats import text
from flashcards.decks.formats.names import Format
from flashcards.decks.importing import Outcome, import_deck
from flashcards.decks.models import Deck
from flashcards.decks.transfers import learning
from flashcards.decks.transfers.at_once import Order, import_file
from flashcards.decks.transfers.readers import FIRST_BYTES, guess_format
from flashcards.lib.errors import Problem, Refused

SAY_EVERY_SECONDS = 5


class Command(BaseCommand):
    """`import_deck FILE`: notes are matched by their id, so everybody's memory of a changed note stays."""

    help = "Create or update a deck from a file (docs/import-export.md). One error, and nothing is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file and the switches."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=Format.values, default="", help="what the file is; else it is guessed")
        parser.add_argument("--deck", metavar="SLUG", help="bring the notes into this deck")
        parser.add_argument("--title", default="", help="of a new deck, if not the file's")
        parser.add_argument("--owner", metavar="EMAIL", help="whose a new deck is; else it is built in")
        parser.add_argument("--history", action="store_true", help="bring the owner's scheduling and reviews along")
        parser.add_argument(
            "--skip-bad", action="store_true", help="leave out notes that can't be taken, and say which"
        )
        parser.add_argument("--prune", action="store_true", help="archive the notes that the file no longer has")
        parser.add_argument("--json", action="store_true", help="print one JSON object with counts and errors")
        parser.add_argument(
            "--public",
            action=BooleanOptionalAction,
            help="whether anybody may study it; a new built-in deck is public",
        )
        parser.add_argument("--private", action="store_false", dest="public", help="the same as --no-public")

    def handle(self, *, file: Path | str, json: bool, prune: bool, **options: Any) -> None:
        """Import the file; raises CommandError (exit status 1) when anything in it is wrong."""
        problems: list[Problem] = []
        counts: dict[str, int] = {}
        gone: list[str] = []
        try:
            counts, gone, left_out = self._imported(Path(file), prune=prune, **options)
        except Refused as refused:
            problems = refused.problems
        else:
            for problem in left_out:
                self.stderr.write(f"left out: {_placed(file, problem)}")
        if json:
            self.stdout.write(_as_json(counts, problems))
        for problem in problems:
            self.stderr.write(_placed(file, problem))
        if problems:
            raise CommandError(f"{len(problems)} wrong in {file}: nothing was changed.")
        if gone:
            what = "archived" if prune else "left as they are (--prune archives them)"
            self.stderr.write(f"No longer in the file, {what}: {', '.join(gone)}")
        if not json:
            self.stdout.write(
                f"{counts['notes']} notes, {counts['cards']} cards: {counts['created']} created, "
                f"{counts['updated']} updated, {counts['unchanged']} unchanged."
            )

    def _imported(
        self, file: Path, *, prune: bool, public: bool | None, **options: Any
    ) -> tuple[dict[str, int], list[str], list[Problem]]:
        """Return counts, the keys that the file no longer has, and what was left out; raises Refused, CommandError."""
        try:
            is_text = (options.get("format") or _guessed(file)) == Format.TEXT
            if is_text and not any(options.get(name) for name in ("deck", "owner", "title", "history", "skip_bad")):
                # The site's own decks: the file rules over title, introduction and order as well.
                with file.open("rb") as opened:
                    record = text.parse(opened.read(text.MAX_BYTES + 1))
                outcome = import_deck(record, prune=prune, public=public)
                return _counts(outcome), outcome.gone, []
            order = Order(
                file, options.get("format") or "", _deck(options.get("deck")), options.get("title") or "",
                _owner(options), public, bool(options.get("history")), bool(options.get("skip_bad")), prune,
            )  # fmt: skip
            report = import_file(order, timezone.now(), self._progress())
        except OSError as error:
            raise Refused([Problem("file", f"The file can't be read: {error.strerror}.")]) from None
        names = ("notes", "cards", "created", "updated", "unchanged", "media", "reviews")
        return {name: getattr(report.written, name) for name in names}, report.gone, report.problems

    def _progress(self) -> Any:
        said = time.monotonic()

        def progress(done: int, total: int) -> None:
            nonlocal said
            if time.monotonic() - said >= SAY_EVERY_SECONDS:
                said = time.monotonic()
                self.stderr.write(f"{done:,} of {total:,} notes" if total else f"{done:,} notes")

        return progress


def _guessed(file: Path) -> Format:
    with file.open("rb") as opened:
        guessed = guess_format(file.name, opened.read(FIRST_BYTES))
    # A text that is no deck file is told so, line by line, as it always was; a list has to be asked for.
    return Format.TEXT if guessed == Format.LIST and file.suffix != ".txt" else guessed


def _deck(slug: str | None) -> Deck | None:
    if not slug:
        return None
    deck = Deck.objects.filter(slug=slug).first()
    if deck is None:
        raise CommandError(f"There is no deck “{slug}”.")
    return deck


def _owner(options: dict[str, Any]) -> User | None:
    """Return whose the deck is; raises CommandError if there is nobody, or nobody's history is asked for."""
    email = options.get("owner")
    owner = User.objects.filter(email__iexact=email).first() if email else None
    if email and owner is None:
        raise CommandError(f"Nobody here has the address {email}.")
    if options.get("history") and owner is None:
        raise CommandError("Say with --owner whose history comes along.")
    if options.get("history") and learning.registered() is None:
        raise CommandError("Histories can't be brought along here.")
    return owner


def _placed(file: Path | str, problem: Problem) -> str:
    return f"{file}:{problem.line or 1}: {problem.field}: {problem.message}"


def _counts(outcome: Outcome) -> dict[str, int]:
    counts = {name: getattr(outcome, name) for name in ("notes", "cards", "created", "updated", "unchanged")}
    return {**counts, "media": 0, "reviews": 0}


def _as_json(counts: dict[str, int], problems: list[Problem]) -> str:
    errors = [{"line": problem.line, "field": problem.field, "message": problem.message} for problem in problems]
    return json.dumps({**(counts or _counts(Outcome())), "errors": errors})
