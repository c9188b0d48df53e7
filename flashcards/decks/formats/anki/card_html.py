"""The HTML of our cards as Anki's fields hold it: formulas as MathJax text, media by their names in the package."""

import re
import unicodedata
from html import escape, unescape

from flashcards.decks.formats.anki.packed_media import PackedMedia

_TAG = r'(?:[^>"]|"[^"]*")*>'
_PIECE = re.compile(
    rf'<span class="formula">(?P<own><math\b{_TAG}).*?</math></span>'
    rf"|(?P<math><math\b{_TAG}).*?</math>"
    rf"|(?P<audio><audio\b{_TAG}.*?</audio>)"
    rf"|(?P<tag><{_TAG})|(?P<text>[^<]+|<)",
    re.DOTALL,
)
_TO_CONVERT = re.compile(r"<(?:math|img|audio|pre)\b|[\[{\\]")
_LATEX = re.compile(r' alttext="([^"]*)"')
_SRC = re.compile(r'(?<= )src="([^"]*)"')
_ALT = re.compile(r' alt="([^"]*)"')
_CODE = re.compile(r"<(/?)(?:code|pre)\b")
# Nothing that an author writes is a gap, a sound or LaTeX for Anki unless it is one for us.
_COMMENT = "<!-- -->"
_READ_BY_ANKI = re.compile(r"\[(?=sound:|/?latex\]|/?\${1,2}\]|anki:)|\{(?=\{c\d)", re.IGNORECASE)
_OPENS_MATH = re.compile(r"\\(?=[()\[\]])")
_GAP_OPENS = re.compile(r"\{(?=\{c\d)")
_ENDS_GAP = re.compile(r"\}(?=\})|:(?=:)")
_IN_GAP = re.compile(rf"(?P<formula>\\\(.*?\\\)|\\\[.*?\\\])|(?P<tag><{_TAG})|(?P<text>[^<\\]+|[<\\])", re.DOTALL)
# Anki takes U+001F for the end of a field; Unicode has it for nothing on a page.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class CardHtml:
    """Converts the HTML of one note and remembers in `media` which paths it showed, with the names they got."""

    def __init__(self, packed: PackedMedia, *, percent_is_a_sign: bool = False) -> None:
        self.media: dict[str, str] = {}
        self._packed = packed
        self._percent_is_a_sign = percent_is_a_sign

    def converted(self, html: str) -> str:
        """Return sanitised `html` as a field's."""
        if _TO_CONVERT.search(html) is None:
            return tidied(html)
        parts: list[str] = []
        code = 0
        for found in _PIECE.finditer(html):
            kind, piece = found.lastgroup, found[0]
            if kind == "text":
                parts.append(_apart(piece, in_code=code > 0))
            elif kind == "tag":
                if edge := _CODE.match(piece):
                    code += -1 if edge[1] else 1
                parts.append(self._tag(piece))
            elif kind == "audio":
                parts.append(self._audio(piece))
            else:
                parts.append(self._formula(found))
        return tidied("".join(parts))

    def name_of(self, path: str) -> str | None:
        """Return the name in the package of what stands at `path` on the site, None if there is nothing."""
        name = self._packed.name_of(path)
        if name is not None:
            self.media[path] = name
        return name

    def image(self, path: str, alt: str) -> str:
        """Return an image, or what it shows in words if its file is missing."""
        name = self.name_of(path)
        return f'<img src="{name}" alt="{escape(alt)}">' if name else f"<em>{escape(alt) or '…'}</em>"

    def _tag(self, tag: str) -> str:
        if tag.startswith("<pre"):
            return "<pre>"
        if not tag.startswith("<img"):
            return _GAP_OPENS.sub("&#123;", tag)
        source = _SRC.search(tag)
        name = self.name_of(unescape(source[1])) if source else None
        if source is None or name is None:
            alt = _ALT.search(tag)
            return f"<em>{_apart(alt[1], in_code=False) if alt and alt[1] else '…'}</em>"
        return _GAP_OPENS.sub("&#123;", f'{tag[: source.start()]}src="{name}"{tag[source.end() :]}')

    def _audio(self, audio: str) -> str:
        source = _SRC.search(audio)
        name = self.name_of(unescape(source[1])) if source else None
        return f"[sound:{name}]" if name else ""

    def _formula(self, found: re.Match[str]) -> str:
        tag = found["own"] or found["math"]
        latex = _LATEX.search(tag)
        if latex is None:
            return found[0]
        text = _GAP_OPENS.sub("{ ", unescape(latex[1]))
        if self._percent_is_a_sign:
            text = re.sub(r"(?<!\\)%", r"\%", text)
        text = escape(text, quote=False)
        return rf"\[{text}\]" if found["own"] or ' display="block"' in tag else rf"\({text}\)"


def tidied(field: str) -> str:
    """Return a field's HTML composed (Unicode NFC), as Anki does on import, and without what would end the field."""
    return unicodedata.normalize("NFC", _CONTROL.sub("", field))


def in_gap(html: str) -> str:
    """Return a field's HTML such that it may stand in a gap: nothing in it ends the gap or begins the hint."""
    apart = {"formula": _between_in_formula, "tag": _as_entity, "text": _between}
    text = "".join(_ENDS_GAP.sub(apart[found.lastgroup or ""], found[0]) for found in _IN_GAP.finditer(html))
    return text + _COMMENT if text.endswith(("}", ":")) else text


def latex_in_gap(latex: str) -> str:
    """Return LaTeX such that it may stand in a gap within a formula, escaped for HTML."""
    text = escape(_ENDS_GAP.sub(_between_in_formula, latex), quote=False)
    return f"{text} " if text.endswith(("}", ":", "\\")) else text


def _between(found: re.Match[str]) -> str:
    return found[0] + _COMMENT


def _between_in_formula(found: re.Match[str]) -> str:
    return "} " if found[0] == "}" else ":{}"


def _as_entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def _apart(text: str, *, in_code: bool) -> str:
    """Return text in which Anki and MathJax find nothing to act upon."""
    text = _READ_BY_ANKI.sub(lambda found: found[0] + _COMMENT, text)
    return text if in_code else _OPENS_MATH.sub(lambda _: "<span>\\</span>", text)
