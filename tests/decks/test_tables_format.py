"""Spreadsheets as decks: what is written is read again, tables of others are understood, errors name their row."""

import csv
import io
import string
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from flashcards.decks.checks import tidy_markdown
from flashcards.decks.formats import tables
from flashcards.decks.formats.records import DeckHead, NoteRecord, TopicRecord
from flashcards.decks.formats.table_columns import FIELDS
from flashcards.decks.formats.table_files import MAX_BYTES, MAX_ROWS
from flashcards.decks.formats.tables import TableDeck
from flashcards.lib.errors import Problem, Refused

MARKDOWN = st.text(
    st.one_of(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), st.sampled_from("\n\t'=+-@,;|\"#{}")),
    max_size=60,
).map(tidy_markdown)
SLUGS = st.text(string.ascii_lowercase + string.digits + "-_", min_size=1, max_size=8)
LINES = MARKDOWN.map(lambda text: " ".join(text.replace("\t", " ").split("\n")).strip()).filter(bool)
TAGS = st.lists(LINES.map(lambda text: text.replace(",", "").strip()).filter(bool), max_size=3, unique=True)


@st.composite
def decks(draw: st.DrawFn) -> TableDeck:
    slugs = draw(st.lists(SLUGS, min_size=1, max_size=3, unique=True))
    keys = draw(st.lists(SLUGS, min_size=len(slugs), max_size=6, unique=True))
    topics = [TopicRecord(slug, draw(LINES)) for slug in slugs]
    notes = []
    for number, key in enumerate(keys):
        kind = draw(st.sampled_from(["basic", "reversed", "choice", "typed", "numeric", "occlusion", "cloze"]))
        notes.append(
            NoteRecord(
                key,
                kind,
                draw(MARKDOWN.filter(bool)),
                "" if kind == "cloze" else draw(MARKDOWN),
                draw(MARKDOWN),
                draw(TAGS),
                draw(st.lists(st.from_regex(r"[A-Z0-9.]{1,5}", fullmatch=True), max_size=2, unique=True)),
                draw(st.one_of(st.just(""), LINES)),
                topic=slugs[min(number, len(slugs) - 1)],
            )
        )
    head = DeckHead(draw(LINES), draw(SLUGS), draw(st.sampled_from(["en", "de"])), draw(MARKDOWN), topics, len(notes))
    return TableDeck(head, notes)


def written(deck: TableDeck, form: str) -> bytes:
    out = io.BytesIO()
    assert tables.write(out, deck, form) == len(deck.records)
    return out.getvalue()


@settings(max_examples=60, deadline=None)
@given(deck=decks(), form=st.sampled_from(["csv", "tsv", "xlsx"]))
def test_what_is_written_is_read_again(deck: TableDeck, form: str) -> None:
    found, choices, problems = tables.read(written(deck, form), "physics.xlsx", {})
    assert problems == []
    assert found.records == deck.records
    assert [note.topic for note in found.records] == [note.topic for note in deck.records]
    assert found.head.topics == deck.head.topics
    assert choices["columns"] == list(FIELDS)
    if form == "xlsx":
        assert found.head == deck.head


SAMPLE = TableDeck(
    DeckHead("Physics", "physics", "en", "", [TopicRecord("light", "Light")]),
    [NoteRecord("photon", question="=1+1", answer="- a\n- b", explanation="@x", topic="light")],
)


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_no_cell_of_a_text_begins_like_a_formula(form: str) -> None:
    data = written(SAMPLE, form).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(data, newline=""), delimiter="," if form == "csv" else "\t"))
    assert rows[1][3:6] == ["'=1+1", "'- a\n- b", "'@x"]


def test_a_workbook_is_text_with_a_frozen_header() -> None:
    sheet = load_workbook(io.BytesIO(written(SAMPLE, "xlsx")))["Cards"]
    assert [cell.value for cell in sheet[1]] == list(FIELDS)
    assert sheet.freeze_panes == "A2"
    assert {cell.data_type for cell in sheet[2] if cell.value} == {"s"}
    assert sheet["D2"].value == "=1+1"


def read(
    text: str | bytes, name: str = "words.csv", **choices: Any
) -> tuple[TableDeck, dict[str, Any], list[Problem]]:
    return tables.read(text.encode() if isinstance(text, str) else text, name, choices)


def sides(text: str | bytes, **choices: Any) -> list[tuple[str, str]]:
    return [(note.question, note.answer) for note in read(text, **choices)[0].records]


