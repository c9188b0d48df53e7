"""Decks as JSON: nothing is lost either way, and every fault is told with its place; nothing unbounded is read."""

import io
import json
import string
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.decks.checks import tidy_markdown
from flashcards.decks.formats import json_deck
from flashcards.decks.formats.json_deck import JsonDeck
from flashcards.decks.formats.json_places import MAX_DEPTH, lines_of
from flashcards.decks.formats.records import CardRecord, DeckHead, NoteRecord, ReviewRecord, TopicRecord
from flashcards.lib.errors import Refused
from flashcards.lib.text import tidy

LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1, max_size=30).map(tidy)
MARKDOWN = st.text(
    st.one_of(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), st.sampled_from('\n\t"\\{}[]')),
    max_size=50,
).map(tidy_markdown)
SLUGS = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=10)
MOMENTS = st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-(10**14), 10**14), st.floats(-1e12, 1e12), LINES)
FREE = st.dictionaries(st.text(string.ascii_lowercase, min_size=1, max_size=8), PLAIN, max_size=3)
REVIEWS = st.builds(ReviewRecord, MOMENTS, st.integers(1, 4), st.integers(0, 10**7), FREE)
CARDS = st.builds(
    CardRecord,
    st.integers(0, 99),
    st.lists(REVIEWS, max_size=3),
    st.booleans(),
    st.booleans(),
    st.one_of(FREE, st.dictionaries(SLUGS, MOMENTS, max_size=2)),
)


@st.composite
def decks(draw: st.DrawFn) -> JsonDeck:
    slugs = draw(st.lists(SLUGS, max_size=3, unique=True))
    topics = [TopicRecord(slug, draw(LINES)) for slug in slugs]
    notes = [
        NoteRecord(
            key,
            draw(st.sampled_from(["basic", "cloze", "choice"])),
            draw(MARKDOWN),
            draw(MARKDOWN),
            draw(MARKDOWN),
            draw(st.lists(LINES, max_size=2)),
            draw(st.lists(SLUGS, max_size=2)),
            draw(LINES),
            topic=draw(st.sampled_from(["", *slugs])),
            cards=draw(st.lists(CARDS, max_size=2)),
        )
        for key in draw(st.lists(SLUGS, max_size=5, unique=True))
    ]
    reviews = sum(len(card.reviews) for note in notes for card in note.cards)
    head = DeckHead(draw(LINES), draw(SLUGS), "de", draw(MARKDOWN), topics, len(notes), reviews)
    return JsonDeck(head, notes)


def written(deck: Any) -> bytes:
    out = io.BytesIO()
    json_deck.write(out, deck)
    return out.getvalue()


@settings(max_examples=150, deadline=None)
@given(deck=decks())
def test_what_is_written_is_read_again(deck: JsonDeck) -> None:
    data = written(deck)
    found = json_deck.read(data)
    assert found.problems == []
    assert found.head == deck.head
    assert found.records == deck.records
    assert [note.topic for note in found.records] == [note.topic for note in deck.records]
    assert written(found) == data
    assert json.loads(data)["version"] == 1
    lines = data.split(b"\n")
    assert all(json.dumps(note.key).encode() in lines[note.line - 1] for note in found.records)


PATH = f"/media/{'a1' * 20}.png"


class WithMedia(JsonDeck):
    def media(self, name: str) -> bytes | None:
        return b"\x89PNG" * 100 if name == PATH else None


def test_media_travel_within_the_file() -> None:
    other = f"/media/{'b2' * 20}.png"
    notes = [NoteRecord(key, question=f"![a]({PATH}) {other}", answer=f'<img src="{PATH}">') for key in "kl"]
    found = json_deck.read(written(WithMedia(DeckHead("Deck"), notes)))
    name = PATH.removeprefix("/media/")
    assert found.records[0].question == f"![a](media:{name}) {other}"
    assert found.media(name) == b"\x89PNG" * 100
    assert found.media("cat.png") is None
    assert found.head.media_count == 1


def test_too_much_media_for_json_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_deck, "MAX_MEDIA", 100)
    with pytest.raises(Refused, match="Anki package"):
        written(WithMedia(DeckHead("Deck"), [NoteRecord("k", question=PATH)]))


