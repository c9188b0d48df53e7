"""Templates of any note type are rendered as Anki renders them."""

from pathlib import Path

import pytest

from flashcards.decks.formats.anki.reading.templates import Values, answer_part
from tests.decks.anki.judge import collection

FIELDS = {
    "Front": "the <i>front</i>",
    "Back": "back",
    "Empty": "<br>",
    "Kanji": " 漢字[かんじ]と 仮名[かな]",
    "Html": "<b>a</b>b",
}
TEMPLATES = [
    "{{Front}} and {{Back}}",
    "{{ Front }}",
    "a{{#Front}}b{{Back}}{{/Front}}c",
    "a{{^Front}}b{{/Front}}c",
    "{{#Empty}}full{{/Empty}}{{^Empty}}empty{{/Empty}}",
    "{{#Front}}{{#Empty}}x{{/Empty}}{{^Empty}}y{{/Empty}}{{/Front}}",
    "{{text:Html}}",
    "{{kanji:Kanji}}",
    "{{kana:Kanji}}",
    "{{Tags}}|{{Deck}}|{{Subdeck}}|{{Card}}|{{Type}}",
    "{{#Tags}}tagged{{/Tags}}",
]


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_shows_what_anki_shows(template: str, tmp_path: Path) -> None:
    with collection(tmp_path) as opened:
        note_type = opened.models.new("Mine")
        for name in FIELDS:
            opened.models.add_field(note_type, opened.models.new_field(name))
        card = opened.models.new_template("Card A")
        card["qfmt"], card["afmt"] = "{{Front}}" + template, "x"
        opened.models.add_template(note_type, card)
        opened.models.add(note_type)
        note = opened.new_note(opened.models.by_name("Mine"))
        for name, value in FIELDS.items():
            note[name] = value
        note.tags = ["one", "two"]
        opened.add_note(note, opened.decks.id("Root::Sub"))
        theirs = note.cards()[0].question().split("</style>")[-1]
    special = {"Tags": "one two", "Deck": "Root::Sub", "Subdeck": "Sub", "Card": "Card A", "Type": "Mine"}
    assert Values(FIELDS, special).render("{{Front}}" + template) == theirs


def test_filters_that_need_a_page_become_words() -> None:
    values = Values(FIELDS)
    assert values.render("{{furigana:Kanji}}") == "漢字 (かんじ)と仮名 (かな)"
    assert values.render("{{hint:Back}}") == "<details><summary>Back</summary>back</details>"
    assert values.render("{{hint:Empty}}{{tts en_US:Back}}{{unknown:Back}}") == "back"


@pytest.mark.parametrize(
    ("template", "shown", "problem"),
    [
        ("a{{Missing}}b", "ab", "shows a field that the note does not have: Missing"),
        ("a{{#Front}}b", "ab", "is never closed: Front"),
        ("a{{/Front}}b", "ab", "ends that did not begin: Front"),
        ("{{#Front}}" * 200, "", "is never closed"),
    ],
)
def test_what_is_wrong_with_a_template_is_told(template: str, shown: str, problem: str) -> None:
    values = Values(FIELDS)
    assert values.render(template) == shown
    assert any(problem in told for told in values.problems)


@pytest.mark.parametrize(
    ("question", "answer", "part"),
    [
        ("{{Front}}", "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}", "{{Back}}"),
        ("{{Front}}", "{{FrontSide}}<hr id='answer'>{{Back}}", "{{Back}}"),
        ("{{Front}}", "{{Front}}\n<hr id=answer>{{Back}}", "{{Back}}"),
        ("{{Front}}\n\n{{type:Back}}", "{{Front}}<hr id=answer>{{type:Back}}", "{{type:Back}}"),
        ("{{Front}}", "{{Other}}<hr id=answer>{{Back}}", "{{Other}}{{Back}}"),
        ("{{Front}}", "{{Back}}", "{{Back}}"),
    ],
)
def test_the_question_is_not_said_again_in_the_answer(question: str, answer: str, part: str) -> None:
    assert answer_part(question, answer).strip() == part


def test_what_fields_hold_is_no_template() -> None:
    assert Values({"Front": "{{Back}}", "Back": "x"}).render("{{Front}}") == "{{Back}}"