DOG = [("Hund", "dog"), ("Katze", "cat")]


@pytest.mark.parametrize(
    "text",
    [
        "Hund,dog\nKatze,cat\n",
        "Hund;dog\nKatze;cat",
        "Hund\tdog\r\nKatze\tcat\r\n",
        "Front,Back\nHund,dog\nKatze,cat\n",
        "Term\tDefinition\nHund\tdog\nKatze\tcat\n",
        "Vorderseite;Rückseite\nHund;dog\nKatze;cat\n",
        "Recto;Verso\nHund;dog\nKatze;cat\n",
        "Réponse,Question\ndog,Hund\ncat,Katze\n",
        "Deutsch,Englisch\nHund,dog\nKatze,cat\n",
        "My words,\n\nTerm,Definition\nHund,dog\nKatze,cat\n",
        "1,Hund,dog\n2,Katze,cat\n",
        "sep=|\nHund|dog\nKatze|cat\n",
        "Word,Type,Meaning\nHund,noun,dog\nKatze,noun,cat\n",
        '"Hund","dog"\n\n"Katze","cat"\n\n',
    ],
)
def test_the_tables_of_others_are_understood(text: str) -> None:
    assert sides(text) == DOG


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("latin-1"),
    ],
    ids=["UTF-8 with mark", "UTF-16", "UTF-16 without mark", "Latin-1"],
)
def test_any_encoding_gives_the_same_cards(encode: Callable[[str], bytes]) -> None:
    assert sides(encode("Größe;size\nÄrger;trouble\n")) == [("Größe", "size"), ("Ärger", "trouble")]


def test_an_encoding_that_does_not_fit_is_told_and_guessed_anew() -> None:
    found, choices, (problem,) = read("Größe;size\n".encode("latin-1"), encoding="utf-8")
    assert found.records[0].question == "Größe"
    assert choices["encoding"] == "cp1252"
    assert "not UTF-8" in problem.message


def test_what_was_guessed_can_be_corrected() -> None:
    text = "a,b;c,d\ne,f;g,h\n"
    _, shown, _ = read(text)
    assert shown["separator"] == ","
    assert sides(text, separator=";") == [("a,b", "c,d"), ("e,f", "g,h")]
    semicolons = read(text, separator=";")[1]
    swapped = {"separator": ";", "layout": semicolons["layout"], "columns": ["answer", "question"]}
    assert sides(text, **swapped) == [("c,d", "a,b"), ("g,h", "e,f")]
    assert sides(text, **swapped | {"separator": ","}) == sides(text), "columns hold for the layout they were made for"
    assert sides(text, separator=";", has_header=True, layout=semicolons["layout"]) == [("e,f", "g,h")]


def test_kinds_come_from_a_column_or_one_for_all_and_gaps_are_seen() -> None:
    text = "question,answer,kind\na,b,reversed\nc,d,\n{{c1::x}} y,,\n"
    assert [note.kind for note in read(text)[0].records] == ["reversed", "basic", "cloze"]
    assert [note.kind for note in read(text, kind="typed")[0].records] == ["reversed", "typed", "typed"]
    (note,) = read("Text,Back Extra\nA {{c1::gap}}.,More\n")[0].records
    assert (note.kind, note.answer, note.explanation) == ("cloze", "", "More")


def test_keys_are_made_from_questions_and_the_same_again() -> None:
    text = "question,answer\nWhat is *light*?,a\nWhat is light,b\n什么,c\n,d\n" + "x" * 90 + ",e\n"
    keys = [note.key for note in read(text)[0].records]
    assert keys[:2] == ["what-is-light", "what-is-light-2"]
    assert keys[2].startswith("card-")
    assert len(keys[3]) == 60
    assert keys == [note.key for note in read(text)[0].records]
    more = read("key,question,answer\n,What is light?,a\nwhat-is-light,b,c\n")[0].records
    assert [note.key for note in more] == ["what-is-light-2", "what-is-light"]


def test_topics_are_titles_with_an_id_where_it_is_needed_and_hold_until_the_next() -> None:
    text = "topic,question,answer\nWaves & co,a,b\n,c,d\nRays {#r},e,f\nwaves-co,g,h\n"
    deck = read(text)[0]
    assert [note.topic for note in deck.records] == ["waves-co", "waves-co", "r", "waves-co-2"]
    assert [(topic.slug, topic.title) for topic in deck.head.topics] == [
        ("waves-co", "Waves & co"), ("r", "Rays"), ("waves-co-2", "waves-co"),
    ]  # fmt: skip


