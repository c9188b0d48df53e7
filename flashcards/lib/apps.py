"""The lib app: no models, only what the site as a whole needs."""

from django.apps import AppConfig


class LibConfig(AppConfig):
    """Registers the system checks of `lib/checks.py`."""

    name = "flashcards.lib"
    label = "lib"

    def ready(self) -> None:
        """Register the checks."""
        from flashcards.lib import checks  # noqa: F401, PLC0415
