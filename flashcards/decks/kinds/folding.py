"""Typed words, equal where only their dress differs: case, accents, spaces, hyphens, Greek letters or their names."""

import re
import unicodedata
from difflib import SequenceMatcher

from flashcards.decks.kinds.asking import Change

NEAR = 0.8
SHORTEST_NEAR = 4

_GREEK = {
    letter: unicodedata.name(letter).removeprefix("GREEK SMALL LETTER ").removeprefix("FINAL ").lower()
    for letter in "αβγδεζηθικλμνξοπρσςτυφχψω"
} | {"λ": "lambda"}  # Unicode spells it lamda
_SIGNS = str.maketrans({"×": "x", "−": "-", "–": "-", "‐": "-", "‑": "-", "’": "'", "‘": "'", "“": '"', "”": '"'})
_DROPPED = re.compile(r"\\var(?=epsilon|theta|kappa|pi|rho|sigma|phi)|[\s$\\`{}_]")
_HYPHEN = re.compile(r"(?<=[^\W\d])-(?=[^\W\d])")
_END = re.compile(r"[.!?,;:]+\Z")


def fold(text: str) -> str:
    """Return `text` as it is compared; "" if nothing of it counts."""
    apart = unicodedata.normalize("NFKD", text).translate(_SIGNS)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
    named = "".join(_GREEK.get(letter, letter) for letter in bare)
    return _END.sub("", _HYPHEN.sub("", _DROPPED.sub("", named)))


def likeness(given: str, accepted: str) -> float:
    """Return how alike two folded texts are, 0 to 1; 0 if far below NEAR, or too short to tell a slip of the pen."""
    if min(len(given), len(accepted)) < SHORTEST_NEAR:
        return 0.0
    matcher = SequenceMatcher(None, given, accepted, autojunk=False)
    # Two quick upper bounds first: the ratio itself takes time with the product of the lengths, or worse.
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < NEAR:
        return 0.0
    return matcher.ratio()


def difference(given: str, accepted: str) -> list[Change]:
    """Return both texts as one: what they share, what only `given` has, and what only `accepted` has."""
    matcher = SequenceMatcher(None, given.casefold(), accepted.casefold(), autojunk=False)
    if len(given.casefold()) != len(given) or len(accepted.casefold()) != len(accepted):
        matcher.set_seqs(given, accepted)
    changes: list[Change] = []
    for _, i, j, k, m in matcher.get_opcodes():
        same = given[i:j].casefold() == accepted[k:m].casefold()
        changes += (
            [Change("same", accepted[k:m])]
            if same
            else [Change("extra", given[i:j]), Change("missing", accepted[k:m])]
        )
    return [change for change in changes if change.text]
