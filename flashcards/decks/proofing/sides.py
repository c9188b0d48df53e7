"""A card's side as a reader takes it in: its words, signs and code, its images and links; read from sanitised HTML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import Literal

_VOID = {"br", "hr", "img"}
_SIGNS = {"mi", "mn", "mo", "ms"}
_UNSEEN = re.compile(r"[\u2061-\u2064\u200b\u00ad]")
_EDGES = re.compile(r"^[^\w%+#]+|[^\w%+#]+$")
_APART = re.compile(r"[\s/—–-]+")

type Sort = Literal["word", "sign", "code", "block"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a side: a word without punctuation, a sign of a formula, a piece of code in a line or in a block.

    `is_gap` says whether it stands in a cloze gap: what is asked for, on the answer side.
    """

    text: str
    sort: Sort
    is_gap: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """An image; `src` is None if the sanitiser took the address away."""

    src: str | None
    alt: str


@dataclass(slots=True)
class Side:
    """What stands on a side, in order; `formulas` as LaTeX without space, `code_lines` counts those of blocks."""

    tokens: list[Token] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    links: list[str | None] = field(default_factory=list)
    code_lines: int = 0


@lru_cache(maxsize=8_192)
def read_side(html: str) -> Side:
    """Return what stands in sanitised HTML. The result is shared: don't change it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.side


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.side = Side()
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "img":
            self.side.images.append(Image(named.get("src"), named.get("alt") or ""))
        elif tag == "a":
            self.side.links.append(named.get("href"))
        elif tag == "math":
            self.side.formulas.append("".join((named.get("alttext") or "").split()))
        if tag not in _VOID:
            self._open.append((tag, "gap" in (named.get("class") or "").split()))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        inside = {tag for tag, _ in self._open}
        is_gap = any(gap for _, gap in self._open)
        if "pre" in inside:
            self.side.code_lines += data.count("\n")
        self.side.tokens += [Token(text, sort, is_gap) for text, sort in _pieces(data, inside)]


def _pieces(data: str, inside: set[str]) -> Iterator[tuple[str, Sort]]:
    if "math" in inside and not inside & {"mtext"}:
        text = _UNSEEN.sub("", data).strip()
        if text and inside & _SIGNS:
            yield text, "sign"
    elif inside & {"pre", "code"}:
        for text in data.split():
            yield text, "block" if "pre" in inside else "code"
    else:
        for text in _APART.split(data):
            if word := _EDGES.sub("", _UNSEEN.sub("", text)):
                yield word, "word"
