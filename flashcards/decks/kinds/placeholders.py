"""Texts with numbers in them that differ at every showing: `{{n}}`, `{{n + 2*p}}`, `{{loss:.3f}}`.

A text is compiled when its note is saved, to the HTML between the placeholders and what stands in each; a showing only
puts numbers in.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from flashcards.decks.kinds.marked import MarkedText
from flashcards.decks.kinds.number_words import as_mathml, as_text, is_format
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.expressions import Expression, ExpressionError, Value, parse
from flashcards.lib.formulas import line_of

MAX_PLACEHOLDERS = 200

_PLACEHOLDER = re.compile(r"\{\{([^{}\n]+)\}\}")

type Segment = str | list[str]
"""HTML, or [place, expression, format]: as JSON holds it."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One placeholder: `source[start:end]`, on `line`; `hidden` is all of it as written."""

    start: int
    end: int
    line: int
    hidden: str
    expression: Expression
    format: str


class _Text(MarkedText):
    in_descriptions = True
    nowhere = "A number stands where nothing is shown: in an address, or in a fence's first line. Move it."


def compiled(source: str, *, field: str) -> list[Segment]:
    """Return Markdown with placeholders as segments; raises Refused with every problem."""
    placeholders = find_placeholders(source, field)
    segments: list[Segment] = [""]
    for piece in _Text(source, placeholders, field=field).pieces():
        if not isinstance(piece, str):
            index, place = piece
            segments.append([place, placeholders[index].expression.source, placeholders[index].format])
        elif isinstance(segments[-1], str):
            segments[-1] += piece
        else:
            segments.append(piece)
    return segments


def find_placeholders(source: str, field: str) -> list[Placeholder]:
    """Return the placeholders of `source` in order; raises Refused with every one that can't be read."""
    found: list[Placeholder] = []
    problems: list[Problem] = []
    for match in _PLACEHOLDER.finditer(source):
        line = line_of(source, match.start())
        written, _, spec = match[1].partition(":")
        try:
            expression = parse(written.strip())
        except ExpressionError as error:
            problems.append(Problem(field, f"{match[0][:60]}: {error}", line))
            continue
        if not is_format(spec.strip()):
            message = f"{match[0][:60]}: “{spec.strip()[:20]}” is no format; write .3f, .3g, .1e, .1% or a comma."
            problems.append(Problem(field, message, line))
            continue
        found.append(Placeholder(match.start(), match.end(), line, match[0], expression, spec.strip()))
    if len(found) > MAX_PLACEHOLDERS:
        problems.append(Problem(field, f"There are {len(found):,} numbers; at most {MAX_PLACEHOLDERS} are allowed."))
    if problems:
        raise Refused(problems)
    return found


def filled(segments: Sequence[Segment], values: Mapping[str, Value]) -> str:
    """Return compiled segments as HTML with these values; raises ExpressionError.

    Sanitised as the segments are: what is put in holds digits, signs and MathML alone.
    """
    return "".join(segment if isinstance(segment, str) else _shown(segment, values) for segment in segments)


def _shown(segment: list[str], values: Mapping[str, Value]) -> str:
    place, source, spec = segment
    value = values[source] if source in values else parse(source).value(values)
    if place == "formula":
        return as_mathml(value, spec)
    text = escape(as_text(value, spec))
    return f"<mtext>{text}</mtext>" if place == "words" else text
