"""The work on a transfer in the background: read a file, write a deck, make a file. Doing it twice does it once."""

import logging
from datetime import datetime
from typing import Any

from django.db import Error, IntegrityError, transaction
from django.tasks import task
from django.utils import timezone

from flashcards.decks.models import Transfer
from flashcards.decks.transfers import exporting, leases
from flashcards.decks.transfers.folder import brought_of, folder_of, progress_of, result_of, upload_of
from flashcards.decks.transfers.leases import Lease, Lost
from flashcards.decks.transfers.readers import reader_of
from flashcards.decks.transfers.spool import Spool
from flashcards.decks.transfers.spooling import spool
from flashcards.decks.transfers.writing import Target, Written, write
from flashcards.lib.errors import Problem, Refused

logger = logging.getLogger(__name__)
State = Transfer.State
BROKEN = Problem("file", "Something went wrong here, not in your file. Nothing was changed. Try again; it is noted.")
BUSY = Problem("file", "Somebody else was changing the same things. Nothing was changed. Try again.")
GONE = Problem("file", "The file is no longer here. Upload it again.")


@task
def work(transfer_id: str) -> None:
    """Do what a transfer waits for, if nobody else is at it."""
    lease = leases.take(transfer_id, timezone.now())
    if lease is None:
        return
    try:
        _do(lease)
    except Lost:
        logger.warning("Transfer %s: another worker has it now.", transfer_id)
    except Refused as refused:
        _fail(lease, refused.problems)
    except FileNotFoundError:
        _fail(lease, [GONE])
    except IntegrityError:
        _fail(lease, [BUSY])
    except Error:
        logger.exception("Transfer %s stopped", transfer_id)
        _fail(lease, [BUSY])
    except Exception:
        # Whoever waits must not wait for ever, whatever a reader of a foreign format stumbles over.
        _fail(lease, [BROKEN])
        raise


def take_up_abandoned(now: datetime) -> int:
    """Have every transfer whose worker died worked on again, and return how many there were."""
    at_work = Transfer.objects.filter(state__in=leases.AT_WORK)
    found = [transfer for transfer in at_work if leases.is_abandoned(transfer, now)]
    for transfer in found:
        work.enqueue(str(transfer.pk))
    return len(found)


def _do(lease: Lease) -> None:
    transfer = Transfer.objects.select_related("user", "deck").get(pk=lease.id)
    if transfer.direction == Transfer.Direction.OUT:
        _make_file(lease, transfer)
    elif lease.state == State.READING:
        _read(lease, transfer)
    else:
        _write(lease, transfer)


def _read(lease: Lease, transfer: Transfer) -> None:
    reader = reader_of(transfer.format)
    with reader.open(upload_of(transfer.pk), transfer.name, transfer.options.get("choices", {})) as reading:
        try:
            found, problems = spool(reading, folder_of(transfer.pk), lease.beat)
        except Refused:
            # The page shows what can be chosen even so: read otherwise, there may be notes in it.
            lease.mine().update(found={"choices": reading.choices})
            raise
        found["choices"] = reading.choices
    _end(lease, State.READY, found=found, problems=_as_json(problems))


def _write(lease: Lease, transfer: Transfer) -> None:
    progress = progress_of(transfer.pk)

    def told(done: int, _total: int) -> None:
        progress.write_text(str(done), encoding="ascii")

    with transaction.atomic():
        locked = lease.lock()
        written = write(
            Spool(folder_of(locked.pk)),
            target_of(transfer),
            timezone.now(),
            told,
            history_of=transfer.user if transfer.options.get("history") else None,
            brought=brought_of(transfer.pk),
        )
        changes = {"outcome": outcome_of(written), "deck": written.deck, "change": written.change}
        _end(lease, State.DONE, **changes)
    progress.unlink(missing_ok=True)


def target_of(transfer: Transfer) -> Target:
    """Return where an import goes, as the person chose it; raises Refused if the deck is no longer there."""
    options = transfer.options
    if options.get("into") and transfer.deck is None:
        raise Refused([Problem("deck", "The deck that this should go into is no longer there.")])
    return Target(
        deck=transfer.deck if options.get("into") else None,
        title=options.get("title", ""),
        owner=transfer.user,
        by=transfer.user,
        is_public=bool(options.get("public")),
        name=transfer.name,
    )


def outcome_of(written: Written) -> dict[str, Any]:
    """Return what an import did as `Transfer.outcome` holds it."""
    names = ("is_new_deck", "created", "updated", "unchanged", "notes", "cards", "media", "reviews")
    return {name: getattr(written, name) for name in names}


def _make_file(lease: Lease, transfer: Transfer) -> None:
    if transfer.deck is None:
        raise Refused([Problem("deck", "The deck is no longer there.")])
    writer = exporting.writer_of(transfer.options.get("format", transfer.format))
    result = result_of(transfer.pk)
    result.parent.mkdir(parents=True, exist_ok=True)
    part = result.with_suffix(".part")
    notes = writer.write(part, transfer.deck, transfer.user if transfer.options.get("history") else None, lease.beat)
    part.replace(result)
    _end(lease, State.DONE, outcome={"notes": notes, "size": result.stat().st_size})


def _end(lease: Lease, state: Transfer.State, **changes: Any) -> None:
    finished = None if state == State.READY else timezone.now()
    if not lease.mine().update(state=state, beat_at=None, finished_at=finished, **changes):
        raise Lost


def _fail(lease: Lease, problems: list[Problem]) -> None:
    changes = {"problems": _as_json(problems[:500]), "beat_at": None, "finished_at": timezone.now()}
    lease.mine().update(state=State.FAILED, **changes)
    progress_of(lease.id).unlink(missing_ok=True)


def _as_json(problems: list[Problem]) -> list[dict[str, Any]]:
    return [{"field": each.field, "message": each.message, "line": each.line} for each in problems]
