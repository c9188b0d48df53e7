"""manage.py clear_guests: remove guests who stayed away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from flashcards.accounts import services


class Command(BaseCommand):
    """Delete the guests, and all they did, who have not been here for a number of days."""

    help = "Delete guests, and all they did, who have not been here for a number of days."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --days."""
        parser.add_argument("--days", type=int, default=90, help="How long they stayed away (90).")

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete them and say how many they were."""
        days: int = options["days"]
        if days < 1:
            raise CommandError("--days must be 1 or more.")
        count = services.clear_guests(timezone.now(), days=days)
        self.stdout.write(f"{count} guest{'' if count == 1 else 's'} removed.")
