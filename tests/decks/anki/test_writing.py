"""Packages that we write, judged by Anki: it takes them without a complaint, and shows what we show."""

import json
import re
import sqlite3
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from flashcards.decks import kinds
from flashcards.decks.formats.anki.card_html import CardHtml
from flashcards.decks.formats.anki.collection_file import checksum, plain_field
from flashcards.decks.formats.anki.packed_media import PackedMedia
from flashcards.decks.formats.anki.source_field import facts_of, is_as_written, read_source, tags_back
from flashcards.decks.formats.anki.writing import write_package
from flashcards.decks.formats.records import CardRecord, DeckHead, NoteRecord, ReviewRecord, TopicRecord
from flashcards.decks.kinds.filling import GapText
from flashcards.decks.kinds.gaps import find_gaps
from flashcards.lib.errors import Refused
from tests.decks.anki.every_kind import FIGURE, ONE_OF_EACH, SOUND, decks
from tests.decks.anki.judge import NOW, PIXEL, MemorySource, collection, judged, note_of, take, write

HEAD = DeckHead(
    "Physics",
    "physics",
    "en",
    "About **light** & $x$.",
    [TopicRecord("light", "Light"), TopicRecord("matter", "Matter")],
)
CUE = re.compile(r"\[:?(?:\.\.\.|hint|5|a|\\text)")
FILES = {FIGURE: PIXEL, SOUND: b"ID3"}
SETTINGS = settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return tmp_path / "deck.apkg"


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Any]:
    with collection(tmp_path / "anki") as opened:
        yield opened


def every_kind(package: Path) -> Any:
    return write(package, *ONE_OF_EACH, head=HEAD, files=FILES)


def basic(key: str, **fields: Any) -> NoteRecord:
    return NoteRecord(key, question=f"Ask {key}", answer="Say", **fields)


def shown(html: str) -> str:
    """Return what is left of a side's HTML of Anki's when styles, tags, sounds and spaces are gone."""
    text = re.sub(r"<style>.*?</style>|<script>.*?</script>|<!--.*?-->|<[^>]*>", "", html, flags=re.DOTALL)
    return re.sub(r"[\s{}]|\[sound:89abcdef\w+\.mp3\]|\[anki:play:[aq]:\d+\]", "", unescape(text))


class Nowhere:
    """A package that forgets what is written."""

    def write(self, name: str, data: bytes) -> None:
        """Do nothing."""


def test_anki_takes_every_kind_without_a_complaint(package: Path, anki: Any) -> None:
    written = every_kind(package)

    assert (written.notes, written.cards, written.media, written.reviews) == (7, 11, 1, 0)
    judged(anki, package, written)
    for note in ONE_OF_EACH:
        cards = [card.ord + 1 for card in note_of(anki, note.key).cards()]
        assert cards == [face.ordinal for face in kinds.get(note.kind).faces(note)]


