import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.decks import kinds
from flashcards.decks.kinds import Draft, Face
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.sanitize import clean, plain_words
from tests.hanging import must_end

CLOZE = kinds.get("cloze")


def faces(text: str) -> list[Face]:
    return CLOZE.faces(Draft(text))


def refusals(text: str) -> list[Problem]:
    with pytest.raises(Refused) as refused:
        faces(text)
    return refused.value.problems


def test_each_number_asks_for_its_gaps_and_shows_the_others() -> None:
    first, second = faces("{{c1::One}} and {{c2::two::which?}} and {{c1::three}}.")

    assert first.question_html == '<p><span class="gap">[…]</span> and two and <span class="gap">[…]</span>.</p>'
    assert first.answer_html == '<p><mark class="gap">One</mark> and two and <mark class="gap">three</mark>.</p>'
    assert second.question_html == '<p>One and <span class="gap">[which?]</span> and three.</p>'
    assert [face.ordinal for face in (first, second)] == [1, 2]
    assert first.search_text == "one and two and three."


def test_ordinals_are_the_numbers_in_use() -> None:
    assert [face.ordinal for face in faces("{{c7::a}} {{c3::b}} {{c99::c}}")] == [3, 7, 99]


def test_a_gap_holds_markdown_and_formulas() -> None:
    (face,) = faces("Use {{c1::**mini**-batches of $2^k$}}.")

    assert "<strong>mini</strong>-batches" in face.answer_html
    assert 'alttext="2^k"' in face.answer_html
    assert "2^k" not in face.question_html


@pytest.mark.parametrize("hidden", ["1.", "- a", "# a", "> a", "+ 3", "=", "***", "|"])
def test_a_gap_is_never_the_start_of_a_block(hidden: str) -> None:
    (face,) = faces(f"{{{{c1::{hidden}}}}} is it")

    assert plain_words(face.answer_html) == f"{hidden} is it"


@pytest.mark.parametrize(
    "text",
    [
        r"$W' = {{c1::W^{[2]} W^{[1]} }}$",
        r"$W' = {{c1::W^{[2]}}}$",
        r"$$\frac{ {{c1::W}} }{b}$$",
        r"$a^{ {{c1::W}} }$",
        r"$\begin{cases} {{c1::W}} & x \\ 0 & y \end{cases}$",
        r"$\left( {{c1::W}} \right)$",
        r"$\{ {{c1::W}} \}$",
    ],
)
def test_a_gap_in_a_formula_is_an_element_of_it(text: str) -> None:
    (face,) = faces(text)

    assert '<mrow class="gap"><mtext>[…]</mtext></mrow>' in face.question_html
    assert re.search(r'<mrow class="gap">.*<mi>W</mi>', face.answer_html)
    assert face.answer_html == clean(face.answer_html)


def test_the_source_of_a_formula_does_not_give_the_gap_away() -> None:
    (face,) = faces(r"$x = {{c1::\sqrt{y}}}$ $$z = {{c1::\alpha\beta::letters}}$$")

    assert re.findall(r'alttext="([^"]*)"', face.question_html) == ["x = […]", "z = [letters]"]
    assert re.findall(r'alttext="([^"]*)"', face.answer_html) == [r"x = \sqrt{y}", r"z = \alpha\beta"]


def test_a_gap_among_the_words_of_a_formula() -> None:
    (face,) = faces(r"$\operatorname{arg{{c1::max}}} x \text{ if {{c1::it is so}} now}$")

    assert face.question_html.count('<mrow class="gap"><mtext>[…]</mtext></mrow>') == 2
    assert '<mrow class="gap"><mtext>it is so</mtext></mrow>' in face.answer_html
    assert '<mrow class="gap"><mtext>max</mtext></mrow>' in face.answer_html


def test_a_gap_in_code_shows_what_it_hides_as_it_is() -> None:
    (face,) = faces('```python\nx = {{c1::{"<b>": $1}}}\n```\n\nand `{{c1::*y*}}`')

    assert face.answer_html.count('<mark class="gap">') == 2
    assert plain_words(face.answer_html) == 'x = {"<b>": $1} and *y*'
    assert plain_words(face.question_html) == "x = […] and […]"


