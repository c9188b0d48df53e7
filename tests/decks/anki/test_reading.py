"""Packages that Anki wrote are read, in all its forms: what a note asked there, it asks here."""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from flashcards.decks import kinds
from flashcards.decks.formats.anki.reading import open_package
from flashcards.decks.formats.anki.reading.fields import local
from flashcards.decks.formats.records import CardRecord, DeckHead, NoteRecord, ReviewRecord, TopicRecord
from tests.decks.anki.every_kind import FIGURE, ONE_OF_EACH, SOUND, decks
from tests.decks.anki.judge import PIXEL, collection, take, write
from tests.decks.anki.packages import FORMS, add, new_type, old_collection, packed, read, write_form

SETTINGS = settings(
    max_examples=8,
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


def one(anki: Any, package: Path, form: str = "new") -> NoteRecord:
    """Return the only note of a collection, which can be stored as it is."""
    (note,) = several(anki, package, form)
    return note


def several(anki: Any, package: Path, form: str = "new") -> list[NoteRecord]:
    write_form(anki, package, form)
    _, notes = read(package)
    for note in notes:
        written = kinds.Draft(local(note.question), local(note.answer), local(note.explanation))
        assert kinds.get(note.kind).problems(written) == []
    return notes


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read(form: str, anki: Any, package: Path) -> None:
    anki.media.write_data("cat.png", PIXEL)
    note = add(anki, "Basic", 'What is <b>this</b>?<img src="cat.png">', "A cat", tags=["animals::small", "new"])
    write_form(anki, package, form)

    with open_package(package, history=False) as source:
        assert (source.head.note_count, source.head.review_count, source.head.media_count) == (1, 0, 1)
        assert (source.head.title, [topic.title for topic in source.head.topics]) == ("French", ["French"])
        (read_note,) = source.notes()
        assert source.media("cat.png") == PIXEL
        assert source.media("dog.png") is None
    assert read_note == NoteRecord(
        f"anki-{note.guid.encode().hex()}",
        question="What is **this**?![](media:cat.png)",
        answer="A cat",
        tags=["animals::small", "new"],
    )
    assert (read_note.topic, read_note.warnings, read_note.cards) == ("french", [], [])


def test_reversed_notes(anki: Any, package: Path) -> None:
    add(anki, "Basic (and reversed card)", "un", "one")
    add(anki, "Basic (optional reversed card)", "deux", "two", "yes")
    add(anki, "Basic (optional reversed card)", "trois", "three", "")
    assert [(note.kind, note.question, note.answer) for note in several(anki, package)] == [
        ("reversed", "un", "one"),
        ("reversed", "deux", "two"),
        ("basic", "trois", "three"),
    ]


def test_a_typed_answer_is_typed_if_it_is_plain_words(anki: Any, package: Path) -> None:
    add(anki, "Basic (type in the answer)", "chat?", "the cat &amp; co")
    add(anki, "Basic (type in the answer)", "chien?", "the <b>dog</b>")
    add(anki, "Basic (type in the answer)", "cri?", "!")
    assert [(note.kind, note.question, note.answer) for note in several(anki, package)] == [
        ("typed", "chat?", "the cat & co"),
        ("basic", "chien?", "the **dog**"),
        ("basic", "cri?", "!"),
    ]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("A {{c1::gap}} and {{c2::two::a hint}}.", "A {{c1::gap}} and {{c2::two::a hint}}."),
        ("{{c1::std::vector}}", "{{c1::std::vector}}"),
        ("{{c1::a::b::c}}", "{{c1::a::b:c}}"),
        ("{{c3::<b>bold</b>}} one<br>two", "{{c3::**bold**}} one  \ntwo"),
        (r"\(x = {{c1::\frac{1}{2} }}\)", r"$x = {{c1::\frac{1}{2} }}$"),
        (r"{{c1::\(x^{2}\)}}", "{{c1::$x^{2}$}}"),
        ("{{c1::{a}::so}} }", "{{c1::\\{a\\}::so}} \\}"),
        ("<ul><li>{{c1::a}}</li><li>b</li></ul>", "- {{c1::a}}\n- b"),
        ("<table><tr><td>{{c1::a*}}</td></tr></table>", None),
        ("{{c1::one<br>line}}", "{{c1::one  \nline}}"),
        ("{{c0::shown}} {{c1::gap}}", "shown {{c1::gap}}"),
        ('{{c1::<img src="cat.png">}}', "{{c1::![](media:cat.png)}}"),
    ],
)
def test_gaps(text: str, question: str | None, anki: Any, package: Path) -> None:
    add(anki, "Cloze", text, "An extra")
    note = one(anki, package)
    assert (note.kind, note.explanation) == ("cloze", "An extra")
    if question is not None:
        assert note.question == question


