"""LaTeX as it stands in Anki's fields, found before HTML is read; it becomes `$…$` and `$$…$$`."""

import re
from collections.abc import Callable
from functools import lru_cache
from html import unescape

from flashcards.decks.formats.anki.reading.characters import CLOSE, END, OPEN, warn
from flashcards.lib.math import FormulaError, to_mathml

_FORMULA = re.compile(
    r"\\\((?P<inline>.*?)\\\)|\\\[(?P<display>.*?)\\\]"
    r"|\[latex\](?P<document>.*?)\[/latex\]|\[\$\$\](?P<old_display>.*?)\[/\$\$\]|\[\$\](?P<old_inline>.*?)\[/\$\]"
    r"|<anki-mathjax(?P<attributes>[^>]*)>(?P<element>.*?)</anki-mathjax>",
    re.DOTALL | re.IGNORECASE,
)
_LINE_END = re.compile(r"<br ?/?>|</?(?:div|p|li|tr)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)%.*")
_PREAMBLE = re.compile(r".*\\begin\s*\{document\}|\\end\s*\{document\}.*", re.DOTALL)
_IN_DOCUMENT = re.compile(
    r"\$\$(?P<a>.+?)\$\$|\\\[(?P<b>.+?)\\\]|(?<!\\)\$(?P<c>.+?)(?<!\\)\$|\\\((?P<d>.+?)\\\)"
    r"|(?P<e>\\begin\s*\{(?P<name>align|equation|gather|multline|eqnarray|displaymath|math)(?P<star>\*?)\}.+?"
    r"\\end\s*\{(?P=name)(?P=star)\})",
    re.DOTALL,
)
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{(align|gather|equation|displaymath|math)(\*?)\}")
_UNNUMBERED = {"align": "aligned", "gather": "gathered"}
_GAPS = re.compile(f"{OPEN}[0-9]+{END}|{CLOSE}")
_SPACE = re.compile(r"\s+")

type Keep = Callable[[str, str, str], str]
"""Takes an atom's Markdown, HTML and source; returns the token that stands for it."""


def has_formulas(html: str) -> bool:
    """Return whether there may be LaTeX in a field; quick."""
    return "\\" in html or "[latex]" in html or "[$" in html or "<anki-mathjax" in html or "[LATEX]" in html


def take_formulas(html: str, keep: Keep, warnings: list[str]) -> str:
    """Return a field's HTML with a token for each formula; what can't be shown is kept as code, with a warning."""

    def taken(found: re.Match[str]) -> str:
        if (document := found["document"]) is not None:
            return _document(_bare(document), found[0], keep, warnings)
        kind = found.lastgroup or ""
        display = "display" in kind or (kind == "element" and "block" in (found["attributes"] or ""))
        return _kept(_bare(found[kind]), display, found[0], keep, warnings)

    return _FORMULA.sub(taken, html)


def _bare(html: str) -> str:
    """Return the LaTeX of a stretch of HTML on one line, without tags and entities."""
    text = unescape(_TAG.sub("", _LINE_END.sub("\n", html))).replace("\u00a0", " ")
    return " ".join(_SPACE.sub(" ", _COMMENT.sub("", line)).strip() for line in text.split("\n")).strip()


def _document(latex: str, source: str, keep: Keep, warnings: list[str]) -> str:
    """Return what stands for a stretch of a LaTeX document: text with formulas in it, or one formula."""
    latex = _PREAMBLE.sub("", latex).strip()
    if not _IN_DOCUMENT.search(latex):
        if re.fullmatch(r"[^\\{}$&#^_~<>]*", latex):
            return latex
        return _kept(latex, True, source, keep, warnings)
    parts: list[str] = []
    at = 0
    for found in _IN_DOCUMENT.finditer(latex):
        parts.append(_words(latex[at : found.start()], keep, warnings))
        display = found["c"] is None and found["d"] is None and found["name"] != "math"
        inside = next(found[name] for name in "abcde" if found[name] is not None)
        parts.append(_kept(inside.strip(), display, found[0], keep, warnings))
        at = found.end()
    return "".join([*parts, _words(latex[at:], keep, warnings)])


def _words(text: str, keep: Keep, warnings: list[str]) -> str:
    if not text.strip() or re.fullmatch(r"[^\\{}$&#^_~<>]*", text):
        return text
    return f" {_as_code(text.strip(), keep, warnings)} "


def _kept(latex: str, display: bool, source: str, keep: Keep, warnings: list[str]) -> str:
    latex = _ENVIRONMENT.sub(_without_numbers, latex).strip()
    if not latex:
        return ""
    plain = _GAPS.sub(" ", latex)
    if (message := _wrong(plain, display)) is not None:
        warn(warnings, f"A formula can't be shown and is kept as code: {message}")
        return _as_code(latex, keep, [])
    markdown = f"$${latex}$$" if display else f"${latex}$"
    return keep(markdown, markdown, source)


def _without_numbers(found: re.Match[str]) -> str:
    name = _UNNUMBERED.get(found[2])
    return rf"\{found[1]}{{{name}}}" if name else ""


@lru_cache(maxsize=512)
def _wrong(latex: str, display: bool) -> str | None:
    if not display and ("$" in latex or "`" in latex):
        return "there is a dollar or a backtick in it."
    if "$$" in latex:
        return "there are two dollars in it."
    try:
        to_mathml(latex, display=display)
    except FormulaError as error:
        return error.message
    return None


def _as_code(latex: str, keep: Keep, warnings: list[str]) -> str:
    warn(warnings, "LaTeX that is no formula is kept as code.")
    encoded = "".join(
        char if char.isalnum() or char in f" {OPEN}{CLOSE}{END}" else f"&#{ord(char)};" for char in latex
    )
    code = f"<code>{encoded}</code>"
    return keep(code, code, latex)
