"""Notes without separators: which lines ask, which answer, which are headings. A guess, line by line, with how sure.

Each line is scored alone and beside its neighbours; then the sequence as a whole is weighed, for a question without an
answer is none and an answer needs a question before it (a hidden Markov model, forward and backward).
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flashcards.decks.formats.list_words import (
    ASKS_ITSELF,
    CARRIES_ON,
    HEADING,
    PREFIX_OF_ANSWER,
    PREFIX_OF_QUESTION,
    STATES,
    is_within,
    looks_like_question,
)
from flashcards.decks.formats.plain import is_item

MAX_LINES = 3_000
LOOKED_AT = 400
"""A longer line is told by so much of its beginning, and its last character."""

_CODE = re.compile(r"\w\([^)]*\)|[=<>]")
_NO_TITLE = re.compile(r"[.,;:?]$|: |=|\w\(")


class Mark(StrEnum):
    """What a line is."""

    QUESTION = "q"
    ANSWER = "a"
    TOPIC = "t"
    SKIP = "s"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that says something: its number in the text from 1, what it is, and how sure that is (0 to 1)."""

    number: int
    text: str
    mark: Mark
    sure: float
    is_first: bool = False
    """Whether a question begins here rather than carries on."""


# Hidden states: a topic; the first and further lines of a question; of an answer.
_TOPIC, _ASK, _MORE, _TELL = range(4)
_MARKS = (Mark.TOPIC, Mark.QUESTION, Mark.QUESTION, Mark.ANSWER)
_NEVER = -50.0
_NEXT = (
    #  topic, ask, more, tell
    (-4.0, 0.0, _NEVER, _NEVER),  # after a topic
    (_NEVER, _NEVER, -2.2, 0.0),  # after a question's first line
    (_NEVER, _NEVER, -3.0, 0.0),  # after a further one
    (-2.5, -0.3, _NEVER, 0.0),  # after a line of an answer
)
_START = (-0.5, -0.5, _NEVER, -4.0)
_END = (-6.0, -6.0, -6.0, 0.0)
_CHOSEN = 200.0


