"""Who works on a transfer, so that two never do, and one whose worker died is taken up by another.

The row's `beat_at` is both the last sign of life and the ticket: whoever set it last holds the lease.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from flashcards.decks.models import Transfer
from flashcards.decks.transfers.folder import progress_of

State = Transfer.State
AT_WORK = (State.WAITING, State.READING, State.WRITING)
LEASE = timedelta(seconds=60)
BEAT_EVERY = timedelta(seconds=1)


class Lost(Exception):
    """Another worker has taken the transfer up, or it is gone: whoever meets this stops and leaves all as it is."""


class Lease:
    """The right to work on a transfer while signs of life are given."""

    def __init__(self, transfer: Transfer) -> None:
        self.id = transfer.pk
        self.state = transfer.state
        self.ticket = transfer.beat_at

    def mine(self) -> QuerySet[Transfer]:
        """Return the transfer, or nothing once somebody else holds it."""
        return Transfer.objects.filter(pk=self.id, state=self.state, beat_at=self.ticket)

    def beat(self, done: int, total: int, *, at_once: bool = False) -> None:
        """Say how far it is, once a second at most; raises Lost."""
        now = timezone.now()
        if not at_once and self.ticket is not None and now - self.ticket < BEAT_EVERY:
            return
        if not self.mine().update(done=done, total=total, beat_at=now):
            raise Lost
        self.ticket = now

    def lock(self) -> Transfer:
        """Return the transfer, locked until the transaction ends, so that what it does is done once; raises Lost."""
        transfer = self.mine().select_for_update(of=("self",)).first()
        if transfer is None:
            raise Lost
        return transfer


def take(transfer_id: UUID | str, now: datetime) -> Lease | None:
    """Return the lease of a transfer that waits or whose worker has died; None if there is nothing to do on it."""
    free = Q(beat_at=None) | Q(beat_at__lt=now - LEASE)
    waiting = Transfer.objects.filter(pk=transfer_id, state=State.WAITING, direction=Transfer.Direction.IN)
    waiting.filter(free).update(state=State.READING, beat_at=None)
    waiting = Transfer.objects.filter(pk=transfer_id, state=State.WAITING, direction=Transfer.Direction.OUT)
    waiting.filter(free).update(state=State.WRITING, beat_at=None)
    at_work = Transfer.objects.filter(free, pk=transfer_id, state__in=(State.READING, State.WRITING))
    if not at_work.update(beat_at=now):
        return None
    transfer = Transfer.objects.filter(pk=transfer_id, beat_at=now).first()
    return Lease(transfer) if transfer else None


def is_abandoned(transfer: Transfer, now: datetime) -> bool:
    """Return whether a transfer is at work by its state but nobody has given a sign of life for a minute."""
    if transfer.state not in AT_WORK:
        return False
    if now - (transfer.beat_at or transfer.created_at) < LEASE:
        return False
    progress = progress_of(transfer.pk)
    return not progress.exists() or now.timestamp() - progress.stat().st_mtime > LEASE.total_seconds()
