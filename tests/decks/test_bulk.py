"""Many notes changed at once: seen before, done in one go, undone within a day."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from flashcards.accounts.models import User
from flashcards.decks.bulk_edits import Archive, BulkEdit, Merge, Move, Replace, Retag
from flashcards.decks.bulk_plan import carry_out
from flashcards.decks.changes import undo
from flashcards.decks.models import Card, ChangeSet, Deck, Note, Topic

from .conftest import make_note, make_topic

BULK = reverse("decks:bulk", args=["physics"])
FIELDS = {"fields_in": ["question", "answer", "explanation"]}


@pytest.fixture
def notes(topic: Topic) -> list[Note]:
    return [make_note(topic, key, question=f"What is {key}?", tags=("light",)) for key in ("red", "green", "blue")]


def post(client: Client, notes: list[Note], **data: Any) -> Any:
    return client.post(BULK, {"note": [str(note.pk) for note in notes], **data})


def do(client: Client, notes: list[Note], **data: Any) -> Any:
    """Look at what an edit comes to, then do it."""
    page = post(client, notes, **data)
    assert page.status_code == 200, page.content.decode()
    return post(client, notes, apply="1", seen=page.context["plan"].seen, **data)


def undo_last(client: Client) -> None:
    change = ChangeSet.objects.latest("pk")
    assert (
        client.post(reverse("decks:changes", args=["physics"]), {"undo": change.pk, "change": change.pk}).status_code
        == 302
    )


def said(notes: list[Note], *fields: str) -> list[Any]:
    return list(Note.objects.filter(pk__in=[note.pk for note in notes]).order_by("pk").values_list(*fields))


def test_replacing_is_seen_before_it_is_done_and_can_be_undone(editor: Client, notes: list[Note]) -> None:
    data = {"do": "replace", "find": "what is", "by": "Which wave is", **FIELDS}
    page = post(editor, notes, **data).content.decode()
    assert "<ins>Which wave</ins>" in page
    assert said(notes, "question")[0] == ("What is red?",)
    assert do(editor, notes, **data).status_code == 302
    assert said(notes, "question") == [(f"Which wave is {key}?",) for key in ("red", "green", "blue")]
    assert "Which wave is" in Card.objects.get(note=notes[0]).question_html
    undo_last(editor)
    assert said(notes, "question")[2] == ("What is blue?",)
    assert "What is blue" in Card.objects.get(note=notes[2]).question_html


@pytest.mark.parametrize(
    ("extra", "found"),
    [({}, 3), ({"match_case": "1"}, 0), ({"whole_words": "1"}, 3), ({"fields_in": ["answer"]}, 0)],
)
def test_where_and_how_to_look(editor: Client, notes: list[Note], extra: dict[str, Any], found: int) -> None:
    page = post(editor, notes, **{"do": "replace", "find": "WHAT", "by": "X", **FIELDS, **extra})
    assert len(page.context["plan"].changed) == found
    page = post(editor, notes, **{"do": "replace", "find": "WHA", "by": "X", **FIELDS, "whole_words": "1"})
    assert len(page.context["plan"].changed) == 0


def test_signs_of_patterns_are_signs(editor: Client, notes: list[Note]) -> None:
    do(editor, notes, do="replace", find="?", by=r"\1 (.*)", **FIELDS)
    assert said(notes, "question")[0] == (r"What is red\1 (.*)",)


def test_what_would_break_a_note_is_named_and_the_others_are_changed(
    editor: Client, notes: list[Note], topic: Topic
) -> None:
    formula = make_note(topic, "formula", question="Is $x$ red?")
    data = {"do": "replace", "find": "x", "by": "\\frac{1}", **FIELDS}
    page = post(editor, [*notes, formula], **data)
    assert [each.note for each in page.context["plan"].refused] == [formula]
    data = {"do": "replace", "find": "red", "by": "{{c1::red", **FIELDS}
    do(editor, [*notes, formula], **data)
    assert Note.objects.get(pk=formula.pk).question == "Is $x$ {{c1::red?"


def test_move_tag_archive_restore(editor: Client, notes: list[Note], deck: Deck) -> None:
    sound = make_topic(deck, "sound", 2)
    do(editor, notes[:2], do="move", topic=sound.pk)
    assert said(notes, "topic__slug", "position") == [("sound", 0), ("sound", 1), ("light", 0)]
    assert list(Card.objects.filter(topic=sound).values_list("note", flat=True)) == [notes[0].pk, notes[1].pk]
    do(editor, notes, do="tag", add_tags="colour, seen", remove_tags="light")
    assert {tag.name for tag in notes[0].tags.all()} == {"colour", "seen"}
    undo_last(editor)
    assert {tag.name for tag in notes[0].tags.all()} == {"light"}
    do(editor, notes, do="archive")
    assert not Card.objects.filter(archived_at=None).exists()
    do(editor, notes, do="restore")
    assert Card.objects.filter(archived_at=None).count() == 3


@pytest.mark.parametrize(
    ("kind", "texts", "to", "expected"),
    [
        ("basic", {"question": "Q", "answer": "A"}, "reversed", ("Q", "A", "")),
        ("basic", {"question": "Q", "answer": "step size"}, "typed", ("Q", "step size", "")),
        ("basic", {"question": "Q", "answer": "A b."}, "cloze", ("Q\n\n{{c1::A b.}}", "", "")),
        ("typed", {"question": "Q", "answer": "a\nb\n! c: no"}, "basic", ("Q", "a", "Also right: b.\n\n- Not c: no")),
        ("choice", {"question": "Q", "answer": "- [x] a\n- [ ] b\n  why: No."}, "basic", ("Q", "a", "- Not b: No.")),
    ],
)
def test_kinds_change_where_it_makes_sense(
    editor: Client, topic: Topic, kind: str, texts: dict[str, str], to: str, expected: tuple[str, ...]
) -> None:
    note = make_note(topic, "one", tags=(), **{"kind": kind, **texts})
    card = note.cards.get(ordinal=1)
    do(editor, [note], do="kind", to=to)
    assert said([note], "kind", "question", "answer", "explanation") == [(to, *expected)]
    assert Card.objects.get(note=note, ordinal=1).pk == card.pk
    undo_last(editor)
    assert said([note], "kind")[0] == (kind,)


def test_a_kind_that_makes_no_sense_is_refused(editor: Client, topic: Topic) -> None:
    cloze = make_note(topic, "one", kind="cloze", question="{{c1::a}}", answer="")
    lines = make_note(topic, "two", answer="a\n\nb")
    plan = post(editor, [cloze, lines], do="kind", to="typed").context["plan"]
    assert {each.note for each in plan.refused} == {cloze, lines}


def test_duplicates_are_found_and_made_one(editor: Client, topic: Topic, notes: list[Note]) -> None:
    twin = make_note(topic, "twin", question="What is red?", answer="A colour", tags=("colour",), sources=["S01"])
    page = editor.get(reverse("decks:duplicates", args=["physics"]))
    pair = page.context["pairs"][0]
    assert {pair.first, pair.second} == {notes[0], twin}
    assert pair.is_same
    do(editor, [notes[0], twin], do="merge", keep=notes[0].pk)
    kept, gone = Note.objects.get(pk=notes[0].pk), Note.objects.get(pk=twin.pk)
    assert ({tag.name for tag in kept.tags.all()}, kept.sources) == ({"light", "colour"}, ["S01"])
    assert (kept.archived_at is None, gone.archived_at is None) == (True, False)
    assert editor.get(reverse("decks:duplicates", args=["physics"])).context["pairs"] == []
    undo_last(editor)
    assert Note.objects.get(pk=twin.pk).archived_at is None


def test_what_was_changed_meanwhile_is_looked_at_again(editor: Client, notes: list[Note]) -> None:
    data = {"do": "replace", "find": "red", "by": "crimson", **FIELDS}
    page = post(editor, notes, **data)
    do(editor, notes, do="tag", add_tags="colour")
    late = post(editor, notes, apply="1", seen=page.context["plan"].seen, **data)
    assert late.status_code == 409
    assert said(notes, "question")[0] == ("What is red?",)


def test_undoing_leaves_what_was_changed_since(editor: Client, notes: list[Note]) -> None:
    do(editor, notes, do="replace", find="What", by="Which", **FIELDS)
    do(editor, notes[:1], do="replace", find="red", by="crimson", **FIELDS)
    first = ChangeSet.objects.earliest("pk")
    undone = undo(first, None, timezone.now())
    assert (undone.restored, undone.left) == (2, ["red"])
    assert said(notes, "question")[:2] == [("Which is crimson?",), ("What is green?",)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"do": "replace", "find": "", "by": "x", **FIELDS}, "what to look for"),
        ({"do": "replace", "find": "x" * 201, "by": "x", **FIELDS}, "200"),
        ({"do": "move"}, "Choose a topic"),
        ({"do": "tag"}, "Name a tag"),
        ({"do": "kind"}, "Choose a kind"),
        ({"do": "merge", "keep": "1"}, "two notes or more"),
        ({"do": "delete"}, "delete"),
    ],
)
def test_what_is_missing_is_said(editor: Client, notes: list[Note], data: dict[str, Any], words: str) -> None:
    page = post(editor, notes[:1], **data)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_all_that_the_list_found(editor: Client, notes: list[Note]) -> None:
    page = editor.post(BULK, {"all": "1", "query": "q=red"})
    assert page.context["ids"] == [notes[0].pk]
    assert editor.post(BULK, {}).status_code == 302


def test_only_those_who_may(client: Client, bob: User, charlie: User, deck: Deck, notes: list[Note]) -> None:
    deck.owner = bob
    deck.save()
    client.force_login(charlie)
    assert post(client, notes, do="archive", apply="1").status_code == 404
    client.force_login(bob)
    assert do(client, notes, do="archive").status_code == 302
    other = Deck.objects.create(slug="other", title="Other", owner=bob)
    elsewhere = make_note(make_topic(other, "t", 1), "elsewhere")
    assert post(client, [elsewhere], do="archive").status_code == 302
    assert Note.objects.get(pk=elsewhere.pk).archived_at is None


def test_queries_do_not_grow(editor: Client, notes: list[Note], topic: Topic) -> None:
    def queries(some: list[Note], **data: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            page = post(editor, some, do="replace", find="What", by="Who", **FIELDS, **data)
        assert page.status_code == 200
        return len(captured)

    queries(notes[:1])  # the first page of a session stores it as well
    few = queries(notes[:1])
    assert queries(notes) == few


class Undone(TestCase):
    """Any edits, undone in the reverse order, leave every note as it was."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 4), st.sets(st.integers(0, 2), min_size=1)), min_size=1, max_size=5))
    def test_back_to_where_it_began(self, edits: list[tuple[int, set[int]]]) -> None:
        deck = Deck.objects.create(slug="physics", title="Physics")
        topic, other = make_topic(deck, "light", 1), make_topic(deck, "sound", 2)
        notes = [make_note(topic, f"n{number}", question=f"Ask {number}?", tags=("a",)) for number in range(3)]
        user = User.objects.create_user("erin@example.org", "correct horse")
        before, now = self.everything(), timezone.now()
        made = []
        for which, chosen in edits:
            some = [notes[number].pk for number in sorted(chosen)]
            edit: BulkEdit = [
                Replace("Ask", "Tell"),
                Move(other),
                Retag(add=["b"], remove=["a"]),
                Archive(),
                Merge(keep=some[0]),
            ][which]
            if which == 4 and len(some) < 2:
                continue
            _, change = carry_out(deck, some, edit, user, now)
            made += [change] if change else []
        for change in reversed(made):
            undo(change, user, now + timedelta(hours=1))
        assert self.everything() == before

    def everything(self) -> list[Any]:
        cards = Card.objects.order_by("pk").values_list("pk", "question_html", "topic", "position", "archived_at")
        notes = Note.objects.order_by("pk").values_list(
            "pk", "kind", "question", "answer", "topic", "position", "sources", "archived_at", "tags__name"
        )
        return [*cards, *notes]
