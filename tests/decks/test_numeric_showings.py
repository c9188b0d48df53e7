import re

import pytest

from flashcards.decks.kinds import Verdict
from flashcards.decks.kinds.number_lines import read_numbers
from flashcards.decks.kinds.numeric import EXAMPLE_SEED
from flashcards.lib.errors import Problem
from flashcards.lib.expressions import Value
from flashcards.lib.sanitize import clean, plain_words
from tests.decks.numeric_notes import CONVOLUTION, NUMERIC, judged, note, problems

# Placeholders --------------------------------------------------------------------------------------------------------


@pytest.fixture
def one() -> str:
    """Numbers that are always the same."""
    return "n = one of 28\nx = one of -0.5\nbig = one of 1234567\nv = (3, x)\nanswer: n"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Of {{n}} units", "<p>Of 28 units</p>"),
        ("Of {{ n + 2*n }}", "<p>Of 84</p>"),
        ("Of {{n/3:.2f}}", "<p>Of 9.33</p>"),
        ("Of {{big:,}}", "<p>Of 1,234,567</p>"),
        ("Of {{big:.1e}}", "<p>Of 1.2 × 10⁶</p>"),
        ("Of {{x:.1%}}", "<p>Of −50.0\u202f%</p>"),
        ("Of {{v}}", "<p>Of (3, −0.5)</p>"),
        ("**{{n}}**", "<p><strong>28</strong></p>"),
        ("{{n}}. then", "<p>28. then</p>"),
        ("{{x}} is it", "<p>−0.5 is it</p>"),
        ("`a[{{n}}]`", "<p><code>a[28]</code></p>"),
        ("`{{x}}`", "<p><code>−0.5</code></p>"),
    ],
)
def test_placeholders_in_text_and_code(one: str, written: str, shown: str) -> None:
    assert note(one, written).question_html == shown


def test_placeholders_in_a_formula_are_numbers_of_it(one: str) -> None:
    html = note(one, r"$\frac{ {{n}} }{2} + {{x}} + a_{ {{v}} } + {{big:.1e}} \text{ in {{n}} }$").question_html

    assert html.count("<mn>28</mn>") == 1
    assert "<mfrac><mn>28</mn><mn>2</mn></mfrac>" in html
    assert '<mo form="prefix">−</mo><mn>0.5</mn>' in html
    assert "<msup><mn>10</mn><mrow><mn>6</mn></mrow></msup>" in html
    assert re.search(r"<mtext>[^<]*28[^<]*</mtext>", html)
    assert html == clean(html)
    (source,) = re.findall(r'alttext="([^"]*)"', html)
    assert "28" in source
    assert "−0.5" in source
    assert "{{" not in source


def test_placeholders_in_the_words_for_an_image(one: str) -> None:
    html = note(one, "![{{n}} units at {{x}}](/static/a.svg)").question_html

    assert 'alt="28 units at −0.5"' in html


@pytest.mark.parametrize(
    ("question", "line", "said"),
    [
        ("Look\n\n[here](/units/{{n}})", 3, "nothing is shown"),
        ("Look\n\n![units](/units/{{n}}.svg)", 3, "nothing is shown"),
        ("{{n}}\n[{{n}}](/units/{{n}})", 2, "nothing is shown"),
        ("```{{n}}\nx\n```", 1, "nothing is shown"),
        ("a\n{{m}}", 2, "m is not known here"),
        ("a\n{{answer}}", 2, "answer is not known here"),
        ("a\n{{n +}}", 2, "can't be read"),
        ("a\n{{n:d}}", 2, "is no format"),
        ("a\n{{n:>99999999}}", 2, "is no format"),
        ("a\n{{n.real}}", 2, "is not allowed"),
        ("a\n{{__import__('os')}}", 2, "no function"),
        ("a\n{{max}}", 2, "max is a function"),
        ("a\n{{9**9**9}}", None, "too large"),
        ("a\n$\\foo + {{n}}$", 2, r"\foo"),
    ],
)
def test_a_wrong_placeholder_is_refused_with_its_line(one: str, question: str, line: int | None, said: str) -> None:
    (problem,) = problems(one, question)

    assert (problem.field, problem.line) == ("question", line)
    assert said in problem.message


def test_a_question_that_shows_nothing_is_refused(one: str) -> None:
    (problem,) = problems(one, "<script>x</script>")

    assert problem == Problem("question", "Question shows nothing.")


PINNED: list[dict[str, Value]] = [
    {"n": 28, "f": 7, "p": 2, "out": 26},
    {"n": 52, "f": 7, "p": 1, "out": 48},
    {"n": 48, "f": 3, "p": 0, "out": 46},
]


# Drawing -------------------------------------------------------------------------------------------------------------


def test_the_same_seed_draws_the_same_for_ever() -> None:
    numbers = read_numbers(CONVOLUTION, "answer")

    assert [numbers.draw(seed) for seed in (0, 1, 2**63 - 1)] == PINNED