@pytest.mark.parametrize(
    "text",
    [
        "{{c1::a {{c2::b}} c}}",
        "{{c1::<ul><li>a</li></ul>}} and {{c2::b}}",
        "{{c1::a</b> b}} <b>and {{c2::b}}",
        "{{c1::one<br><br>two}} and {{c2::b}}",
        "{{c1,2::a}} and {{c2::b}}",
    ],
)
def test_gaps_that_are_none_for_us_become_questions_and_answers(text: str, anki: Any, package: Path) -> None:
    made = add(anki, "Cloze", text, "An extra")
    notes = several(anki, package)
    key = f"anki-{made.guid.encode().hex()}"
    assert [(note.key, note.kind, note.explanation) for note in notes] == [
        (key, "basic", "An extra"),
        (f"{key}-2", "basic", "An extra"),
    ]
    assert all("[…]" in note.question and "[…]" not in note.answer for note in notes)
    assert all("each number became" in note.warnings[0] for note in notes)
    assert [len(note.cards) for note in notes] == [1, 1]


def test_image_occlusion(anki: Any, package: Path) -> None:
    anki.media.write_data("map.png", PIXEL)
    add(
        anki,
        "Image Occlusion",
        "{{c1::image-occlusion:rect:left=.1:top=.25:width=.5:height=.125:oi=1}}<br>"
        "{{c2::image-occlusion:ellipse:left=.5:top=.5:rx=.1:ry=.05:oi=1}}<br>"
        "{{c2::image-occlusion:polygon:left=.6:top=.6:points=.6,.6 .9,.65 .7,1.2:oi=1}}<br>"
        "{{c0::image-occlusion:text:left=.1:top=.1:text=Hello}}",
        '<img src="map.png">',
        "Which country?",
        "More of it",
        "A remark",
    )
    note = one(anki, package)
    assert (note.kind, note.question, note.explanation) == ("occlusion", "Which country?", "More of it\n\nA remark")
    assert note.answer.split("\n") == [
        "![Which country?](media:map.png)",
        "hide: all",
        "1: 10 25 50 12.5 = Part 1",
        "2: 50 50 20 10 = Part 2",
        "2: 60 60 30 40 = Part 2",
    ]
    assert len(note.warnings) == 3
    assert [card.ordinal for card in note.cards] == [1, 2]


def test_occlusion_that_hides_one(anki: Any, package: Path) -> None:
    anki.media.write_data("map.png", PIXEL)
    add(
        anki,
        "Image Occlusion",
        "{{c1::image-occlusion:rect:left=.999:top=0:width=.5:height=.0001}}",
        '<img src="map.png">',
    )
    note = one(anki, package)
    assert (note.question, note.answer.split("\n")[1:]) == (
        "What is hidden?",
        ["hide: one", "1: 99.5 0 0.5 0.5 = Part 1"],
    )


