"""Learning steps as people write them, "1m 10m": a whole number and a unit each. In the program they are seconds."""

import re

from flashcards.lib.errors import Problem, Refused

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
MOST_STEPS = 10
LONGEST_STEP = 7 * SECONDS["d"]
# Nine digits hold more than the longest step in seconds; more would only make big numbers.
_STEP = re.compile(r"([0-9]{1,9})([smhd])")


def parse_steps(field: str, text: str) -> tuple[int, ...]:
    """Return the steps in seconds; none for an empty text. Raises Refused, its problems at `field`."""
    words = text.replace(",", " ").lower().split()
    if len(words) > MOST_STEPS:
        raise Refused([Problem(field, f"These are {len(words)} steps; at most {MOST_STEPS} are allowed.")])
    return tuple(_seconds(field, word) for word in words)


def write_steps(steps: tuple[int, ...]) -> str:
    """Return steps as `parse_steps` reads them, each in its largest whole unit."""
    return " ".join(_write(seconds) for seconds in steps)


def _seconds(field: str, word: str) -> int:
    shown = word if len(word) <= 20 else f"{word[:20]}…"
    found = _STEP.fullmatch(word)
    if found is None:
        if re.fullmatch(r"[0-9]+", word):
            raise Refused([Problem(field, f"“{shown}” has no unit. Write {shown}m for minutes; or s, h, d.")])
        raise Refused([Problem(field, f"“{shown}” is no step. Write a whole number and s, m, h or d, such as 10m.")])
    seconds = int(found[1]) * SECONDS[found[2]]
    if not 1 <= seconds <= LONGEST_STEP:
        raise Refused([Problem(field, f"“{shown}” is out of range. A step lasts from 1s to 7d.")])
    return seconds


def _write(seconds: int) -> str:
    unit, size = next((unit, size) for unit, size in reversed(SECONDS.items()) if seconds % size == 0)
    return f"{seconds // size}{unit}"
