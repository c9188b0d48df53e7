"""Rendering a text with gaps: once with a token for every gap, then each side by putting something in their places.

A token survives Markdown, Pygments and the LaTeX converter; what takes its place depends on where it came out: in
running text, in code, in a formula, in the words inside a formula, or in an attribute that describes a formula.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from html import escape

from flashcards.decks.kinds.gaps import Gap
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.markdown import render
from flashcards.lib.math import FormulaError, to_mathml
from flashcards.lib.sanitize import clean

_PIECE = re.compile(r'<(?:[^>"]|"[^"]*")*>|[^<]+')
_NAMED = re.compile(r' ([a-z]+)="([^"]*)"')
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\s*", re.DOTALL)
_MATH = re.compile(r'<math(?:[^>"]|"[^"]*")*>(.*)</math>', re.DOTALL)
_IN_WORDS = re.compile(r"\\(?:text[a-z]*|mbox|operatorname\*?)\s*\{[^{}]*\Z")
_DESCRIBING = {"alttext", "alt", "title"}

type Fill = Callable[[Gap, str, str], str]
"""Takes a gap, its place and what it hides as it looks there; returns what to put."""


class GapText:
    """A text with gaps, rendered; raises Refused if it can't be shown with or without them."""

    def __init__(self, source: str, gaps: list[Gap], *, field: str) -> None:
        self._field = field
        self._gaps = gaps
        self._mark = f"gap{secrets.token_hex(4)}n"
        self._token = re.compile(rf"{self._mark}(\d+)([et])")
        rendered = render(self._with_tokens(source), field=field, formula=self._formula)
        if rendered.problems:
            raise Refused([self._as_written(source, problem) for problem in rendered.problems])
        self._html = self._words_apart(rendered.html)
        self._forms = self._all_forms()

    def asking(self, number: int) -> str:
        """Return the question side: gaps of `number` hidden, the others shown."""
        return self._filled(lambda gap, place, form: _asked(gap, place) if gap.number == number else form)

    def answering(self, number: int) -> str:
        """Return the answer side: gaps of `number` marked, the others shown."""
        return self._filled(lambda gap, place, form: _marked(form, place) if gap.number == number else form)

    def shown(self) -> str:
        """Return the text with every gap shown and none marked."""
        return self._filled(lambda _gap, _place, form: form)

    # The text with tokens -------------------------------------------------------------------------------------------

    def _with_tokens(self, source: str) -> str:
        parts: list[str] = []
        at = 0
        for index, gap in enumerate(self._gaps):
            parts += source[at : gap.start], f"{self._mark}{index}e"
            at = gap.end
        return "".join([*parts, source[at:]])

    def _formula(self, latex: str, display: bool) -> str:
        """Convert a formula whose tokens become words of their own; those already among words end in t."""

        def as_words(found: re.Match[str]) -> str:
            if _IN_WORDS.search(latex, 0, found.start()):
                return f"{self._mark}{found[1]}t"
            return rf"\text{{{found[0]}}}"

        mathml = to_mathml(self._token.sub(as_words, latex), display=display)
        return re.sub(rf"\\text\{{({self._token.pattern})\}}", r"\1", mathml)

    def _as_written(self, source: str, problem: Problem) -> Problem:
        """Return a problem of the text with tokens as one of the text that the person wrote."""
        line = problem.line
        if line is not None:
            removed = 0
            for gap in self._gaps:
                if gap.line - removed >= line:
                    break
                removed += source.count("\n", gap.start, gap.end)
            line += removed
        message = self._token.sub(lambda found: self._gaps[int(found[1])].hidden, problem.message)
        return Problem(problem.field, message, line)

    def _words_apart(self, html: str) -> str:
        """Take the tokens out of the elements for letters and words of a formula: a gap is an element of its own."""

        def split(found: re.Match[str]) -> str:
            tag, attributes, text = found[1], found[2], found[3]
            if self._token.fullmatch(text):
                return text
            whole = re.compile(f"({self._mark}\\d+[et])")
            pieces = [
                piece if self._token.fullmatch(piece) else f"<{tag}{attributes}>{piece}</{tag}>"
                for piece in whole.split(text)
                if piece
            ]
            return f"<mrow>{''.join(pieces)}</mrow>"

        return re.sub(rf"<(m[inos]|mtext)((?: [^>]*)?)>([^<]*{self._mark}[^<]*)</\1>", split, html)

    # What takes the tokens' places -----------------------------------------------------------------------------------

    def _all_forms(self) -> dict[tuple[int, str], str]:
        forms: dict[tuple[int, str], str] = {}
        problems: list[Problem] = []
        visible: set[int] = set()
        for piece, context in _pieces(self._html):
            for found in self._token.finditer(piece):
                index, place = int(found[1]), _place(context, found[2])
                if place != "attribute":
                    visible.add(index)
                if (index, place) in forms:
                    continue
                try:
                    forms[index, place] = self._form(self._gaps[index], place)
                except FormulaError as error:
                    problems.append(Problem(self._field, f"Formula: {error.message}", self._gaps[index].line))
                except Refused as refused:
                    problems += refused.problems
            if context == "attribute" and self._token.search(piece) and not self._only_describes(piece):
                visible.clear()
        message = "A gap stands where nothing is shown: in an address, or in a fence's first line. Move it."
        problems += [
            Problem(self._field, message, gap.line)
            for index, gap in enumerate(self._gaps)
            if index not in visible and not problems
        ]
        if problems:
            raise Refused(problems)
        return forms

    def _only_describes(self, tag: str) -> bool:
        return all(name in _DESCRIBING for name, value in _NAMED.findall(tag) if self._token.search(value))

    def _form(self, gap: Gap, place: str) -> str:
        """Return what `gap` hides as it looks in `place`; raises FormulaError or Refused."""
        if place == "formula":
            inside = _MATH.fullmatch(clean(to_mathml(gap.hidden, display=False)))
            return f"<mrow>{inside[1] if inside else ''}</mrow>"
        if place == "words":
            return f"<mtext>{escape(gap.hidden)}</mtext>"
        if place != "prose":
            return escape(gap.hidden)
        # The token before it keeps "1." or "-" from beginning a list.
        rendered = render(f"{self._mark} {gap.hidden}", field=self._field)
        if rendered.problems:
            lines = [(problem, (problem.line or 1) + gap.line - 1) for problem in rendered.problems]
            raise Refused([Problem(self._field, problem.message, line) for problem, line in lines])
        inside = _ONE_PARAGRAPH.fullmatch(rendered.html.replace(f"{self._mark} ", "", 1))
        if inside is None:
            raise Refused([Problem(self._field, "What a gap hides must fit in one paragraph.", gap.line)])
        return inside[1]

    def _filled(self, fill: Fill) -> str:
        parts = []
        for piece, context in _pieces(self._html):

            def put(found: re.Match[str], context: str = context) -> str:
                index, place = int(found[1]), _place(context, found[2])
                return fill(self._gaps[index], place, self._forms[index, place])

            parts.append(self._token.sub(put, piece))
        return clean("".join(parts))


def _pieces(html: str) -> Iterator[tuple[str, str]]:
    """Yield the tags and texts of sanitised HTML, each with its context: attribute, code, formula or prose."""
    code = formula = 0
    for piece in _PIECE.findall(html):
        if piece.startswith("<"):
            code += piece.startswith(("<code", "<pre")) - piece.startswith(("</code", "</pre"))
            formula += piece.startswith("<math") - piece.startswith("</math")
            yield piece, "attribute"
        else:
            yield piece, "code" if code else "formula" if formula else "prose"


def _place(context: str, ending: str) -> str:
    return "words" if context == "formula" and ending == "t" else context


def _asked(gap: Gap, place: str) -> str:
    cue = escape(f"[{gap.hint or '…'}]")
    if place in {"formula", "words"}:
        return f'<mrow class="gap"><mtext>{cue}</mtext></mrow>'
    return cue if place == "attribute" else f'<span class="gap">{cue}</span>'


def _marked(form: str, place: str) -> str:
    if place in {"formula", "words"}:
        return f'<mrow class="gap">{form}</mrow>'
    return form if place == "attribute" else f'<mark class="gap">{form}</mark>'