def test_the_dollars_of_a_gap_do_not_meet_those_around_it() -> None:
    (face,) = faces("It costs $5, {{c1::$x$}} and $6.")

    assert plain_words(face.answer_html) == "It costs $5, x and $6."


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("no gap here", None, "no gap"),
        ("a\n{{c1::open", 2, "not closed"),
        ("a\n\n{{c1::a {{c2::b}} c}}", 3, "inside another"),
        ("{{c1::}}", 1, "empty"),
        ("{{c1::  ::hint}}", 1, "empty"),
        ("{{c0::a}}", 1, "from 1 to 99"),
        ("{{c100::a}}", 1, "from 1 to 99"),
        ("{{c::a}}", 1, "no number"),
        ("{{c1::a\n\nb}}", 1, "one paragraph"),
        ("a\n[b]({{c1::/c}})", 2, "nothing is shown"),
        ("```{{c1::python}}\nx\n```", 1, "nothing is shown"),
        ("a\n{{c1::b $\\foo$}}", 2, r"\foo"),
        ("a\n$x {{c1::\\foo}}$", 2, r"\foo"),
        ("{{c1::a\nb\nc}}\n\n$\\foo$", 5, r"\foo"),
        ("".join(f"{{{{c{number}::a}}}}" for number in range(1, 52)), None, "more than 50"),
    ],
)
def test_a_wrong_gap_is_refused_with_its_place(text: str, line: int | None, said: str) -> None:
    (problem,) = refusals(text)

    assert (problem.field, problem.line) == ("question", line)
    assert said in problem.message


def test_the_message_never_shows_a_token() -> None:
    (problem,) = refusals(r"$\begin{ {{c1::foo}} } x$")

    assert not re.search(r"gap[0-9a-f]{8}", problem.message)


@pytest.mark.parametrize("text", ["{{c1::a}} " * 1000, "{{c1::" * 8000, "{{c1::{" * 7000, "{{c1::a" + "{" * 40_000])
def test_a_thousand_gaps_are_refused_at_once(text: str) -> None:
    with must_end():
        assert refusals(text)


def test_as_many_gaps_as_are_allowed_make_their_cards() -> None:
    text = " ".join(f"{{{{c{index % 50 + 1}::$\\frac{{a}}{{b}}$ **c**}}}}" for index in range(200))

    with must_end():
        assert len(faces(text)) == 50


def test_a_gap_smuggles_nothing_past_the_sanitiser() -> None:
    for text in (
        "[x]({{c1::javascript:alert(1)}}) {{c2::y}}",
        '<a href="{{c1::javascript:alert(1)}}">x</a> {{c2::y}}',
        "{{c1::<script>alert(1)</script>x}}",
        "`{{c1::<img src=x onerror=alert(1)>}}`",
        "{{c1::x::<img src=x onerror=alert(1)>}}",
        '![{{c1::" onerror="alert(1)}}](/x.png) {{c1::y}}',
        r"$\text{ {{c1::<img src=x onerror=alert(1)>}} }$",
    ):
        try:
            made = faces(text)
        except Refused:
            continue
        for face in made:
            for html in (face.question_html, face.answer_html):
                assert "<img src" not in html
                assert "<script" not in html
                assert 'href="javascript' not in html
                assert html == clean(html)


PIECES = [
    "{{c1::",
    "{{c2::",
    "}}",
    "::",
    "a",
    "$",
    "$$",
    "`",
    "```\n",
    "\n",
    "\n\n",
    "{",
    "}",
    "\\",
    "|",
    "- ",
    "_",
    "<b>",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_mixture_is_refused_or_shown_whole(pieces: list[str]) -> None:
    problems: list[Problem] = []
    made: list[Face] = []
    try:
        made = faces("".join(pieces))
    except Refused as refused:
        problems = refused.problems
    assert problems or made
    for face in made:
        assert 'class="gap"' in face.question_html
        assert 'class="gap"' in face.answer_html
        assert not re.search(r"(gap|mq)[0-9a-f]{8}", face.question_html + face.answer_html)
