"""Whoever may study a deck may take it away; what comes out comes in again the same."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from flashcards.accounts.models import User
from flashcards.decks.importing import deck_record
from flashcards.decks.models import Deck, Note, Transfer
from flashcards.decks.transfers import exporting

from ..conftest import make_note
from .conftest import TEXT, upload, write

pytestmark = pytest.mark.django_db
NAMES = [writer.name for writer in exporting.writers()]


@pytest.fixture
def rivers(browser: Client) -> Deck:
    deck = write(browser, upload(browser, TEXT)).deck
    assert deck is not None
    return deck


def take(browser: Client, deck: Deck, name: str) -> tuple[Transfer, bytes]:
    """Take a deck away and return the transfer with the file."""
    answer = browser.post(f"/decks/{deck.slug}/export/", {"format": name})
    assert answer.status_code == 302, answer.content.decode()
    transfer = Transfer.objects.get(pk=answer["Location"].split("/")[2])
    assert transfer.state == "done", transfer.problems
    file = browser.get(f"/transfers/{transfer.pk}/file/")
    assert file["Content-Disposition"] == f'attachment; filename="{transfer.name}"'
    assert file["X-Content-Type-Options"] == "nosniff"
    return transfer, b"".join(file.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", NAMES)
def test_what_goes_out_comes_in_again_the_same(browser: Client, rivers: Deck, name: str) -> None:
    transfer, content = take(browser, rivers, name)
    assert "Download" in browser.get(f"/transfers/{transfer.pk}/").content.decode()
    before = deck_record(rivers)
    again = write(browser, upload(browser, content, transfer.name), title="Again")
    assert again.state == "done", again.problems
    assert again.deck is not None
    after = deck_record(again.deck)
    assert [(topic.title, topic.notes) for topic in after.topics] == [
        (topic.title, topic.notes) for topic in before.topics
    ]


@pytest.mark.parametrize("name", NAMES)
def test_into_its_own_deck_again_changes_nothing(browser: Client, rivers: Deck, name: str) -> None:
    transfer, content = take(browser, rivers, name)
    back = upload(browser, content, transfer.name, into=rivers.slug)
    again = write(browser, back, deck=rivers.slug)
    assert (again.outcome["created"], again.outcome["updated"], again.outcome["unchanged"]) == (0, 0, 3)


def test_learners_of_a_public_deck_may_take_it_away_and_see_no_editors_pages(rivers: Deck, charlie: User) -> None:
    Deck.objects.update(is_public=True)
    learner = Client()
    learner.force_login(charlie)
    shown = learner.get(f"/decks/{rivers.slug}/export/").content.decode()
    assert "Take Rivers with you" in shown
    assert "Settings" not in shown
    take(learner, rivers, "text")


def test_a_private_deck_is_there_for_nobody_else(rivers: Deck, charlie: User) -> None:
    other = Client()
    other.force_login(charlie)
    assert other.get(f"/decks/{rivers.slug}/export/").status_code == 404
    assert other.post(f"/decks/{rivers.slug}/export/", {"format": "text"}).status_code == 404


def test_the_file_is_its_owners_alone_and_gone_when_discarded(browser: Client, rivers: Deck, erin: User) -> None:
    transfer, _ = take(browser, rivers, "text")
    other = Client()
    other.force_login(erin)
    assert other.get(f"/transfers/{transfer.pk}/file/").status_code == 404
    browser.post(f"/transfers/{transfer.pk}/", {"do": "discard"})
    assert browser.get(f"/transfers/{transfer.pk}/file/").status_code == 404


@pytest.mark.django_db(transaction=True)  # the worker closes old connections
def test_a_large_deck_is_made_in_the_background(
    browser: Client, rivers: Deck, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    monkeypatch.setattr(exporting, "SMALL_NOTES", 2)
    answer = browser.post(f"/decks/{rivers.slug}/export/", {"format": "text"})
    transfer = Transfer.objects.get(pk=answer["Location"].split("/")[2])
    assert transfer.state == "waiting"
    assert browser.get(f"/transfers/{transfer.pk}/file/").status_code == 404
    call_command("worker", batch=True)
    assert browser.get(f"/transfers/{transfer.pk}/file/").status_code == 200


def test_an_unknown_format_and_an_empty_deck(browser: Client, bob: User) -> None:
    empty = Deck.objects.create(slug="empty", title="Empty", owner=bob)
    assert "nothing to take away" in browser.get("/decks/empty/export/").content.decode()
    assert browser.post("/decks/empty/export/", {"format": "pdf"}).status_code == 422
    assert not Transfer.objects.filter(deck=empty).exists()


@pytest.mark.parametrize("name", NAMES)
def test_the_commands_do_the_same(rivers: Deck, bob: User, name: str, tmp_path: Any, capsys: Any) -> None:
    file = tmp_path / exporting.file_name(rivers, exporting.writer_of(name))
    call_command("export_deck", rivers.slug, str(file))
    assert "3 notes written" in capsys.readouterr().out
    before = deck_record(rivers).notes()
    call_command("import_deck", str(file), owner=bob.email, title="Another", deck=None)
    assert "3 notes, 4 cards" in capsys.readouterr().out
    call_command("import_deck", str(file), deck=rivers.slug)
    assert "3 unchanged" in capsys.readouterr().out
    assert deck_record(rivers).notes() == before


def test_the_command_says_each_error_with_its_place(tmp_path: Any, capsys: Any) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("question,answer\nOne,1\nTwo,\n")
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("import_deck", str(file))
    assert f"{file}:3: " in capsys.readouterr().err
    assert not Note.objects.exists()
    call_command("import_deck", str(file), skip_bad=True)
    assert "left out" in capsys.readouterr().err
    assert Note.objects.count() == 1


def test_prune_archives_what_the_file_no_longer_has(rivers: Deck, tmp_path: Any, capsys: Any) -> None:
    make_note(rivers.topics.earliest("position"), "extra")
    file = tmp_path / "rivers.md"
    file.write_bytes(TEXT)
    call_command("import_deck", str(file), deck=rivers.slug, prune=True)
    assert "archived: extra" in capsys.readouterr().err
    assert Note.objects.get(key="extra").archived_at is not None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"deck": "none"}, "no deck"),
        ({"owner": "nobody@example.org"}, "Nobody here"),
        ({"history": True}, "whose history"),
    ],
)
def test_what_the_command_cannot_do_is_one_sentence(options: Any, words: str, tmp_path: Any, db: None) -> None:
    file = tmp_path / "rivers.md"
    file.write_bytes(TEXT)
    with pytest.raises(CommandError, match=words):
        call_command("import_deck", str(file), **options)
