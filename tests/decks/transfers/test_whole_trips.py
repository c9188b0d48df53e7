"""A deck with all that is in it, and what somebody learnt with it, goes out and comes to somebody else the same."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client

from flashcards.accounts.models import User
from flashcards.decks.models import Deck, MediaFile, Note, Transfer
from flashcards.decks.services import save_deck
from flashcards.study.models import Memory, Review
from tests.decks.anki.judge import collection, export, take

from .conftest import upload, write
from .whole_deck import (
    due_of,
    head_of,
    learn,
    log_of,
    make_whole_deck,
    may_be_due,
    media_of,
    memories_of,
    words_of,
)  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def physics(bob: User) -> Deck:
    deck = make_whole_deck(bob)
    learn(bob, deck)
    return deck


@pytest.fixture
def hers(erin: User) -> Deck:
    deck = Deck(slug="hers", title="Hers", owner=erin)
    save_deck(deck)
    return deck


def command(*words: str, **options: Any) -> str:
    said = StringIO()
    call_command(*words, stdout=said, stderr=said, **options)
    return said.getvalue()


def rows(*but: type) -> dict[str, int]:
    """Return how many rows each table of decks and of studying has."""
    models = [model for name in ("decks", "study") for model in apps.get_app_config(name).get_models()]
    return {model.__name__: model.objects.count() for model in models if model not in but}  # type: ignore[attr-defined]


def assert_same_words(one: Deck, other: Deck) -> None:
    assert words_of(other) == words_of(one)
    assert media_of(other) == media_of(one)


def assert_same_history(owner: User, deck: Deck, other: User, theirs: Deck) -> None:
    assert log_of(other, theirs) == log_of(owner, deck)
    assert memories_of(other, theirs) == memories_of(owner, deck)
    known = may_be_due(owner, deck)
    for due in (due_of(owner, deck), due_of(other, theirs)):
        assert due.keys() == known.keys()
        assert {key: (days, known[key]) for key, days in due.items() if days not in known[key]} == {}
    assert command("verify") == ""


def through_anki(package: Path, form: str) -> Path:
    """Let Anki import a package and write it again; return its own."""
    theirs = package.with_name("theirs.apkg")
    with collection(package.parent / "anki") as opened:
        take(opened, package)
        export(opened, theirs, legacy=form == "legacy")
    return theirs


@pytest.mark.parametrize("form", ["legacy", "new", "json"])
def test_by_commands_to_another_member_and_again(
    form: str, physics: Deck, bob: User, hers: Deck, erin: User, tmp_path: Path
) -> None:
    file = tmp_path / ("deck.json" if form == "json" else "deck.apkg")
    assert "9 notes written" in command("export_deck", "physics", str(file), history=bob.email)
    if form != "json":
        file = through_anki(file, form)
    reviews = Review.objects.filter(user=bob).count()
    assert reviews > 40

    said = command("import_deck", str(file), deck="hers", owner=erin.email, history=True)

    assert "9 created, 0 updated, 0 unchanged" in said
    assert Review.objects.filter(user=erin).count() == reviews
    assert_same_words(physics, hers)
    assert_same_history(bob, physics, erin, hers)
    before, notes = rows(), list(Note.objects.values_list("pk", "updated_at"))
    again = command("import_deck", str(file), deck="hers", owner=erin.email, history=True)
    assert "0 created, 0 updated, 9 unchanged" in again
    assert rows() == {**before, "ChangeSet": before["ChangeSet"] + 1}
    assert list(Note.objects.values_list("pk", "updated_at")) == notes


def test_a_deck_of_that_name_is_found_again(physics: Deck, erin: User, tmp_path: Path) -> None:
    file = tmp_path / "deck.json"
    command("export_deck", "physics", str(file))
    assert "9 created" in command("import_deck", str(file), owner=erin.email)
    assert "0 created, 0 updated, 9 unchanged" in command("import_deck", str(file), owner=erin.email)
    assert_same_words(physics, Deck.objects.get(owner=erin))


def taken(browser: Client, deck: Deck, name: str, **choices: str) -> tuple[str, bytes]:
    """Take a deck away on its page; return the file's name and content."""
    answer = browser.post(f"/decks/{deck.slug}/export/", {"format": name, **choices})
    transfer = Transfer.objects.get(pk=answer["Location"].split("/")[2])
    file = browser.get(f"/transfers/{transfer.pk}/file/")
    return transfer.name, b"".join(file.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["anki", "json"])
