import json
import re

import pytest

from flashcards.decks import kinds
from flashcards.decks.kinds import Draft, Face
from flashcards.decks.kinds.occlusion import Occlusion
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.sanitize import clean
from tests.hanging import must_end

OCCLUSION = Occlusion()
IMAGE = "![A cell](/static/figures/cell.svg)"
CELL = f"""{IMAGE}
hide: all

1: 12.5 30 18 9 = forget gate
7: 40 30 18 9 = input gate
3: 0 0 10 10 = state
3: 90 90 10 10
"""


def faces(figure: str, question: str = "What is hidden?", explanation: str = "") -> list[Face]:
    return OCCLUSION.faces(Draft(question, figure, explanation))


def problems(figure: str, question: str = "What is hidden?") -> list[Problem]:
    with must_end(), pytest.raises(Refused) as refused:
        faces(figure, question)
    return refused.value.problems


def test_each_number_is_a_card_that_asks_for_its_boxes() -> None:
    first, third, seventh = faces(CELL.replace("10 10\n", "10 10 = state\n"), explanation="Since.")

    assert [face.ordinal for face in (first, third, seventh)] == [1, 3, 7]
    assert (first.question_html, first.answer_html) == ("<p>What is hidden?</p>", "<p>forget gate</p>")
    assert (third.answer_html, seventh.answer_html) == ("<p>state</p>", "<p>input gate</p>")
    assert first.explanation_html == "<p>Since.</p>"
    assert first.search_text == "what is hidden? forget gate"
    assert [face.data["asked"] for face in (first, third, seventh)] == [1, 3, 7]


def test_a_card_holds_the_figure_and_every_box() -> None:
    (one,) = faces(f"hide: one\n{IMAGE}\n2: 12.5 30 18 9.25 = gate")

    assert {name: one.data[name] for name in ("src", "alt", "hide", "asked", "boxes")} == {
        "src": "/static/figures/cell.svg",
        "alt": "A cell",
        "hide": "one",
        "asked": 2,
        "boxes": [{"number": 2, "left": 12.5, "top": 30.0, "width": 18.0, "height": 9.25}],
    }


def test_every_box_is_hidden_unless_it_is_said_otherwise() -> None:
    assert faces(f"{IMAGE}\n1: 1 1 2 2 = a")[0].data["hide"] == "all"
    assert faces(f"{IMAGE}\nhide: all\n1: 1 1 2 2 = a")[0].data["hide"] == "all"
    assert faces(f"{IMAGE}\nhide: one\n1: 1 1 2 2 = a")[0].data["hide"] == "one"


def test_boxes_of_one_number_are_asked_together_under_one_label() -> None:
    for second in ("= state", "="):
        (face,) = faces(f"{IMAGE}\n1: 1 1 2 2 = state\n1: 50 50 2 2 {second}")
        assert face.answer_html == "<p>state</p>"
        assert [box["left"] for box in face.data["boxes"]] == [1, 50]


def test_two_numbers_may_share_a_label() -> None:
    assert [face.answer_html for face in faces(f"{IMAGE}\n1: 1 1 2 2 = gate\n2: 5 5 2 2 = gate")] == [
        "<p>gate</p>",
        "<p>gate</p>",
    ]


def test_what_a_card_holds_gives_no_label_away() -> None:
    for face in faces(CELL.replace("10 10\n", "10 10 = state\n")):
        held = json.dumps(face.data)
        assert not any(label in held for label in ("forget gate", "input gate", "state"))


def test_a_change_of_the_figure_is_another_edition() -> None:
    before, moved, relabelled = (
        faces(f"{IMAGE}\n1: {box}")[0].data["edition"] for box in ("1 1 2 2 = a", "1 1 2 3 = a", "1 1 2 2 = b")
    )

    assert before != moved
    assert before == relabelled  # what is asked is the same


@pytest.mark.parametrize(
    "box", ["0 0 100 100", "33.4 0 66.6 1", "99.5 99.5 0.5 0.5", "0.1 0.1 99.9 99.9", "64.1 1 35.9 1"]
)
def test_a_box_may_touch_the_edges(box: str) -> None:
    assert faces(f"{IMAGE}\n1: {box} = a")


@pytest.mark.parametrize("alt", ["a > b", 'say "a"', "a & b", "a < b", "𝛼 — β", "<b>x</b>"])
def test_the_words_for_the_figure_are_kept_as_they_are(alt: str) -> None:
    (face,) = faces(f"![{alt}](/a.svg)\n1: 1 1 2 2 = a")

    assert face.data["alt"].replace("<b>", "").replace("</b>", "") == alt.replace("<b>", "").replace("</b>", "")


