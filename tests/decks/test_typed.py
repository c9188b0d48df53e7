import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flashcards.decks.kinds import Draft, Face, Judged, Unreadable, Verdict
from flashcards.decks.kinds.folding import NEAR, difference, fold, likeness
from flashcards.decks.kinds.typed import MAX_ANSWERS, Typed
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.sanitize import clean
from tests.hanging import must_end

TYPED = Typed()

RATE = """learning rate
step size
α
! momentum = speed for size: Momentum *averages* gradients.
! gradient: The gradient gives the direction.
! ratio 1:2 = halves: Not a ratio."""


def note(answers: str = RATE, question: str = "Which?", explanation: str = "Since.") -> Face:
    (face,) = TYPED.faces(Draft(question, answers, explanation))
    return face


def problems(answers: str, question: str = "Which?", explanation: str = "") -> list[Problem]:
    with must_end(), pytest.raises(Refused) as refused:
        note(answers, question, explanation)
    return refused.value.problems


def judged(given_text: str | None, answers: str = RATE) -> Judged:
    return TYPED.judge(note(answers).data, 1, given_text)


# Asking and judging --------------------------------------------------------------------------------------------------


def test_the_first_answer_is_shown_and_the_others_beside_it() -> None:
    face = note("a < b\nc & d\ne")

    assert face.question_html == "<p>Which?</p>"
    assert face.answer_html == "<p>a &lt; b</p><p><small>Also: c &amp; d, e</small></p>"
    assert note("alone").answer_html == "<p>alone</p>"
    asked = TYPED.ask(face.data, 5)
    assert (asked.form, asked.question_html, asked.options) == ("text", "<p>Which?</p>", [])


@pytest.mark.parametrize(
    "given_text", ["learning rate", "Learning-Rate.", "  step   SIZE ", "alpha", "$\\alpha$", "α"]
)
def test_an_accepted_answer_is_right(given_text: str) -> None:
    said = judged(given_text)

    assert (said.verdict, said.slip, said.reason_html, said.difference) == (Verdict.RIGHT, "", "", [])


@pytest.mark.parametrize(
    ("given_text", "slip", "reason"),
    [
        ("Momentum!", "speed for size", "<p>Momentum <em>averages</em> gradients.</p>"),
        ("gradient", "", "<p>The gradient gives the direction.</p>"),
        ("ratio 1:2", "halves", "<p>Not a ratio.</p>"),
    ],
)
def test_a_known_error_is_told(given_text: str, slip: str, reason: str) -> None:
    said = judged(given_text)

    assert (said.verdict, said.slip, said.reason_html) == (Verdict.WRONG, slip, reason)


def test_a_near_miss_is_left_to_the_learner_with_its_difference() -> None:
    said = judged("lerning ratte")

    assert said.verdict is Verdict.NEAR
    assert [(change.what, change.text) for change in said.difference] == [
        ("same", "le"), ("missing", "a"), ("same", "rning rat"), ("extra", "t"), ("same", "e"),
    ]  # fmt: skip


@pytest.mark.parametrize("given_text", ["batch size", "x", "learn", "βeta", "rate of learning", "momentun", "a" * 500])
def test_anything_else_is_wrong(given_text: str) -> None:
    said = judged(given_text)

    assert (said.verdict, said.slip, said.difference) == (Verdict.WRONG, "", [])


def test_short_answers_are_right_or_wrong_and_never_near() -> None:
    assert judged("MEA", "MSE").verdict is Verdict.WRONG
    assert judged("mse", "MSE").verdict is Verdict.RIGHT
    assert judged("MSEE", "MSEA").verdict is Verdict.WRONG  # three letters of four
    assert judged("ReLUs", "ReLU").verdict is Verdict.NEAR


def test_i_do_not_know_and_nothing_typed() -> None:
    assert judged(None).verdict is Verdict.SKIPPED
    for nothing in ("", "   ", "?", "$ $", "...", "\\", "\u202f", "\u0301"):
        with pytest.raises(Unreadable):
            judged(nothing)