@SETTINGS
@given(notes=decks)
def test_any_notes_arrive_with_their_cards_and_texts(notes: list[NoteRecord], tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("any")
    written = write(folder / "any.apkg", *notes, head=HEAD, files=FILES)

    with collection(folder / "anki") as anki:
        judged(anki, folder / "any.apkg", written)
        for note in notes:
            stored = note_of(anki, note.key)
            assert [card.ord + 1 for card in stored.cards()] == [
                face.ordinal for face in kinds.get(note.kind).faces(note)
            ]
            source = read_source(stored["Source"])
            assert source is not None
            for name in ("key", "kind", "question", "answer", "explanation", "reference", "sources"):
                assert source[name] == getattr(note, name)
            assert all(is_as_written(source, name, html) for name, html in stored.items() if name != "Source")
            assert sorted(tags_back(source, stored.tags)) == sorted(note.tags)
            assert not re.search(r"\[sound:(?!89abcdef)", " ".join(stored.values()))


@SETTINGS
@given(notes=decks)
def test_gaps_hide_and_show_the_same_in_anki(notes: list[NoteRecord], tmp_path_factory: Any) -> None:
    clozes = [note for note in notes if note.kind == "cloze"]
    folder = tmp_path_factory.mktemp("gaps")
    write(folder / "gaps.apkg", *clozes, files=FILES)

    with collection(folder / "anki") as anki:
        take(anki, folder / "gaps.apkg")
        for note in clozes:
            gaps, _ = find_gaps(note.question, "question")
            html = GapText(note.question, gaps, field="question").shown()
            stored = note_of(anki, note.key)
            plain = CardHtml(PackedMedia(lambda _path: PIXEL, Nowhere())).converted(html)
            expected = shown(plain) + shown(stored["Explanation"]) + shown(stored["Reference"])
            for card in stored.cards():
                assert shown(card.answer()) == expected
                assert len(CUE.findall(shown(card.question()))) >= sum(gap.number == card.ord + 1 for gap in gaps)


def test_formulas_become_mathjax_and_a_gap_s_braces_stay_apart(package: Path, anki: Any) -> None:
    every_kind(package)
    take(anki, package)

    assert note_of(anki, "photon")["Answer"] == r"<p>A quantum of light: \(E = h \nu\).</p>"
    assert note_of(anki, "photon")["Explanation"] == r"<p>See \[\frac{a_{1}}{b^{2}}\]</p>"
    assert note_of(anki, "speed")["Text"] == (
        r"<p>Light is {{c1::fast::how?}}: \(c = {{c2::\frac{1}{\sqrt{\mu_{0}\varepsilon_{0} } } }}\)"
        r" and <code>{{c12::a::b}}</code>.</p>"
    )
    assert re.search(r"\\\(\d+\.0\D?\\%\\\) of \\\(\d\d\\\) J", note_of(anki, "energy")["Question"])


def test_what_an_author_writes_is_no_gap_sound_or_formula_of_anki_s(package: Path, anki: Any) -> None:
    odd = "[sound:a.mp3] [latex]x[/latex] \\\\(x\\\\) `[$]x[/$]` {\\{c7::x}}"
    written = write(package, NoteRecord("odd", "cloze", f"{odd} {{{{c1::gap}}}}", "", odd, reference=odd))

    judged(anki, package, written)
    note = note_of(anki, "odd")
    assert [card.ord for card in note.cards()] == [0]
    assert not re.search(
        r"\[sound:|\[latex\]|\[\$\]|\\\(|\{\{c7", note["Text"] + note["Explanation"] + note["Reference"]
    )
    assert "[soundam" in shown(note.cards()[0].answer()).replace(":", "") or "[sound" in shown(
        note.cards()[0].answer()
    )


def test_an_occlusion_is_one_for_anki_s_own_editor(package: Path, anki: Any) -> None:
    every_kind(package)
    take(anki, package)

    note = note_of(anki, "prism")
    seen = anki.get_image_occlusion_note(note_id=note.id).note
    assert (seen.image_file_name, seen.image_data) == (Path(FIGURE).name, PIXEL)
    assert seen.occlude_inactive is False
    boxes = [
        (one.ordinal, *(float(each.value) for each in shape.properties[:4]))
        for one in seen.occlusions
        for shape in one.shapes
    ]
    assert sorted(boxes) == [(1, 0.125, 0.3, 0.18, 0.09), (1, 0.6, 0.01, 0.09, 0.09), (3, 0.4, 0.30125, 0.005, 0.09)]
    first, third = note.cards()
    assert 'data-ordinal="1">in {{b}<!-- -->' in first.answer()
    assert 'data-ordinal="3">out:<!-- -->:side' in third.answer()


def test_typed_answers_are_typed_in_anki(package: Path, anki: Any) -> None:
    every_kind(package)
    take(anki, package)

    note = note_of(anki, "name")
    assert "[[type:Answer]]" in note.cards()[0].question()
    assert note["Answer"] == "Albert Einstein"


def test_the_right_options_are_marked_on_the_back_alone(package: Path, anki: Any) -> None:
    every_kind(package)
    take(anki, package)

    note = note_of(anki, "spin")
    assert note["Options"] == r'<ul class="options"><li>\(1\)</li><li>\(\frac12\)</li><li>none</li></ul>'
    assert r'<li class="right">\(1\)</li>' in note["Answer"]
    assert "<strong>an electron's</strong> <p>That is the <em>electron</em>.</p>" in note["Answer"]


def test_media_are_packed_once_under_names_of_their_own(package: Path, anki: Any) -> None:
    files = {
        "/media/a/cat.png": PIXEL,
        "/static/b/cat.png": PIXEL + b"other",
        "/static/c/a%20cat's%20%C3%A9.png": b"third",
        "/media/d/cat.png": PIXEL,
    }
    notes = [
        NoteRecord(f"n{index}", question=f"![a cat]({path})", answer=f"Again ![a cat]({path})")
        for index, path in enumerate(files)
    ]
    written = write(package, *notes, files=files)

    assert written.media == 3
    judged(anki, package, written)
    for note in notes:
        stored = note_of(anki, note.key)
        source = read_source(stored["Source"])
        assert source is not None
        ((path, name),) = source["media"].items()
        assert f'src="{name}"' in stored["Question"]
        assert re.fullmatch(r"[a-zA-Z0-9-]+\.png", name)
        assert Path(anki.media.dir(), name).read_bytes() == files[path]


def test_a_sound_is_one_for_anki(package: Path, anki: Any) -> None:
    path = f"/media/{'ab' * 20}.mp3"
    written = write(
        package, NoteRecord("heard", question=f'What? <audio src="{path}"></audio>', answer="A"), files={path: b"ID3"}
    )

    judged(anki, package, written)
    assert note_of(anki, "heard")["Question"] == f"<p>What? [sound:{'ab' * 20}.mp3]</p>"
    assert [tag.filename for tag in note_of(anki, "heard").cards()[0].question_av_tags()] == [f"{'ab' * 20}.mp3"]


def test_words_stand_for_an_image_that_is_missing(package: Path, anki: Any) -> None:
    written = write(package, NoteRecord("gone", question="![a cat](/media/gone.png)", answer="![](/media/gone.png) x"))

    judged(anki, package, written)
    assert note_of(anki, "gone")["Question"] == "<p><em>a cat</em></p>"
    assert note_of(anki, "gone")["Answer"] == "<p><em>…</em> x</p>"


def test_topics_are_subdecks_and_the_introduction_the_description(package: Path, anki: Any) -> None:
    topics = [
        TopicRecord("a", "Same"),
        TopicRecord("b", "same"),
        TopicRecord("c", 'C::C++ "x"'),
        TopicRecord("d", "Nobody's"),
    ]
    head = DeckHead("My: :::deck", "mine", "de", "*Hello* & $x$\n\n- one", topics)
    written = write(package, *(basic(slug or "none", topic=slug) for slug in ("a", "b", "c", "")), head=head)

    judged(anki, package, written)
    names = {deck.name for deck in anki.decks.all_names_and_ids()} - {"Default"}
    root = "My: : : :deck"
    assert names == {root, f"{root}::Same", f"{root}::same (b)", f"{root}::C: :C++ x"}
    assert {key: anki.decks.name(note_of(anki, key, "mine").cards()[0].did) for key in ("b", "none")} == {
        "b": f"{root}::same (b)",
        "none": root,
    }
    described = anki.decks.by_name(root)
    assert (described["desc"], described["md"]) == ("*Hello* & $x$\n\n- one", True)


def test_tags_keep_their_real_names_in_the_source(package: Path, anki: Any) -> None:
    write(package, basic("tagged", tags=["deep learning", "deep_learning", "x::y", "a\u3000b", "::"]))
    take(anki, package)

    note = note_of(anki, "tagged")
    assert sorted(note.tags) == ["_::_", "a_b", "deep_learning", "x::y"]
    source = read_source(note["Source"])
    assert source is not None
    assert tags_back(source, note.tags) == ["deep learning", "deep_learning", "x::y", "a\u3000b", "::"]
    assert tags_back(source, ["X::Y", "new"]) == ["x::y", "new"]


def history() -> list[ReviewRecord]:
    start = NOW - timedelta(days=20)
    return [
        ReviewRecord(start, 3, 4_000, {"id": "r1", "state_before": 0, "interval_seconds": 600, "difficulty": 5.0}),
        ReviewRecord(
            start + timedelta(minutes=10), 3, 2_500,
            {"id": "r2", "state_before": 1, "interval_seconds": 5 * 86_400, "difficulty": 4.6},
        ),
        ReviewRecord(
            start + timedelta(days=5), 1, 9_000, {"state_before": 2, "interval_seconds": 600, "difficulty": 7.3}
        ),
        ReviewRecord(
            start + timedelta(days=5, minutes=10), 2, 700,
            {"state_before": 3, "interval_seconds": 30 * 86_400, "difficulty": 10.0, "given": {"text": "x"}},
        ),
    ]  # fmt: skip


def test_history_goes_along(package: Path, anki: Any) -> None:
    due = date(2026, 4, 1)
    memory = {
        "state": 2, "stability": 31.23456, "difficulty": 7.2, "due": due, "interval_days": 30, "reps": 4, "lapses": 1,
    }  # fmt: skip
    note = basic("known", cards=[CardRecord(1, history(), is_starred=True, memory=memory)])
    written = write(package, note)

    assert written.reviews == 4
    judged(anki, package, written)
    rows = anki.db.all("select ease, ivl, lastIvl, factor, time, type from revlog order by id")
    assert rows == [
        [3, -600, 0, 544, 4000, 0],
        [3, 5, -600, 500, 2500, 0],
        [1, -600, 5, 800, 9000, 1],
        [2, 30, -600, 1100, 700, 2],
    ]
    (card,) = note_of(anki, "known").cards()
    assert (card.type, card.queue, card.ivl, card.reps, card.lapses, card.user_flag()) == (2, 2, 30, 4, 1, 2)
    assert (card.memory_state.stability, card.memory_state.difficulty) == pytest.approx((31.2346, 7.2))
    assert card.due - anki.sched.today == (due - datetime.now(UTC).astimezone().date()).days
    source = read_source(note_of(anki, "known")["Source"])
    assert source is not None
    facts = facts_of(source, 1)
    assert [facts[row][0] for row in sorted(facts)] == anki.db.list("select id from revlog order by id")
    assert [facts[row][1] for row in sorted(facts)] == [review.facts for review in history()]


def test_reviews_at_the_same_moment_keep_their_exact_time(package: Path, anki: Any) -> None:
    reviews = [ReviewRecord(NOW, 3, 1_000, {"id": str(index)}) for index in range(3)]
    written = write(package, *(basic(f"n{i}", cards=[CardRecord(1, [one])]) for i, one in enumerate(reviews)))

    judged(anki, package, written)
    moment = int(NOW.timestamp() * 1000)
    assert anki.db.list("select id from revlog order by id") == [moment, moment + 1, moment + 2]
    for index in range(3):
        source = read_source(note_of(anki, f"n{index}")["Source"])
        assert source is not None
        assert facts_of(source, 1) == {moment + index: (moment, {"id": str(index)})}


@pytest.mark.parametrize(
    ("memory", "suspended", "expected"),
    [
        ({"state": 0}, False, (0, 0, 0)),
        ({"state": 0}, True, (0, -1, 0)),
        ({"state": 1, "due": NOW + timedelta(minutes=10), "stability": 0.4, "difficulty": 6}, False, (1, 1, 0)),
        ({"state": 3, "due": NOW.date(), "interval_days": 4, "stability": 2, "difficulty": 6}, False, (3, 3, 4)),
        (
            {"state": 2, "due": NOW + timedelta(days=9), "interval_days": 9, "stability": 9.5, "difficulty": 6},
            True,
            (2, -1, 9),
        ),
    ],
)
def test_every_state_of_a_card(
    memory: dict[str, Any], suspended: bool, expected: tuple[int, ...], package: Path, anki: Any
) -> None:
    reviews = history()[:1] if memory["state"] else []
    written = write(package, basic("one", cards=[CardRecord(1, reviews, suspended, memory=memory)]))

    judged(anki, package, written)
    (card,) = note_of(anki, "one").cards()
    assert (card.type, card.queue, card.ivl) == expected
    if isinstance(due := memory.get("due"), datetime) and memory["state"] == 1:
        assert card.due == int(due.timestamp())


def test_without_a_memory_the_last_review_says_where_a_card_stands(package: Path, anki: Any) -> None:
    written = write(package, basic("one", cards=[CardRecord(1, history())]))

    judged(anki, package, written)
    (card,) = note_of(anki, "one").cards()
    assert (card.type, card.queue, card.ivl, card.reps, card.lapses) == (2, 2, 30, 4, 1)


def test_options_carry_the_desired_retention(package: Path, anki: Any) -> None:
    written = write_package(package, MemorySource([basic("one")]), desired_retention=0.87, now=NOW)

    judged(anki, package, written, with_options=True)
    deck = anki.decks.by_name("Physics")
    assert anki.decks.config_dict_for_deck_id(deck["id"])["desiredRetention"] == pytest.approx(0.87)


def test_a_second_import_updates_and_doubles_nothing(package: Path, anki: Any, tmp_path: Path) -> None:
    judged(anki, package, every_kind(package))
    types = sorted(each.name for each in anki.models.all_names_and_ids())
    later = tmp_path / "later.apkg"
    changed = [NoteRecord("photon", question="Changed?", answer="Yes", topic="light"), *ONE_OF_EACH[1:]]
    source = MemorySource(changed, HEAD, FILES)
    write_package(later, source, now=NOW + timedelta(days=1))

    log = take(anki, later)

    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 7, 0)
    assert note_of(anki, "photon")["Question"] == "<p>Changed?</p>"
    assert (anki.note_count(), anki.card_count()) == (7, 11)
    assert sorted(each.name for each in anki.models.all_names_and_ids()) == types


