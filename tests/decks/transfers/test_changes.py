"""A change of many notes goes back for a day: what nobody has touched since; the rest is named and stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.decks.changes import undo
from flashcards.decks.formats.records import NoteRecord
from flashcards.decks.models import Card, ChangedNote, ChangeSet, Deck, Note, Tag
from flashcards.decks.services import archive_note, save_note
from flashcards.lib.errors import Refused
from flashcards.study.models import Memory

from .test_writing import bulk

pytestmark = pytest.mark.django_db

KEYS = ("a", "b", "c")


def records(*keys: str, answer: str = "A", topic: str = "t", tags: tuple[str, ...] = ()) -> list[NoteRecord]:
    return [NoteRecord(key, "basic", f"Q {key}", answer, topic=topic, tags=list(tags)) for key in keys]


def learn(user: User, key: str) -> Memory:
    """Let somebody remember the note's card."""
    card = Card.objects.get(note__key=key)
    return Memory.objects.create(user=user, card=card, note=card.note, deck=card.deck)


def test_changed_notes_go_back_with_tags_topics_and_cards(bob: User) -> None:
    deck = bulk(records(*KEYS, tags=("old",)), None, bob).deck
    cards = dict(Card.objects.values_list("pk", "answer_html"))
    written = bulk(records(*KEYS, answer="B", topic="u", tags=("new",)), deck, bob)
    assert written.updated == 3
    undone = undo(written.change, bob, timezone.now())
    assert (undone.restored, undone.left) == (3, [])
    assert dict(Card.objects.values_list("pk", "answer_html")) == cards
    assert set(Note.objects.values_list("answer", "topic__slug", "tags__name")) == {("A", "t", "old")}
    latest = Note.history.filter(id=Note.objects.get(key="a").pk).latest()
    assert (latest.history_user, latest.answer) == (bob, "A")
    assert "Undone" in latest.history_change_reason


def test_one_that_was_changed_since_stays_and_is_named(bob: User) -> None:
    deck = bulk(records(*KEYS), None, bob).deck
    change = bulk(records(*KEYS, answer="B"), deck, bob).change
    note = Note.objects.get(key="b")
    note.answer = "C"
    save_note(note, tags=[])
    undone = undo(change, bob, timezone.now())
    assert (undone.restored, undone.left) == (2, ["b"])
    assert undone.words() == "2 of 3 put back; 1 has been changed since and stays: b."
    assert list(Note.objects.order_by("key").values_list("answer", flat=True)) == ["A", "C", "A"]


def test_one_that_was_changed_and_changed_back_goes_back(bob: User) -> None:
    deck = bulk(records(*KEYS), None, bob).deck
    first = bulk(records(*KEYS, answer="B"), deck, bob).change
    second = bulk(records(*KEYS, answer="C"), deck, bob).change
    undo(second, bob, timezone.now())
    assert undo(first, bob, timezone.now()).restored == 3
    assert set(Note.objects.values_list("answer", flat=True)) == {"A"}


def test_new_notes_are_removed_with_their_cards_and_history(bob: User) -> None:
    deck = bulk(records("a"), None, bob).deck
    change = bulk(records("b", "c", tags=("x",)), deck, bob).change
    assert undo(change, bob, timezone.now()).restored == 2
    assert list(Note.objects.values_list("key", flat=True)) == ["a"]
    assert Card.objects.count() == 1
    assert set(Note.history.values_list("key", flat=True)) == {"a"}
    assert not ChangedNote.objects.filter(change=change).exists()


def test_new_notes_that_others_have_learnt_from_are_archived(bob: User, charlie: User) -> None:
    deck = bulk(records("a"), None, bob).deck
    change = bulk(records("b", "c"), deck, bob).change
    memory = learn(charlie, "b")
    learn(bob, "c")
    undone = undo(change, bob, timezone.now())
    assert (undone.restored, undone.kept) == (2, 1)
    assert "archived" in undone.words()
    assert {note.key: note.archived_at is None for note in Note.objects.all()} == {"a": True, "b": False}
    assert list(Memory.objects.all()) == [memory]


def test_the_deck_that_came_goes_if_it_is_empty_then(bob: User, charlie: User) -> None:
    written = bulk(records(*KEYS), None, bob)
    learn(charlie, "b")
    assert not undo(written.change, bob, timezone.now()).deck_gone
    assert Deck.objects.exists()


