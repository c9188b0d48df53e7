"""manage.py forget: what nobody may know any longer goes; to be run every day."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from flashcards.accounts import services
from flashcards.accounts.personal import counted
from flashcards.classes import keeping as class_keeping
from flashcards.classes.roster.applying import forget_old
from flashcards.decks.transfers.clearing import clear as clear_transfers
from flashcards.study import keeping

GUEST_DAYS = 90


class Command(BaseCommand):
    """Lets classes forget their students when their keeping time is over, and removes guests who stayed away."""

    help = "Let classes forget their students after their keeping time, and remove guests who stayed away."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --guest-days."""
        parser.add_argument(
            "--guest-days", type=int, default=GUEST_DAYS, help="How long a guest stays away (90); 0 keeps guests."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what was done; nothing where nothing was."""
        now = timezone.now()
        forget_old(now)
        clear_transfers(now)
        for study_class in class_keeping.classes_to_forget(now):
            people = class_keeping.forget_students(study_class, now)
            answers = keeping.clear_class(study_class)
            done = [
                counted(people.students, "student"),
                counted(people.invitations, "invitation"),
                counted(answers.reviews, "review"),
                counted(answers.standings, "standing"),
                counted(answers.budgets, "budget"),
            ]
            if any((people.students, people.invitations, answers.reviews, answers.standings, answers.budgets)):
                self.stdout.write(f"Class {study_class.pk}: {', '.join(done)} forgotten.")
        if options["guest_days"] > 0:
            guests = services.clear_guests(now, days=options["guest_days"])
            if guests:
                self.stdout.write(f"{counted(guests, 'guest')} removed.")
