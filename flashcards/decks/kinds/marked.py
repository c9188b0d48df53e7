"""A text in which stretches stand for something else, rendered once with a token for each of them.

A token survives Markdown, Pygments and the LaTeX converter; what takes its place depends on where it came out: in
running text, in code, in a formula, in the words inside a formula, or in an attribute that describes a formula.
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from typing import Protocol

from flashcards.lib.errors import Problem, Refused
from flashcards.lib.markdown import render
from flashcards.lib.math import to_mathml

_PIECE = re.compile(r'<(?:[^>"]|"[^"]*")*>|[^<]+')
_NAMED = re.compile(r' ([a-z]+)="([^"]*)"')
_IN_WORDS = re.compile(r"\\(?:text[a-z]*|mbox|operatorname\*?)\s*\{[^{}]*\Z")
_DESCRIBING = {"alttext", "alt", "title"}


class Stretch(Protocol):
    """What a token stands for: `source[start:end]`, which begins on `line` and is called `hidden` in messages."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def line(self) -> int:
        """The line on which it begins, from 1."""

    @property
    def hidden(self) -> str:
        """What messages call it."""


class MarkedText:
    """A rendered text with tokens; raises Refused if it can't be shown.

    `html` is sanitised; `mark` begins every token and stands in no other text.
    """

    in_descriptions = False
    """Whether it is enough to stand in the words that describe an image or a link."""

    nowhere = "A gap stands where nothing is shown: in an address, or in a fence's first line. Move it."

    def __init__(self, source: str, stretches: Sequence[Stretch], *, field: str) -> None:
        self.field = field
        self.mark = f"gap{secrets.token_hex(4)}n"
        self._stretches = stretches
        self._token = re.compile(rf"{self.mark}(\d+)([et])")
        rendered = render(self._with_tokens(source), field=field, formula=self._formula)
        if rendered.problems:
            raise Refused([self._as_written(source, problem) for problem in rendered.problems])
        self.html = self._words_apart(rendered.html)
        if unseen := self._unseen():
            raise Refused([Problem(field, self.nowhere, stretches[index].line) for index in unseen])

    def pieces(self) -> Iterator[str | tuple[int, str]]:
        """Yield the HTML between tokens, and each token as (index, place): what stands there is put in by the caller.

        A place is "prose", "code", "formula", "words" (in a formula) or "attribute".
        """
        for piece, context in _pieces(self.html):
            at = 0
            for found in self._token.finditer(piece):
                yield piece[at : found.start()]
                yield int(found[1]), "words" if context == "formula" and found[2] == "t" else context
                at = found.end()
            yield piece[at:]

    def _with_tokens(self, source: str) -> str:
        parts: list[str] = []
        at = 0
        for index, stretch in enumerate(self._stretches):
            parts += source[at : stretch.start], f"{self.mark}{index}e"
            at = stretch.end
        return "".join([*parts, source[at:]])

    def _formula(self, latex: str, display: bool) -> str:
        """Convert a formula whose tokens become words of their own; those already among words end in t."""

        def as_words(found: re.Match[str]) -> str:
            if _IN_WORDS.search(latex, 0, found.start()):
                return f"{self.mark}{found[1]}t"
            return rf"\text{{{found[0]}}}"

        mathml = to_mathml(self._token.sub(as_words, latex), display=display)
        return re.sub(rf"\\text\{{({self._token.pattern})\}}", r"\1", mathml)

    def _as_written(self, source: str, problem: Problem) -> Problem:
        """Return a problem of the text with tokens as one of the text that the person wrote."""
        line = problem.line
        if line is not None:
            removed = 0
            for stretch in self._stretches:
                if stretch.line - removed >= line:
                    break
                removed += source.count("\n", stretch.start, stretch.end)
            line += removed
        message = self._token.sub(lambda found: self._stretches[int(found[1])].hidden, problem.message)
        return Problem(problem.field, message, line)

    def _words_apart(self, html: str) -> str:
        """Take the tokens out of the elements for letters and words of a formula: a gap is an element of its own."""

        def split(found: re.Match[str]) -> str:
            tag, attributes, text = found[1], found[2], found[3]
            if self._token.fullmatch(text):
                return text
            whole = re.compile(f"({self.mark}\\d+[et])")
            pieces = [
                piece if self._token.fullmatch(piece) else f"<{tag}{attributes}>{piece}</{tag}>"
                for piece in whole.split(text)
                if piece
            ]
            return f"<mrow>{''.join(pieces)}</mrow>"

        return re.sub(rf"<(m[inos]|mtext)((?: [^>]*)?)>([^<]*{self.mark}[^<]*)</\1>", split, html)

    def _unseen(self) -> list[int]:
        """Return the stretches not shown anywhere, or standing in an attribute that does more than describe."""
        visible: set[int] = set()
        misplaced: set[int] = set()
        for piece, context in _pieces(self.html):
            if context != "attribute":
                visible.update(self._tokens(piece))
                continue
            for name, value in _NAMED.findall(piece):
                if name not in _DESCRIBING:
                    misplaced.update(self._tokens(value))
                elif self.in_descriptions:
                    visible.update(self._tokens(value))
        return [index for index in range(len(self._stretches)) if index in misplaced or index not in visible]

    def _tokens(self, text: str) -> list[int]:
        return [int(found[1]) for found in self._token.finditer(text)]


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
