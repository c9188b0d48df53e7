"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts: see docs/architecture.md for what lives here."""

    name = "flashcards.accounts"
    label = "accounts"
