"""The classes app."""

from django.apps import AppConfig


class ClassesConfig(AppConfig):
    """Classes: see docs/architecture.md for what lives here."""

    name = "flashcards.classes"
    label = "classes"

    def ready(self) -> None:
        """Register what this floor holds of a person."""
        from flashcards.accounts.personal import register  # noqa: PLC0415  models are ready only now
        from flashcards.classes import personal  # noqa: PLC0415

        register(personal.data())
