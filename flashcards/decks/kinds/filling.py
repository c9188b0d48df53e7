"""Each side of a text with gaps: what is put in the gaps' places, hidden or shown."""

import re
from collections.abc import Callable
from html import escape

from flashcards.decks.kinds.gaps import Gap
from flashcards.decks.kinds.marked import MarkedText
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.markdown import render
from flashcards.lib.math import FormulaError, to_mathml
from flashcards.lib.sanitize import clean

_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\s*", re.DOTALL)
_MATH = re.compile(r'<math(?:[^>"]|"[^"]*")*>(.*)</math>', re.DOTALL)

type Fill = Callable[[Gap, str, str], str]
"""Takes a gap, its place and what it hides as it looks there; returns what to put."""


class GapText:
    """A text with gaps, rendered; raises Refused if it can't be shown with or without them."""

    def __init__(self, source: str, gaps: list[Gap], *, field: str) -> None:
        self._gaps = gaps
        self._text = MarkedText(source, gaps, field=field)
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

    def _all_forms(self) -> dict[tuple[int, str], str]:
        forms: dict[tuple[int, str], str] = {}
        problems: list[Problem] = []
        for token in dict.fromkeys(piece for piece in self._text.pieces() if not isinstance(piece, str)):
            index, place = token
            try:
                forms[token] = self._form(self._gaps[index], place)
            except FormulaError as error:
                problems.append(Problem(self._text.field, f"Formula: {error.message}", self._gaps[index].line))
            except Refused as refused:
                problems += refused.problems
        if problems:
            raise Refused(problems)
        return forms

    def _form(self, gap: Gap, place: str) -> str:
        """Return what `gap` hides as it looks in `place`; raises FormulaError or Refused."""
        if place == "formula":
            inside = _MATH.fullmatch(clean(to_mathml(gap.hidden, display=False)))
            return f"<mrow>{inside[1] if inside else ''}</mrow>"
        if place == "words":
            return f"<mtext>{escape(gap.hidden)}</mtext>"
        if place != "prose":
            return escape(gap.hidden)
        field, mark = self._text.field, self._text.mark
        # The token before it keeps "1." or "-" from beginning a list.
        rendered = render(f"{mark} {gap.hidden}", field=field)
        if rendered.problems:
            lines = [(problem, (problem.line or 1) + gap.line - 1) for problem in rendered.problems]
            raise Refused([Problem(field, problem.message, line) for problem, line in lines])
        inside = _ONE_PARAGRAPH.fullmatch(rendered.html.replace(f"{mark} ", "", 1))
        if inside is None:
            raise Refused([Problem(field, "What a gap hides must fit in one paragraph.", gap.line)])
        return inside[1]

    def _filled(self, fill: Fill) -> str:
        parts = (
            piece if isinstance(piece, str) else fill(self._gaps[piece[0]], piece[1], self._forms[piece])
            for piece in self._text.pieces()
        )
        return clean("".join(parts))


def _asked(gap: Gap, place: str) -> str:
    cue = escape(f"[{gap.hint or '…'}]")
    if place in {"formula", "words"}:
        return f'<mrow class="gap"><mtext>{cue}</mtext></mrow>'
    return cue if place == "attribute" else f'<span class="gap">{cue}</span>'


def _marked(form: str, place: str) -> str:
    if place in {"formula", "words"}:
        return f'<mrow class="gap">{form}</mrow>'
    return form if place == "attribute" else f'<mark class="gap">{form}</mark>'