def test_other_note_types_are_rendered(anki: Any, package: Path) -> None:
    new_type(
        anki,
        "Country",
        ["Name", "Capital", "Flag"],
        [
            ("Capital of {{Name}}?", "{{FrontSide}}<hr id=answer>{{Capital}}{{#Flag}} {{Flag}}{{/Flag}}"),
            ("{{#Flag}}Whose flag? {{Flag}}{{/Flag}}", "{{FrontSide}}<hr id=answer>{{Name}}"),
        ],
    )
    made = add(anki, "Country", "France", "Paris", "<i>tricolore</i>")
    add(anki, "Country", "Malta", "", "")
    notes = several(anki, package)
    key = f"anki-{made.guid.encode().hex()}"
    assert [(note.key, note.question, note.answer) for note in notes[:2]] == [
        (key, "Capital of France?", "Paris *tricolore*"),
        (f"{key}-2", "Whose flag? *tricolore*", "France"),
    ]
    assert (notes[2].answer, notes[2].warnings) == ("—", ["The answer was empty; a dash stands in its place."])


def test_scripts_of_a_template_are_left_out_and_told(anki: Any, package: Path) -> None:
    new_type(anki, "Scripted", ["Front"], [("{{Front}}<script>alert(1)</script>", "<div onclick='x()'>back</div>")])
    add(anki, "Scripted", "front")
    note = one(anki, package)
    assert (note.question, note.answer, note.warnings) == ("front", "back", ["A script was left out."])


def test_a_deck_with_subdecks_has_topics(anki: Any, package: Path) -> None:
    for deck in ("French::Verbs::Past", "French::Verbs 10", "French::Verbs 9", "French"):
        add(anki, "Basic", deck, "x", deck=deck)
    deck = anki.decks.by_name("French")
    deck["desc"] = "All <b>French</b>"
    anki.decks.save(deck)
    for form in FORMS:
        write_form(anki, package, form)
        head, notes = read(package)
        assert (head.title, head.slug, head.introduction) == ("French", "", "All **French**")
        assert [(topic.slug, topic.title) for topic in head.topics] == [
            ("french", "French"),
            ("verbs-past", "Verbs › Past"),
            ("verbs-9", "Verbs 9"),
            ("verbs-10", "Verbs 10"),
        ]
        assert [note.topic for note in notes] == ["verbs-past", "verbs-10", "verbs-9", "french"]


def test_several_roots_are_topics(anki: Any, package: Path) -> None:
    for deck in ("Latin::Verbs", "Ελληνικά", "French"):
        add(anki, "Basic", deck, "x", deck=deck)
    write_form(anki, package, "new")
    head, notes = read(package)
    assert head.title == ""
    assert [topic.title for topic in head.topics] == ["French", "Latin › Verbs", "Ελληνικά"]
    assert len({note.topic for note in notes}) == 3


def test_tags_within_our_limits(anki: Any, package: Path) -> None:
    add(anki, "Basic", "a", "b", tags=["a::b", "x,y", "l" * 80, *map(str, range(40))])
    note = one(anki, package)
    assert len(note.tags) == 30
    assert all(len(tag) <= 60 and "," not in tag for tag in note.tags)
    assert any("43 tags" in warning for warning in note.warnings)


def test_a_long_id_becomes_a_digest_and_one_that_is_there_twice_a_copy(anki: Any, package: Path) -> None:
    for guid in ("g" * 60, "same", "same"):
        note = add(anki, "Basic", "a", "b")
        anki.db.execute("update notes set guid = ? where id = ?", guid, note.id)
    keys = [note.key for note in several(anki, package)]
    assert keys[1:] == ["anki-73616d65", "anki-73616d65-copy1"]
    assert len(keys[0]) == 45


