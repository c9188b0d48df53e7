"""What changed between two texts, word by word, for people to see."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_SENTENCE = re.compile(r"[^\n.;:]*[\n.;:]+|[^\n.;:]+")
# Comparing takes time with the square of it: of longer stretches sentences are compared first, and words within them.
_MOST_WORDS = 600
_MOST_SENTENCES = 2_000

type _What = Literal["same", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and what became of it."""

    what: _What
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """Return both texts as one: what stayed, was removed and was added, in order; joined they give each text back."""
    return list(_joined(_compared(before, after)))


def sides(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Return the texts to stand side by side: what was removed marked in the first, what was added in the second."""
    pieces = difference(before, after)
    return [each for each in pieces if each.what != "added"], [each for each in pieces if each.what != "removed"]


def _compared(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    start, end = _shared(old, new)
    yield Piece("same", "".join(old[:start]))
    gone, came = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(gone), len(came)) <= _MOST_WORDS:
        yield from _matched(gone, came)
    else:
        yield from _by_sentences("".join(gone), "".join(came))
    yield Piece("same", "".join(old[len(old) - end :]))


def _by_sentences(before: str, after: str) -> Iterator[Piece]:
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    start, end = _shared(old, new)
    yield Piece("same", "".join(old[:start]))
    gone, came = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(gone), len(came)) <= _MOST_SENTENCES:
        for is_changed, group in groupby(_matched(gone, came), lambda piece: piece.what != "same"):
            pieces = list(group)
            if not is_changed:
                yield from pieces
                continue
            texts = {what: "".join(piece.text for piece in pieces if piece.what == what) for what in _SIDES}
            yield from _by_words(texts["removed"], texts["added"])
    else:
        yield from (Piece("removed", "".join(gone)), Piece("added", "".join(came)))
    yield Piece("same", "".join(old[len(old) - end :]))


_SIDES: tuple[_What, _What] = ("removed", "added")


def _by_words(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) <= _MOST_WORDS:
        yield from _matched(old, new)
    else:
        yield from (Piece("removed", before), Piece("added", after))


def _matched(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for what, start, end, start_new, end_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(old[start:end]))
        else:
            yield from (Piece("removed", "".join(old[start:end])), Piece("added", "".join(new[start_new:end_new])))


def _shared(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Return how many parts both begin with, and how many of the others both end with."""
    shortest = min(len(old), len(new))
    start = next((place for place in range(shortest) if old[place] != new[place]), shortest)
    rest = shortest - start
    return start, next((place for place in range(rest) if old[-1 - place] != new[-1 - place]), rest)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces without empty ones, neighbours of one kind as one."""
    for what, group in groupby((piece for piece in pieces if piece.text), lambda piece: piece.what):
        yield Piece(what, "".join(piece.text for piece in group))
