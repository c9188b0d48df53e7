from hypothesis import given
from hypothesis import strategies as st

from flashcards.lib.differences import Piece, difference, sides

TEXTS = st.text(st.sampled_from("ab \n.é$"), max_size=40)


@given(TEXTS, TEXTS)
def test_both_texts_come_back(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.what != "added") == before
    assert "".join(piece.text for piece in pieces if piece.what != "removed") == after
    assert difference(before, before) == ([Piece("same", before)] if before else [])


def test_words_are_marked_whole() -> None:
    old, new = sides("The gradient vanishes.", "The gradients vanish.")
    assert Piece("removed", "gradient") in old
    assert Piece("added", "gradients") in new


def test_long_texts_are_compared_by_lines() -> None:
    before = "a word\n" * 5_000
    assert difference(before, before + "more") == [Piece("same", before), Piece("added", "more")]
