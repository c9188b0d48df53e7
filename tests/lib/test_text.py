import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.lib.text import MAX_CHARACTERS, text_problems, tidy


@pytest.mark.parametrize(
    ("character", "said"),
    [
        ("\x00", "control character"),
        ("\x1b", "control character"),
        ("\x85", "control character"),
        ("\u2028", "control character"),
        ("\ud800", "lone surrogate"),
        ("\u200f", "direction"),
        ("\u202e", "direction"),
        ("\u2066", "direction"),
        ("\u061c", "direction"),
    ],
)
def test_what_no_database_or_reader_should_hold_is_refused_with_its_line(character: str, said: str) -> None:
    (problem,) = text_problems("answer", f"first\nsecond {character}")

    assert (problem.field, problem.line) == ("answer", 2)
    assert f"U+{ord(character):04X}" in problem.message
    assert said in problem.message


@pytest.mark.parametrize("text", ["", "a\n\tb", "naïve 漢字 👩‍🔬 שלום عربى", "x" * MAX_CHARACTERS])
def test_ordinary_text_of_any_language_is_accepted(text: str) -> None:
    assert text_problems("answer", text) == []


def test_too_long_a_text_is_one_problem_whatever_it_holds() -> None:
    (problem,) = text_problems("answer", "\x00" * 10_000_000)

    assert "10,000,000" in problem.message


def test_only_the_first_problems_are_listed() -> None:
    assert len(text_problems("answer", "\x00" * 1000)) == 10


def test_a_line_is_a_line() -> None:
    assert text_problems("title", "a\nb", one_line=True)
    assert not text_problems("title", "a b", one_line=True)


def test_newlines_and_accents_get_one_form() -> None:
    assert tidy("a\r\nb\rc e\u0301") == "a\nb\nc é"


@given(st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