def test_other_seeds_and_attempts_draw_other_numbers() -> None:
    numbers = read_numbers(CONVOLUTION, "answer")

    assert len({str(numbers.draw(seed)) for seed in range(200)}) > 80
    assert len({str(numbers.draw(0, attempt)) for attempt in range(200)}) > 80


def test_every_value_is_drawn_about_equally_often() -> None:
    numbers = read_numbers("n = 1 to 10\nm = one of 1, 2\nanswer: n", "answer")
    picks = [numbers.picks(seed, 0) for seed in range(5_000)]

    counts = [sum(pick[0] == index for pick in picks) for index in range(10)]
    assert min(counts) > 400
    assert max(counts) < 600
    together = sum(pick[0] % 2 == pick[1] for pick in picks)
    assert 2_300 < together < 2_700


def test_a_showing_keeps_its_numbers_from_question_to_verdict() -> None:
    face = note(question="{{n}} {{f}} {{p}}?", explanation="{{n}} {{f}} {{p}}: {{answer}}")

    for seed in range(30):
        asked = NUMERIC.ask(face.data, seed)
        said = judged(face, "1", seed)
        n, f, p = map(int, plain_words(asked.question_html).rstrip("?").split())
        assert said.question_html == asked.question_html
        assert plain_words(said.explanation_html) == f"{n} {f} {p}: {n + 2 * p - f + 1}"
        assert plain_words(said.answer_html) == f"{n + 2 * p - f + 1}"
        assert judged(face, str(n + 2 * p - f + 1), seed).verdict is Verdict.RIGHT


def test_what_is_required_holds_at_every_showing() -> None:
    face = note("a = 1 to 9\nb = 1 to 9\nrequire: a < b\nanswer: b - a", "{{a}} {{b}}")

    for seed in range(200):
        a, b = map(int, plain_words(NUMERIC.ask(face.data, seed).question_html).split())
        assert a < b


def test_a_card_shows_an_example() -> None:
    face = note(question="{{n}} {{f}} {{p}}", explanation="{{answer}}")

    example_of = judged(face, None, EXAMPLE_SEED)
    assert face.question_html == example_of.question_html
    assert face.answer_html == example_of.answer_html
    assert face.explanation_html == example_of.explanation_html
    assert example_of.verdict is Verdict.SKIPPED


def test_a_showing_passes_over_a_draw_that_was_not_tried_and_fails() -> None:
    bad = read_numbers("a = 1 to 1000000\nanswer: a", "answer").picks(12_345, 0)[0] + 1
    for lines, question, explanation in (
        (f"q = 1/(a - {bad})\nanswer: a", "{{a}}", ""),
        (f"answer: 1/(a - {bad})", "{{a}}", ""),
        ("answer: a", f"{{{{a}}}} {{{{1/(a - {bad})}}}}", ""),
        ("answer: a", "{{a}}", f"{{{{1/(a - {bad})}}}}"),
        (f"answer: a\nslip: s = a + 1 + 0/(a - {bad})\n  Why.", "{{a}}", ""),
        (f"answer: a\nslip: s = a + 1\n  {{{{1/(a - {bad})}}}}", "{{a}}", ""),
    ):
        face = note(f"a = 1 to 1000000\n{lines}", question, explanation)
        asked = plain_words(NUMERIC.ask(face.data, 12_345).question_html).split()[0]
        assert asked != str(bad)
        for given_text in ("1", str(bad), str(bad + 1)):
            assert judged(face, given_text, 12_345).question_html == NUMERIC.ask(face.data, 12_345).question_html


# What is written is never script -------------------------------------------------------------------------------------

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)" hx-get="/x">a</a>'


def test_nothing_that_is_written_becomes_script() -> None:
    lines = (
        f'n = one of 3\nanswer: n\nunit: <b onclick="a()">\nslip: <script>s</script> = n + 1\n  {HOSTILE} {{{{n}}}}'
    )
    face = note(lines, f"Ask {HOSTILE} {{{{n}}}}", f"Why {HOSTILE}")
    said = judged(face, "4")

    assert said.slip == "<script>s</script>"  # a plain text, escaped where it is shown
    for html in (
        face.question_html, face.answer_html, face.explanation_html, NUMERIC.ask(face.data, 7).question_html,
        said.question_html, said.answer_html, said.explanation_html, said.reason_html,
    ):  # fmt: skip
        assert html == clean(html)
        assert not re.search(r"<script|onerror|onclick=a\(\)>|javascript:|hx-get", html)


def test_what_is_typed_is_shown_in_no_html() -> None:
    for typed in ("3", "4", "5", "28 = 4"):
        said = judged(note("n = one of 3\nanswer: n\nslip: a = n + 1\n  Why."), typed)
        assert "28 =" not in f"{said.question_html}{said.answer_html}{said.explanation_html}{said.reason_html}"
