"""Gaps in a text: `{{c1::hidden}}` or `{{c1::hidden::hint}}`, found with balanced braces so that LaTeX fits in."""

import re
from dataclasses import dataclass

from flashcards.lib.errors import Problem
from flashcards.lib.formulas import line_of

MAX_GAPS = 200
MAX_NUMBERS = 50
MAX_NUMBER = 99

OPENING = re.compile(r"\{\{c([0-9]*)::")
_MARK = re.compile(r"\\.|\{\{c[0-9]*::|::|[{}]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap: `source[start:end]`, whose `hidden` text begins on `line` and is asked for by card `number`."""

    start: int
    end: int
    number: int
    hidden: str
    hint: str
    line: int


def find_gaps(source: str, field: str) -> tuple[list[Gap], list[Problem]]:
    """Return the gaps of `source` in order, and what is wrong with them. Takes linear time."""
    openings = list(OPENING.finditer(source))
    if not openings:
        return [], [Problem(field, "There is no gap. Write one as {{c1::what is hidden}}.")]
    if len(openings) > MAX_GAPS:
        return [], [Problem(field, f"There are {len(openings):,} gaps; at most {MAX_GAPS} are allowed.")]
    gaps: list[Gap] = []
    problems: list[Problem] = []
    position = 0
    for opening in openings:
        line = line_of(source, opening.start())
        if opening.start() < position:
            problems.append(Problem(field, "A gap stands inside another. Close the first one before.", line))
            continue
        end, divider = _closing(source, opening.end())
        if end is None:
            problems.append(Problem(field, "A gap is opened and not closed. End it with }}.", line))
            break
        position = end
        inside = source[opening.end() : end - 2]
        cut = len(inside) if divider is None else divider - opening.end()
        hidden, hint = inside[:cut].strip(), inside[cut + 2 :].strip()
        if message := _wrong(opening[1], hidden, hint):
            problems.append(Problem(field, message, line))
        else:
            gaps.append(Gap(opening.start(), end, int(opening[1]), hidden, hint, line))
    if len({gap.number for gap in gaps}) > MAX_NUMBERS:
        problems.append(Problem(field, f"The gaps have more than {MAX_NUMBERS} numbers. Make two notes of it."))
    return gaps, problems


def _wrong(number: str, hidden: str, hint: str) -> str | None:
    if not number:
        return "A gap has no number. Write {{c1::…}}."
    if len(number) > 2 or int(number) == 0:
        return f"Gaps are numbered from 1 to {MAX_NUMBER}, not {number[:12]}."
    if not hidden:
        return "A gap is empty. Write what it hides after the two colons."
    if "\n" in hint:
        return "A gap's hint must be on one line."
    return None


def _closing(source: str, position: int) -> tuple[int | None, int | None]:
    """Return where the gap opened before `position` ends, and where its last :: outside braces stands."""
    depth = 0
    divider = None
    while mark := _MARK.search(source, position):
        position = mark.end()
        if mark[0] == "::":
            divider = mark.start() if depth == 0 else divider
        elif mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            if depth == 0 and source.startswith("}", position):
                return position + 1, divider
            depth -= depth > 0
        elif mark[0][0] == "{":
            depth += 2  # a gap within a gap: reported by the caller
    return None, None
