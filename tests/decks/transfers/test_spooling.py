"""What reading finds: counts, first cards, problems with their places; nothing is stored, memory is bounded."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flashcards.decks.formats.records import CardRecord, DeckRecord, NoteRecord, ReviewRecord, TopicRecord
from flashcards.decks.models import Deck
from flashcards.decks.transfers import spooling
from flashcards.decks.transfers.readers import WholeDeck, guess_format
from flashcards.decks.transfers.reading import Reading
from flashcards.decks.transfers.spool import Spool
from flashcards.lib.errors import Problem, Refused

pytestmark = pytest.mark.django_db


def read(notes: list[NoteRecord], folder: Path, **head: Any) -> tuple[dict[str, Any], list[Problem]]:
    for note in notes:
        note.topic = "t"
    whole = DeckRecord(**{"slug": "d", "title": "D", **head}, topics=[TopicRecord("t", "T", notes)])
    return spooling.spool(Reading(WholeDeck(whole)), folder, lambda _done, _total: None)


def basic(key: str, **fields: Any) -> NoteRecord:
    return NoteRecord(key, **{"question": f"Ask {key}", "answer": f"Say {key}", **fields})


def test_it_counts_and_shows_the_first_twenty_cards(var_folder: Path) -> None:
    notes = [basic(f"n{number}", tags=["a", f"b{number % 3}"]) for number in range(30)]
    found, problems = read([*notes, basic("c", kind="cloze", question="{{c1::a}} {{c2::b}}", answer="")], var_folder)
    assert problems == []
    assert found["notes"] == 31
    assert found["cards"] == {"basic": 30, "cloze": 2}
    assert (found["card_count"], found["tags"], found["topics"]) == (32, 4, ["T"])
    assert [card["key"] for card in found["sample"]] == [f"n{number}" for number in range(20)]
    assert not Deck.objects.exists()


def test_each_problem_says_where(var_folder: Path) -> None:
    notes = [
        basic("good"), basic("bad key", line=7), basic("good", line=9), basic("tags", tags=["x" * 61], line=12),
        basic("empty", answer="", line=15, lines={"answer": 17}), basic("odd", kind="clothes", line=20),
        basic("source", sources=["a b"], line=25),
    ]  # fmt: skip
    found, problems = read(notes, var_folder)
    assert (found["notes"], found["left_out"], found["problem_count"]) == (1, 6, 6)
    assert [problem.line for problem in problems] == [7, 9, 12, 17, 20, 25]
    assert "twice" in problems[1].message


def test_of_many_problems_five_hundred_are_kept_and_all_counted(var_folder: Path) -> None:
    notes = [basic("good"), *(basic(f"n{number}", answer="") for number in range(700))]
    found, problems = read(notes, var_folder)
    assert len(problems) == 500
    assert (found["problem_count"], found["left_out"]) == (700, 700)


def test_nothing_to_take_is_refused_with_the_reasons(var_folder: Path) -> None:
    with pytest.raises(Refused, match="missing"):
        read([basic("a", answer="")], var_folder)
    with pytest.raises(Refused, match="no note"):
        read([], var_folder)


def test_too_many_notes_are_refused_before_they_are_read(var_folder: Path) -> None:
    class Huge(WholeDeck):
        def notes(self) -> Any:
            raise AssertionError

    source = Huge(DeckRecord("d", "D"))
    source.head.note_count = 1_000_000
    with pytest.raises(Refused, match="100,000"):
        spooling.spool(Reading(source), var_folder, lambda _done, _total: None)


def test_too_many_notes_are_refused_while_they_are_read(var_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "MAX_NOTES", 3)
    with pytest.raises(Refused, match="more than 3"):
        read([basic(f"n{number}") for number in range(4)], var_folder)


def test_titles_and_languages_that_cannot_be_stored_are_made_to_fit(var_folder: Path) -> None:
    read([basic("a")], var_folder, title=" A\nlong\x00 title " + "x" * 300, language="klingon!", slug="no slug")
    deck = Spool(var_folder).deck()
    assert deck.title.startswith("A long title xxx")
    assert len(deck.title) == 200
    assert (deck.language, deck.slug) == ("en", "")


def test_an_introduction_that_cannot_be_shown_is_told_and_left_out(var_folder: Path) -> None:
    _, problems = read([basic("a")], var_folder, introduction="$\\frac{1$")
    assert [problem.field for problem in problems] == ["introduction"]
    assert Spool(var_folder).deck().introduction == ""


def test_what_was_learnt_comes_back_as_it_went_in(var_folder: Path) -> None:
    moment = datetime(2026, 3, 1, 12, 30, 15, 250_000, tzinfo=UTC)
    review = ReviewRecord(moment, 3, 4200, {"day": 5})
    card = CardRecord(1, [review], is_suspended=True, memory={"due": moment, "stability": 4.5})
    found, _ = read([basic("a", cards=[card])], var_folder)
    assert found["reviews"] == 1
    [note] = Spool(var_folder).notes()
    assert note.record.cards == [card]


@pytest.mark.parametrize(
    ("name", "start", "expected"),
    [
        ("a.apkg", b"PK\x03\x04", "anki"),
        ("a.colpkg", b"anything", "anki"),
        ("a.zip", b"PK\x03\x04collection.anki2", "anki"),
        ("a.xlsx", b"PK\x03\x04[Content_Types].xml", "table"),
        ("a.bin", b"PK\x03\x04[Content_Types].xml", "table"),
        ("a.txt", b"\xef\xbb\xbf---\ndeck: a\n", "text"),
        ("a.md", b"# Hello", "text"),
        ("a.csv", b"a,b", "table"),
        ("a.tsv", b"a\tb", "table"),
        ("a.json", b"{", "json"),
        ("a", b'{"format":', "json"),
        ("a.txt", b"a - b", "list"),
        ("", b"", "list"),
    ],
)
def test_what_a_file_is(name: str, start: bytes, expected: str) -> None:
    assert guess_format(name, start) == expected
