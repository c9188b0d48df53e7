"""Pasted lists as decks: any separators, notes without any, and what the person corrects."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.decks.formats import lists
from flashcards.decks.formats.list_lines import Mark, cards_in, marked
from flashcards.decks.formats.list_pairs import Cut, guess_cut, pairs_of
from flashcards.lib.errors import Refused

WORDS = [("Hund", "dog"), ("Katze", "cat"), ("der Baum", "tree, in German"), ("laufen", "to run")]


def sides(text: str | bytes, **choices: object) -> list[tuple[str, str]]:
    data = text.encode() if isinstance(text, str) else text
    return [(note.question, note.answer) for note in lists.read(data, "words.txt", choices)[0].records]


@pytest.mark.parametrize(
    ("between", "cards"),
    [
        ("\t", "\n"), ("\t", "\n\n"), ("\t", ";"), (" - ", "\n"), (" – ", "\n"), (" — ", "\n"), (": ", "\n"),
        (":", "\n"), (" = ", "\n"), ("=", "\n"), (";", "\n"), ("; ", "\n"), (" | ", "\n"), ("::", "\n"),
        (" -> ", "\n"), (" - ", "\n\n"), ("\n", "\n\n"), (" - ", ";\n"), (": ", "\n\n\n"),
    ],
)  # fmt: skip
def test_separators_are_guessed(between: str, cards: str) -> None:
    assert sides(cards.join(between.join(pair) for pair in WORDS) + "\n") == WORDS


def test_a_comma_is_a_separator_where_nothing_else_is() -> None:
    assert sides("Hund,dog\nKatze, cat\n") == WORDS[:2]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_newline_and_a_line_of_titles_are_understood(newline: str) -> None:
    assert sides(newline.join(["Term\tDefinition", *("\t".join(pair) for pair in WORDS)])) == WORDS


def test_a_guess_can_be_corrected() -> None:
    text = "a ~ b // c ~ d"
    assert sides(text, shape="pairs", sides="~", cards="//") == [("a", "b"), ("c", "d")]
    assert sides("dog - Hund\ncat - Katze", swapped=True, shape="pairs") == WORDS[:2]


def test_a_line_without_separator_belongs_to_the_definition_above_and_halves_are_told() -> None:
    deck, _, problems = lists.read(b"lost\na\tb\nmore of b\nc\td\n\tonly\nonly\t\n", "w.txt", {"shape": "pairs"})
    assert [(note.question, note.answer) for note in deck.records] == [("a", "b  \nmore of b"), ("c", "d")]
    assert deck.records[0].warnings
    assert [(problem.line, problem.message) for problem in problems] == [
        (1, "Here the separator is missing: “lost”."),
        (5, "Here the term is missing: “only”."),
        (6, "Here the definition is missing: “only”."),
    ]


TERMS = st.text(string.ascii_letters + "äßé日 ", min_size=1, max_size=15).map(str.strip).filter(bool)
PAIRS = st.lists(st.tuples(TERMS, TERMS), min_size=1, max_size=8)
SIDES = st.sampled_from(["\t", " - ", ": ", " = ", "~", "###", ";"])


@settings(max_examples=200)
@given(pairs=PAIRS, between=SIDES, cards=st.sampled_from(["\n", "\n\n", "//"]))
def test_any_list_cut_as_it_was_put_together_gives_the_same(
    pairs: list[tuple[str, str]], between: str, cards: str
) -> None:
    text = cards.join(between.join(pair) for pair in pairs)
    found, problems = pairs_of(text, Cut(between, cards))
    expected = pairs[1:] if not found or (found[0].term, found[0].definition) != pairs[0] else pairs
    assert [(pair.term, pair.definition) for pair in found] == expected
    assert problems == []
    assert [pair.line for pair in found] == sorted(pair.line for pair in found)


BIOLOGY = """Cell biology notes
What is a cell?
The smallest unit that lives on its own
Name the parts of a eukaryotic cell
- nucleus
- mitochondria
- cell membrane
Why do plants look green
Chlorophyll absorbs red and blue light. Green light is reflected.
Mitosis vs meiosis
Mitosis gives two cells with the same chromosomes, meiosis four with half of them.
ATP
Adenosine triphosphate, the molecule in which cells carry energy from where it is won to where it is needed.
Steps of the cell cycle
1) G1
2) S
3) G2
4) M
For transport against a gradient, what does the cell need?
Energy
Usually ATP
Explain osmosis
Osmosis is the movement of water through a membrane to where more is dissolved.
Example:
A raisin in water swells.
What is a ribosome
It builds proteins from amino acids.
Difference between DNA and RNA
- RNA has uracil instead of thymine
- DNA is double-stranded
How is glucose broken down, and where?
Glycolysis happens in the cytosol,
where one glucose gives two pyruvate
What is a cell?
The smallest unit that lives on its own
"""

QUESTIONS = [
    "What is a cell?", "Name the parts of a eukaryotic cell", "Why do plants look green", "Mitosis vs meiosis", "ATP",
    "Steps of the cell cycle", "For transport against a gradient, what does the cell need?", "Explain osmosis",
    "What is a ribosome", "Difference between DNA and RNA", "How is glucose broken down, and where?",
]  # fmt: skip


def test_notes_without_separators_are_parted_into_cards() -> None:
    deck, shown, problems = lists.read(BIOLOGY.encode(), "notes.txt", {})
    assert shown["shape"] == "lines"
    assert problems == []
    assert [note.question for note in deck.records] == QUESTIONS
    assert deck.head.title == "Cell biology notes"
    answers = {note.question: note.answer for note in deck.records}
    assert answers["Name the parts of a eukaryotic cell"] == "- nucleus\n- mitochondria\n- cell membrane"
    assert answers["Steps of the cell cycle"] == "1) G1  \n2) S  \n3) G2  \n4) M"
    assert answers["Explain osmosis"].endswith("Example:  \nA raisin in water swells.")
    assert [line["mark"] for line in shown["lines"][-2:]] == ["s", "s"], "a card that stands there twice is taken once"


GERMAN = """Was ist ein Vektor?
Eine Größe mit Betrag und Richtung.
Erkläre den Begriff Beschleunigung
Änderung der Geschwindigkeit je Zeit
Unterschied zwischen Masse und Gewicht
- Masse ist überall gleich
- Gewicht hängt vom Ort ab
Warum schwimmt Eis
Es ist leichter als Wasser.
"""


def test_german_is_understood_as_well() -> None:
    assert [question for question, _ in sides(GERMAN)] == [
        "Was ist ein Vektor?", "Erkläre den Begriff Beschleunigung", "Unterschied zwischen Masse und Gewicht",
        "Warum schwimmt Eis",
    ]  # fmt: skip


def test_prefixes_and_headings_are_sure_and_taken_away() -> None:
    text = "# Light\nQ: one\nA: two\nthree\n# Sound\nQ: four\nA: five\n"
    deck, shown, _ = lists.read(text.encode(), "notes.txt", {"shape": "lines"})
    assert [(note.topic, note.question, note.answer) for note in deck.records] == [
        ("light", "one", "two  \nthree"), ("sound", "four", "five"),
    ]  # fmt: skip
    assert [topic.title for topic in deck.head.topics] == ["Light", "Sound"]
    assert [line["mark"] for line in shown["lines"]] == ["t", "q", "a", "a", "t", "q", "a"]


def test_what_a_person_marks_stands_and_the_rest_is_guessed_around_it() -> None:
    text = "Red\nA colour\nGreen\nAnother colour\nnot this\n"
    marks = {"1": "q", "2": "a", "3": "q", "5": "s"}
    assert sides(text, shape="lines", marks=marks) == [("Red", "A colour"), ("Green", "Another colour")]
    _, _, problems = lists.read(text.encode(), "n.txt", {"shape": "lines", "marks": {"1": "a", "2": "q", "3": "a"}})
    assert [problem.line for problem in problems] == [1]


def test_a_question_without_answer_is_handed_on_for_its_kind_to_refuse() -> None:
    assert sides("One?\nanswer\nTwo?\n", shape="lines", marks={"3": "q"})[-1] == ("Two?", "")


def test_long_lists_can_be_corrected_where_they_are_least_sure() -> None:
    text = "".join(f"What is number {number}?\nIt is {number}.\n" for number in range(700))
    _, shown, _ = lists.read(text.encode(), "n.txt", {"shape": "lines"})
    assert len(shown["lines"]) == 1_400
    assert len(shown["marks"]) == sum(line["is_open"] for line in shown["lines"]) == lists.MOST_CONTROLS
    assert shown["closed"] == 600


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a\0b", "neither a CSV"),
        (b"x" * (lists.MAX_BYTES + 1), "larger than 5 MB"),
        (b"x\n" * 3_001, "more than 3,000 lines"),
        (b"a\tb\n" * 50_001, "more than 50,000 cards"),
        (b"%PDF-1.7", "neither a CSV"),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(data: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        sides(data)


def test_gaps_make_gap_texts() -> None:
    (note,) = lists.read(b"Light is {{c1::fast}}\tMore of it", "n.txt", {"shape": "pairs"})[0].records
    assert (note.kind, note.answer, note.explanation) == ("cloze", "", "More of it")


LINES = st.lists(st.text(st.sampled_from("ab?:-.1) \t=#Qä"), max_size=12), max_size=15)
MARKS = st.dictionaries(st.integers(1, 15), st.sampled_from(Mark))


@settings(max_examples=200, deadline=None)
@given(lines=LINES, marks=MARKS)
def test_every_line_is_marked_and_what_was_chosen_stands(lines: list[str], marks: dict[int, Mark]) -> None:
    text = "\n".join(lines)
    found = marked(text, marks)
    assert [line.number for line in found] == [n for n, line in enumerate(lines, start=1) if line.strip()]
    assert all(line.mark == marks[line.number] for line in found if line.number in marks)
    assert all(0 <= line.sure <= 1 for line in found)
    assert all(asking for asking, _ in cards_in(found))


@settings(max_examples=200, deadline=None)
@given(
    data=st.one_of(st.binary(max_size=100), LINES.map(lambda lines: "\n".join(lines).encode())),
    shape=st.sampled_from(["pairs", "lines", ""]),
)
def test_any_bytes_are_read_or_refused(data: bytes, shape: str) -> None:
    try:
        deck, _, problems = lists.read(data, "n.txt", {"shape": shape})
    except Refused as refused:
        assert refused.problems  # noqa: PT017  either is right
    else:
        assert all(note.question and note.line for note in deck.records)
        assert all(problem.line for problem in problems)


@pytest.mark.parametrize(
    "text", ["", "\n\n", BIOLOGY, "one line", "a, b and c are letters of it\nThe first, or so it is said, is a"]
)
def test_prose_is_no_list_of_pairs(text: str) -> None:
    assert guess_cut(text) is None
