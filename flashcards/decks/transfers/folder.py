"""Where a transfer's files lie: VAR_DIR/transfers/ID/. They may be lost; nothing that counts is only there."""

import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from flashcards.decks.models import Transfer
from flashcards.lib.errors import Problem, Refused

KEPT_DAYS = 7


def root() -> Path:
    """Return the folder of all transfers."""
    return Path(settings.VAR_DIR) / "transfers"


def folder_of(transfer: UUID) -> Path:
    """Return the folder of a transfer, whether or not it is there."""
    return root() / str(transfer)


def upload_of(transfer: UUID) -> Path:
    """Return where the file that came in lies."""
    return folder_of(transfer) / "upload"


def result_of(transfer: UUID) -> Path:
    """Return where the file that goes out lies."""
    return folder_of(transfer) / "result"


def progress_of(transfer: UUID) -> Path:
    """Return the file in which a write says how far it is: its transaction keeps the row from saying so."""
    return folder_of(transfer) / "progress"


def brought_of(transfer: UUID) -> Path:
    """Return the file that names the reviews that came with an import, so that they can be taken back."""
    return folder_of(transfer) / "brought"


def store_upload(transfer: UUID, pieces: Iterable[bytes]) -> int:
    """Keep what was uploaded and return its size in bytes; raises Refused if it is too big, keeping nothing."""
    folder_of(transfer).mkdir(parents=True, exist_ok=True)
    try:
        with upload_of(transfer).open("wb") as file:
            return sum(file.write(piece) for piece in _bounded(pieces))
    except Refused:
        remove(transfer)
        raise


def _bounded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces; raises Refused once there is too much of them."""
    most, size = settings.IMPORT_MAX_MB * 1_000_000, 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise Refused([Problem("file", too_big())])
        yield piece


def too_big() -> str:
    """Return the sentence about a file that is too big."""
    return f"The file is too big: at most {settings.IMPORT_MAX_MB:,} MB can be uploaded. Nothing was kept of it."


def remove(transfer: UUID) -> None:
    """Remove a transfer's files; fine if there are none."""
    shutil.rmtree(folder_of(transfer), ignore_errors=True)


def clear_old(now: datetime) -> int:
    """Remove the files of transfers begun more than KEPT_DAYS ago, and of those that are no more; return how many.

    One that waited to be looked at is over with that.
    """
    limit = now - timedelta(days=KEPT_DAYS)
    young = {str(pk) for pk in Transfer.objects.filter(created_at__gt=limit).values_list("pk", flat=True)}
    found = [path for path in root().iterdir() if path.name not in young] if root().is_dir() else []
    for path in found:
        shutil.rmtree(path, ignore_errors=True)
    waited = Transfer.objects.filter(created_at__lte=limit, state=Transfer.State.READY)
    waited.update(state=Transfer.State.FAILED, problems=[GONE], finished_at=now)
    return len(found)


GONE = {"field": "file", "message": f"The file was kept for {KEPT_DAYS} days and is gone now. Upload it again.",
        "line": None}  # fmt: skip
