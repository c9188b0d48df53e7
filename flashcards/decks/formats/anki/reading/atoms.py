"""Pictures, sounds and formulas in a field: a token keeps the place of each while HTML is converted."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote, unquote

from flashcards.decks.formats.anki.reading.characters import ATOM, END, warn
from flashcards.decks.formats.anki.reading.escaping import as_entities, escape_text

_TAG = r"(?:[^>\"']|\"[^\"]*\"|'[^']*')*"
_MEDIUM = re.compile(
    rf"<img\b(?P<img>{_TAG})>|\[sound:(?P<sound>[^\]<>]+)\]|<audio\b(?P<audio>{_TAG})>(?:.*?</audio>)?"
    rf"|<(?:video|embed)\b(?P<video>{_TAG})>(?:.*?</video>)?"
    r"|\[anki:(?P<spoken>tts|play)\b[^\]]*\](?:(?P<words>.*?)\[/anki:tts\])?",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_TOKEN = re.compile(f"{ATOM}([0-9]+){END}")
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")
_SIZE = re.compile(r"[0-9]{1,4}(?:px)?")


@dataclass(frozen=True, slots=True)
class Atom:
    """Its Markdown, its HTML for where HTML is kept, and its source for where it is text after all."""

    markdown: str
    html: str
    source: str


class Atoms:
    """The atoms of one text. `holds` tells whether the package has a medium of a name."""

    def __init__(self, holds: Callable[[str], bool]) -> None:
        self._holds = holds
        self._atoms: list[Atom] = []

    def __bool__(self) -> bool:
        return bool(self._atoms)

    def keep(self, markdown: str, html: str, source: str) -> str:
        """Return a token for a new atom."""
        self._atoms.append(Atom(markdown, html, source))
        return f"{ATOM}{len(self._atoms) - 1}{END}"

    def take_media(self, html: str, warnings: list[str]) -> str:
        """Return a field's HTML with tokens for pictures and sounds; what is not in the package's reach is dropped."""

        def taken(found: re.Match[str]) -> str:
            if found["img"] is not None:
                return self._image(found, warnings)
            if found["spoken"] is not None:
                warn(warnings, "Words that Anki reads aloud are shown as text.")
                return found["words"] or ""
            if found["video"] is not None:
                warn(warnings, "A video was left out.")
                return ""
            name = found["sound"] or _attributes(found["audio"]).get("src", "")
            address = self._address(name, warnings, "sound")
            audio = f'<audio src="{address}"></audio>'
            return self.keep(audio, audio, found[0]) if address else ""

        return _MEDIUM.sub(taken, html)

    def _image(self, found: re.Match[str], warnings: list[str]) -> str:
        attributes = _attributes(found["img"])
        address = self._address(attributes.get("src", ""), warnings, "picture")
        if not address:
            return ""
        alt = " ".join(unescape(attributes.get("alt", "")).split())
        sizes = "".join(
            f' {side}="{attributes[side].removesuffix("px")}"'
            for side in ("width", "height")
            if _SIZE.fullmatch(attributes.get(side, ""))
        )
        html = f'<img src="{address}" alt="{as_entities(alt)}"{sizes}>'
        shown = escape_text(alt, in_gaps=True).replace("]", "\\]")
        return self.keep(html if sizes else f"![{shown}]({address})", html, "")

    def _address(self, written: str, warnings: list[str], what: str) -> str | None:
        name = unescape(written).strip()
        if not name:
            return None
        if not self._holds(name):
            if self._holds(unquote(name)):
                name = unquote(name)
            elif _ELSEWHERE.match(name) or "/" in name or "\\" in name:
                warn(warnings, f"A {what} that is not in the package was left out: {name[:120]}")
                return None
        return f"media:{quote(name, safe='')}"

    def put_back(self, text: str, *, as_html: bool) -> str:
        """Return converted text with every atom in its place."""
        if not self._atoms:
            return text
        parts = _TOKEN.split(text)
        out: list[str] = []
        for index, part in enumerate(parts):
            if index % 2 == 0:
                # A closing dollar before a digit or another dollar would close nothing.
                if out and out[-1].endswith("$") and (part[:1].isdigit() or part[:1] == "$"):
                    out.append("<!-- -->")
                out.append(part)
                continue
            atom = self._atoms[int(part)]
            piece = atom.html if as_html else atom.markdown
            if piece.startswith("$") and parts[index - 1] == "" and len(out) > 1 and out[-2].endswith("$"):
                out.append("<!-- -->")
            out.append(piece)
        return "".join(out)

    def sources_back(self, text: str) -> str:
        """Return text as it was before tokens took the atoms' places."""
        return _TOKEN.sub(lambda found: self._atoms[int(found[1])].source, text) if self._atoms else text


def _attributes(tag: str) -> dict[str, str]:
    return {name.lower(): double or single or bare for name, double, single, bare in _ATTRIBUTE.findall(tag)}