def test_the_same_deck_at_the_same_moment_is_the_same_file(tmp_path: Path) -> None:
    every_kind(tmp_path / "one.apkg")
    every_kind(tmp_path / "two.apkg")

    assert (tmp_path / "one.apkg").read_bytes() == (tmp_path / "two.apkg").read_bytes()


def test_a_note_that_can_t_be_shown_leaves_no_file(package: Path) -> None:
    with pytest.raises(Refused):
        write(package, basic("fine"), NoteRecord("bad", question="$\\nonsense$", answer="x"))

    assert list(package.parent.iterdir()) == []


def test_rendered_cards_are_taken_as_they_are(package: Path, anki: Any) -> None:
    note = basic("row")
    faces = kinds.get("basic").faces(NoteRecord("row", question="Rendered", answer="Before"))
    written = write_package(package, MemorySource([note]), faces=lambda _note: faces, now=NOW)

    judged(anki, package, written)
    assert note_of(anki, "row")["Question"] == "<p>Rendered</p>"


def test_memory_does_not_grow_with_the_deck(tmp_path: Path) -> None:
    faces = kinds.get("basic").faces(basic("one"))

    class Long(MemorySource):
        def notes(self) -> Iterator[NoteRecord]:
            return (basic(f"n{index}", explanation="x" * 2_000) for index in range(3_000))

    tracemalloc.start()
    try:
        write_package(tmp_path / "long.apkg", Long([]), faces=lambda _note: faces, now=NOW)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 3_000 * 2_000 / 2


