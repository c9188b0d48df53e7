import pytest

from flashcards.decks import kinds
from flashcards.decks.kinds import Draft
from flashcards.lib.errors import Refused


def test_basic_makes_one_card() -> None:
    (face,) = kinds.get("basic").faces(Draft("What is **light**?", "A $\\gamma$.", "Because."))

    assert face.ordinal == 1
    assert face.question_html == "<p>What is <strong>light</strong>?</p>"
    assert "<mi>γ</mi>" in face.answer_html
    assert face.explanation_html == "<p>Because.</p>"
    assert face.search_text == "what is light? a γ."


def test_reversed_makes_two_that_ask_for_each_other() -> None:
    first, second = kinds.get("reversed").faces(Draft("term", "meaning"))

    assert (first.ordinal, second.ordinal) == (1, 2)
    assert (first.question_html, first.answer_html) == ("<p>term</p>", "<p>meaning</p>")
    assert (second.question_html, second.answer_html) == ("<p>meaning</p>", "<p>term</p>")


@pytest.mark.parametrize(
    ("kind", "draft", "fields"),
    [
        ("basic", Draft("", ""), ["question", "answer"]),
        ("basic", Draft("a", "   "), ["answer"]),
        ("basic", Draft("a\x00", "$\\foo$"), ["question"]),
        ("basic", Draft("$\\foo$", "$\\bar{$", "$$"), ["question", "answer", "explanation"]),
        ("basic", Draft("<script>x</script>", "b"), ["question"]),
        ("basic", Draft("a", "x" * 50_001), ["answer"]),
        ("cloze", Draft("{{c1::a}}", "b"), ["answer"]),
        ("cloze", Draft("", ""), ["question"]),
        ("chess", Draft("a", "b"), ["kind"]),
    ],
)
def test_a_wrong_note_is_refused_at_its_fields(kind: str, draft: Draft, fields: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        kinds.get(kind).faces(draft)

    assert [problem.field for problem in refused.value.problems] == fields


def test_every_kind_says_what_it_is() -> None:
    for kind in kinds.all_kinds():
        assert kinds.get(kind.name) is kind
        assert kind.label
        assert kind.description
        assert {part.name for part in kind.parts} <= set(kinds.FIELDS)