def test_damaged_media_are_refused_alone() -> None:
    deck = json_deck.read(
        b'{"format":"flashcards-deck","version":1,"deck":{"title":"D"},"notes":[],"media":{"a":"?"}}'
    )
    with pytest.raises(Refused, match="not Base64"):
        deck.media("a")


def file(**changes: Any) -> str:
    usual = {
        "format": "flashcards-deck", "version": 1, "deck": {"title": "Light"}, "topics": [{"slug": "t", "title": "T"}],
        "notes": [{"key": "k", "question": "Q", "answer": "A"}],
    }  # fmt: skip
    return json.dumps(usual | changes, indent=1)


def problems(text: str | bytes) -> list[tuple[str, int | None, str]]:
    try:
        found = json_deck.read(text.encode() if isinstance(text, str) else text).problems
    except Refused as refused:
        found = refused.problems
    return [(problem.field, problem.line, problem.message) for problem in found]


def test_a_small_file_is_read_with_what_is_usual() -> None:
    (note,) = json_deck.read(file().encode("utf-8-sig")).records
    assert note == NoteRecord("k", "basic", "Q", "A")
    assert problems(file()) == []


@pytest.mark.parametrize(
    ("text", "field", "line", "said"),
    [
        ("", "file", 1, "This is not JSON"),
        ('{"format": "flashcards-deck",\n"version": 1,\n oops}', "file", 3, "This is not JSON"),
        ("[]", "file", None, "no deck as JSON"),
        (file(format="other"), "file", None, "no deck as JSON"),
        (file(version=True), "file", None, "no deck as JSON"),
        (file(version=2), "/version", None, "version 2"),
        ('{"a": 1,\n"b": {"c": 1,\n"c": 2}}', "/b/c", 3, "“c” is there twice"),
        ('{"a": 1,\n"\\u0061": 2}', "/a", 2, "“a” is there twice"),
        ('{"a": [1,\nNaN]}', "/a/1", 2, "NaN is no number"),
        ('{"a": -Infinity}', "/a", 1, "-Infinity is no number"),
        ('{"a": 1e999}', "file", None, "too big"),
        ('{"a": ' + "9" * 5000 + "}", "file", None, "too big"),
        ("[" * 100_000, "/0" * MAX_DEPTH, 1, "nested more than 12 levels"),
        ('{"a":' * 100_000, "/a" * MAX_DEPTH, 1, "nested more than 12 levels"),
        (file(deck={}), "/deck/title", 4, "“title” is missing"),
        (file(deck={"title": 7}), "/deck/title", 5, "This must be a text"),
        (file(deck={"title": "a\0b"}), "/deck/title", 5, "control character"),
        (file(deck={"title": "a", "colour": "red"}), "/deck/colour", 6, "“colour” is unknown"),
        (file(extra=1), "/extra", 20, "“extra” is unknown"),
        (file(notes={}), "/notes", 13, "This must be a list"),
        (file(topics=[{"slug": "a b", "title": "T"}]), "/topics/0/slug", 9, "is no id"),
        (file(topics=[{"slug": "t", "title": "T"}] * 2), "/topics/1/slug", 13, "is there twice"),
        (file(media={"a": 7}), "/media/a", 21, "Base64"),
        (file(notes=[7]), "/notes/0", 14, "This must be an object"),
        (file(notes=[{"question": "Q"}]), "/notes/0/key", 14, "“key” is missing"),
        (file(notes=[{"key": "a b"}]), "/notes/0/key", 15, "is no id"),
        (file(notes=[{"key": "k", "question": ["Q"]}]), "/notes/0/question", 16, "This must be a text"),
        (file(notes=[{"key": "k", "question": "\ud800"}]), "/notes/0/question", 16, "lone surrogate"),
        (file(notes=[{"key": "k", "topic": "x"}]), "/notes/0/topic", 16, "There is no topic “x”"),
        (file(notes=[{"key": "k", "tags": "x"}]), "/notes/0/tags", 16, "This must be a list"),
        (file(notes=[{"key": "k", "tags": ["a", 1]}]), "/notes/0/tags/1", 18, "This must be a text"),
        (file(notes=[{"key": "k"}, {"key": "k"}]), "/notes/1/key", 18, "the key of /notes/0 already"),
        (file(notes=[{"key": "k", "cards": [{}]}]), "/notes/0/cards/0/ordinal", 17, "“ordinal” is missing"),
        (file(notes=[{"key": "k", "cards": [{"ordinal": -1}]}]), "/notes/0/cards/0/ordinal", 18, "between 0"),
        (file(notes=[{"key": "k", "cards": [{"ordinal": 0, "memory": {"a": "\0"}}]}]), "/notes/0/cards/0/memory", 19,
         "none of them a control"),
        (file(notes=[{"key": "k", "cards": [{"ordinal": 0, "memory": {"a": "x" * 5000}}]}]),
         "/notes/0/cards/0/memory", 19, "at most 4,000"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)  # fmt: skip
def test_every_fault_is_told_with_its_place(text: str, field: str, line: int | None, said: str) -> None:
    ((found_field, found_line, message), *rest) = problems(text)
    assert (found_field, found_line, rest) == (field, line, [])
    assert said in message


def test_a_review_is_checked_part_by_part() -> None:
    reviews = [
        {"at": "2026-01-31T09:30:00+01:00", "rating": 3, "ms": 900},
        {"at": "2026-01-31", "rating": 5, "ms": -1},
        {"at": 12, "rating": "3", "ms": 1.5, "extra": 0},
    ]
    note = {"key": "k", "cards": [{"ordinal": 0, "reviews": reviews}]}
    assert {field.rpartition("/reviews/")[2] for field, _, _ in problems(file(notes=[note]))} == {
        "1/at", "1/rating", "1/ms", "2/at", "2/rating", "2/ms", "2/extra",
    }  # fmt: skip
    note["cards"][0]["reviews"] = reviews[:1]  # type: ignore[index]
    (found,) = json_deck.read(file(notes=[note]).encode()).records
    assert found.cards[0].reviews == [ReviewRecord(datetime(2026, 1, 31, 8, 30, tzinfo=UTC), 3, 900)]


def test_a_note_with_a_fault_is_left_out_and_the_others_are_read() -> None:
    deck = json_deck.read(
        file(notes=[{"key": "a", "question": "Q"}, {"key": 7}, {"key": "b", "question": "R"}]).encode()
    )
    assert [note.key for note in deck.records] == ["a", "b"]
    assert [problem.field for problem in deck.problems] == ["/notes/1/key"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b" " * (json_deck.MAX_BYTES + 1), "bytes big"),
        (b"[" + b"[]," * 2_000_000, "more than 2,000,000 values"),
        (b'{"a": "\xff"}', "not UTF-8"),
        ("{}".encode("utf-16"), "not UTF-8"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_too_much_or_no_text_is_refused_before_it_is_read(data: bytes, said: str) -> None:
    ((_, _, message),) = problems(data)
    assert said in message


JSON = st.recursive(
    st.one_of(PLAIN, st.sampled_from(["flashcards-deck", 1, "k"])),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3),
        st.dictionaries(st.sampled_from(["format", "version", "deck", "notes", "key", "cards", "a/~b"]), inside),
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(value=JSON)
def test_any_json_is_read_or_refused(value: Any) -> None:
    changes = {**value, "format": "flashcards-deck", "version": 1} if isinstance(value, dict) else {"notes": [value]}
    assert problems(file(**changes)) is not None
    assert problems(json.dumps(value))


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=100), at=st.integers(0, 200))
def test_any_damage_is_read_or_refused(data: bytes, at: int) -> None:
    whole = file().encode()
    assert problems(whole[:at] + data + whole[at + len(data) :]) is not None


@settings(max_examples=100, deadline=None)
@given(value=JSON.filter(lambda value: isinstance(value, dict | list)))
def test_a_place_is_the_line_where_a_value_stands(value: Any) -> None:
    text = json.dumps({"first": 1, "it": value}, indent=1)
    assert lines_of(text, {"/it", "/it/missing/deeper"}) == {"/it": 3, "/it/missing/deeper": 3}
