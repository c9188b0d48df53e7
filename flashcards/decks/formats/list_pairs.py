"""Pasted pairs of term and definition, as Quizlet, Brainscape and people write them, with any separators."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import median

from flashcards.decks.formats.table_columns import is_header
from flashcards.lib.errors import Problem
from flashcards.lib.tables.limits import refusal

SIDES = (
    "\t",
    " :: ",
    "::",
    " => ",
    " -> ",
    " = ",
    " – ",
    " — ",
    " - ",
    " | ",
    "|",
    ": ",
    ";",
    "=",
    ":",
    ", ",
    ",",
    "\n",
)
"""What may stand between term and definition, the clearest first. A newline means: the first line of a card."""

CARDS = ("\n", "\n\n", ";")
"""What may stand between cards; two newlines mean a blank line."""

ENOUGH, ENOUGH_OF_PROSE = 0.6, 0.8
"""Such a share of the cards has to hold the separator; more if it is one that sentences have as well."""

LONGEST_TERM = 70
LOOKED_THROUGH = 30_000
"""So many characters are enough to guess from."""

MAX_PAIRS = 50_000
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_NOT_PROSE = {": ", ":", ", ", ",", ";", "=", "|"}


@dataclass(frozen=True, slots=True)
class Cut:
    """What stands between the sides and between the cards; `swapped` if the definition comes first."""

    sides: str
    cards: str = "\n"
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A card of the list with the line, from 1, on which it begins; `added` tells of lines that had no separator."""

    term: str
    definition: str
    line: int
    added: int = 0


def guess_cut(text: str) -> Cut | None:
    """Return the separators that fit nearly all of the text, the clearest first; None if it is no list of pairs."""
    best: tuple[float, Cut] | None = None
    text = (
        text[:LOOKED_THROUGH].rpartition("\n")[0]
        if len(text) > LOOKED_THROUGH and "\n" in text
        else text[:LOOKED_THROUGH]
    )
    for cards in CARDS:
        parts = [part for _, part in _parts(text, cards)]
        if (len(parts) < 2 and cards != "\n") or (cards == "\n" and _all_end_so(parts, ";")):
            continue
        for rank, sides in enumerate(SIDES):
            if sides in {cards, f"{cards} "} or (sides == "\n" and cards != "\n\n"):
                continue
            fit = _fit(parts, sides)
            score = fit - rank / 1000 - CARDS.index(cards) / 100
            if fit >= (ENOUGH_OF_PROSE if sides in _NOT_PROSE else ENOUGH) and (best is None or score > best[0]):
                best = score, Cut(sides, cards)
    return best[1] if best else None


def _fit(parts: Sequence[str], sides: str) -> float:
    """Return the share of the parts that are a term and a definition with `sides` between; 0 if it can't be meant."""
    split = [part.split(sides, 1) for part in parts]
    pairs = [(pair[0].strip(), pair[1].strip()) for pair in split if len(pair) == 2]
    whole = [pair for pair in pairs if all(pair)]
    if not whole or any("\n" in term or "\t" in term for term, _ in whole):
        return 0.0
    is_short = median(len(term) for term, _ in whole) <= LONGEST_TERM
    if not is_short or (sides in _NOT_PROSE and _is_prose(whole)):
        return 0.0
    # More than one in a card: the sides or the cards are parted by something else.
    again = sum(sides in definition for _, definition in whole) / len(whole)
    return len(whole) / len(parts) - again * (0.5 if sides in _NOT_PROSE else 0.1)


def _all_end_so(parts: Sequence[str], end: str) -> bool:
    return len(parts) > 1 and all(part.rstrip().endswith(end) for part in parts[:-1])


def _is_prose(pairs: Sequence[tuple[str, str]]) -> bool:
    """Tell whether the terms are beginnings of sentences or items of lists rather than terms."""
    odd = sum(len(term.split()) > 6 or term.endswith("?") or term.startswith(("-", "•")) for term, _ in pairs)
    return 4 * odd > len(pairs)


def pairs_of(text: str, cut: Cut) -> tuple[list[Pair], list[Problem]]:
    """Return the cards of a text cut so, and what is wrong with single ones.

    A part without a separator belongs to the definition before it. A first pair that only names the sides is no card.
    Raises Refused for more than MAX_PAIRS.
    """
    pairs: list[Pair] = []
    problems: list[Problem] = []
    for count, (line, part) in enumerate(_parts(text, cut.cards), start=1):
        if count > MAX_PAIRS:
            raise refusal(f"The text has more than {MAX_PAIRS:,} cards. Split it.")
        term, found, definition = (each.strip() for each in _halves(part, cut.sides))
        if found and (term and definition):
            if pairs or not is_header([term, definition]):
                pairs.append(Pair(definition, term, line) if cut.swapped else Pair(term, definition, line))
        elif not found and pairs and not cut.swapped:
            last = pairs[-1]
            between = cut.cards if cut.cards.startswith("\n") else f"{cut.cards} "
            pairs[-1] = Pair(last.term, f"{last.definition}{between}{term}", last.line, last.added + 1)
        else:
            missing = "the separator" if not found else "the definition" if term else "the term"
            problems.append(Problem("file", f"Here {missing} is missing: “{part.strip()[:60]}”.", line))
    return pairs, problems


def _halves(part: str, sides: str) -> tuple[str, str, str]:
    before, found, after = part.partition(sides)
    if not found and sides.strip() and sides != sides.strip():
        bare = re.compile(rf"{re.escape(sides.rstrip())}\s*$|{re.escape(sides.strip())}\Z")
        if place := bare.search(part):
            return part[: place.start()], sides, ""
    return before, "x" if found else "", after


def _parts(text: str, cards: str) -> Iterator[tuple[int, str]]:
    """Yield what stands between the separators of cards, each with its line; blank ones are left out."""
    cut = _BLANK if cards == "\n\n" else re.compile(re.escape(cards))
    at, line = 0, 1
    for found in chain(cut.finditer(text), [None]):
        end = found.start() if found else len(text)
        part = text[at:end]
        if part.strip():
            skipped = len(part) - len(part.lstrip("\n"))
            yield line + part.count("\n", 0, skipped), part
        if found:
            line += text.count("\n", at, found.end())
            at = found.end()
