"""`manage.py math_font`: make the web font for formulas."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from flashcards.lib.math_font import FontMissingError, build_math_font


class Command(BaseCommand):
    """Makes the font once; the second time nothing is done."""

    help = "Make the web font for formulas (STIX Two Math, from an installed package)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the font if it is not there."""
        try:
            made = build_math_font(settings.GENERATED_DIR)
        except FontMissingError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The math font can't be written: {error}.") from error
        if made:
            self.stdout.write(f"Math font: {made.stat().st_size // 1000} kB.")
