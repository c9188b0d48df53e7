"""The system checks warn when, and only when, data may be lost."""

import sqlite3
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection

from flashcards.lib.checks import has_wal_reset_fault


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
        ((4, 0, 0), False),
    ],
)
def test_which_sqlite_versions_have_the_fault(version: tuple[int, int, int], faulty: bool) -> None:
    assert has_wal_reset_fault(version) is faulty


@pytest.mark.django_db  # other apps' checks ask the database
@pytest.mark.parametrize(
    ("workers", "version", "warned"),
    [(1, (3, 40, 1), False), (2, (3, 40, 1), True), (2, (3, 51, 3), False)],
)
def test_warning_for_several_processes(
    workers: int, version: tuple[int, int, int], warned: bool, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WORKERS = workers
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    expected = warned and connection.vendor == "sqlite"
    assert ("lib.W001" in {message.id for message in run_checks()}) is expected