def marked(text: str, chosen: Mapping[int, Mark] | None = None) -> list[Line]:
    """Return the lines of `text` that say something, each marked; `chosen` are marks by line number that stand."""
    numbered = [(number, line.strip()) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    chosen = chosen or {}
    skipped = {number for number, mark in chosen.items() if mark == Mark.SKIP}
    kept = [(number, line) for number, line in numbered if number not in skipped]
    scores = _scores([line if len(line) < LOOKED_AT else f"{line[:LOOKED_AT]} {line[-1]}" for _, line in kept])
    for place, (number, _) in enumerate(kept):
        if number in chosen:
            scores[place] = _as_chosen(scores[place], chosen[number])
    best, sure = _weighed(scores)
    found = {
        number: Line(number, line, _MARKS[best[place]], 1.0 if number in chosen else sure[place], best[place] == _ASK)
        for place, (number, line) in enumerate(kept)
    }
    lines = [found.get(number) or Line(number, line, Mark.SKIP, 1.0) for number, line in numbered]
    return _without_repeats(lines, chosen)


def cards_in(lines: Sequence[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Return the lines of each card's question and answer, skipped ones and topics apart."""
    cards: list[tuple[list[Line], list[Line]]] = []
    for line in lines:
        if line.mark == Mark.QUESTION and (line.is_first or not cards or cards[-1][1]):
            cards.append(([line], []))
        elif line.mark == Mark.QUESTION:
            cards[-1][0].append(line)
        elif line.mark == Mark.ANSWER and cards:
            cards[-1][1].append(line)
        elif line.mark == Mark.TOPIC and cards:
            cards.append(([], []))
    return [card for card in cards if card[0]]


def _as_chosen(scores: list[float], mark: Mark) -> list[float]:
    return [score + (_CHOSEN if _MARKS[state] == mark else -_CHOSEN) for state, score in enumerate(scores)]


def _scores(lines: Sequence[str]) -> list[list[float]]:
    alone = [looks_like_question(line) for line in lines]
    return [_score(lines, alone, place) for place in range(len(lines))]


def _score(lines: Sequence[str], alone: Sequence[float], place: int) -> list[float]:
    """Return for each state how well it fits the line at `place`, an answer being 0."""
    line = lines[place]
    if PREFIX_OF_QUESTION.match(line):
        return [-9.0, 9.0, 0.0, -9.0]
    if PREFIX_OF_ANSWER.match(line) and not PREFIX_OF_ANSWER.fullmatch(f"{line} x"):
        return [-9.0, -9.0, -9.0, 9.0]
    if HEADING.fullmatch(line):
        return [9.0, -3.0, -9.0, -9.0]
    before = lines[max(0, place - 2) : place]
    after = lines[place + 1] if place + 1 < len(lines) else ""
    asks = alone[place]
    if asks < 1.0:
        asks += _as_title(line, before, after)
    if is_within(line):
        asks -= 4.5
    further = 3.0 if CARRIES_ON.match(line) else -4.0 + min(asks, 2.0) / 2
    asks -= 3.5 * bool(CARRIES_ON.match(line))
    topic = -4.0
    after_asks = alone[place + 1] if after else -5.0
    if _is_title(line) and alone[place] < 1.0 and after_asks > 2.0:
        topic = 1.5 if place == 0 else -1.5
    return [topic, asks, further, 0.0]


def _is_title(line: str) -> bool:
    return len(line.split()) <= 8 and line[:1].isupper() and not _NO_TITLE.search(line)


def _as_title(line: str, before: Sequence[str], after: str) -> float:
    """Return how much a line that asks nothing may still be a card's front, a term: by what stands around it."""
    if not _is_title(line) or is_item(line):
        return 0.0
    words = len(line.split())
    score = (0.9 if words <= 6 else 0.3) - 3.0 * bool(STATES.search(line))
    score += _opens_answer(line, after)
    last = before[-1] if before else ""
    if not last:
        score += 0.5
    elif is_item(last):
        score += 2.3  # A list ended.
    elif last.endswith((".", "!")) or len(last) > 90:
        score += 1.2
    elif len(before) > 1 and looks_like_question(before[-2]) > 2.0:
        score += 1.2  # The question before has its one line of answer.
    elif _CODE.search(last):
        score += 1.0
    elif _is_title(last):
        score -= 1.6  # Rather a member of a list of short lines.
    if words == 1 and not _shares_words(line, after):
        score -= 0.8
    return score


def _opens_answer(title: str, after: str) -> float:
    if not after:
        return -3.0
    score = 0.0
    if is_item(after):
        score += 0.7
    elif len(after) >= 60:
        score += 1.3
    elif is_within(after):
        score += 1.5
    elif _is_title(after):
        score -= 0.8
    if ASKS_ITSELF.match(after):
        score += 1.0
    if _shares_words(title, after):
        score += 1.8
    return score


def _shares_words(title: str, after: str) -> bool:
    """Tell whether the next line begins with words of this one, or spells it out, as definitions do."""
    initials = "".join(word[0] for word in re.findall(r"\w+", after)[: len(title)]).casefold()
    if len(title) > 1 and title.isupper() and initials == title.casefold():
        return True
    said = {word.casefold().rstrip("s") for word in re.findall(r"\w{3,}", title)}
    begins = [word.casefold().rstrip("s") for word in re.findall(r"\w{3,}", after)[:4]]
    return bool(said & set(begins))


def _weighed(scores: Sequence[Sequence[float]]) -> tuple[list[int], list[float]]:
    """Return the best sequence of states, and for each line the share of all sequences that agree on its mark."""
    if not scores:
        return [], []
    count = len(scores)
    ahead: list[list[float]] = []
    best: list[list[tuple[float, int]]] = []
    for place in range(count):
        sums, tops = [], []
        for state in range(4):
            here = scores[place][state]
            if place == 0:
                sums.append(_START[state] + here)
                tops.append((_START[state] + here, 0))
            else:
                sums.append(here + _log_sum([ahead[-1][last] + _NEXT[last][state] for last in range(4)]))
                tops.append(max((best[-1][last][0] + _NEXT[last][state] + here, last) for last in range(4)))
        ahead.append(sums)
        best.append(tops)
    behind = [list(_END)]
    for place in range(count - 1, 0, -1):
        after = behind[-1]
        behind.append(
            [_log_sum([_NEXT[state][to] + scores[place][to] + after[to] for to in range(4)]) for state in range(4)]
        )
    behind.reverse()
    return _traced(best), _shares(ahead, behind, _traced(best))


def _traced(best: Sequence[Sequence[tuple[float, int]]]) -> list[int]:
    state = max(range(4), key=lambda each: best[-1][each][0] + _END[each])
    path = [state]
    for tops in reversed(best[1:]):
        state = tops[state][1]
        path.append(state)
    return path[::-1]


def _shares(ahead: Sequence[Sequence[float]], behind: Sequence[Sequence[float]], path: Sequence[int]) -> list[float]:
    shares = []
    for before, after, state in zip(ahead, behind, path, strict=True):
        all_ = _log_sum([one + other for one, other in zip(before, after, strict=True)])
        same = [before[each] + after[each] for each in range(4) if _MARKS[each] == _MARKS[state]]
        shares.append(round(min(1.0, math.exp(_log_sum(same) - all_)), 3))
    return shares


def _log_sum(values: Sequence[float]) -> float:
    top = max(values)
    return top + math.log(sum(math.exp(value - top) for value in values))


def _without_repeats(lines: list[Line], chosen: Mapping[int, Mark]) -> list[Line]:
    """Return the lines with cards that stand there word for word before marked to be skipped."""
    seen: set[tuple[str, ...]] = set()
    repeated: set[int] = set()
    for asking, telling in cards_in(lines):
        words = tuple(line.text.casefold() for line in (*asking, *telling))
        if words in seen:
            repeated |= {line.number for line in (*asking, *telling)}
        seen.add(words)
    return [
        Line(line.number, line.text, Mark.SKIP, line.sure) if line.number in repeated - chosen.keys() else line
        for line in lines
    ]
