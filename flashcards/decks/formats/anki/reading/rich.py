"""Fields with real HTML: to Markdown if that shows the same, else they stay sanitised HTML."""

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from markdownify import MarkdownConverter

from flashcards.decks.formats.anki.reading.atoms import Atoms
from flashcards.decks.formats.anki.reading.characters import SOFT, UNFIT, warn
from flashcards.decks.formats.anki.reading.escaping import as_entities, escape_start, escape_text
from flashcards.decks.formats.anki.reading.structure import structure
from flashcards.lib.markdown import render
from flashcards.lib.sanitize import clean, plain_words

_LONGEST = 60_000
_RUN = re.compile(rf"(?:[ \t]*{SOFT}[ \t]*|  \n|[ \t]*\n)+")
_ITEM = re.compile(rf"{SOFT}|  \n|\n")
_KEPT_INLINE = ("u", "sub", "sup", "s", "del", "ins", "mark", "small", "kbd", "q", "samp", "var", "cite")
_LOST = (
    (re.compile(r"<script\b|\son[a-z]+\s*=|javascript:", re.IGNORECASE), "A script was left out."),
    (re.compile(r"\s(?:data-)?hx-[a-z]", re.IGNORECASE), "A script was left out."),
    (re.compile(r"<(?:form|input|button|select|textarea)\b", re.IGNORECASE), "A form was left out."),
    (re.compile(r"<(?:iframe|object|embed|frame|applet)\b", re.IGNORECASE), "An embedded page was left out."),
    (re.compile(r"<(?:svg|canvas)\b", re.IGNORECASE), "A drawing within the text was left out."),
    (
        re.compile(r"<style\b|<font\b|\s(?:color|bgcolor|face)\s*=|\sstyle\s*=\s*[\"']?[^\"'>]*"
                   r"(?:color|font|background|align|border|position|size)", re.IGNORECASE),
        "Colours, fonts and other styles were left out.",
    ),
)  # fmt: skip


def rich_markdown(html: str, atoms: Atoms, warnings: list[str], *, in_gaps: bool = False) -> tuple[str, bool]:
    """Return a field's Markdown, or its HTML and True, in either case with tokens for the atoms."""
    for pattern, message in _LOST:
        if pattern.search(html):
            warn(warnings, message)
    cleaned = clean(html)
    if "<" not in cleaned and len(cleaned) <= _LONGEST:
        return _words(cleaned, in_gaps=in_gaps), False
    soup = BeautifulSoup(cleaned, "html.parser")
    _restore(soup, atoms)
    cleaned = str(soup)
    wanted = structure(clean(cleaned))
    if len(cleaned) <= _LONGEST:
        markdown = _markdown(soup, in_gaps=in_gaps)
        rendered = render(markdown)
        if not rendered.problems and structure(rendered.html) == wanted:
            return markdown, False
    kept = _kept(BeautifulSoup(cleaned, "html.parser"))
    rendered = render(kept)
    if not rendered.problems and structure(rendered.html) == wanted:
        return kept, True
    warn(warnings, "The layout of this text could not be kept, only its words.")
    return _words(plain_words(cleaned), in_gaps=in_gaps, is_text=True), False


def _words(html: str, *, in_gaps: bool, is_text: bool = False) -> str:
    text = html if is_text else str(BeautifulSoup(html, "html.parser").get_text()) if "&" in html else html
    return escape_start(escape_text(" ".join(UNFIT.sub("", text).split()), in_gaps=in_gaps))


def _restore(soup: BeautifulSoup, atoms: Atoms) -> None:
    """Give code and attributes their own text back where an atom was seen in them; drop spans that say nothing."""
    for tag in soup.find_all(["span", "a"]):
        if not tag.attrs:
            tag.unwrap()
    if not atoms:
        return
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            if isinstance(value, str):
                tag.attrs[name] = atoms.sources_back(value)
        if tag.name in {"code", "pre"}:
            for text in tag.find_all(string=True):
                text.replace_with(NavigableString(atoms.sources_back(str(text))))


class _Converter(MarkdownConverter):
    """markdownify with our escaping; what Markdown has no sign for stays an element."""

    class Options:
        heading_style = "atx"
        bullets = "-"
        strong_em_symbol = "*"
        newline_style = "spaces"
        sub_symbol = sup_symbol = ""

    in_gaps = False

    def escape(self, text: str, parent_tags: set[str]) -> str:
        if not text.strip():
            return text
        lead = len(text) - len(text.lstrip())
        escaped = escape_text(text[lead:], in_gaps=self.in_gaps)
        return text[:lead] + escape_start(escaped)

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        bullet = "-"
        if el.parent is not None and el.parent.name == "ol":
            start = str(el.parent.get("start", "1"))
            first = int(start) if start.isdecimal() and len(start) < 6 else 1
            bullet = f"{first + len(el.find_previous_siblings('li'))}."
        # Four spaces, or Python-Markdown takes what is under an item for a part of the outer list.
        inside = re.sub(r"\n(?=[^\n])", "\n    ", text.strip())
        return f"{bullet} {inside}\n" if inside else "\n"

    def convert_div(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"{SOFT}{text}{SOFT}"


def _as_element(name: str) -> Any:
    def convert(self: _Converter, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"<{name}>{text}</{name}>" if text.strip() else text

    return convert


for _name in _KEPT_INLINE:
    setattr(_Converter, f"convert_{_name}", _as_element(_name))


def _markdown(soup: BeautifulSoup, *, in_gaps: bool) -> str:
    converter = _Converter()
    converter.in_gaps = in_gaps
    text: str = converter.convert_soup(soup)
    return _RUN.sub(_break, text).strip().strip("\u00a0")


def _break(found: re.Match[str]) -> str:
    """Return what a run of ends of lines and of blocks comes to: as it is, a broken line, or a new paragraph."""
    if SOFT not in found[0] and found[0].count("  \n") < 2:
        return found[0]
    empty = False
    paragraph = "\n\n" in found[0]
    for item in _ITEM.findall(found[0]):
        if item == "  \n":
            paragraph |= empty
        empty = True
    return "\n\n" if paragraph else "  \n"


def _kept(soup: BeautifulSoup) -> str:
    """Return HTML on one line in which Markdown finds nothing to act upon."""
    parts: list[str] = []
    _write(soup, parts, verbatim=False)
    return f"<div>{''.join(parts).strip()}</div>"


def _write(node: Tag, parts: list[str], *, verbatim: bool) -> None:
    for child in node.children:
        if isinstance(child, Tag):
            attributes = "".join(
                f' {name}="{as_entities(" ".join(value) if isinstance(value, list) else str(value))}"'
                for name, value in child.attrs.items()
                if name not in {"rel", "tabindex"}
            )
            parts.append(f"<{child.name}{attributes}>")
            if child.name not in {"br", "hr", "img"}:
                _write(child, parts, verbatim=verbatim or child.name == "pre")
                parts.append(f"</{child.name}>")
        else:
            text = as_entities(str(child))
            parts.append(text.replace("\n", "&#10;") if verbatim else " ".join(re.split(r"[ \t\n]+", text)))
