"""`manage.py bench_rewind`: what was studied today counts as yesterday's, so that a new session has as much to ask."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import F
from django.utils import timezone

from flashcards.study.models import Review, StudySession


class Command(BaseCommand):
    """Ends every session."""

    help = "Make room under today's limits."

    def handle(self, **_options: Any) -> None:
        """Move today's reviews to yesterday and end the sessions."""
        open_ones = StudySession.objects.filter(ended_at=None)
        for user, day in open_ones.values_list("user_id", "day"):
            Review.objects.filter(user_id=user, day=day).update(day=F("day") - 1)
        open_ones.update(ended_at=timezone.now())
