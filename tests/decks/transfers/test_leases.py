"""A worker may die at any moment: its transfer is taken up again, and whatever runs twice is done once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from flashcards.accounts.models import User
from flashcards.accounts.services import delete_person
from flashcards.decks.models import Deck, Note, Transfer
from flashcards.decks.transfers import leases, working
from flashcards.decks.transfers.folder import clear_old, progress_of
from flashcards.decks.transfers.leases import Lost
from flashcards.decks.transfers.working import take_up_abandoned, work

from .conftest import TEXT, upload, write

pytestmark = pytest.mark.django_db


def leave(transfer: Transfer, state: str, seconds: int) -> Transfer:
    """Let a transfer look as if its worker had died so many seconds ago."""
    then = timezone.now() - timedelta(seconds=seconds)
    Transfer.objects.filter(pk=transfer.pk).update(state=state, beat_at=then, created_at=then)
    transfer.refresh_from_db()
    return transfer


@pytest.mark.parametrize("state", ["waiting", "reading"])
def test_a_read_whose_worker_died_is_taken_up_when_its_page_is_looked_at(browser: Client, state: str) -> None:
    transfer = leave(upload(browser, TEXT), state, 61)
    browser.get(f"/transfers/{transfer.pk}/")
    transfer.refresh_from_db()
    assert transfer.state == "ready"


def test_a_write_whose_worker_died_is_taken_up_by_the_next_worker(browser: Client) -> None:
    transfer = upload(browser, TEXT)
    Transfer.objects.update(options={"title": "Rivers"})
    leave(transfer, "writing", 61)
    assert take_up_abandoned(timezone.now()) == 1
    transfer.refresh_from_db()
    assert transfer.state == "done"
    assert Note.objects.count() == 3


@pytest.mark.parametrize("state", ["waiting", "reading", "writing"])
def test_one_that_gives_signs_of_life_is_left_alone(browser: Client, state: str) -> None:
    transfer = leave(upload(browser, TEXT), state, 30)
    assert take_up_abandoned(timezone.now()) == 0
    work.func(str(transfer.pk))
    transfer.refresh_from_db()
    assert transfer.state == state
    assert not Deck.objects.exists()


def test_a_write_in_its_transaction_gives_signs_in_a_file(browser: Client) -> None:
    transfer = leave(upload(browser, TEXT), "writing", 600)
    progress_of(transfer.pk).write_text("2")
    assert not leases.is_abandoned(transfer, timezone.now())
    assert "2 of" not in browser.get("/decks/import/").content.decode()


def test_the_slow_one_stops_when_another_has_taken_over(browser: Client) -> None:
    transfer = upload(browser, TEXT)
    now = timezone.now()
    leave(transfer, "reading", 61)
    slow = leases.take(transfer.pk, now)
    assert slow is not None
    assert leases.take(transfer.pk, now + timedelta(seconds=30)) is None
    quick = leases.take(transfer.pk, now + timedelta(seconds=61))
    assert quick is not None
    with pytest.raises(Lost):
        slow.beat(1, 2, at_once=True)
    with pytest.raises(Lost):
        working._end(slow, Transfer.State.READY)
    quick.beat(1, 2, at_once=True)


def test_a_write_that_lost_its_lease_changes_nothing(browser: Client) -> None:
    transfer = upload(browser, TEXT)
    Transfer.objects.update(options={"title": "Rivers"})
    leave(transfer, "writing", 61)
    slow = leases.take(transfer.pk, timezone.now())
    quick = leases.take(transfer.pk, timezone.now() + timedelta(seconds=61))
    assert slow is not None
    assert quick is not None
    with pytest.raises(Lost):
        working._do(slow)
    assert not Deck.objects.exists()
    working._do(quick)
    assert Note.objects.count() == 3


def test_doing_it_again_does_nothing(browser: Client) -> None:
    transfer = write(browser, upload(browser, TEXT))
    before = transfer.outcome
    for _ in range(2):
        work.func(str(transfer.pk))
    transfer.refresh_from_db()
    assert (transfer.state, transfer.outcome) == ("done", before)
    assert Deck.objects.count() == 1


def test_one_that_was_discarded_meanwhile_changes_nothing(browser: Client) -> None:
    transfer = upload(browser, TEXT)
    Transfer.objects.update(options={"title": "Rivers"})
    leave(transfer, "writing", 61)
    lease = leases.take(transfer.pk, timezone.now())
    assert lease is not None
    browser.post(f"/transfers/{transfer.pk}/", {"do": "discard"})
    with pytest.raises((Lost, Transfer.DoesNotExist)):
        working._do(lease)
    work.func(str(transfer.pk))
    assert not Deck.objects.exists()


@pytest.mark.django_db(transaction=True)  # the worker closes old connections
def test_a_worker_does_what_was_left_to_it(browser: Client, settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    transfer = upload(browser, TEXT)
    assert transfer.state == "waiting"
    assert "It begins in a moment" in browser.get(f"/transfers/{transfer.pk}/").content.decode()
    call_command("worker", batch=True)
    transfer.refresh_from_db()
    assert transfer.state == "ready"
    browser.post(f"/transfers/{transfer.pk}/", {"do": "write", "title": "Rivers", "deck": ""})
    assert not Deck.objects.exists()
    call_command("worker", batch=True)
    assert Note.objects.count() == 3
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}


def test_whatever_a_reader_stumbles_over_ends_the_wait(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_arguments: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(working, "spool", stumble)
    transfer = upload(browser, TEXT)
    assert transfer.state == "failed"
    assert "not in your file" in browser.get(f"/transfers/{transfer.pk}/").content.decode()


def test_files_are_kept_for_a_week(browser: Client, bob: User, var_folder: Path) -> None:
    old, young = upload(browser, TEXT), upload(browser, TEXT)
    Transfer.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
    (var_folder / "transfers" / "nobody").mkdir()
    assert clear_old(timezone.now()) == 2
    assert [path.name for path in (var_folder / "transfers").iterdir()] == [str(young.pk)]
    old.refresh_from_db()
    assert old.state == "failed"
    assert "Upload it again" in browser.get(f"/transfers/{old.pk}/").content.decode()


def test_deleting_a_person_removes_their_files(browser: Client, bob: User, var_folder: Path) -> None:
    upload(browser, TEXT)
    delete_person(bob)
    assert not list((var_folder / "transfers").iterdir())
