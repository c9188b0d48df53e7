import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.decks.kinds import Draft, Face, Judged, Unreadable, Verdict
from flashcards.decks.kinds.choice import Choice
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.sanitize import clean
from tests.hanging import must_end

CHOICE = Choice()

ONE = """- [ ] The batch size
  slip: number for step
  why: It says how many examples, not how far.
- [x] The **learning rate** $\\alpha$
- [ ] The momentum
  why: It averages.
- [ ] The weight decay"""

SEVERAL = """- [x] one
- [X] two
* [ ] three
\tslip: three for two
\twhy: Three is *odd*.
- [ ] four
  why: Four is too many.
  slip: four for two"""


def note(options: str = ONE, question: str = "Which?", explanation: str = "") -> Face:
    (face,) = CHOICE.faces(Draft(question, options, explanation))
    return face


def problems(options: str, question: str = "Which?", explanation: str = "") -> list[Problem]:
    with must_end(), pytest.raises(Refused) as refused:
        note(options, question, explanation)
    return refused.value.problems


def keys(face: Face, seed: int = 1) -> dict[str, str]:
    """Return the key of each option by what it shows."""
    return {option.html: option.key for option in CHOICE.ask(face.data, seed).options}


def judged(face: Face, *chosen: str, seed: int = 1) -> Judged:
    by_html = keys(face)
    return CHOICE.judge(face.data, seed, " ".join(by_html[html] for html in chosen))


# What is asked -------------------------------------------------------------------------------------------------------


def test_a_card_lists_the_options_and_answers_with_the_right_and_the_reasons() -> None:
    face = note(explanation="Since.")

    assert re.sub("<math.*?</math>", "α", face.question_html) == (
        "<p>Which?</p><ul><li>The batch size</li><li>The <strong>learning rate</strong> α</li>"
        "<li>The momentum</li><li>The weight decay</li></ul>"
    )
    assert "<li><strong>The <strong>learning rate</strong>" in face.answer_html
    assert "It says how many" in face.answer_html
    assert "weight decay" not in face.answer_html
    assert face.explanation_html == "<p>Since.</p>"
    assert "momentum" in face.search_text


def test_the_order_differs_from_showing_to_showing_and_the_keys_stay() -> None:
    face = note()
    orders = {seed: [option.key for option in CHOICE.ask(face.data, seed).options] for seed in range(200)}

    assert len({tuple(order) for order in orders.values()}) == 24
    assert {frozenset(order) for order in orders.values()} == {frozenset(orders[0])}
    firsts = [order[0] for order in orders.values()]
    assert min(firsts.count(key) for key in orders[0]) > 25
    for seed, order in orders.items():
        assert [option.key for option in CHOICE.ask(face.data, seed).options] == order
        assert [option.key for option in CHOICE.judge(face.data, seed, None).options] == order


def test_an_option_keeps_its_key_when_others_come_go_and_move() -> None:
    before, after = keys(note("- [x] a\n- [ ] b\n- [ ] c")), keys(note("- [ ] c\n- [ ] a\n- [x] d"))

    assert (before["a"], before["c"]) == (after["a"], after["c"])
    assert len({*before.values(), *after.values()}) == 4


def test_what_is_asked_gives_nothing_away() -> None:
    face = note(SEVERAL)

    for seed in range(20):
        asked = CHOICE.ask(face.data, seed)
        assert asked.form == "several"
        assert not any(option.is_right or option.is_chosen or option.why_html for option in asked.options)
    assert CHOICE.ask(note().data, 1).form == "one"


# Judging -------------------------------------------------------------------------------------------------------------


def test_the_right_option_is_right() -> None:
    face = note()
    (right,) = [html for html in keys(face) if "learning rate" in html]
    said = judged(face, right)

    assert (said.verdict, said.slip, said.reason_html) == (Verdict.RIGHT, "", "")
    assert [(option.html == right) for option in said.options] == [option.is_right for option in said.options]
    assert [option.is_chosen for option in said.options] == [option.is_right for option in said.options]


