from hypothesis import given, settings
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


def test_long_texts_are_compared_by_sentences_and_words_within_them() -> None:
    sentences = [f"Sentence {number} of a long text says what it says." for number in range(300)]
    before = "\n".join(sentences)
    after = before.replace("Sentence 3 of", "Phrase 3 of").replace("Sentence 290 of a long", "Sentence 290 of a short")

    changed = [piece for piece in difference(before, after) if piece.what != "same"]

    assert [piece.text for piece in changed] == ["Sentence", "Phrase", "long", "short"]


@given(st.lists(st.sampled_from(["one. ", "two\n", "three, ", "four "]), max_size=400), st.integers(0, 400))
@settings(max_examples=25)
def test_both_long_texts_come_back(parts: list[str], at: int) -> None:
    before = "".join(parts * 5)
    after = "".join([*parts[:at], "new ", *parts[at + 3 :]] * 4)
    pieces = difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.what != "added") == before
    assert "".join(piece.text for piece in pieces if piece.what != "removed") == after


def test_long_texts_are_compared_from_both_ends() -> None:
    before = "a word\n" * 5_000
    assert difference(before, before + "more") == [Piece("same", before), Piece("added", "more")]
