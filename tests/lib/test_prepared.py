"""A prepared query gives what the query itself gives, however often it is run."""

import pytest
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.test.utils import CaptureQueriesContext

from flashcards.decks.models import Card, Deck, Note, Tag
from flashcards.lib.prepared import Prepared
from tests.study.material import make_deck

pytestmark = pytest.mark.django_db

NOTES = Prepared(
    lambda deck, position: (
        Note.objects.select_related("deck", "topic")
        .defer("answer")
        .annotate(tagged=Exists(Tag.objects.filter(notes=OuterRef("pk"))))
        .filter(deck=deck, position__gte=position)
        .order_by("-position", "pk")
    )
)
PLACES = Prepared(lambda deck: Card.objects.filter(deck=deck).order_by("position").values_list("pk", "position"))
ONE_DECK = Prepared(lambda pk: Deck.objects.filter(pk=pk))
HELD = Prepared(lambda pk: Deck.objects.select_for_update().filter(pk=pk))


def test_rows_are_those_of_the_query_for_each_number() -> None:
    decks = [make_deck("one"), make_deck("two", notes=3)]
    for deck in decks:
        for position in (0, 2):
            wanted = Note.objects.filter(deck=deck, position__gte=position).order_by("-position", "pk")
            assert list(NOTES(deck.pk, position)) == list(wanted)
        assert list(PLACES(deck.pk)) == list(
            Card.objects.filter(deck=deck).order_by("position").values_list("pk", "position")
        )


def test_rows_carry_their_relations_annotations_and_deferred_fields() -> None:
    deck = make_deck(topics=1, notes=1)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        (note,) = NOTES(deck.pk, 0)
        assert (note.deck.title, note.topic.title, note.tagged) == ("Deck", "Topic 0", True)
        assert len(queries) == 1
        assert note.answer == ""
        assert len(queries) == 2
    assert note.created_at == Note.objects.get().created_at


def test_a_changed_row_is_read_anew_and_can_be_stored() -> None:
    deck = make_deck()
    read = ONE_DECK.one(deck.pk)
    assert read is not None
    read.title = "Another"
    read.save()
    again = ONE_DECK.one(deck.pk)
    assert again is not None
    assert again.title == "Another"


def test_no_row_is_none() -> None:
    assert ONE_DECK.one(123_456) is None
    assert list(PLACES(123_456)) == []


def test_a_row_can_be_held() -> None:
    deck = make_deck()
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        assert HELD.one(deck.pk) == deck
    assert ("FOR UPDATE" in queries[0]["sql"]) is connection.features.has_select_for_update