@pytest.mark.parametrize("form", FORMS)
def test_history_goes_along(form: str, anki: Any, package: Path) -> None:
    anki.set_config("fsrs", True)
    note = add(anki, "Basic", "a", "b", tags=["marked"])
    suspended = add(anki, "Basic", "c", "d")
    anki.decks.select(anki.decks.id("French"))
    for rating in (3, 1):
        card = anki.sched.get_queued_cards(fetch_limit=9).cards[0].card
        shown = anki.get_card(card.id)
        shown.start_timer()
        anki.sched.answerCard(shown, rating)
    anki.sched.suspend_cards([suspended.cards()[0].id])
    anki.sched.set_due_date([note.cards()[0].id], "7")
    rows = anki.db.all("select id, ease, time from revlog where ease > 0 order by id")
    card = note.cards()[0]
    write_form(anki, package, form)
    head, (first, second) = read(package)

    assert head.review_count == 2
    reviews = [review for each in (first, second) for review in each.cards[0].reviews]
    assert [(review.rating, review.duration_ms) for review in reviews] == [(row[1], row[2]) for row in rows]
    assert [int(review.answered_at.timestamp() * 1000) for review in reviews] == [row[0] for row in rows]
    assert [(each.cards[0].is_suspended, each.cards[0].is_starred) for each in (first, second)] == [
        (False, True),
        (True, False),
    ]
    assert (first.tags, first.cards[0].memory["state"], first.cards[0].memory["interval_days"]) == ([], 2, card.ivl)
    assert first.cards[0].memory["due"].toordinal() - datetime.fromtimestamp(anki.crt, UTC).toordinal() == card.due


def test_without_history_nothing_of_it_is_read(anki: Any, package: Path) -> None:
    add(anki, "Basic", "a", "b", tags=["marked"])
    write_form(anki, package, "new")
    _, (note,) = read(package, history=False)
    assert (note.cards, note.tags) == ([], ["marked"])


def test_cards_in_a_filtered_deck_belong_to_their_own(anki: Any, package: Path) -> None:
    note = add(anki, "Basic", "a", "b", deck="Home::Inside")
    filtered = anki.sched.get_or_create_filtered_deck(0)
    filtered.config.search_terms[0].search = "deck:Home"
    anki.sched.add_or_update_filtered_deck(filtered)
    assert note.cards()[0].odid
    for form in ("new colpkg", "legacy colpkg"):
        write_form(anki, package, form)
        head, (read_note,) = read(package)
        assert (head.title, read_note.topic) == ("Home", "inside")


TOPICS = [TopicRecord("light", "Light :: all"), TopicRecord("matter", "Matter")]
HEAD = DeckHead("Physics: 1", "physics-Q", "en-GB", "About **light** & $x$.", TOPICS)
FILES = {FIGURE: PIXEL, SOUND: b"ID3"}


def as_stored(note: NoteRecord, source: Any) -> NoteRecord:
    """Return a note in which media have their paths on the site again."""
    for name in ("question", "answer", "explanation"):
        text = getattr(note, name)
        for path, data in FILES.items():
            for file in (FIGURE.split("/")[-1], SOUND.split("/")[-1]):
                if source.media(file) == data:
                    text = text.replace(f"media:{file}", path)
        setattr(note, name, text)
    return note


