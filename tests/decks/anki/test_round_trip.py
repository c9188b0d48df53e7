"""Ours → package → Anki → package → ours: nothing is lost, compared field by field, history included."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from flashcards.decks import kinds
from flashcards.decks.figures import figures
from flashcards.decks.formats import text
from flashcards.decks.formats.anki.reading import open_package
from flashcards.decks.formats.anki.writing import write_package
from flashcards.decks.formats.records import CardRecord, DeckHead, NoteRecord, ReviewRecord, TopicRecord
from tests.decks.anki.every_kind import FIGURE, ONE_OF_EACH, SOUND, decks
from tests.decks.anki.judge import NOW, PIXEL, MemorySource, collection, export, judged, write

FILES = {FIGURE: PIXEL, SOUND: b"ID3"}
TOPICS = [TopicRecord("light", "Light: waves & more"), TopicRecord("matter", "matter")]
SETTINGS = settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def read_back(package: Path) -> tuple[DeckHead, list[NoteRecord]]:
    """Return what a package holds; stored media go by their paths again."""
    with open_package(package, history=True) as source:
        notes = list(source.notes())
        assert source.problems == []
        for note in notes:
            for name in kinds.FIELDS:
                setattr(note, name, getattr(note, name).replace("media:", "/media/"))
        return source.head, notes


def learnt(card: CardRecord) -> dict[str, Any]:
    """Return what must come back of a card's history, but for what Anki rounds."""
    memory = {name: card.memory.get(name) for name in ("state", "due", "interval_days")} if card.memory else {}
    if card.memory.get("state") == 0:
        memory = {}
    due = memory.get("due")
    if card.is_suspended and memory.get("state") in {1, 3} and due and not isinstance(due, datetime):
        memory["due"] = datetime.combine(due, time(4, tzinfo=UTC))
    return {
        "ordinal": card.ordinal,
        "reviews": card.reviews,
        "suspended": card.is_suspended,
        "starred": card.is_starred,
        "memory": {name: value for name, value in memory.items() if value},
    }


def compare(head: DeckHead, notes: Sequence[NoteRecord], package: Path) -> None:
    """Fail if a package does not hold exactly these notes."""
    found, came_back = read_back(package)
    assert (found.slug, found.title, found.language, found.introduction) == (
        head.slug, head.title, head.language, head.introduction,
    )  # fmt: skip
    used = dict.fromkeys(note.topic for note in notes)
    titles = {topic.slug: topic.title for topic in head.topics}
    assert [(topic.slug, topic.title) for topic in found.topics] == [(slug, titles[slug]) for slug in used]
    assert [note.key for note in came_back] == [note.key for note in notes]
    for came, went in zip(came_back, notes, strict=True):
        assert came.topic == went.topic
        assert came.warnings == []
        assert replace(came, cards=[]) == replace(went, cards=[])
        cards = {card.ordinal: card for card in came.cards}
        for card in went.cards:
            other = cards.pop(card.ordinal)
            assert learnt(other) == learnt(card)
            for name, places in (("stability", 1e-4), ("difficulty", 1e-3)):
                # Four and three decimals, in numbers of 32 bits.
                assert other.memory.get(name, 0) == pytest.approx(card.memory.get(name, 0), abs=places, rel=1e-6)
        assert not any(card.reviews or card.memory or card.is_suspended or card.is_starred for card in cards.values())


def there_and_back(head: DeckHead, notes: Sequence[NoteRecord], files: dict[str, bytes], folder: Path) -> None:
    """Send notes through Anki, and compare what its packages of either format hold."""
    written = write_package(folder / "ours.apkg", MemorySource(notes, head, files), now=NOW)
    compare(head, notes, folder / "ours.apkg")
    with collection(folder / "anki") as anki:
        judged(anki, folder / "ours.apkg", written)
        for legacy in (True, False):
            export(anki, folder / "theirs.apkg", legacy=legacy)
            compare(head, notes, folder / "theirs.apkg")
            with open_package(folder / "theirs.apkg", history=False) as source:
                for path, data in files.items():
                    if path.startswith("/media/") and any(
                        path in f"{one.question}{one.answer}{one.explanation}" for one in notes
                    ):
                        assert source.media(Path(path).name) == data


def test_every_kind_comes_back_as_it_was(tmp_path: Path) -> None:
    head = DeckHead("Physics: a start", "physics", "de", "About **light** & $x$.\n\n- one", TOPICS)
    there_and_back(head, ONE_OF_EACH, FILES, tmp_path)


