"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts: see docs/architecture.md for what lives here."""

    name = "flashcards.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register what this floor holds of a person."""
        from flashcards.accounts import personal, queries  # noqa: PLC0415  models are ready only now

        def leave_preferences(_leaving: object, _staying: object) -> None:
            """Whoever stays keeps their own choices; the other's go with the other."""

        personal.register(
            personal.PersonalData(
                "account",
                export=queries.profile,
                adopt=leave_preferences,
                holdings=queries.ways_in,
                fates=personal.FATES,
            )
        )
