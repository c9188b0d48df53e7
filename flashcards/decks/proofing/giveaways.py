"""Cards that answer themselves: what is asked for stands on the side that asks. Told only where it is plain."""

from collections.abc import Iterator, Sequence

from flashcards.decks.kinds import Face
from flashcards.decks.proofing.findings import Finding
from flashcards.decks.proofing.sheets import Sheet
from flashcards.decks.proofing.sides import Token, read_side
from flashcards.decks.proofing.words import folded, has_digit, key_words

CHECK = "giveaway"
LONG_ENOUGH = 4
"""Letters of a word in a gap: shorter ones, numbers and single signs stand elsewhere by chance."""


def findings(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Yield notes with a card whose question holds its answer, one finding a card."""
    for sheet in sheets:
        for face in sheet.faces:
            if sheet.record.kind == "cloze":
                yield from _of_gap(sheet, face)
            elif sheet.record.kind == "choice":
                yield from _of_options(sheet, face)
            elif sheet.record.kind != "numeric":
                yield from _of_answer(sheet, face)


def _of_answer(sheet: Sheet, face: Face) -> Iterator[Finding]:
    """An answer whose key words, most of what it says, all stand in a question that offers no alternatives."""
    question = read_side(sheet.asked(face)).tokens
    answer = read_side(_shown_answer(face)).tokens
    keys = key_words(answer)
    offers = any(folded(token.text) in {"or", "which", "versus", "vs"} for token in question)
    if keys and not offers and 2 * len(keys) >= len(answer) and keys <= key_words(question):
        words = " ".join(token.text for token in answer)
        message = f"The question holds its answer, “{words}”. Ask without these words."
        field = "answer" if sheet.record.kind == "reversed" and face.ordinal == 2 else "question"
        yield sheet.warning(CHECK, field, message)


def _shown_answer(face: Face) -> str:
    accepted = face.data.get("accepted")
    return str(accepted[0]) if accepted else face.answer_html


def _of_options(sheet: Sheet, face: Face) -> Iterator[Finding]:
    """A right option whose own words, those of no wrong one, all stand in the question; no wrong one has such."""
    question = key_words(read_side(face.data["question"]).tokens)
    options = [(option["right"], key_words(read_side(option["html"]).tokens)) for option in face.data["options"]]
    wrong = set[str]().union(*(keys for is_right, keys in options if not is_right))
    right = set[str]().union(*(keys for is_right, keys in options if is_right))
    if question & (wrong - right):
        return
    for is_right, keys in options:
        own = keys - wrong
        if is_right and own and own <= question:
            message = f"Of the options only the right one repeats the question's words: {', '.join(sorted(own))}."
            yield sheet.warning(CHECK, "answer", f"{message} Use them in wrong ones as well, or nowhere.")


def _of_gap(sheet: Sheet, face: Face) -> Iterator[Finding]:
    """A gap whose words stand, one after the other, where the same card shows them."""
    shown = [_plain(token) for token in read_side(face.question_html).tokens]
    hidden = [_plain(token) for token in read_side(face.answer_html).tokens if token.is_gap]
    if any(map(_is_telling, hidden)) and any(shown[at : at + len(hidden)] == hidden for at in range(len(shown))):
        message = f"What gap {face.ordinal} hides, “{' '.join(hidden)}”, stands elsewhere in the text as well."
        yield sheet.warning(CHECK, "question", f"{message} Reword that place.")


def _is_telling(word: str) -> bool:
    return len(word) >= LONG_ENOUGH and not has_digit(word) and bool(key_words([Token(word, "word")]))


def _plain(token: Token) -> str:
    return folded(token.text)
