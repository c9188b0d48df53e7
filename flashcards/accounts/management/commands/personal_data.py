"""manage.py personal_data: what is held of people and what becomes of it, as docs/personal-data.md."""

from typing import Any

from django.core.management.base import BaseCommand

from flashcards.accounts.describing import page


class Command(BaseCommand):
    """Prints the page that docs/personal-data.md holds."""

    help = "Print what is held of people and what becomes of it, as docs/personal-data.md."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        for line in page():
            self.stdout.write(line)
