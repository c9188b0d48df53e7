"""manage.py clear_media: pictures and sounds that nothing shows any longer go; to be run every day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from flashcards.accounts.personal import counted
from flashcards.decks.media.clearing import clear


class Command(BaseCommand):
    """Removes media that no note, no earlier version of one and no introduction mentions."""

    help = "Remove pictures and sounds that no note, no earlier version of one and no introduction mentions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what was done; nothing where nothing was."""
        gone = clear(timezone.now())
        if gone.rows or gone.files:
            files = counted(gone.files, "file")
            self.stdout.write(f"{gone.rows:,} no longer shown; {files} ({gone.bytes / 1_000_000:.1f} MB) removed.")