@given(st.text(max_size=300), st.integers(0, 2**63 - 1))
@example("ab" * 5_000, 0)
@example("\ud800", 0)
def test_whatever_is_typed_is_judged_or_asked_again(given_text: str, seed: int) -> None:
    face = note()
    try:
        said = TYPED.judge(face.data, seed, given_text)
    except Unreadable:
        assert not fold(given_text)
        return
    assert said.verdict is not Verdict.SKIPPED
    assert (said.verdict is Verdict.NEAR) == bool(said.difference)
    assert said.answer_html == face.answer_html


def test_the_longest_texts_are_judged() -> None:
    answers = "\n".join("ab" * 95 + str(number) for number in range(MAX_ANSWERS))
    with must_end():
        for given_text in ("ab" * 5_000, "ba" * 250, "a" * 10_000, "ab" * 100):
            judged(given_text, answers)


# Folding -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ReLU", "relu"),
        ("STRASSE", "straße"),
        ("naïve", "naive"),
        ("Gödel", "godel"),
        ("Schrödinger", "Schrodinger"),
        ("e\u0301", "é"),
        ("β", "beta"),
        ("β", "Beta"),
        ("Σ", "sigma"),
        ("ς", "sigma"),
        ("λ", "lambda"),
        ("µ", "mu"),
        ("ϵ", "epsilon"),
        ("φ", "phi"),
        ("ϕ", "φ"),
        ("Ω", "omega"),
        (r"\beta_1", "beta1"),
        (r"$\beta_{1}$", "β1"),
        (r"\varepsilon", "ε"),
        (r"\varphi", "phi"),
        (r"\lambda", "λ"),
        ("θ̂", "theta"),
        ("top-k", "top k"),
        ("top-k", "topk"),
        ("top–k", "top-k"),
        ("top‑k", "top k"),
        ("mini - batch", "minibatch"),
        ("np.maximum", "`np.maximum`"),
        ("batch_size", "batch size"),
        ("1×1", "1x1"),
        ("−1", "-1"),
        ("Adam.", "adam"),
        ("what?!", "what"),
        ("Bayes’ rule", "Bayes' rule"),
        ("ﬁlter", "filter"),
        ("Ｒｅｌｕ", "relu"),
        ("10⁻³", "10-3"),
        ("x\u00a0y", "x y"),
    ],
)
def test_what_counts_as_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("-1", "1"),
        ("x - 1", "x1"),
        ("n-1", "n+1"),
        ("1.5", "15"),
        ("L1", "L2"),
        ("a/b", "ab"),
        ("f(x)", "fx"),
        ("C", "C++"),
        ("β1", "β2"),
        ("alpha", "beta"),
        ("eta", "beta"),
        (">", "<"),
        ("x'", "x"),
    ],
)
def test_what_does_not(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=60))
@example("⁻")
@example("a⁻b")
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_case_and_composition_do_not_count(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text)) == fold(text)
    assert fold(f"  {text}\n") == fold(text)


words = st.text(st.sampled_from("abcdeßİéABC β- "), max_size=30)


@given(words, words)
@example("straße", "STRASSE")
@example("İstanbul", "istanbul")
def test_the_difference_holds_both_texts(given_text: str, accepted: str) -> None:
    changes = difference(given_text, accepted)

    typed = "".join(change.text for change in changes if change.what in {"same", "extra"})
    expected = "".join(change.text for change in changes if change.what in {"same", "missing"})
    assert expected == accepted
    assert typed.casefold() == given_text.casefold()
    assert all(change.text for change in changes)
    if given_text == accepted and accepted:
        assert [(change.what, change.text) for change in changes] == [("same", accepted)]


@given(words, words)
def test_likeness_is_a_share_and_says_what_is_near(one: str, other: str) -> None:
    alike = likeness(one, other)

    assert 0 <= alike <= 1
    assert likeness(one, one) in {0, 1}
    if len(one) >= 5:
        assert likeness(one, f"{one}x") >= NEAR
    if min(len(one), len(other)) > 3 and max(len(one), len(other)) > 1.5 * min(len(one), len(other)):
        assert alike < NEAR


