"""`manage.py seed_demo`: a class of simulated learners to look at, and away with it again."""

import secrets
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from flashcards.decks.models import Deck
from flashcards.study.demo import classroom

MOST_STUDENTS = 500
MOST_WEEKS = 52
THERE = "The demo class is there already. Remove it with: manage.py seed_demo --remove"
NOT_HERE = (
    "This site runs with DEBUG off, so it may be a real one. To put made-up people on it all the same, add --yes."
)
NO_DECK = "There is no built-in deck yet. Run: manage.py prepare"


class Command(BaseCommand):
    """Makes the demo class with its teacher and students, or removes it."""

    help = "Make a demo class: simulated learners with different memories and habits, over some weeks until today."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size, the seed, and what else to do."""
        parser.add_argument("--students", type=int, default=30, help="how many (30)")
        parser.add_argument("--weeks", type=int, default=8, help="how long they have studied (8)")
        parser.add_argument("--seed", type=int, default=1, help="another one draws other people (1)")
        parser.add_argument("--remove", action="store_true", help="delete the demo class and its people")
        parser.add_argument("--yes", action="store_true", help="also on a site with DEBUG off")

    def handle(self, *, students: int, weeks: int, seed: int, remove: bool, yes: bool, **_options: Any) -> None:
        """Make or remove the class; raises CommandError with nothing done where that is not to be."""
        if not settings.DEBUG and not yes:
            raise CommandError(NOT_HERE)
        if remove:
            self.stdout.write(f"Demo class: removed, with {classroom.remove()} people.")
            return
        if not 1 <= students <= MOST_STUDENTS or not 1 <= weeks <= MOST_WEEKS:
            raise CommandError(f"There can be 1 to {MOST_STUDENTS} students and 1 to {MOST_WEEKS} weeks.")
        if classroom.demo_people().exists():
            raise CommandError(THERE)
        deck = Deck.objects.filter(owner=None).order_by("pk").first()
        if deck is None:
            raise CommandError(NO_DECK)
        self._make(deck, classroom.Size(students, weeks, seed))

    def _make(self, deck: Deck, size: classroom.Size) -> None:
        password, began = secrets.token_urlsafe(12), perf_counter()
        classroom.make(deck, size, password, timezone.now(), self.stdout.write)
        self.stdout.write(
            f"Demo class: {size.students} students over {size.weeks} weeks, in {perf_counter() - began:.0f} s.\n"
            f"Sign in as {classroom.TEACHER} to teach, or as {classroom.STUDENT.format(1)} to study;\n"
            f"everybody's password is {password} (shown this once)."
        )
