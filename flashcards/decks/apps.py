"""The decks app."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class DecksConfig(AppConfig):
    """Decks: see docs/architecture.md for what lives here."""

    name = "flashcards.decks"
    label = "decks"

    def ready(self) -> None:
        """Register what this floor holds of a person, and let migrations end with the editors' group."""
        from flashcards.accounts.personal import register  # noqa: PLC0415  models are ready only now
        from flashcards.decks import editors, personal  # noqa: PLC0415

        register(personal.data())
        # Sent for auth after all apps before it, so that the permissions on decks are there.
        post_migrate.connect(editors.ensure_editors, sender=apps.get_app_config("auth"), dispatch_uid="decks.editors")
