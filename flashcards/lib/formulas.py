"""Where the formulas stand in a Markdown text, found before Markdown sees it: its marks mean other things in LaTeX.

`$…$` in a line and `$$…$$` on its own. A dollar amount is no formula: the opening dollar is not followed by a
space, the closing one neither preceded by a space nor followed by a digit; `\\$` is a dollar. Code is left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flashcards.lib.errors import Problem

_FENCE = re.compile(r"[> \t]*(?P<fence>`{3,}|~{3,})(?P<rest>[^`\n]*)")
_QUOTED = re.compile(r"[> \t]*")
_MARK = re.compile(r"\\.|`+|\$\$|\$", re.DOTALL)
_INLINE = re.compile(r"\$(?![\s$])((?:\\.|[^\\$`])+)(?<!\s)\$(?!\d)", re.DOTALL)
_DISPLAY = re.compile(r"\$\$((?:\\.|\$(?!\$)|[^\\$])*)\$\$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula: `source[start:end]` with its dollars, `latex` without, line for line."""

    start: int
    end: int
    latex: str
    display: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found: formulas in order, problems, and the prose that is neither code nor formula."""

    formulas: list[Formula]
    problems: list[Problem]
    prose: str


def line_of(source: str, offset: int) -> int:
    """Return the line, from 1, on which the character at `offset` stands."""
    return source.count("\n", 0, offset) + 1


def scan(source: str, field: str) -> Scan:
    """Return the formulas of `source`; a `$$` that is never closed is a problem of `field`. Takes linear time."""
    formulas: list[Formula] = []
    problems: list[Problem] = []
    prose: list[str] = []
    lines = source.split("\n")
    fenced, unclosed_fence = fenced_lines(lines)
    if unclosed_fence is not None:
        problems.append(Problem(field, "A code fence is opened here and never closed.", unclosed_fence + 1))
    for start, end in _paragraphs(lines, fenced):
        position = kept = start
        unclosed: set[int] = set()
        while mark := _MARK.search(source, position, end):
            position = mark.end()
            if mark[0][0] == "`":
                if closing := _closing_run(source, mark, end, unclosed):
                    prose.append(source[kept : mark.start()])
                    position = kept = closing
            elif mark[0][0] == "$":
                display = mark[0] == "$$"
                found = (_DISPLAY if display else _INLINE).match(source, mark.start(), end)
                if found:
                    formulas.append(Formula(found.start(), found.end(), _unquoted(source, found), display))
                    prose.append(source[kept : found.start()])
                    position = kept = found.end()
                elif display:
                    message = (
                        "$$ is opened here and not closed in this paragraph. Close it, or write \\$ for a dollar."
                    )
                    problems.append(Problem(field, message, line_of(source, mark.start())))
        prose.append(source[kept:end])
    return Scan(formulas, problems, " ".join(prose))


def _unquoted(source: str, found: re.Match[str]) -> str:
    """Return the LaTeX without the > of the quote that it stands in."""
    before = _QUOTED.match(source, source.rfind("\n", 0, found.start()) + 1, found.start())
    depth = before[0].count(">") if before else 0
    return re.sub(rf"\n(?:[ \t]*>){{1,{depth}}}", "\n", found[1]) if depth else found[1]


def _closing_run(source: str, opening: re.Match[str], end: int, unclosed: set[int]) -> int | None:
    length = len(opening[0])
    if length in unclosed:
        return None
    closing = re.compile(f"(?<!`)`{{{length}}}(?!`)").search(source, opening.end(), end)
    if closing is None:
        unclosed.add(length)
        return None
    return closing.end()


def fenced_lines(lines: list[str]) -> tuple[set[int], int | None]:
    """Return the indexes of the lines of fenced code, fences included, and that of the first fence never closed."""
    fenced: set[int] = set()
    ends: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        if (found := _FENCE.fullmatch(line)) and not found["rest"].strip():
            ends.setdefault(found["fence"], []).append(index)
    for closings in ends.values():
        closings.reverse()
    index = 0
    unclosed = None
    while index < len(lines):
        found = _FENCE.fullmatch(lines[index])
        closings = ends.get(found["fence"], []) if found else []
        while closings and closings[-1] <= index:
            closings.pop()
        if closings:
            fenced.update(range(index, closings[-1] + 1))
            index = closings[-1]
        elif found and unclosed is None:
            unclosed = index
        index += 1
    return fenced, unclosed


def _paragraphs(lines: list[str], fenced: set[int]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each run of lines that are neither blank nor fenced code."""
    offset = 0
    start: int | None = None
    for index, line in enumerate(lines):
        if index in fenced or not line.strip():
            if start is not None:
                yield start, offset
            start = None
        elif start is None:
            start = offset
        offset += len(line) + 1
    if start is not None:
        yield start, offset - 1
