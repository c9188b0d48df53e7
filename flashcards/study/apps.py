"""The study app."""

from django.apps import AppConfig


class StudyConfig(AppConfig):
    """Study: see docs/architecture.md for what lives here."""

    name = "flashcards.study"
    label = "study"

    def ready(self) -> None:
        """Register what this floor holds of a person."""
        from flashcards.accounts.personal import register  # noqa: PLC0415  models are ready only now
        from flashcards.study import personal  # noqa: PLC0415

        register(personal.data())
