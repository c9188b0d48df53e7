"""Formulas as words on one line, for lists and titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.lib.formula_words import formula_words
from flashcards.lib.markdown import render
from flashcards.lib.sanitize import readable_words

READ = [
    (r"x^2", "x²"),
    (r"10^{-3}", "10⁻³"),
    (r"a_1 + b_{ij}", "a₁+bᵢⱼ"),
    (r"\sum_{i=1}^n \bar x", "∑ᵢ₌₁ⁿx̄"),
    (r"\frac{1}{2}(a-y)^2", "1/2(a−y)²"),
    (r"\frac{\partial L}{\partial w}", "(∂L)/(∂w)"),
    (r"\hat v_2 = \sqrt{x+1}", "v̂₂ = √(x+1)"),
    (r"\nabla_\theta L", "∇_θL"),
    (r"e^{i\pi}", "e^(iπ)"),
    (r"\mathrm{softmax}(x)", "softmax(x)"),
    (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "(1 2; 3 4)"),
]


@pytest.mark.parametrize(("latex", "words"), READ)
def test_a_formula_reads_as_a_person_would_write_it(latex: str, words: str) -> None:
    assert readable_words(render(f"What is ${latex}$?").html) == f"What is {words}?"


def test_items_of_a_list_have_a_dot_between_them() -> None:
    assert readable_words(render("Which?\n\n- Adam\n- *SGD* & co").html) == "Which? · Adam · SGD & co"
    assert readable_words(render("- Adam\n- SGD").html) == "Adam · SGD"


def test_less_than_stays_what_it_is() -> None:
    assert readable_words(render("Is $a<b$, and `<b>` a tag?").html) == "Is a < b, and <b> a tag?"


@given(
    st.lists(st.sampled_from(["<mfrac>", "</mfrac>", "<mi>x</mi>", "<msub>", "</msub>", "<msqrt>", "<mtable>", "y"]))
)
def test_any_mathml_is_read(parts: list[str]) -> None:
    words = formula_words("".join(parts))
    assert "<" not in words
    assert "\n" not in words


def test_depth_is_no_danger() -> None:
    assert formula_words("<msqrt>" * 5_000 + "<mi>x</mi>" + "</msqrt>" * 5_000)
