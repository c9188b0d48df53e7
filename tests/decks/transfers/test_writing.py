"""Many notes written at once are stored as if they had been saved one by one, field by field."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flashcards.accounts.models import User
from flashcards.decks.formats.records import DeckRecord, NoteRecord, TopicRecord
from flashcards.decks.models import Card, ChangedNote, Deck, Note, Topic
from flashcards.decks.services import archive_note, save_deck, save_note, save_topic
from flashcards.decks.transfers.readers import WholeDeck
from flashcards.decks.transfers.reading import Reading
from flashcards.decks.transfers.spool import Spool
from flashcards.decks.transfers.spooling import spool
from flashcards.decks.transfers.writing import Target, Written, write

pytestmark = pytest.mark.django_db

NOTE_FIELDS = ("key", "kind", "position", "question", "answer", "explanation", "reference", "sources", "archived_at")
CARD_FIELDS = ("kind", "ordinal", "position", "question_html", "answer_html", "explanation_html", "search_text",
               "data", "archived_at", "meaning_changed_at")  # fmt: skip
FACTS = {
    "basic": ("What is it?  \n\nReally", "It is **this**\n"),
    "reversed": ("dog", "der Hund"),
    "cloze": ("{{c1::One}} and {{c2::two}}", ""),
    "typed": ("2 + 2", "4"),
}


def silent(_done: int, _total: int) -> None:
    pass


def bulk(records: Sequence[NoteRecord], deck: Deck | None, by: User | None, **target: Any) -> Written:
    """Write notes the way of imports."""
    topics = {record.topic: TopicRecord(record.topic, record.topic.title()) for record in records}
    for record in records:
        topics[record.topic].notes.append(replace(record, tags=list(record.tags)))
    whole = DeckRecord("bulk", "Bulk", topics=list(topics.values()))
    with TemporaryDirectory() as name:
        spool(Reading(WholeDeck(whole)), Path(name), silent)
        return write(Spool(Path(name)), Target(deck=deck, owner=by, by=by, **target), timezone.now(), silent)


def one_by_one(records: Sequence[NoteRecord], deck: Deck, by: User | None) -> None:
    """Write the same notes the way of the editor."""
    places: dict[str, int] = {}
    for record in records:
        topic = Topic.objects.filter(deck=deck, slug=record.topic).first()
        if topic is None:
            position = Topic.objects.filter(deck=deck).count() + 1
            topic = Topic(deck=deck, slug=record.topic, title=record.topic.title(), position=position)
            save_topic(topic)
        places[record.topic] = places.get(record.topic, 0) + 1
        note = Note.objects.filter(deck=deck, key=record.key).first() or Note(deck=deck, key=record.key)
        if note.pk is None or note.topic != topic:
            note.topic, note.position = topic, places[record.topic]
        note.archived_at = None
        note.kind, note.question, note.answer = record.kind, record.question, record.answer
        note.explanation, note.reference, note.sources = record.explanation, record.reference, record.sources
        vars(note)["_history_user"] = by
        save_note(note, tags=record.tags)


def rows(deck: Deck) -> list[Any]:
    """Return all that is stored of a deck's notes, without numbers and times of the database."""
    found: list[Any] = []
    for note in Note.objects.filter(deck=deck).order_by("key"):
        cards = Card.objects.filter(note=note).order_by("ordinal")
        versions = Note.history.filter(id=note.pk).order_by("history_id")
        found.append((
            note.topic.slug,
            [getattr(note, name) for name in NOTE_FIELDS if name != "archived_at"], note.archived_at is None,
            sorted(note.tags.values_list("name", flat=True)),
            [[getattr(card, name) for name in CARD_FIELDS if name != "archived_at"] for card in cards],
            [
                (card.deck_id == note.deck_id, card.topic_id == note.topic_id)
                for card in cards if card.archived_at is None
            ],
            [card.archived_at is None for card in cards],
            [
                (version.history_type, version.history_user_id, version.credit_id, version.topic.slug,
                 [getattr(version, name) for name in NOTE_FIELDS if name not in {"archived_at", "position"}],
                 version.archived_at is None, version.created_at == note.created_at,
                 sorted(version.tags.values_list("tag__name", flat=True)))
                for version in versions
            ],
        ))  # fmt: skip
    return found


def new_deck(slug: str) -> Deck:
    deck = Deck(slug=slug, title="Bulk")
    save_deck(deck)
    return deck


kinds_of_notes = st.sampled_from(sorted(FACTS))