@SETTINGS
@given(notes=decks)
def test_what_we_write_comes_back_from_anki_without_loss(notes: list[NoteRecord], tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("round")
    for note in notes:
        note.topic = note.topic or "light"
    write(folder / "ours.apkg", *notes, head=HEAD, files=FILES)
    with collection(folder / "anki") as anki:
        take(anki, folder / "ours.apkg")
        for form in ("new", "legacy"):
            write_form(anki, folder / "theirs.apkg", form)
            with open_package(folder / "theirs.apkg", history=False) as source:
                back = [as_stored(note, source) for note in source.notes()]
                head = source.head
            assert [(each.key, each.topic) for each in back] == [(each.key, each.topic) for each in notes]
            for ours, theirs in zip(notes, back, strict=True):
                theirs.tags.sort()
                ours.tags.sort()
                assert theirs == ours
                assert theirs.warnings == []
            assert (head.title, head.slug, head.language) == (HEAD.title, HEAD.slug, HEAD.language)
            assert head.introduction == HEAD.introduction


def test_our_history_comes_back_without_loss(tmp_path: Path) -> None:
    reviews = [
        ReviewRecord(datetime(2026, 1, day, 8, 0, 0, 123_000, UTC), day, 1_500, {"id": f"r{day}", "day": "2026-01-01"})
        for day in (1, 2, 3)
    ]
    reviews.append(ReviewRecord(reviews[-1].answered_at, 4, 700, {"id": "same moment"}))
    note = NoteRecord("known", "reversed", "a", "b", topic="light")
    note.cards = [CardRecord(1, reviews, is_suspended=True), CardRecord(2, [], is_starred=True)]
    write(tmp_path / "ours.apkg", note, head=HEAD)
    with collection(tmp_path / "anki") as anki:
        take(anki, tmp_path / "ours.apkg")
        write_form(anki, tmp_path / "theirs.apkg", "new")
    head, (back,) = read(tmp_path / "theirs.apkg")
    assert head.review_count == 4
    assert back.cards[0].reviews == reviews
    assert [(card.ordinal, card.is_suspended, card.is_starred) for card in back.cards] == [
        (1, True, False),
        (2, False, True),
    ]


def test_what_was_edited_in_anki_is_taken_over_and_the_rest_stays(tmp_path: Path) -> None:
    write(tmp_path / "ours.apkg", *ONE_OF_EACH, head=HEAD, files=FILES)
    with collection(tmp_path / "anki") as anki:
        take(anki, tmp_path / "ours.apkg")
        edits = {
            "photon": {"Question": "What is a <i>photon</i>, please?"},
            "gauge": {"Answer": "Unit"},
            "speed": {"Text": "Light is {{c1::very fast}}"},
            "spin": {"Question": "Which spin?", "Options": "none"},
            "name": {"Answer": "A. Einstein"},
            "energy": {"Answer": "7 J"},
            "prism": {"Header": "Which part?", "Labels": "{{c1::entry}} {{c3::exit}}"},
        }
        for key, fields in edits.items():
            note = anki.get_note(anki.db.scalar("select id from notes where guid = ?", f"{HEAD.slug}:{key}"))
            for name, value in fields.items():
                note[name] = value
            anki.update_note(note)
        write_form(anki, tmp_path / "theirs.apkg", "new")
    _, notes = read(tmp_path / "theirs.apkg")
    back = {note.key: note for note in notes}
    ours = {note.key: note for note in ONE_OF_EACH}
    assert (back["photon"].question, back["photon"].answer) == (
        "What is a *photon*, please?",
        ours["photon"].answer,
    )
    assert (back["gauge"].question, back["gauge"].answer) == ("Ampere", "Unit")
    assert (back["speed"].question, back["speed"].explanation) == ("Light is {{c1::very fast}}", "So it is.")
    assert (back["spin"].question, back["spin"].answer) == ("Which spin?", ours["spin"].answer)
    assert back["spin"].warnings == ["What was changed in Anki in Options could not be taken over."]
    assert back["name"].answer.split("\n")[0] == "A. Einstein"
    assert back["energy"].answer == ours["energy"].answer
    assert back["prism"].question == "Which part?"
    assert back["prism"].answer.split("\n")[2:] == [
        "1: 12.5 30 18 9 = entry", "1: 60 1 9 9 = entry", "3: 40 30.125 0.5 9 = exit",
    ]  # fmt: skip


def test_memory_is_bounded_by_the_batch(tmp_path: Path) -> None:
    peaks = []
    for notes in (1_000, 8_000):
        package = packed(
            tmp_path / f"{notes}.apkg", {"collection.anki2": old_collection(tmp_path / f"{notes}.anki2", notes=notes)}
        )
        with open_package(package, history=True) as source:
            tracemalloc.start()
            assert sum(1 for _ in source.notes()) == notes
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
