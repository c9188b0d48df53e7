"""The study app."""

from django.apps import AppConfig


class StudyConfig(AppConfig):
    """Study: see docs/architecture.md for what lives here."""

    name = "flashcards.study"
    label = "study"
