"""`manage.py bench_spoil`: everybody has studied since somebody looked, so standings are worked out anew."""

from typing import Any

from django.core.management.base import BaseCommand

from flashcards.study.models import Standing


class Command(BaseCommand):
    """Marks all standings as outdated."""

    help = "Mark all standings as outdated, as a review of each learner does."

    def handle(self, **_options: Any) -> None:
        """Mark them."""
        Standing.objects.update(is_stale=True)