def test_the_built_in_deck_comes_back_as_it_was(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    deck = text.parse((pytestconfig.rootpath / "fixtures" / "deep-learning.md").read_bytes())
    for topic in deck.topics:
        for note in topic.notes:
            note.topic = topic.slug
    drawn = {f"/static/figures/deep-learning/{name}.svg": draw().encode() for name, draw in figures().items()}
    head = DeckHead(deck.title, deck.slug, deck.language, deck.introduction, deck.topics)

    written = write_package(tmp_path / "deck.apkg", MemorySource(deck.notes(), head, drawn), now=NOW)

    shown = "\n".join(f"{note.question}{note.answer}{note.explanation}" for note in deck.notes())
    assert (written.notes, written.cards) == (557, 754)
    assert written.media == sum(path in shown for path in drawn)
    with collection(tmp_path / "anki") as anki:
        judged(anki, tmp_path / "deck.apkg", written)
        assert len(anki.decks.all_names_and_ids()) == len(deck.topics) + 2
        assert not anki.find_notes("<math")
        for legacy in (True, False):
            export(anki, tmp_path / "theirs.apkg", legacy=legacy)
            compare(head, deck.notes(), tmp_path / "theirs.apkg")


_moments = st.integers(0, 10 * 365 * 86_400_000).map(lambda ms: NOW - timedelta(milliseconds=ms))
_facts = st.fixed_dictionaries(
    {},
    optional={
        "id": st.uuids().map(str),
        "state_before": st.integers(0, 3),
        "interval_seconds": st.integers(1, 100 * 365 * 86_400),
        "stability": st.floats(0.01, 36_500),
        "difficulty": st.floats(1, 10),
        "given": st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.none() | st.booleans(), max_size=2),
        "verdict": st.sampled_from(["", "right", "wrong {{c1::x}} [sound:x]"]),
    },
)
_reviews = st.lists(
    st.builds(ReviewRecord, _moments, st.integers(1, 4), st.integers(0, 3_600_000), _facts), max_size=4
).map(lambda reviews: sorted(reviews, key=lambda review: review.answered_at))


@st.composite
def _cards(draw: st.DrawFn, ordinal: int) -> CardRecord:
    state = draw(st.integers(0, 3))
    memory: dict[str, Any] = {"state": state}
    if state:
        memory |= {"stability": draw(st.floats(0.01, 36_500)), "difficulty": draw(st.floats(1, 10))}
        memory |= {"reps": draw(st.integers(1, 99)), "lapses": draw(st.integers(0, 9))}
        seconds = draw(st.integers(-86_400, 86_400))
        at = datetime.fromtimestamp(int(NOW.timestamp()) + seconds, UTC)
        day = (NOW + timedelta(days=draw(st.integers(-400, 36_500 if state == 2 else 400)))).date()
        memory["due"] = day if state == 2 else draw(st.sampled_from([at, day]))
        memory["interval_days"] = 0 if state == 1 else draw(st.integers(1, 36_500))
    reviews = draw(_reviews) if state else []
    return CardRecord(ordinal, reviews, draw(st.booleans()), draw(st.booleans()), memory)


@st.composite
def _learnt(draw: st.DrawFn) -> list[NoteRecord]:
    notes = draw(decks)
    for note in notes:
        note.topic = note.topic or "matter"
        ordinals = [face.ordinal for face in kinds.get(note.kind).faces(note)]
        for ordinal in draw(st.lists(st.sampled_from(ordinals), unique=True, max_size=3)):
            note.cards.append(draw(_cards(ordinal)))
    return notes


@SETTINGS
@given(notes=_learnt())
def test_any_notes_come_back_as_they_were(notes: list[NoteRecord], tmp_path_factory: pytest.TempPathFactory) -> None:
    there_and_back(DeckHead("Physics", "physics", "en", "", TOPICS), notes, FILES, tmp_path_factory.mktemp("trip"))


def test_what_was_edited_in_anki_comes_along_and_the_rest_stays(tmp_path: Path) -> None:
    written = write(
        tmp_path / "ours.apkg", *ONE_OF_EACH, head=DeckHead("Physics", "physics", topics=TOPICS), files=FILES
    )
    with collection(tmp_path / "anki") as anki:
        judged(anki, tmp_path / "ours.apkg", written)
        note = anki.get_note(anki.db.scalar("select id from notes where guid = 'physics:photon'"))
        note["Answer"] = r"Light, <b>packed</b>: \(E\)"
        note.tags = [*note.tags, "added"]
        anki.update_note(note)
        export(anki, tmp_path / "theirs.apkg", legacy=False)

    _, notes = read_back(tmp_path / "theirs.apkg")
    photon, *others = notes
    assert photon.answer == "Light, **packed**: $E$"
    assert photon.tags == ["deep light", "basics", "added"]
    assert photon.explanation == ONE_OF_EACH[0].explanation
    assert [replace(each, cards=[]) for each in others] == ONE_OF_EACH[1:]
