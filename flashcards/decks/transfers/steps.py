"""What a person does with a transfer: hand in a file, have it read again, write it, discard it, take a deck away."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from flashcards.accounts.models import User
from flashcards.decks import checks
from flashcards.decks.access import can_edit
from flashcards.decks.formats.names import Format
from flashcards.decks.models import Deck, Transfer
from flashcards.decks.queries import live_notes
from flashcards.decks.transfers import exporting, learning
from flashcards.decks.transfers.folder import remove, store_upload, upload_of
from flashcards.decks.transfers.leases import AT_WORK, is_abandoned
from flashcards.decks.transfers.readers import FIRST_BYTES, READERS, guess_format
from flashcards.decks.transfers.spool import Spool
from flashcards.decks.transfers.working import work
from flashcards.lib.errors import Problem, Refused

State = Transfer.State
MOST_AT_WORK = 3
RECENT = 20
OVER = "This has gone on meanwhile. Look again."


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose on the page that shows a file before it is written.

    `deck` None makes a new one with `title`. `leaves_out` says that notes which can't be taken may be left out.
    """

    deck: Deck | None = None
    title: str = ""
    is_public: bool = False
    leaves_out: bool = False
    history: bool = False
    choices: dict[str, Any] = field(default_factory=dict)


def recent(user: User) -> QuerySet[Transfer]:
    """Return the last transfers of `user`, newest first."""
    return Transfer.objects.filter(user=user).select_related("deck").defer("found", "problems")[:RECENT]


def receive(
    user: User, name: str, pieces: Iterable[bytes], now: datetime, *, deck: Deck | None = None, format_: str = ""
) -> Transfer:
    """Keep a file that came in and have it read; `deck` is where it will go unless the person says otherwise.

    Raises Refused if it is empty or too big, or if too much of theirs is at work.
    """
    _require_few_at_work(user)
    name = PurePath(name.replace("\\", "/")).name[:200] or "file"
    transfer = Transfer(user=user, direction=Transfer.Direction.IN, name=name, deck=deck, created_at=now)
    if not store_upload(transfer.pk, pieces):
        remove(transfer.pk)
        raise Refused([Problem("file", "The file is empty.")])
    with upload_of(transfer.pk).open("rb") as file:
        guessed = guess_format(name, file.read(FIRST_BYTES))
    transfer.format = Format(format_) if format_ in Format.values else guessed
    transfer.options = {"into": deck.slug} if deck is not None else {}
    transfer.save(force_insert=True)
    work.enqueue(str(transfer.pk))
    return transfer


def read_again(transfer: Transfer, format_: str, choices: dict[str, Any]) -> None:
    """Have the file read once more with what the person corrected; raises Refused if it can't be."""
    _require_few_at_work(transfer.user)
    if format_ not in READERS:
        raise Refused([Problem("format", "Choose one of the formats.")])
    options = {**transfer.options, "choices": choices}
    can_be = Transfer.objects.filter(
        pk=transfer.pk, direction="in", state__in=(State.READY, State.FAILED), change=None
    )
    if not upload_of(transfer.pk).exists() or not can_be.update(
        state=State.WAITING, format=format_, options=options, beat_at=None, problems=[], found={}, done=0, total=0,
        finished_at=None,
    ):  # fmt: skip
        raise Refused([Problem("file", OVER)])
    work.enqueue(str(transfer.pk))


def confirm(transfer: Transfer, choice: Choice) -> None:
    """Have what was looked at written; raises Refused with what has to be said first."""
    _require_few_at_work(transfer.user)
    problems = _choice_problems(transfer, choice)
    if problems:
        raise Refused(problems)
    options = {
        **transfer.options, "into": choice.deck.slug if choice.deck else "", "title": choice.title.strip(),
        "public": choice.is_public, "history": choice.history and learning.registered() is not None,
    }  # fmt: skip
    ready = Transfer.objects.filter(pk=transfer.pk, state=State.READY)
    if not Spool(upload_of(transfer.pk).parent).is_there() or not ready.update(
        state=State.WRITING, beat_at=None, deck=choice.deck, options=options, done=0, total=transfer.found["notes"]
    ):
        raise Refused([Problem("file", OVER)])
    work.enqueue(str(transfer.pk))


def _choice_problems(transfer: Transfer, choice: Choice) -> list[Problem]:
    problems = []
    if choice.deck is None:
        problems += checks.line_problems("title", choice.title.strip(), 200)
    elif not can_edit(transfer.user, choice.deck):
        problems.append(Problem("deck", "Choose a deck of yours."))
    left_out = transfer.found.get("left_out", 0)
    if left_out and not choice.leaves_out:
        message = f"{left_out:,} of the notes can’t be taken. Say that they may be left out, or mend the file."
        problems.append(Problem("skip", message))
    return problems


def discard(transfer: Transfer) -> None:
    """Forget a transfer with its files; one that is at work stops and changes nothing.

    Raises Refused for an import that has been written: its page is where it can be undone.
    """
    if transfer.direction == Transfer.Direction.IN and transfer.state == State.DONE:
        raise Refused([Problem("file", "This has been imported. Undo it instead.")])
    Transfer.objects.filter(pk=transfer.pk, change=None).delete()
    remove(transfer.pk)


def take_away(user: User, deck: Deck, name: str, now: datetime, *, history: bool = False) -> Transfer:
    """Make a file of `deck` in the format of this name; a small one is ready at once. Raises Refused."""
    writer = exporting.writer_of(name)
    _require_few_at_work(user)
    transfer = Transfer.objects.create(
        user=user, direction=Transfer.Direction.OUT, format=writer.format, deck=deck, created_at=now,
        name=exporting.file_name(deck, writer),
        options={"format": name, "history": history and writer.carries_history},
    )  # fmt: skip
    if live_notes(deck).count() <= exporting.SMALL_NOTES:
        work.func(str(transfer.pk))
        transfer.refresh_from_db()
    else:
        work.enqueue(str(transfer.pk))
    return transfer


def wake(transfer: Transfer, now: datetime) -> None:
    """Have a transfer worked on again whose worker died; called whenever somebody looks at it."""
    if is_abandoned(transfer, now):
        work.enqueue(str(transfer.pk))


def _require_few_at_work(user: User) -> None:
    if Transfer.objects.filter(user=user, state__in=AT_WORK).count() >= MOST_AT_WORK:
        raise Refused([Problem("file", f"{MOST_AT_WORK} of your files are being worked on. Wait until one is done.")])


def size_limit() -> str:
    """Return how large a file may be, in words."""
    return f"{settings.IMPORT_MAX_MB:,} MB"
