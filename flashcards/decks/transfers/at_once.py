"""A file into the database in one go, for commands: read, checked and written as the pages do it, without looking."""

import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from flashcards.accounts.models import User
from flashcards.decks import services
from flashcards.decks.models import Deck, Note
from flashcards.decks.transfers.readers import FIRST_BYTES, guess_format, reader_of
from flashcards.decks.transfers.spool import Spool, SpooledDeck
from flashcards.decks.transfers.spooling import Progress, spool
from flashcards.decks.transfers.writing import Target, Written, write
from flashcards.lib.errors import Problem, Refused


@dataclass(frozen=True, slots=True)
class Order:
    """What a command was told: `deck` None means the deck that the file names if `owner` has it, else a new one."""

    file: Path
    format: str = ""
    deck: Deck | None = None
    title: str = ""
    owner: User | None = None
    is_public: bool | None = None
    history: bool = False
    skip_bad: bool = False
    prune: bool = False


@dataclass(slots=True)
class Report:
    """What came of it: `problems` of notes that were left out (`skip_bad`), keys that are `gone` from the file."""

    written: Written
    found: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def import_file(order: Order, now: datetime, progress: Progress) -> Report:
    """Import a file, all or nothing, and return what was done; raises Refused with every problem, OSError."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with order.file.open("rb") as opened:
            format_ = order.format or guess_format(order.file.name, opened.read(FIRST_BYTES)).value
        with reader_of(format_).open(order.file, order.file.name, {}) as reading:
            found, problems = spool(reading, folder, progress)
        if problems and not order.skip_bad:
            raise Refused(problems)
        with transaction.atomic():
            report = Report(_written(order, Spool(folder), now, progress), found, problems)
            if not report.written.is_new_deck:
                report.gone = _left_behind(report.written.deck, Spool(folder), prune=order.prune)
        return report


def _written(order: Order, spooled: Spool, now: datetime, progress: Progress) -> Written:
    deck = order.deck or _deck_of_that_name(order, spooled.deck())
    is_public = order.owner is None if order.is_public is None else order.is_public
    target = Target(deck, order.title, order.owner, order.owner, is_public, order.file.name)
    written = write(
        spooled, target, now, progress,
        history_of=order.owner if order.history else None, brought=spooled.folder / "brought",
    )  # fmt: skip
    if order.is_public is not None and written.deck.is_public != order.is_public:
        written.deck.is_public = order.is_public
        services.save_deck(written.deck)
    return written


def _deck_of_that_name(order: Order, head: SpooledDeck) -> Deck | None:
    """Return the owner's deck with the file's id or, where somebody else's has that, with its title."""
    theirs = Deck.objects.filter(owner=order.owner)
    found = theirs.filter(slug=head.slug).first()
    if found is None and order.owner is not None:
        found = theirs.filter(title=order.title or head.title).order_by("pk").first()
    return found


def _left_behind(deck: Deck, spooled: Spool, *, prune: bool) -> list[str]:
    """Return the keys of live notes of `deck` that the file does not have; with `prune` they are archived."""
    keys = {key for key, _ in spooled.places()}
    live = Note.objects.filter(deck=deck, archived_at=None).order_by("topic__position", "position", "pk")
    gone = [note for note in live.select_related("topic") if note.key not in keys]
    for note in gone if prune else ():
        services.archive_note(note)
    return [note.key for note in gone]
