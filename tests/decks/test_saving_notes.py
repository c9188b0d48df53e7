import pytest

from flashcards.decks import queries
from flashcards.decks.models import Card, Deck, Note, Tag, Topic
from flashcards.decks.services import (
    archive_note,
    move_notes,
    preview,
    restore_note,
    retag_notes,
    save_deck,
    save_note,
    save_topic,
)
from flashcards.lib.errors import Refused

from .conftest import make_note, make_topic


def cards(note: Note) -> dict[int, Card]:
    return {card.ordinal: card for card in Card.objects.filter(note=note)}


def test_saving_renders_the_cards(topic: Topic) -> None:
    note = make_note(
        topic, "photon", question="What is a **photon**?", answer="A $\\gamma$.", tags=("light", "basics")
    )

    (card,) = cards(note).values()
    assert card.question_html == "<p>What is a <strong>photon</strong>?</p>"
    assert (card.deck, card.topic, card.ordinal) == (topic.deck, topic, 1)
    assert card.position == 1 * 10**9 + 0 * 10**3 + 1
    assert sorted(note.tags.values_list("name", flat=True)) == ["basics", "light"]


def test_editing_keeps_the_rows_that_memories_hang_on(topic: Topic) -> None:
    note = make_note(topic, "wave", kind="cloze", question="{{c1::a}} {{c2::b}} {{c3::c}}", answer="")
    before = cards(note)

    note.question = "{{c1::A}} {{c3::c}} {{c4::d}}"
    save_note(note, tags=[])

    after = cards(note)
    assert {ordinal: after[ordinal].pk for ordinal in (1, 2, 3)} == {
        ordinal: before[ordinal].pk for ordinal in (1, 2, 3)
    }
    assert [ordinal for ordinal, card in sorted(after.items()) if card.archived_at is None] == [1, 3, 4]

    note.question = "{{c1::A}} {{c2::b}}"
    save_note(note, tags=[])

    assert [ordinal for ordinal, card in sorted(cards(note).items()) if card.archived_at is None] == [1, 2]
    assert cards(note)[2].pk == before[2].pk


def test_a_refused_note_changes_nothing_and_names_every_problem(topic: Topic) -> None:
    note = make_note(topic, "wave", tags=("light",))

    note.question, note.answer, note.key = "$\\foo$", "a\x00", "not a key"
    with pytest.raises(Refused) as refused:
        save_note(note, tags=["a,b", "x" * 61])

    assert [problem.field for problem in refused.value.problems] == ["key", "tags", "tags", "answer"]
    stored = Note.objects.get()
    assert (stored.question, stored.key) == ("Ask wave", "wave")
    assert Tag.objects.count() == 1
    assert stored.history.count() == 1


def test_a_note_with_another_ones_key_is_refused(topic: Topic) -> None:
    make_note(topic, "wave")

    with pytest.raises(Refused, match="Another note"):
        make_note(topic, "wave")


def test_a_note_needs_a_topic_of_its_own_deck(topic: Topic) -> None:
    other = Deck(slug="other", title="Other")
    save_deck(other)
    note = Note(deck=other, topic=topic, key="x", kind="basic", question="q", answer="a")

    with pytest.raises(Refused, match="another deck"):
        save_note(note, tags=[])


def test_each_change_is_one_row_of_history_with_its_tags(topic: Topic) -> None:
    note = make_note(topic, "wave", tags=("light",))
    save_note(note, tags=["light"])
    assert note.history.count() == 1

    note.answer = "Another answer"
    save_note(note, tags=["light", "basics"])

    latest, first = note.history.all()
    assert (latest.history_type, first.history_type) == ("~", "+")
    assert sorted(row.tag.name for row in latest.tags.all()) == ["basics", "light"]
    assert [row.tag.name for row in first.tags.all()] == ["light"]


def test_texts_are_stored_tidied(topic: Topic) -> None:
    note = make_note(topic, "wave", question="\r\n\r\nAsk\r\nthis e\u0301 \n\n", answer="Say")

    assert Note.objects.get(pk=note.pk).question == "Ask\nthis é"


def test_archiving_and_restoring_bring_back_what_the_note_makes_today(topic: Topic) -> None:
    note = make_note(topic, "wave", kind="cloze", question="{{c1::a}} {{c2::b}}", answer="", tags=("light",))
    note.question = "{{c1::a}}"
    save_note(note, tags=["light"])

    archive_note(note)
    archive_note(note)
    assert not queries.live_cards(topic.deck).exists()
    assert not queries.live_notes(topic.deck).exists()
    assert not queries.tags_of(topic.deck).exists()

    restore_note(note)
    assert [card.ordinal for card in queries.live_cards(topic.deck)] == [1]
    assert [tag.name for tag in queries.tags_of(topic.deck)] == ["light"]
    assert note.history.count() == 4


def test_editing_an_archived_note_leaves_its_cards_archived(topic: Topic) -> None:
    note = make_note(topic, "wave")
    archive_note(note)

    note.answer = "New"
    save_note(note, tags=[])

    assert not queries.live_cards(topic.deck).exists()


def test_cards_follow_topics_and_moves(deck: Deck) -> None:
    first, second = make_topic(deck, "one", 1), make_topic(deck, "two", 2)
    a, b, c = make_note(first, "a"), make_note(first, "b", position=1), make_note(second, "c")

    assert [card.note.key for card in queries.live_cards(deck)] == ["a", "b", "c"]
    assert move_notes([a], second) == 1
    assert [card.note.key for card in queries.live_cards(deck)] == ["b", "c", "a"]
    assert Card.objects.get(note=a).topic == second

    first.position = 3
    save_topic(first)
    assert [card.note.key for card in queries.live_cards(deck)] == ["c", "a", "b"]
    assert list(queries.topics_of(deck)) == [second, first]
    for note in (a, b, c):
        stored = Note.objects.select_related("topic").get(pk=note.pk)
        place = stored.topic.position * 10**9 + stored.position * 10**3 + 1
        assert Card.objects.get(note=note).position == place


def test_notes_move_only_within_their_deck(topic: Topic) -> None:
    note = make_note(topic, "wave")
    other = Deck(slug="other", title="Other")
    save_deck(other)

    with pytest.raises(Refused):
        move_notes([note], make_topic(other, "elsewhere", 1))
    assert Note.objects.get().topic == topic


def test_retagging_touches_only_what_changes(topic: Topic) -> None:
    a, b = make_note(topic, "a", tags=("x",)), make_note(topic, "b", tags=("y",))

    assert retag_notes([a, b], add=["y"], remove=["x"]) == 1
    assert [tag.name for tag in a.tags.all()] == ["y"]
    assert (a.history.count(), b.history.count()) == (2, 1)


def test_a_deck_renders_its_introduction_or_is_refused(deck: Deck) -> None:
    deck.introduction = "Read $x$."
    save_deck(deck)
    assert "<math" in Deck.objects.get().introduction_html

    deck.introduction, deck.language = "$\\foo$", "english please"
    with pytest.raises(Refused) as refused:
        save_deck(deck)
    assert [problem.field for problem in refused.value.problems] == ["language", "introduction"]


def test_a_preview_stores_nothing(topic: Topic) -> None:
    faces = preview("cloze", Note(question="\r\n{{c1::a}}\r\n", answer="", explanation=""))

    assert faces[0].question_html == '<p><span class="gap">[…]</span></p>'
    assert not Note.objects.exists()
