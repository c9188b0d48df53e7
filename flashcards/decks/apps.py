"""The decks app."""

from django.apps import AppConfig


class DecksConfig(AppConfig):
    """Decks: see docs/architecture.md for what lives here."""

    name = "flashcards.decks"
    label = "decks"

    def ready(self) -> None:
        """Register what this floor holds of a person."""
        from flashcards.accounts.personal import register  # noqa: PLC0415  models are ready only now
        from flashcards.decks import personal  # noqa: PLC0415

        register(personal.data())