@pytest.mark.parametrize(
    ("figure", "line", "said"),
    [
        ("1: 1 1 2 2 = a", 1, "no image"),
        (IMAGE, 1, "no box"),
        (f"{IMAGE}\n\nsome text", 3, "This is no image"),
        (f"{IMAGE}\n{IMAGE}\n1: 1 1 2 2 = a", 2, "two images"),
        ("![](/a.svg)\n1: 1 1 2 2 = a", 1, "says what is seen"),
        ("![  ](/a.svg)\n1: 1 1 2 2 = a", 1, "says what is seen"),
        ("![a](https://example.org/a.svg)\n1: 1 1 2 2 = a", 1, "path on this site"),
        ("![a](//example.org/a.svg)\n1: 1 1 2 2 = a", 1, "path on this site"),
        ("![a](data:image/svg+xml,x)\n1: 1 1 2 2 = a", 1, "path on this site"),
        ("![a](javascript:alert(1))\n1: 1 1 2 2 = a", 1, "path on this site"),
        ("![a](/a.svg) and more\n1: 1 1 2 2 = a", 1, "must be ![what is seen]"),
        ("![a](/a.svg)![b](/b.svg)\n1: 1 1 2 2 = a", 1, "must be ![what is seen]"),
        ("![$\\foo$](/a.svg)\n1: 1 1 2 2 = a", 1, ""),
        ("![a\n1: 1 1 2 2 = a", 1, "must be ![what is seen]"),
        (f"{IMAGE}\nhide: some\n1: 1 1 2 2 = a", 2, "hide: is all"),
        (f"{IMAGE}\nhide:\n1: 1 1 2 2 = a", 2, "hide: is all"),
        (f"{IMAGE}\n1: 90 1 10.1 2 = a", 2, "outside the image"),
        (f"{IMAGE}\n1: 1 99 2 2 = a", 2, "outside the image"),
        (f"{IMAGE}\n1: 999 1 2 2 = a", 2, "outside the image"),
        (f"{IMAGE}\n1: -1 1 2 2 = a", 2, "This is no image"),
        (f"{IMAGE}\n1: 1 1 0.4 2 = a", 2, "too small"),
        (f"{IMAGE}\n1: 1 1 2 0 = a", 2, "too small"),
        (f"{IMAGE}\n1: 1 1 2 = a", 2, "This is no image"),
        (f"{IMAGE}\n1: 1 1 2 2 2 = a", 2, "This is no image"),
        (f"{IMAGE}\n1: 1 1 2 2", 2, "This is no image"),
        (f"{IMAGE}\n1: 1e1 1 2 2 = a", 2, "This is no image"),
        (f"{IMAGE}\n1: nan 1 2 2 = a", 2, "This is no image"),
        (f"{IMAGE}\n0: 1 1 2 2 = a", 2, "between 1 and 99"),
        (f"{IMAGE}\n100: 1 1 2 2 = a", 2, "between 1 and 99"),
        (f"{IMAGE}\n1: 1 1 2 2 =", 2, "needs a label"),
        (f"{IMAGE}\n1: 1 1 2 2 =\n1: 5 5 2 2 = a", 2, "needs a label"),
        (f"{IMAGE}\n1: 1 1 2 2 = {'x' * 201}", 2, "needs a label of at most"),
        (f"{IMAGE}\n1: 1 1 2 2 = a\n1: 5 5 2 2 = b", 3, "was called “a”"),
        (f"{IMAGE}\n" + "1: 1 1 2 2 = a\n" * 51, 1, "at most 50"),
        (f"{IMAGE}\n" * 1_300, 201, "at most 200"),
        ("1: " + "1 " * 20_000 + "= a", 1, "This is no image"),
        ("![" * 90 + "\n1: 1 1 2 2 = a", 1, "must be ![what is seen]"),
    ],
)
def test_a_wrong_figure_is_refused_with_its_line(figure: str, line: int, said: str) -> None:
    found = [problem for problem in problems(figure) if said in problem.message]

    assert found
    assert (found[0].field, found[0].line) == ("answer", line)


def test_every_problem_is_told_at_once() -> None:
    found = problems(f"{IMAGE}\n1: 99 1 2 2 = a\nfoo\n2: 1 1 0 0 = b", "$\\foo$")

    assert [(problem.field, problem.line) for problem in found] == [
        ("question", 1), ("answer", 2), ("answer", 3), ("answer", 4),
    ]  # fmt: skip


def test_a_question_that_shows_nothing_is_refused() -> None:
    assert problems(f"{IMAGE}\n1: 1 1 2 2 = a", "<script>x</script>") == [
        Problem("question", "Question shows nothing.")
    ]


HOSTILE = '<script>alert(1)</script> <img src=x onerror=alert(1)> <b onclick="a()" hx-get="/x">b</b>'


def test_nothing_that_is_written_becomes_script() -> None:
    (face,) = faces(f"{IMAGE}\n1: 1 1 2 2 = {HOSTILE}", f"Ask {HOSTILE}", f"Since {HOSTILE}")

    assert face.answer_html.startswith("<p>&lt;script&gt;")
    for html in (face.question_html, face.answer_html, face.explanation_html):
        assert html == clean(html)
        assert not re.search("<script|<[^>]*(onerror|onclick|hx-get)", html)


def test_it_takes_no_answer() -> None:
    assert kinds.asking("occlusion") is None
