import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from flashcards.decks import kinds
from flashcards.decks.kinds import Asking, Draft, Face, Kind, Unreadable, Verdict
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.sanitize import clean

SAMPLES = {
    "basic": Draft("What is **light**?", "A $\\gamma$.", "Because."),
    "reversed": Draft("term", "meaning", "Because."),
    "cloze": Draft("{{c1::One}} and {{c2::two}}.", "", "Because."),
    "choice": Draft("Which?", "- [x] one\n- [ ] two\n  slip: off by one\n  why: It is *one*.", "Because."),
    "typed": Draft("Which?", "step size\n! pace = speed: Not that.", "Because."),
    "numeric": Draft("Twice {{n}}?", "n = 3 to 9\nanswer: 2*n\nslip: half = n/2\n  Not {{n/2}}.", "It is {{answer}}."),
    "occlusion": Draft(
        "What is hidden?", "![A cell](/static/a.svg)\n1: 1 1 9 9 = gate\n4: 20 1 9 9 = sum", "Because."
    ),
}
"""A right note of every kind."""

every_kind = pytest.mark.parametrize("kind", kinds.all_kinds(), ids=lambda kind: kind.name)
asking_kinds = [kind for kind in kinds.all_kinds() if isinstance(kind, Asking)]
every_asking_kind = pytest.mark.parametrize("kind", asking_kinds, ids=lambda kind: kind.name)


def wrong_fields(kind: Kind, draft: Draft) -> list[Problem]:
    """Return why `draft` is refused, which `problems` says as well."""
    with pytest.raises(Refused) as refused:
        kind.faces(draft)
    assert kind.problems(draft) == refused.value.problems
    return refused.value.problems


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


# Of all kinds --------------------------------------------------------------------------------------------------------


def test_there_is_a_sample_of_every_kind() -> None:
    assert list(SAMPLES) == [kind.name for kind in kinds.all_kinds()]


@every_kind
def test_every_kind_says_what_it_is(kind: Kind) -> None:
    assert kinds.get(kind.name) is kind
    assert kinds.asking(kind.name) is (kind if isinstance(kind, Asking) else None)
    assert kind.label
    assert kind.description
    assert {part.name for part in kind.parts} <= set(kinds.FIELDS)
    assert [part.name for part in kind.parts] == [name for name in kinds.FIELDS if name in sides(kind)]


def sides(kind: Kind) -> set[str]:
    return {part.name for part in kind.parts}


@every_kind
def test_a_right_note_makes_cards_of_clean_html(kind: Kind) -> None:
    faces = kind.faces(SAMPLES[kind.name])

    assert kind.problems(SAMPLES[kind.name]) == []
    assert [face.ordinal for face in faces] == sorted({face.ordinal for face in faces})
    for face in faces:
        assert face.question_html.strip()
        assert face.answer_html.strip()
        assert face.explanation_html.startswith("<p>")
        assert face.search_text == face.search_text.lower() != ""
        for html in (face.question_html, face.answer_html, face.explanation_html):
            assert html == clean(html)


@every_kind
def test_the_same_note_makes_the_same_cards_and_json_holds_them(kind: Kind) -> None:
    first, again = kind.faces(SAMPLES[kind.name]), kind.faces(replace(SAMPLES[kind.name]))

    assert first == again
    assert [json.loads(json.dumps(face.data)) for face in first] == [face.data for face in first]
    assert bool(first[0].data) == (isinstance(kind, Asking) or kind.name == "occlusion")


@every_kind
def test_an_explanation_may_be_missing(kind: Kind) -> None:
    assert {face.explanation_html for face in kind.faces(replace(SAMPLES[kind.name], explanation=""))} == {""}


@every_kind
def test_an_empty_note_is_refused_at_every_field_that_is_needed(kind: Kind) -> None:
    needed = [part.name for part in kind.parts if part.required]

    for empty in ("", "  \n "):
        assert [problem.field for problem in wrong_fields(kind, Draft(empty, empty, empty))] == needed


@every_kind
@pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "a\ud800b", "x" * 50_001])
def test_a_text_that_is_not_accepted_is_refused_at_its_field(kind: Kind, text: str) -> None:
    for part in kind.parts:
        draft = replace(SAMPLES[kind.name], **{part.name: text})
        assert part.name in {problem.field for problem in wrong_fields(kind, draft)}


@every_kind
def test_a_formula_that_fails_is_refused_with_its_line(kind: Kind) -> None:
    sample = SAMPLES[kind.name]
    for name in ("question", "explanation"):
        (problem,) = wrong_fields(kind, replace(sample, **{name: f"{getattr(sample, name)}\n\n$\\foo$"}))
        assert (problem.field, problem.line) == (name, 3)


@every_kind
def test_a_field_of_another_kind_is_refused(kind: Kind) -> None:
    for name in set(kinds.FIELDS) - sides(kind):
        assert [problem.field for problem in wrong_fields(kind, replace(SAMPLES[kind.name], **{name: "x"}))] == [name]


@every_kind
def test_a_question_that_shows_nothing_is_refused(kind: Kind) -> None:
    draft = replace(SAMPLES[kind.name], question="<script>alert(1)</script>")

    assert [problem.field for problem in wrong_fields(kind, draft)] == ["question"]


# Of all that ask -----------------------------------------------------------------------------------------------------


def cards(kind: Asking) -> Iterator[tuple[Face, int]]:
    """Yield each card as the database gives it back, with some seeds."""
    for face in kind.faces(SAMPLES[kind.name]):
        for seed in (0, 1, 2**63 - 1):
            yield replace(face, data=json.loads(json.dumps(face.data))), seed


@every_asking_kind
def test_a_showing_asks_the_same_however_often_it_is_shown(kind: Asking) -> None:
    for face, seed in cards(kind):
        asked, said = kind.ask(face.data, seed), kind.judge(face.data, seed, None)
        assert asked == kind.ask(face.data, seed)
        assert said == kind.judge(face.data, seed, None)
        assert said.question_html == asked.question_html
        assert [option.key for option in said.options] == [option.key for option in asked.options]
        assert (asked.form == "text") == (not asked.options)


@every_asking_kind
def test_who_does_not_know_sees_the_answer_and_no_slip(kind: Asking) -> None:
    for face, seed in cards(kind):
        said = kind.judge(face.data, seed, None)
        assert (said.verdict, said.slip, said.reason_html) == (Verdict.SKIPPED, "", "")
        assert said.answer_html or any(option.is_right for option in said.options)
        assert said.explanation_html


@every_asking_kind
def test_nothing_given_is_asked_again(kind: Asking) -> None:
    for face, seed in cards(kind):
        for nothing in ("", " ", "\n"):
            with pytest.raises(Unreadable, match="or say that you don't know"):
                kind.judge(face.data, seed, nothing)


@every_asking_kind
def test_another_text_is_another_edition(kind: Asking) -> None:
    sample = SAMPLES[kind.name]
    editions = {kind.faces(draft)[0].data["edition"] for draft in (sample, replace(sample, question="Now which?"))}

    assert len(editions) == 2
