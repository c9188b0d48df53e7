"""Plain text, as people type it into cells and lists, as Markdown that shows the same lines."""

import re
from collections.abc import Sequence

from flashcards.lib.formulas import fenced_lines

LONG = 80
"""From this many characters on, a line is a paragraph of its own."""

_BULLET = re.compile(r"[ \t]*[-*•·‣▪◦–—][ \t]+")
_TIGHT_BULLET = re.compile(r"[ \t]*[-•·‣▪◦–—](?=[^\W\d_])")
_NUMBER = re.compile(r"[ \t]*\d{1,3}\.[ \t]+")
_ITEM = re.compile(r"- |\d{1,3}\. ")
_STRUCTURE = re.compile(r"(#{1,6} |>|\+ |={3,}$|-{3,}$|\*{3,}$)")


def markdown_of(lines: Sequence[str]) -> str:
    """Return lines of plain text as Markdown: each stays a line, dashes and dots make lists, signs of structure none.

    What is Markdown within a line (emphasis, code, formulas) stays so, and what stands within fences.
    """
    fenced, _ = fenced_lines(list(lines))
    if fenced or any("$$" in line for line in lines):
        return "\n".join(lines)
    parts: list[str] = []
    before = ""
    has_bullets = any(map(_BULLET.match, lines))
    for line in (_tidied(line, tight=has_bullets) for line in lines):
        parts.append(_between(before, line) if parts else "")
        parts.append(line)
        before = line
    return "".join(parts)


def is_item(line: str) -> bool:
    """Tell whether a line begins with a dash, a dot or a number, as items of lists do."""
    return bool(_BULLET.match(line) or _TIGHT_BULLET.match(line) or re.match(r"[ \t]*\d{1,3}[.)][ \t]", line))


def _tidied(line: str, *, tight: bool) -> str:
    """Return a line with its dash or dot as Markdown writes it; with `tight` also where no space follows."""
    if bullet := _BULLET.match(line) or (tight and _TIGHT_BULLET.match(line)) or None:
        return f"- {line[bullet.end() :].strip()}"
    text = line.strip()
    return f"\\{text}" if _STRUCTURE.match(text) else text


def _between(before: str, line: str) -> str:
    """Return what must stand between two lines so that both are seen as lines."""
    if not before or not line or (before.startswith("|") and line.startswith("|")):
        return "\n"
    was_item, is_now = bool(_ITEM.match(before)), bool(_ITEM.match(line))
    if was_item and is_now and _NUMBER.match(before) and not _NUMBER.match(line):
        return "\n\n"
    if was_item and is_now:
        return "\n"
    if was_item or is_now or len(before) >= LONG or len(line) >= LONG:
        return "\n\n"
    return "  \n"
