"""/healthz says whether database and migrations are well."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from flashcards.lib.health import require_migrated

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    require_migrated.cache_clear()
    yield
    require_migrated.cache_clear()


def test_well(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "migrations": "ok"}
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]


def test_the_second_look_costs_one_query(client: Client, django_assert_num_queries: Any) -> None:
    client.get("/healthz")
    with django_assert_num_queries(1):
        assert client.head("/healthz").status_code == 200


def test_a_migration_that_is_missing_and_then_applied(client: Client) -> None:
    applied = MigrationRecorder(connection).migration_qs.filter(app="decks").order_by("name").last()
    assert applied is not None
    applied.delete()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "migrations": "pending"}
    applied.save(force_insert=True)
    assert client.get("/healthz").status_code == 200


def test_a_database_that_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "unreachable", "migrations": "unknown"}


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


def test_a_load_balancer_without_tls_is_answered(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/admin/").status_code == 301
