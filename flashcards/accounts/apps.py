"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts: see docs/architecture.md for what lives here."""

    name = "flashcards.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register what this floor holds of a person."""
        from flashcards.accounts import personal, queries  # noqa: PLC0415  models are ready only now

        def leave_preferences(_guest: object, _member: object) -> None:
            """A member's own choices stand; the guest's go with the guest."""

        personal.register(personal.PersonalData("account", export=queries.profile, adopt=leave_preferences))