# What is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "line", "said"),
    [
        ("! a: b", 1, "no accepted answer"),
        ("a\n! a: Why.", 2, "“a” says the opposite of line 1, where it is accepted"),
        ("top k\n! Top-K: Why.", 2, "opposite of line 1"),
        ("! beta: Why.\nβ", 2, "opposite of line 1, where it is a known error"),
        ("a\nb\nA.", 3, "same as line 1"),
        ("a\n! b: One.\n! B = s: Two.", 3, "same as line 2"),
        ("a\n! b", 2, "written ! TEXT: WHY"),
        ("a\n!", 2, "written ! TEXT: WHY"),
        ("a\n! b:", 2, "written ! TEXT: WHY"),
        ("a\n! b:Why.", 2, "written ! TEXT: WHY"),
        ("a\n! : Why.", 2, "characters that count"),
        (f"a\n! b = {'s' * 81}: Why.", 2, "at most 80"),
        ("a\n! b = s: $\\foo$", 2, r"\foo"),
        ("a\n...", 2, "characters that count"),
        ("a\n! ?: Why.", 2, "characters that count"),
        ("x" * 201, 1, "characters that count"),
        (f"a\n! {'x' * 201}: Why.", 2, "characters that count"),
        ("\n".join(f"answer {number}" for number in range(51)), 51, "at most 50"),
        ("a\n" * 20_000, 51, "at most 50"),
        ("a\n! " + " = " * 16_000, 2, "written ! TEXT: WHY"),
        ("a\n! " + "=x:" * 12_000, 2, "written ! TEXT: WHY"),
        ("a\n! " + ":" * 40_000, 2, "written ! TEXT: WHY"),
        ("a\n! " + "a = b " * 8_000, 2, "written ! TEXT: WHY"),
    ],
)
def test_wrong_answers_are_refused_with_their_lines(answers: str, line: int, said: str) -> None:
    found = [problem for problem in problems(answers) if said in problem.message]

    assert found
    assert (found[0].field, found[0].line) == ("answer", line)


def test_every_problem_is_told_at_once() -> None:
    found = problems("a\nA\n! b", "$\\foo$", "$\\foo$")

    assert [(problem.field, problem.line) for problem in found] == [
        ("question", 1), ("explanation", 1), ("answer", 2), ("answer", 3),
    ]  # fmt: skip


def test_a_question_that_shows_nothing_is_refused() -> None:
    assert problems("a", "<script>x</script>") == [Problem("question", "Question shows nothing.")]


# What is written is never script -------------------------------------------------------------------------------------

HOSTILE = '<script>alert(1)</script> <img src=x onerror=alert(1)> <b onclick="a()" hx-get="/x">b</b>'


def test_nothing_that_is_written_becomes_script() -> None:
    answers = f"{HOSTILE}\nother {HOSTILE}\n! wrong <script> = <script>s</script>: Why {HOSTILE}"
    face = note(answers, f"Ask {HOSTILE}", f"Since {HOSTILE}")
    said = TYPED.judge(face.data, 1, "wrong <script>")

    assert said.slip == "<script>s</script>"  # a plain text, escaped where it is shown
    for html in (
        face.question_html, face.answer_html, face.explanation_html, TYPED.ask(face.data, 1).question_html,
        said.question_html, said.answer_html, said.explanation_html, said.reason_html,
    ):  # fmt: skip
        assert html == clean(html)
        assert not re.search("<script|<[^>]*(onerror|onclick|hx-get)", html)


def test_what_is_typed_is_shown_in_no_html() -> None:
    for typed in ("<script>zebra</script>", "learning rate zebra", "lerning rate z"):
        said = judged(typed)
        for html in (said.question_html, said.answer_html, said.explanation_html, said.reason_html):
            assert "zebra" not in html
            assert not html.endswith("z")
