"""Plain Markdown comes out as the converter would have it, or is left to the converter."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flashcards.lib.markdown import _convert
from flashcards.lib.plain_markdown import plain_html
from flashcards.lib.sanitize import clean

PIECES = [
    "a", "word", "Wörter", "Z", "3", "12", "2x", " ", "  ", ", ", ". ", "? ", ": ", "-", "e-mail", "(", ")", "'", '"',
    "/", "%", "\\.", "\\*", "\\_", "\\-", "\\#", "\\\\", "\\[", "\\+", "\\!", "**bold**", "*it*", "**a b**", "*",
    "**", "_", "\n", "  \n", "\n\n", "1.", "1\\.", "- ", "# ", "> ", "–", "→", "`", "<b>", "&", "$", "!", "~", "=",
    "+", "|", "http://a.b", "…", "“x”",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join).map(str.strip)


@settings(max_examples=1_000, deadline=None)
@given(TEXTS)
@example("1\\. What does the **softmax** do to the activation dropout tanh?")
@example("dropout attention forward  \nactivation attention")
@example("a\n\nb")
def test_the_same_as_the_converter(text: str) -> None:
    html = plain_html(text)
    if html is not None:
        assert clean(html) == clean(_convert(text))


@pytest.mark.parametrize(
    "text",
    [
        "What is it?",
        "7\\. What does the **softmax** do?",
        "one  \ntwo",
        "one\n\ntwo (three), four: five",
        "The *first* of 3",
    ],
)
def test_sentences_are_plain(text: str) -> None:
    assert plain_html(text) is not None


@pytest.mark.parametrize(
    "text", ["- a", "1. a", "# a", "a $x$", "a <b>b</b>", "    a", "`a`", "a\n---", "a&b", "[a](b)"]
)
def test_whatever_may_mean_more_is_not(text: str) -> None:
    assert plain_html(text) is None
