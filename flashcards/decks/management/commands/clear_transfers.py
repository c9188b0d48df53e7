"""manage.py clear_transfers: files of imports and exports that are over go; `manage.py forget` does it every day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from flashcards.decks.transfers.clearing import clear


class Command(BaseCommand):
    """Removes files that were kept long enough, and what is noted of work that was done."""

    help = "Remove the files of imports and exports begun more than a week ago, and notes of old background work."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how many there were."""
        cleared = clear(timezone.now())
        if cleared:
            self.stdout.write(f"Files of {cleared} transfers removed.")