@st.composite
def notes(draw: st.DrawFn) -> list[NoteRecord]:
    """Draw notes with keys that differ, of some topics, kinds and tags."""
    found = []
    for key in draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6, unique=True)):
        kind = draw(kinds_of_notes)
        question, answer = FACTS[kind]
        found.append(
            NoteRecord(
                key, kind, question, answer, explanation=draw(st.sampled_from(["", "Because  \n"])),
                tags=draw(st.lists(st.sampled_from(["red", "blue ", "green"]), max_size=3, unique=True)),
                sources=draw(st.sampled_from([[], ["s1", "s2"]])),
                reference=draw(st.sampled_from(["", " A book, 1999 "])),
                topic=draw(st.sampled_from(["first", "second"])),
            )
        )  # fmt: skip
    return sorted(found, key=lambda record: record.topic)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=notes(), after=notes(), archived=st.sets(st.sampled_from("abcdefgh")))
def test_at_once_is_one_by_one(
    bob: User, before: list[NoteRecord], after: list[NoteRecord], archived: set[str]
) -> None:
    with transaction.atomic():
        many, single = new_deck("many"), new_deck("single")
        for deck in (many, single):
            one_by_one(before, deck, bob)
            for note in Note.objects.filter(deck=deck, key__in=archived):
                vars(note)["_history_user"] = bob
                archive_note(note)
        cards = dict(Card.objects.filter(deck=many).values_list("pk", "note"))
        # A whole file's order is the topic's order; what the file has not is left out of the comparison of places.
        bulk(after, many, bob)
        one_by_one(after, single, bob)
        assert without_places(rows(many)) == without_places(rows(single))
        assert cards.items() <= dict(Card.objects.filter(deck=many).values_list("pk", "note")).items()
        transaction.set_rollback(True)


def without_places(found: list[Any]) -> list[Any]:
    return [
        (topic, [fields[:2], fields[3:]], live, tags, [[card[:2], card[3:]] for card in cards], follows, versions)
        for topic, fields, live, tags, cards, *follows, versions in found
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=notes())
def test_a_new_deck_is_as_one_saved_note_by_note_places_too(bob: User, records: list[NoteRecord]) -> None:
    with transaction.atomic():
        written = bulk(records, None, bob)
        single = new_deck("single")
        one_by_one(records, single, bob)
        assert rows(written.deck) == rows(single)
        transaction.set_rollback(True)


def test_again_changes_nothing(bob: User) -> None:
    records = [NoteRecord(str(number), "basic", f"Q{number}", "A", topic="t", tags=["x"]) for number in range(3)]
    deck = bulk(records, None, bob).deck
    versions = Note.history.count()
    again = bulk(records, deck, bob)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)
    assert Note.history.count() == versions
    assert not ChangedNote.objects.filter(change=again.change).exists()


def test_a_file_with_all_of_a_topic_says_its_order(bob: User) -> None:
    records = [NoteRecord(str(number), "basic", f"Q{number}", "A", topic="t") for number in range(4)]
    deck = bulk(records, None, bob).deck
    bulk(
        [records[3], records[1], records[0], NoteRecord("new", "basic", "New", "A", topic="t"), records[2]], deck, bob
    )
    order = Card.objects.filter(deck=deck).order_by("position").values_list("note__key", flat=True)
    assert list(order) == ["3", "1", "0", "new", "2"]


def test_a_file_with_a_part_of_a_topic_comes_after_what_is_there(bob: User) -> None:
    records = [NoteRecord(str(number), "basic", f"Q{number}", "A", topic="t") for number in range(2)]
    deck = bulk(records, None, bob).deck
    bulk([NoteRecord("new", "basic", "New", "A", topic="t"), records[0]], deck, bob)
    order = Card.objects.filter(deck=deck).order_by("position").values_list("note__key", flat=True)
    assert list(order) == ["0", "1", "new"]


def test_queries_grow_with_batches_not_with_notes(bob: User, django_assert_max_num_queries: Any) -> None:
    records = [NoteRecord(str(n), "basic", f"Q{n}", "A", topic="t", tags=[f"t{n % 5}"]) for n in range(400)]
    with django_assert_max_num_queries(60):
        bulk(records, None, bob)


def test_a_failure_changes_nothing(bob: User) -> None:
    records = [NoteRecord(str(number), "basic", f"Q{number}", "A", topic="t") for number in range(3)]
    with TemporaryDirectory() as name:
        whole = DeckRecord("bulk", "Bulk", topics=[TopicRecord("t", "T", records)])
        spool(Reading(WholeDeck(whole)), Path(name), silent)

        def stop(_done: int, _total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            write(Spool(Path(name)), Target(owner=bob, by=bob), timezone.now(), stop)
    assert not Deck.objects.exists()
    assert not Note.history.exists()
