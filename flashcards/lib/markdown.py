"""Markdown with formulas to sanitised HTML, once, when something is saved; bounded in time whatever is written."""

import html
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markdown import Markdown

from flashcards.lib import formulas
from flashcards.lib.errors import Problem
from flashcards.lib.math import FormulaError, to_mathml
from flashcards.lib.plain_markdown import plain_html
from flashcards.lib.sanitize import clean
from flashcards.lib.text import text_problems

MAX_FORMULAS = 500
MAX_LINES = 3_000
_EXTENSIONS = [
    "markdown.extensions.tables",
    "markdown.extensions.sane_lists",
    "pymdownx.highlight",
    "pymdownx.superfences",
]
_OPTIONS: dict[str, dict[str, Any]] = {
    "markdown.extensions.tables": {"use_align_attribute": True},
    "pymdownx.highlight": {
        "guess_lang": False,
        "noclasses": False,
        "css_class": "highlight",
        "anchor_linenums": False,
    },
}
# Python-Markdown's own loops take time with the square of these (measured at the limit: under half a second each).
_MAX_COLUMNS = 40
_LIMITS: tuple[tuple[str, re.Pattern[str], int], ...] = (
    ("square brackets", re.compile(r"\["), 200),
    ("stars and underscores", re.compile(r"[*_]"), 2_000),
    ("angle brackets", re.compile("<"), 1_000),
    ("backticks outside code", re.compile("`"), 200),
)
_WIDE = re.compile(rf"(?:\|[^|\n]*){{{_MAX_COLUMNS + 2}}}")
_DEEP_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]*){11}", re.MULTILINE)
_DEEP_LIST = re.compile(r"^[ \t]*(?:(?:[-+*]|\d+[.)])[ \t]+){11}", re.MULTILINE)
_DEEP_INDENT = re.compile(r"^(?: {4}|\t){11}[ \t]*\S", re.MULTILINE)

type RenderFormula = Callable[[str, bool], str]
"""Takes LaTeX and whether it stands on its own; returns MathML or raises FormulaError."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Sanitised `html`, or the `problems` that stopped it (then `html` is empty)."""

    html: str
    problems: tuple[Problem, ...] = ()


def render(source: str, *, field: str = "text", formula: RenderFormula | None = None) -> Rendered:
    """Return `source` (tidied Markdown) as HTML that went through `clean`, or what is wrong, each with its line.

    `formula` replaces the usual LaTeX conversion.
    """
    plain = plain_html(source)
    if plain is not None:
        return Rendered(clean(plain))
    problems = text_problems(field, source)
    if problems:
        return Rendered("", tuple(problems))
    scan = formulas.scan(source, field)
    problems = [*scan.problems, *_too_much(field, source, scan)]
    if problems:
        return Rendered("", tuple(problems))
    converted: dict[str, Piece] = {}
    text: list[str] = []
    at = 0
    nonce = secrets.token_hex(4)
    for index, found in enumerate(scan.formulas):
        token = f"mq{nonce}x{index}q"
        text += source[at : found.start], token
        at = found.end
        try:
            mathml = (formula or _usual_formula)(found.latex, found.display)
        except FormulaError as error:
            line = formulas.line_of(source, found.start) + found.latex.count("\n", 0, error.offset)
            problems.append(Problem(field, f"Formula: {error.message}", line))
            continue
        shown = f'<span class="formula">{mathml}</span>' if found.display else mathml
        converted[token] = Piece(shown, source[found.start : found.end])
    if problems:
        return Rendered("", tuple(problems))
    rendered = _convert("".join([*text, source[at:]]))
    if not converted:
        return Rendered(clean(rendered))
    return Rendered(clean(fill(clean(rendered), f"mq{nonce}x\\d+q", converted)))


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands for a token: `html` in running text, `source` within code and attributes."""

    html: str
    source: str


_TAG_OR_TEXT = re.compile(r'<(?:[^>"]|"[^"]*")*>|[^<]+')


def fill(rendered: str, token: str, pieces: Mapping[str, Piece]) -> str:
    """Return sanitised HTML with every token (a pattern) replaced by its piece, as fits the place where it stands."""
    pattern = re.compile(token)
    code = 0
    parts = []

    def as_html(found: re.Match[str]) -> str:
        return pieces[found[0]].html

    def as_source(found: re.Match[str]) -> str:
        return html.escape(pieces[found[0]].source)

    for part in _TAG_OR_TEXT.findall(rendered):
        if part.startswith(("<code", "<pre")):
            code += 1
        elif part.startswith(("</code", "</pre")):
            code -= 1
        shown = as_source if code or part.startswith("<") else as_html
        parts.append(pattern.sub(shown, part))
    return "".join(parts)


def _usual_formula(latex: str, display: bool) -> str:
    return to_mathml(latex, display=display)


def _too_much(field: str, source: str, scan: formulas.Scan) -> list[Problem]:
    problems = [
        Problem(field, f"More than {most:,} {what}. Split the text, or put code in a fence.")
        for what, pattern, most in _LIMITS
        if sum(1 for _ in pattern.finditer(scan.prose)) > most
    ]
    if _WIDE.search(scan.prose):
        problems.append(Problem(field, f"More than {_MAX_COLUMNS} columns in a table."))
    if source.count("\n") > MAX_LINES:
        problems.append(Problem(field, f"More than {MAX_LINES:,} lines. Split the text."))
    if len(scan.formulas) > MAX_FORMULAS:
        problems.append(Problem(field, f"More than {MAX_FORMULAS} formulas. Split the text."))
    for what, pattern in (("Quotes", _DEEP_QUOTE), ("Lists", _DEEP_LIST), ("Text", _DEEP_INDENT)):
        if found := pattern.search(source if what == "Quotes" else scan.prose):
            line = formulas.line_of(source, found.start()) if what == "Quotes" else None
            problems.append(Problem(field, f"{what} more than ten levels deep.", line))
    return problems


class _PerThread(threading.local):
    converter: Markdown | None = None


_per_thread = _PerThread()


def _convert(source: str) -> str:
    if _per_thread.converter is None:
        converter = Markdown(extensions=_EXTENSIONS, extension_configs=_OPTIONS, output_format="html")
        converter.ESCAPED_CHARS = [*converter.ESCAPED_CHARS, "$", "|"]
        _per_thread.converter = converter
    return _per_thread.converter.reset().convert(source)
