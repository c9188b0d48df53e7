"""`manage.py draw_figures`: draw the figures of the built-in deck."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from flashcards.decks.figures import write_figures


class Command(BaseCommand):
    """Writes the figures that have changed and removes those no longer drawn; otherwise does nothing."""

    help = "Draw the figures of the built-in deck (SVG, into the folder for generated static files)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw what is missing or different."""
        try:
            written = write_figures(settings.GENERATED_DIR / "figures" / "deep-learning")
        except OSError as error:
            raise CommandError(f"The figures can't be written: {error}.") from error
        if written:
            self.stdout.write(f"Figures: {len(written)} drawn.")
