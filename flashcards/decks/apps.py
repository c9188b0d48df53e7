"""The decks app."""

from django.apps import AppConfig


class DecksConfig(AppConfig):
    """Decks: see docs/architecture.md for what lives here."""

    name = "flashcards.decks"
    label = "decks"
