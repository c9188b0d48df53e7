"""What is left of transfers that are over goes by and by."""

from datetime import datetime, timedelta

from django_tasks_db.models import DBTaskResult

from flashcards.decks.transfers.folder import KEPT_DAYS, clear_old


def clear(now: datetime) -> int:
    """Remove files that were kept long enough, and what is noted of old work; return of how many transfers."""
    DBTaskResult.objects.filter(enqueued_at__lt=now - timedelta(days=KEPT_DAYS)).delete()
    return clear_old(now)
