"""System checks: what `manage.py check` warns about before somebody loses data or waits in vain for a mail."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004
from django.db import connection

from flashcards.lib.environment import CONSOLE_MAIL


def has_wal_reset_fault(version: tuple[int, int, int]) -> bool:
    """Say whether this SQLite may lose writes when several processes write one WAL file and reset it at once.

    Mended in 3.51.3, and in the older lines from 3.44.6 and 3.50.7 (https://sqlite.org/wal.html, "The WAL-Reset Bug").
    """
    mended_lines = {(3, 44): 6, (3, 50): 7}
    if version[:2] in mended_lines:
        return version[2] < mended_lines[version[:2]]
    return version < (3, 51, 3)


@register
def check_sqlite_and_workers(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn about several server processes on one SQLite file with a faulty SQLite (lib.W001). Opens no connection."""
    if connection.vendor != "sqlite" or settings.WORKERS == 1 or not has_wal_reset_fault(sqlite3.sqlite_version_info):
        return []
    return [
        Warning(
            f"SQLite {sqlite3.sqlite_version} can lose writes when {settings.WORKERS} processes share one file.",
            hint="Set WORKERS=1, take SQLite 3.51.3 or newer (or 3.50.7+, 3.44.6+ of their lines), or use PostgreSQL.",
            id="lib.W001",
        )
    ]


@register(Tags.security, deploy=True)
def check_mail_leaves_the_house(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn if mail is only printed: nobody would ever get the link for a new password (lib.W002)."""
    if settings.MAILERS["default"]["BACKEND"] != CONSOLE_MAIL:
        return []
    return [Warning("E-mail is only printed to the console.", hint="Set EMAIL_URL.", id="lib.W002")]