def test_a_wrong_option_is_called_by_its_slip_and_says_why() -> None:
    said = judged(note(), "The batch size")

    assert (said.verdict, said.slip) == (Verdict.WRONG, "number for step")
    assert {option.html: option.why_html for option in said.options if option.why_html} == {
        "The batch size": "<p>It says how many examples, not how far.</p>"
    }
    assert judged(note(), "The momentum").slip == ""
    assert judged(note(), "The weight decay").verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("chosen", "verdict", "slips"),
    [
        (("one", "two"), Verdict.RIGHT, {""}),
        (("two", "one"), Verdict.RIGHT, {""}),
        (("one",), Verdict.WRONG, {""}),
        (("one", "two", "three"), Verdict.WRONG, {"three for two"}),
        (("four",), Verdict.WRONG, {"four for two"}),
        (("one", "two", "three", "four"), Verdict.WRONG, {"three for two", "four for two"}),
    ],
)
def test_of_several_right_options_all_and_no_others_are_right(
    chosen: tuple[str, ...], verdict: Verdict, slips: set[str]
) -> None:
    said = judged(note(SEVERAL), *chosen)

    assert said.verdict is verdict
    assert said.slip in slips
    assert {option.html for option in said.options if option.is_chosen} == set(chosen)
    assert {option.html for option in said.options if option.is_right} == {"one", "two"}
    assert all(option.html in chosen for option in said.options if option.why_html)


def test_who_does_not_know_is_told_the_right_one_and_no_reasons() -> None:
    said = CHOICE.judge(note().data, 1, None)

    assert said.verdict is Verdict.SKIPPED
    assert sum(option.is_right for option in said.options) == 1
    assert not any(option.is_chosen or option.why_html for option in said.options)


def test_forged_answers_are_asked_again() -> None:
    face = note()
    known = list(keys(face).values())
    for forged in ("", "  ", "nothing", known[0][:-1], known[0].upper() + "x", f"{known[0]} nothing", " ".join(known)):
        with pytest.raises(Unreadable):
            CHOICE.judge(face.data, 1, forged)
    assert CHOICE.judge(face.data, 1, f"{known[0]} {known[0]}").verdict in {Verdict.RIGHT, Verdict.WRONG}
    several = note(SEVERAL)
    with pytest.raises(Unreadable):
        CHOICE.judge(several.data, 1, f"{keys(several)['one']} {known[0]}")


@given(st.text(max_size=60), st.sampled_from([ONE, SEVERAL]), st.integers(0, 2**63 - 1))
def test_whatever_is_given_is_judged_or_asked_again(given_text: str, options: str, seed: int) -> None:
    with pytest.raises(Unreadable):  # the digests of these options are not guessed
        CHOICE.judge(note(options).data, seed, given_text)


def test_a_stored_answer_is_read_in_words() -> None:
    face = note(SEVERAL)
    given_keys = f"{keys(face)['one']} {keys(face)['three']} gone"

    assert CHOICE.words(face.data, given_keys) == "one; three; gone"