def test_on_the_pages_to_another_member_and_undone(
    name: str, browser: Client, physics: Deck, bob: User, erin: User
) -> None:
    file, content = taken(browser, physics, name, history="on")
    hers = Client()
    hers.force_login(erin)
    before = rows(Transfer)

    first = write(hers, upload(hers, content, file), title="Mine", history="on")

    assert first.state == "done", first.problems
    reviews = Review.objects.filter(user=bob).count()
    assert (first.outcome["created"], first.outcome["media"], first.outcome["reviews"]) == (9, 2, reviews)
    assert first.deck is not None
    assert head_of(first.deck) == ("Mine", *head_of(physics)[1:])
    assert_same_words(physics, first.deck)
    assert_same_history(bob, physics, erin, first.deck)
    there = rows(Transfer)
    second = write(hers, upload(hers, content, file), deck=first.deck.slug, history="on")
    counts = [second.outcome[key] for key in ("created", "updated", "unchanged", "media", "reviews")]
    assert counts == [0, 0, 9, 0, 0]
    assert rows(Transfer) == {**there, "ChangeSet": there["ChangeSet"] + 1}

    for transfer in (second, first):
        assert hers.post(f"/transfers/{transfer.pk}/", {"do": "undo"}).status_code == 302
    assert not Deck.objects.filter(owner=erin).exists()
    assert not Memory.objects.filter(user=erin).exists()
    assert rows(Transfer) == before
    assert command("verify") == ""


@pytest.mark.parametrize("name", ["xlsx", "csv", "tsv", "text"])
def test_words_alone_come_back_from_tables_and_text(name: str, browser: Client, physics: Deck, bob: User) -> None:
    file, content = taken(browser, physics, name)
    first = write(browser, upload(browser, content, file), title="Again")
    assert first.state == "done", first.problems
    assert first.deck is not None
    assert words_of(first.deck) == words_of(physics)
    # The addresses in the texts are of files that Bob holds already.
    assert MediaFile.objects.filter(deck=first.deck).count() == 2
    assert head_of(first.deck)[1:] == (head_of(physics)[1:] if name in {"xlsx", "text"} else ("en", ""))
    again = write(browser, upload(browser, content, file), deck=first.deck.slug)
    assert [again.outcome[key] for key in ("created", "updated", "unchanged")] == [0, 0, 9]
    same = write(browser, upload(browser, content, file), deck="physics")
    assert [same.outcome[key] for key in ("created", "updated", "unchanged")] == [0, 0, 9]
    assert Review.objects.exclude(deck=physics).count() == 0


def test_undone_in_a_deck_that_was_there(browser: Client, physics: Deck, hers: Deck, erin: User) -> None:
    file, content = taken(browser, physics, "anki", history="on")
    client = Client()
    client.force_login(erin)
    before = rows(Transfer)
    transfer = write(client, upload(client, content, file), deck="hers", history="on")
    assert transfer.state == "done", transfer.problems
    client.post(f"/transfers/{transfer.pk}/", {"do": "undo"})
    after = rows(Transfer)
    # Files go when `clear_media` finds that nothing shows them; tags without notes are shown nowhere.
    stay = {"ChangeSet", "DeckOptions", "HistoricalTopic", "MediaFile", "Tag"}
    assert {key for key in after if after[key] != before[key]} == stay
    assert list(words_of(hers)) == []
    assert not hers.topics.exists()
