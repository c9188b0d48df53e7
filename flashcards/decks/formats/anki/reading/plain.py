"""Fields of plain words, line breaks, emphasis: nearly all. Straight to Markdown, without a parser."""

import re
from html import unescape

from flashcards.decks.formats.anki.reading.characters import UNFIT
from flashcards.decks.formats.anki.reading.escaping import escape_start, escape_text

_TAG = re.compile(r"(<[^>]*>)")
_SPACE = re.compile(r"[ \t\n]+")
_BREAKS = {"<br>", "<br/>", "<br />", "<BR>"}
_EDGES = {"<div>", "</div>"}
_INLINE = {
    opening: f"</{opening[1:]}" for opening in ("<b>", "<strong>", "<i>", "<em>", "<u>", "<sub>", "<sup>", "<s>")
}
_CLOSING = frozenset(_INLINE.values())
_ANYTHING = re.compile(r"[<&\\`*_\[$|\n\t!]|  |^[ #>=~:+\-0-9]| $|\u00a0")
_IN_BRACES = re.compile(r"[{}]|::")
_EMPHASIS = re.compile(
    r"(?P<before>^|[^*_\\])<(?P<tag>b|strong|i|em)>(?P<lead> ?)(?P<text>[^<>*_\\`\s](?:[^<>*_\\`]*[^<>*_\\`\s])?)"
    r"(?P<trail> ?)</(?P=tag)>(?![*_])"
)
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_EDGE_SPACE = " \u00a0"
_LONGEST = 8_000


def plain_markdown(html: str, *, in_gaps: bool = False) -> str | None:
    """Return the Markdown of a field's HTML, None if there is more in it than this can read without loss."""
    if not _ANYTHING.search(html) and not (in_gaps and _IN_BRACES.search(html)):
        return html
    if len(html) > _LONGEST:
        return None
    lines = _Lines(in_gaps=in_gaps)
    for index, piece in enumerate(_TAG.split(html)):
        if piece and not (lines.tag(piece) if index % 2 else lines.text(piece)):
            return None
    return lines.markdown()


class _Lines:
    """The lines of a field; `text` and `tag` return whether they could take a piece."""

    def __init__(self, *, in_gaps: bool) -> None:
        self._in_gaps = in_gaps
        self._lines: list[str] = []
        self._line: list[str] = []
        self._open: list[str] = []

    def text(self, piece: str) -> bool:
        text = unescape(piece) if "&" in piece else piece
        if "<" in piece or ("&" in piece and UNFIT.search(text)):
            return False
        self._line.append(escape_text(_SPACE.sub(" ", text), in_gaps=self._in_gaps))
        return True

    def tag(self, piece: str) -> bool:
        if piece in _BREAKS or piece in _EDGES:
            text = "".join(self._line).strip(_EDGE_SPACE)
            if text or piece in _BREAKS:
                self._lines.append(text)
            self._line = []
            return not self._open
        if piece in _INLINE:
            self._open.append(_INLINE[piece])
        elif piece not in _CLOSING or not self._open or self._open.pop() != piece:
            return False
        self._line.append(piece)
        return True

    def markdown(self) -> str | None:
        """Return the lines as Markdown, None if a tag was never closed."""
        return None if self._open else _joined([*self._lines, "".join(self._line).strip(_EDGE_SPACE)])


def _joined(lines: list[str]) -> str:
    """Return lines as paragraphs: an empty one parts them, others are broken within them."""
    out: list[str] = []
    for line in lines:
        if line:
            text = line
            if "<" in line:
                text = _EMPHASIS.sub(_marked, line).strip(_EDGE_SPACE)
            text = escape_start(_SPACE.sub(" ", text))
            out.append(f"  \n{text}" if out and out[-1] != "\n\n" else text)
        elif out and out[-1] != "\n\n":
            out.append("\n\n")
    return "".join(out).rstrip("\n")


def _marked(found: re.Match[str]) -> str:
    mark = _MARKS[found["tag"]]
    return f"{found['before']}{found['lead']}{mark}{found['text']}{mark}{found['trail']}"
