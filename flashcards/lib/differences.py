"""What changed between two texts, word by word, for people to see."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
# Comparing takes time with the square of these: longer texts are compared line by line.
_MOST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and what became of it."""

    what: Literal["same", "removed", "added"]
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """Return both texts as one: what stayed, was removed and was added, in order; joined they give each text back."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        old, new = _LINE.findall(before), _LINE.findall(after)
    pieces: list[Piece] = []
    for what, start, end, start_new, end_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(old[start:end])))
            continue
        pieces += [Piece("removed", "".join(old[start:end]))] if end > start else []
        pieces += [Piece("added", "".join(new[start_new:end_new]))] if end_new > start_new else []
    return pieces


def sides(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Return the texts to stand side by side: what was removed marked in the first, what was added in the second."""
    pieces = difference(before, after)
    return [each for each in pieces if each.what != "added"], [each for each in pieces if each.what != "removed"]