def test_an_empty_deck_is_a_package_as_well(package: Path, anki: Any) -> None:
    judged(anki, package, write(package, head=DeckHead("", "empty")))


FIELDS = [
    "plain",
    "a &amp; b &lt; c",
    '<p>x <img src="a b.png"> y</p>',
    "<b>1</b>",
    "12",
    "x&nbsp;y",
    "<!-- c -->é",
    "\\(x\\)",
]


def test_sort_field_and_checksum_are_anki_s(anki: Any) -> None:
    for front in FIELDS:
        note = anki.new_note(anki.models.by_name("Basic"))
        note["Front"] = front
        anki.add_note(note, 1)
        plain, number = anki.db.first("select cast(sfld as text), csum from notes where id = ?", note.id)
        assert (plain_field(front), checksum(plain_field(front))) == (plain, number)


def test_the_package_is_what_older_programs_read(package: Path, tmp_path: Path) -> None:
    every_kind(package)

    with zipfile.ZipFile(package) as opened:
        assert json.loads(opened.read("media")) == {"0": Path(FIGURE).name}
        opened.extract("collection.anki21", tmp_path)
    found = sqlite3.connect(tmp_path / "collection.anki21")
    assert found.execute("pragma integrity_check").fetchone() == ("ok",)
    version, models = found.execute("select ver, models from col").fetchone()
    assert version == 11
    assert {each["name"].split()[0] for each in json.loads(models).values()} == {"Flashcards"}
    assert all(each["flds"][-1]["name"] == "Source" for each in json.loads(models).values())
    sides = [
        side for each in json.loads(models).values() for one in each["tmpls"] for side in (one["qfmt"], one["afmt"])
    ]
    assert not any("Source" in side for side in sides)
    found.close()


@given(changed=st.text(max_size=40))
def test_a_source_that_was_edited_is_read_or_refused(changed: str) -> None:
    assert read_source(changed) is None
    assert read_source(f'{{"v":1,"key":{json.dumps(changed)}}}') is None
    assert read_source("[" * 100_000) is None
