"""The study app."""

from django.apps import AppConfig


class StudyConfig(AppConfig):
    """Study: see docs/architecture.md for what lives here."""

    name = "flashcards.study"
    label = "study"

    def ready(self) -> None:
        """Register what this floor holds of a person, and what it does for files."""
        from flashcards.accounts.personal import register  # noqa: PLC0415  models are ready only now
        from flashcards.decks import deleting  # noqa: PLC0415
        from flashcards.decks.transfers import learning  # noqa: PLC0415
        from flashcards.study import carrying, personal  # noqa: PLC0415
        from flashcards.study.needed import needed_notes  # noqa: PLC0415

        register(personal.data())
        learning.register_needed(needed_notes)
        deleting.register("study", personal.on_deck)
        learning.register(carrying.CARRYING)