# What is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "line", "said"),
    [
        ("- [ ] a\n- [ ] b", 1, "No option is right"),
        ("\n\n- [ ] a\n- [ ] b", 3, "No option is right"),
        ("- [x] a", 1, "There are 1 options"),
        ("a, b", 1, "There are 0 options"),
        ("\n".join(f"- [x] {i}" for i in range(13)), 1, "There are 13 options"),
        ("- [x] a\n- [ ] b\n- [ ] a", 3, "same as that on line 1"),
        ("- [x] **a**\n- [ ] b\n- [ ] __a__", 3, "looks the same as that on line 1"),
        ("- [x] a\n- [ ]\n- [ ] b", 2, "is empty"),
        ("- [x] a\n- [ ] <b></b>\n- [ ] b", 2, "shows nothing"),
        ("- [x] a\n- [ ] <script>b</script>", 2, "one paragraph"),
        ("- [x] a\n- [ ] see [b](https://example.org)", 2, "without a link"),
        ("- [x] a\n- [ ] <a>b</a>", 2, "without a link"),
        ("- [x] a\n- [ ] <details>b</details>", 2, "one paragraph"),
        ("- [x] a\n- [ ] b <div>c</div>", 2, "one paragraph"),
        ("- [x] a\n- [ ] # b", 2, "one paragraph"),
        ("- [x] a\n- [ ] - b", 2, "one paragraph"),
        ("- [x] a\n- [ ] $\\foo$", 2, r"\foo"),
        ("- [x] a\n- [ ] b\nand more", 3, "is no option"),
        ("- [x] a\n- [ ] b\n  and more", 3, "is no option"),
        ("- [x] a\n- [y] b\n- [ ] c", 2, "is no option"),
        ("- [x] a\n- b\n- [ ] c", 2, "is no option"),
        ("  why: first\n- [x] a\n- [ ] b", 1, "is no option"),
        ("- [x] a\n- [ ] b\nwhy: c", 3, "is no option"),
        ("- [x] a\n  why: So.\n- [ ] b", 2, "right option needs no"),
        ("- [x] a\n  slip: s\n- [ ] b", 2, "right option needs no"),
        ("- [x] a\n- [ ] b\n  why:", 3, "why: is empty"),
        ("- [x] a\n- [ ] b\n  why: c\n  why: d", 4, "there twice"),
        ("- [x] a\n- [ ] b\n  slip: c\n  slip: d", 4, "there twice"),
        (f"- [x] a\n- [ ] b\n  slip: {'s' * 81}", 3, "at most 80"),
        ("- [x] a\n- [ ] b\n  why: $\\foo$", 2, r"\foo"),
        ("- [x] a\n" * 6_000, 201, "at most 200"),
        ("-" + " [x]" * 12_000, 1, "There are 1 options"),
    ],
)
def test_wrong_options_are_refused_with_their_lines(options: str, line: int, said: str) -> None:
    found = [problem for problem in problems(options) if said in problem.message]

    assert found
    assert {problem.field for problem in found} == {"answer"}
    assert found[0].line == line


def test_every_problem_is_told_at_once() -> None:
    found = problems("- [ ] $\\foo$\n- [x] [a](/b)", "$\\foo$", "$\\bar$ $\\foo$")

    assert {problem.field for problem in found} == {"question", "explanation", "answer"}
    assert [problem.line for problem in found if problem.field == "answer"] == [1, 2]


def test_a_question_that_shows_nothing_is_refused() -> None:
    assert problems(ONE, "<script>x</script>") == [Problem("question", "Question shows nothing.")]


# What is written is never script -------------------------------------------------------------------------------------

HOSTILE = '<script>alert(1)</script> <img src=x onerror=alert(1)> <b onclick="a()" hx-get="/x" style="x">b</b>'


def test_nothing_that_is_written_becomes_script() -> None:
    options = f"- [x] right {HOSTILE}\n- [ ] wrong {HOSTILE}\n  slip: <script>s</script>\n  why: Why {HOSTILE}"
    face = note(options, f"Ask {HOSTILE}", f"Since {HOSTILE}")
    said = [CHOICE.judge(face.data, 1, key) for key in keys(face).values()]
    html = [face.question_html, face.answer_html, face.explanation_html, CHOICE.ask(face.data, 1).question_html]
    html += [one for told in said for one in (told.question_html, told.answer_html, told.explanation_html)]
    html += [one for told in said for option in told.options for one in (option.html, option.why_html)]

    assert {told.slip for told in said} == {"", "<script>s</script>"}  # a plain text, escaped where it is shown
    for one in html:
        assert one == clean(one)
        assert not re.search("<script|onerror|onclick|hx-get|style", one)