def test_line_breaks_of_cells_are_seen_unless_the_table_is_ours() -> None:
    cell = '"one\ntwo\n# three"'
    assert read(f"Front,Back\na,{cell}\n")[0].records[0].answer == "one  \ntwo  \n\\# three"
    assert read(f"key,kind,question,answer\nk,basic,a,{cell}\n")[0].records[0].answer == "one\ntwo\n# three"


def test_ankis_plain_text_is_read_by_what_stands_above_it() -> None:
    text = (
        "#separator:tab\n#html:false\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"
        "k~J{3\tMy type\tLight::Waves\tHund\tdog\tx y\n"
    )
    deck, _, problems = read(text)
    (note,) = deck.records
    assert (note.question, note.answer, note.tags) == ("Hund", "dog", ["x", "y"])
    assert (note.key, note.kind, note.line) == ("anki-6b7e4a7b33", "basic", 7)
    assert deck.head.topics == [TopicRecord(note.topic, "Light::Waves")]
    assert problems == []


def test_errors_name_their_row_and_the_other_rows_are_kept() -> None:
    text = (
        "key,question,answer,kind\n"
        "a,Q1,A1,\n"
        "\n"
        "b!,Q2,A2,\n"
        "c,,A3,\n"
        "d,Q4,A4,riddle\n"
        "a,Q5,A5,\n"
        "e,Q6,A6,,spare\n" + "".join(f"k{number},Q,A,\n" for number in range(20))
    )
    deck, _, problems = read(text)
    assert len(deck.records) == 21
    assert sorted((problem.line, problem.message.split(":")[0]) for problem in problems) == [
        (4, "“b!” is no id"),
        (5, "The question is missing."),
        (6, "There is no kind “riddle”. There are"),
        (7, "The key “a” is in row 2 already."),
        (
            8,
            "This row has 5 cells where there are 4 columns. "
            "Put quotation marks around a text that holds the separator.",
        ),
    ]


def book(**sheets: list[list[Any]]) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name == "Hidden":
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_the_first_sheet_that_people_see_is_read_and_another_can_be_chosen() -> None:
    data = book(Hidden=[["x", "y"]], Words=[["Hund", "dog"]], More=[["Katze", "cat"]], Deck=[["a", "b"]])
    assert sides(data) == [("Hund", "dog")]
    assert read(data)[1]["sheets"] == ["Words", "More", "Deck"]
    assert sides(data, sheet="More") == [("Katze", "cat")]
    assert sides(data, sheet="Hidden") == [("Hund", "dog")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\n ; ; \n", "empty"),
        (b"a,b\0c,d\n", "neither a CSV"),
        (b'a,b\n"c,d\ne,f', "line 2: A quotation mark"),
        (b"a," + b"x" * 100_001, "too long"),
        (b"a,b\n" * (MAX_ROWS + 10), "more than 50,000 rows"),
        (b"a,b\n" * 1_000_000, "more than 50,000 rows"),
        (b"\n" * 100_000 + b"a,b\n", "too many empty rows"),
        (b"x" * (MAX_BYTES + 1), "larger than 20 MB"),
        (b"PK\x03\x04 and nothing else", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old kind"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_refused_with_the_reason(data: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read(data)


def test_a_zip_of_65_000_entries_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", b"")
    data = out.getvalue()
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    directory = data[start:end] * 65_000
    counts = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65_000, 65_000, len(directory), start, 0)
    with pytest.raises(Refused, match="unfolds"):
        read(data[:start] + directory + counts)


BYTES = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
    st.text(st.sampled_from("ab;,\t|\"\r\n#=é{}:'-"), max_size=200).map(str.encode),
    st.text(st.sampled_from("frontback question,tags\n;#"), max_size=200).map(str.encode),
)


@settings(max_examples=300, deadline=None)
@given(data=BYTES, columns=st.lists(st.sampled_from(["", *FIELDS, "nonsense"]), max_size=4), breaks=st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, columns: list[str], breaks: bool) -> None:
    try:
        deck, _, problems = read(data, columns=columns, breaks=breaks)
    except Refused as refused:
        assert refused.problems  # noqa: PT017  either is right
    else:
        assert all(note.question and note.line for note in deck.records)
        assert len({note.key for note in deck.records}) == len(deck.records)
        assert all(problem.message for problem in problems)