def test_an_archived_note_that_an_import_brought_back_is_archived_again(bob: User) -> None:
    deck = bulk(records("a", "b"), None, bob).deck
    archive_note(Note.objects.get(key="a"))
    change = bulk(records("a"), deck, bob).change
    assert not Card.objects.exclude(archived_at=None).exists()
    undo(change, bob, timezone.now())
    note = Note.objects.get(key="a")
    assert note.archived_at is not None
    assert list(Card.objects.exclude(archived_at=None).values_list("note", flat=True)) == [note.pk]


def test_a_note_without_history_is_not_taken_for_a_new_one(bob: User) -> None:
    deck = bulk(records(*KEYS), None, bob).deck
    Note.history.all().delete()
    change = bulk(records(*KEYS, answer="B"), deck, bob).change
    undo(change, bob, timezone.now())
    assert list(Note.objects.values_list("answer", flat=True)) == ["A", "A", "A"]


def test_a_topic_that_is_gone_keeps_its_notes_where_they_are(bob: User) -> None:
    deck = bulk(records(*KEYS), None, bob).deck
    change = bulk(records(*KEYS, topic="u"), deck, bob).change
    deck.topics.get(slug="t").delete()
    assert undo(change, bob, timezone.now()).left == list(KEYS)


def test_not_after_a_day_and_not_twice(bob: User) -> None:
    change = bulk(records(*KEYS), None, bob).change
    with pytest.raises(Refused):
        undo(change, bob, change.made_at + timedelta(days=1, seconds=1))
    deck = change.deck
    second = bulk(records("a", answer="B"), deck, bob).change
    undo(second, bob, timezone.now())
    with pytest.raises(Refused):
        undo(second, bob, timezone.now())


def test_queries_do_not_grow_with_the_notes(bob: User, django_assert_max_num_queries: Any) -> None:
    many = [str(number) for number in range(150)]
    deck = bulk(records(*many), None, bob).deck
    changed = bulk(records(*many, answer="B"), deck, bob).change
    with django_assert_max_num_queries(40):
        undo(changed, bob, timezone.now())


def test_the_page_lists_and_undoes_them(client: Client, bob: User) -> None:
    client.force_login(bob)
    deck = bulk(records("a"), None, bob).deck
    change = bulk(records("a", answer="B"), deck, bob, name="second.md").change
    address = f"/decks/{deck.slug}/changes/"
    shown = client.get(address).content.decode()
    assert "Import of second.md: 1 changed" in shown
    assert shown.count('name="undo"') == 2
    answer = client.post(address, {"undo": change.pk}, follow=True)
    assert "1 of 1 put back" in answer.content.decode()
    assert Note.objects.get().answer == "A"
    assert client.post(address, {"undo": change.pk}).status_code == 422
    assert client.post(address, {"undo": "nonsense"}).status_code == 422


def test_a_deck_without_changes_says_what_belongs_there(client: Client, bob: User) -> None:
    client.force_login(bob)
    empty = Deck.objects.create(slug="empty", title="Empty", owner=bob)
    assert "No changes of many notes yet" in client.get(f"/decks/{empty.slug}/changes/").content.decode()


def test_nobody_else_sees_or_undoes_them(client: Client, bob: User, charlie: User) -> None:
    change = bulk(records("a"), None, bob).change
    client.force_login(charlie)
    address = f"/decks/{change.deck.slug}/changes/"
    assert client.get(address).status_code == 404
    assert client.post(address, {"undo": change.pk}).status_code == 404
    assert Note.objects.exists()


def test_a_change_of_another_deck_is_not_undone_here(client: Client, bob: User, erin: User) -> None:
    client.force_login(bob)
    mine = bulk(records("a"), None, bob).deck
    theirs = bulk(records("b"), None, erin).change
    assert client.post(f"/decks/{mine.slug}/changes/", {"undo": theirs.pk}).status_code == 422
    assert Note.objects.filter(key="b").exists()


def test_the_list_asks_no_more_for_more_changes(client: Client, bob: User) -> None:
    client.force_login(bob)
    deck = bulk(records("a"), None, bob).deck
    client.get(f"/decks/{deck.slug}/changes/")
    counts = []
    for _ in range(2):
        for number in range(4):
            change = ChangeSet.objects.create(
                deck=deck, made_by=bob, made_at=timezone.now(), kind="move", words=str(number)
            )
            ChangedNote.objects.create(change=change, note=Note.objects.get(), after=1)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/decks/{deck.slug}/changes/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert not Tag.objects.exists()
