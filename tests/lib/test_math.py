import re
import threading

import pytest

from flashcards.lib.math import MATH_CLASSES, FormulaError, to_mathml
from flashcards.lib.sanitize import clean

FORMULAS = [
    r"\frac{a}{b}",
    r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
    r"f(x) = \begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
    r"\begin{array}{|l|c:r|} \hline 1 & 2 & 3 \\ \hline 4 & 5 & 6 \end{array}",
    r"\begin{align*} a &= b \end{align*}",
    r"\lVert W \rVert_F^2 \! \; \boxed{x} \cfrac{1}{2} \sum\limits_{i=1}^n",
    r"\operatorname*{arg\,max}_\theta \mathcal{L}(\theta)",
    r"\begin{subarray}{l} a \\ b \end{subarray}",
    r"\mathbin{\text{T}} \overset{a}{b} \underbrace{x}_{n} \xrightarrow{ab} \hat z \overline{x}",
]


@pytest.mark.parametrize("latex", FORMULAS)
def test_formulas_need_no_style_and_no_id_and_pass_the_sanitiser_whole(latex: str) -> None:
    mathml = to_mathml(latex, display=True)

    assert " style=" not in mathml
    assert " id=" not in mathml
    assert set(" ".join(re.findall(r'class="([^"]*)"', mathml)).split()) <= MATH_CLASSES
    cleaned = clean(mathml)
    assert re.findall(r"<[a-z]+", cleaned) == re.findall(r"<[a-z]+", mathml)
    assert len(re.findall(r' [a-z]+="', cleaned)) == len(re.findall(r' [a-z]+="', mathml))


def test_every_class_of_formulas_has_a_rule(pytestconfig: pytest.Config) -> None:
    css = (pytestconfig.rootpath / "static" / "css" / "content.css").read_text()

    assert {name for name in MATH_CLASSES if f".{name} " not in css} == set()


def test_alignment_becomes_classes() -> None:
    mathml = to_mathml(r"\begin{aligned} a &= b \end{aligned}", display=True)

    assert '<mtd class="ta-right pr-0"><mi>a</mi></mtd><mtd class="ta-left pl-0">' in mathml


def test_the_source_is_there_for_screen_readers_and_copying() -> None:
    assert 'alttext="a &lt; &quot;b&quot;"' in to_mathml(' a < "b" ', display=False)


def test_display_formulas_say_so() -> None:
    assert 'display="block"' in to_mathml("x", display=True)
    assert 'display="block"' not in to_mathml("x", display=False)


@pytest.mark.parametrize(
    ("latex", "said", "offset"),
    [
        (r"x + \foo", r"\foo", 4),
        ("é + 漢 \\foo", r"\foo", 6),
        (r"\frac{1", "Expected closing token", 7),
        ("   ", "empty", 0),
        (r"x \def\a{b} \a", r"\def", 2),
        (r"\newcommand{\a}{b}", "macro", 0),
        (r"\gdef\a{\a\a}\a", "macro", 0),
        (r"\let\a=b", "macro", 0),
        (r"\textcolor{red}{x}", "colours", 0),
        (r"\color{red} x", "colours", 0),
        (r"\begin{align} x \end{align}", "aligned", 0),
        (r"\eqref{a}", "refers", 0),
        (r"\cancel{x}", "Struck-out", 0),
        ("x" * 4001, "4,001", 0),
    ],
)
def test_a_wrong_formula_is_refused_with_its_place(latex: str, said: str, offset: int) -> None:
    with pytest.raises(FormulaError) as refused:
        to_mathml(latex, display=False)

    assert said in refused.value.message
    assert refused.value.offset == offset


@pytest.mark.parametrize(
    "bomb",
    [
        "{" * 3999,
        "{" * 1999 + "x" + "}" * 1999,
        r"\left(" * 300 + r"\right)" * 300,
        r"\sqrt" * 700 + " x",
        r"\hat " * 790 + "x",
        r"\frac1" * 600 + "1",
        r"\displaystyle " * 280 + "x",
        r"\displaystyle" * 300 + " x",
        r"\begin{matrix}" * 100 + r"\end{matrix}" * 100,
        "x^{" * 900 + "}" * 900,
        r"\\{" * 900,
    ],
)
def test_nesting_never_ends_the_process(bomb: str) -> None:
    """On a small stack, as servers' threads have: the converter recurses without looking."""
    results: list[str] = []

    def convert() -> None:
        try:
            results.append(to_mathml(bomb, display=False))
        except FormulaError as refused:
            results.append(refused.message)

    before = threading.stack_size(2 * 1024 * 1024)
    try:
        thread = threading.Thread(target=convert)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert len(results) == 1
