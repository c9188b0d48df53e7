"""Anki's gaps `{{c1::hidden::hint}}`: to ours where our grammar allows, else a question and an answer a number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flashcards.decks.formats.anki.reading.characters import CLOSE, END, OPEN, UNFIT

_MARK = re.compile(r"\{\{c(?P<numbers>[0-9,]{1,40})::|(?P<close>\}\})")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)[^>]*>")
_TOKEN = re.compile(f"{OPEN}([0-9]+){END}|({CLOSE})")
_VOID = {"br", "img", "hr", "wbr", "col", "input"}
_BLOCKS = {"p", "ul", "ol", "li", "table", "tr", "td", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr"}
_HINT_SIGNS = re.compile(r"[{}]")
MOST_NUMBER = 99
_DEEPEST = 8


@dataclass(slots=True)
class AnkiGap:
    """A gap: its numbers, what it hides (texts and gaps within), and its hint, in HTML."""

    numbers: tuple[int, ...]
    inside: "list[str | AnkiGap]" = field(default_factory=list)
    hint: str = ""


@dataclass(slots=True)
class Gaps:
    """The gaps of a note's fields, in order. `are_simple` as long as our grammar may hold them."""

    found: list[AnkiGap] = field(default_factory=list)
    are_simple: bool = True

    def numbers(self) -> list[int]:
        """Return the numbers in use."""
        return sorted({number for gap in self._all(self.found) for number in gap.numbers if number > 0})

    def _all(self, gaps: list[AnkiGap]) -> Iterator[AnkiGap]:
        for gap in gaps:
            yield gap
            yield from self._all([inner for inner in gap.inside if isinstance(inner, AnkiGap)])

    def mark(self, html: str) -> str:
        """Return a field's HTML with marks for its gaps, which are added to the others."""
        out: list[str] = []
        for part in parse(html):
            if isinstance(part, str):
                out.append(part)
                continue
            if part.numbers == (0,):
                out.append(shown([part], 0))
                continue
            hidden = shown(part.inside, 0)
            self.are_simple &= (
                len(part.numbers) == 1
                and part.numbers[0] <= MOST_NUMBER
                and all(isinstance(inner, str) for inner in part.inside)
                and _is_inline(hidden)
            )
            self.found.append(part)
            out.append(f"{OPEN}{len(self.found) - 1}{END}{hidden}{CLOSE}")
        return "".join(out)

    def put_back(self, markdown: str, hints: list[str]) -> str:
        """Return converted text with our gaps in the places of the marks; `hints` are words, one a gap."""
        current: list[int] = []

        def gap(found: re.Match[str]) -> str:
            if found[1]:
                current.append(int(found[1]))
                return f"{{{{c{self.found[current[-1]].numbers[0]}::"
            hint = _HINT_SIGNS.sub("", hints[current[-1]]).replace("::", ":").strip(" :") if current else ""
            return f"::{hint}}}}}" if hint else "}}"

        return UNFIT.sub("", _TOKEN.sub(gap, markdown))


def parse(html: str) -> "list[str | AnkiGap]":
    """Return texts and gaps as Anki reads them: a gap ends at the first }} that no gap within it takes."""
    root: list[str | AnkiGap] = []
    stack: list[AnkiGap] = []
    at = 0
    for found in _MARK.finditer(html):
        here = stack[-1].inside if stack else root
        if found["close"]:
            if not stack:
                continue
            here.append(html[at : found.start()])
            at = found.end()
            gap = stack.pop()
            _split_hint(gap)
            (stack[-1].inside if stack else root).append(gap)
        elif len(stack) < _DEEPEST:
            here.append(html[at : found.start()])
            at = found.end()
            stack.append(AnkiGap(tuple(int(number) for number in found["numbers"].split(",") if number)))
    rest = html[at:]
    while stack:  # never closed: text after all
        gap = stack.pop()
        opening = f"{{{{c{','.join(map(str, gap.numbers))}::"
        (stack[-1].inside if stack else root).extend([opening, *gap.inside])
    return [*root, rest]


def _split_hint(gap: AnkiGap) -> None:
    last = gap.inside[-1] if gap.inside else ""
    if isinstance(last, str) and "::" in last:
        gap.inside[-1], _, gap.hint = last.partition("::")


def shown(parts: "list[str | AnkiGap]", asked: int, *, hide: bool = False) -> str:
    """Return HTML in which the gaps of number `asked` stand out, or with `hide` their hints stand in their places."""
    out = []
    for part in parts:
        if isinstance(part, str):
            out.append(part)
        elif asked and asked in part.numbers:
            inside = f"[{part.hint or '…'}]" if hide else shown(part.inside, asked)
            out.append(f"<b>{inside}</b>")
        else:
            out.append(shown(part.inside, asked, hide=hide))
    return "".join(out)


def _is_inline(html: str) -> bool:
    """Return whether no element begins outside or ends outside, and none is a block."""
    stack: list[str] = []
    for found in _TAG.finditer(html):
        name = found["name"].lower()
        if name in _BLOCKS:
            return False
        if name in _VOID:
            continue
        if not found["end"]:
            stack.append(name)
        elif not stack or stack.pop() != name:
            return False
    return not stack
