"""What a piece of HTML says, whatever way it is written: the measure of whether something was lost."""

import re
from html import unescape

_PIECE = re.compile(r'<(?P<end>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]*)(?P<attributes>(?:[^>"]|"[^"]*")*)>|(?P<text>[^<]+)')
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_SPACE = re.compile(r"[ \t\n]+")
_SAME = {"b": "strong", "i": "em"}
_INLINE = {
    "a", "abbr", "cite", "code", "del", "dfn", "em", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strong",
    "sub", "sup", "u", "var",
}  # fmt: skip
_IGNORED = {"class", "rel", "tabindex"}
_LINE, _PARAGRAPH = "↵", "¶"


def structure(html: str) -> list[str]:
    """Return what sanitised HTML comes to: words, tags that mean something, breaks of lines and paragraphs."""
    reader = _Reader()
    for found in _PIECE.finditer(html):
        if found["text"] is not None:
            reader.text(unescape(found["text"]))
        else:
            reader.tag(found["tag"].lower(), found["attributes"], is_end=bool(found["end"]))
    return reader.events


class _Reader:
    """`_waiting` are opening tags that nothing followed yet, `_break` what parts the next words from the last."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self._waiting: list[str] = []
        self._space = False
        self._break = 0
        self._line_is_empty = True
        self._verbatim = 0
        self._silent: list[bool] = []

    def text(self, text: str) -> None:
        if self._verbatim:
            self._settle()
            self._word(text)
            return
        for index, word in enumerate(_SPACE.split(text)):
            self._space |= index > 0
            if word:
                self._settle()
                self._word(word)

    def _word(self, word: str) -> None:
        self._line_is_empty = False
        if self.events and self.events[-1].startswith("'"):
            self.events[-1] += word
        else:
            self.events.append(f"'{word}")

    def _settle(self) -> None:
        if self._break:
            if self.events and _is_words(self.events[-1]):
                self.events.append(_PARAGRAPH if self._break > 1 else _LINE)
        elif self._space and self.events and _is_words(self.events[-1]):
            if self.events[-1].startswith("'"):
                self.events[-1] += " "
            else:
                self.events.append("' ")
        self._space, self._break = False, 0
        self.events += self._waiting
        self._waiting = []

    def tag(self, tag: str, attributes: str, *, is_end: bool) -> None:
        tag = _SAME.get(tag, tag)
        if tag == "br":
            self._break = 2 if self._line_is_empty else max(self._break, 1)
            self._line_is_empty = True
        elif tag in {"p", "div"}:
            if not self._line_is_empty or tag == "p":
                self._break = max(self._break, 2 if tag == "p" else 1)
            self._line_is_empty = True
        elif tag == "img":
            self._settle()
            self._line_is_empty = False
            self.events.append(f"<+img{_kept(attributes)}>")
        elif tag in _INLINE:
            self._inline(tag, attributes, is_end=is_end)
        else:
            self._block(tag, attributes, is_end=is_end)

    def _inline(self, tag: str, attributes: str, *, is_end: bool) -> None:
        kept = _kept(attributes)
        if not is_end:
            # A span that says nothing is nothing; nor is code within a block of code more than that.
            silent = (tag in {"span", "a"} and not kept) or bool(self._verbatim)
            self._silent.append(silent)
            if not silent:
                self._waiting.append(f"<+{tag}{kept}>")
        elif self._silent and not self._silent.pop():
            if self._waiting:
                self._waiting.pop()
            else:
                self.events.append(f"</+{tag}>")

    def _block(self, tag: str, attributes: str, *, is_end: bool) -> None:
        if tag == "pre":
            self._verbatim += -1 if is_end else 1
            if is_end and self.events and self.events[-1].startswith("'"):
                self.events[-1] = self.events[-1].rstrip("\n")
        self._space, self._break, self._line_is_empty = False, 0, True
        self.events += self._waiting
        self._waiting = []
        self.events.append(f"<{'/' * is_end}{tag}{_kept(attributes)}>")


def _is_words(event: str) -> bool:
    return event.startswith(("'", "<+", "</+"))


def _kept(attributes: str) -> str:
    return "".join(
        f" {name}={unescape(value)}"
        for name, value in sorted(_ATTRIBUTE.findall(attributes))
        if name not in _IGNORED and value
    )
