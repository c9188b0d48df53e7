"""`manage.py verify`: the log against what is stored."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from flashcards.study.verifying import differences


class Command(BaseCommand):
    """Replay every learner's log and compare; a line for each difference, and exit code 1 if there is any."""

    help = "Replays every review log and compares with what is stored; prints a line a difference, exits 1 if any."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print the differences; raises CommandError (exit code 1) when there are some."""
        found = 0
        for line in differences():
            self.stdout.write(line)
            found += 1
        if found:
            raise CommandError(f"{found} differences")
