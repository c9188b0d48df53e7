"""A text with our gaps as one with Anki's."""

import re
import secrets
from html import escape

from flashcards.decks.formats.anki.card_html import CardHtml, in_gap, latex_in_gap
from flashcards.decks.kinds.filling import GapText
from flashcards.decks.kinds.gaps import Gap, find_gaps
from flashcards.lib.errors import Refused

_IN_WORDS = re.compile(r"[\\{}$]")


class AnkiGaps(GapText):
    """A text whose gaps are filled with Anki's marks; raises Refused if it can't be shown."""

    def __init__(self, source: str) -> None:
        gaps, problems = find_gaps(source, "question")
        if problems:
            raise Refused(problems)
        super().__init__(source, gaps, field="question")

    def converted(self, card_html: CardHtml) -> str:
        """Return the field's HTML."""
        token = f"gap{secrets.token_hex(6)}n"
        marks: list[str] = []

        def fill(gap: Gap, place: str, form: str) -> str:
            marks.append(_mark(gap, place, form, card_html))
            return f"{token}{len(marks) - 1}e"

        text = card_html.converted(self._filled(fill))
        return re.sub(rf"{token}(\d+)e", lambda found: marks[int(found[1])], text)


def cloze_mark(number: int, field_html: str) -> str:
    """Return a gap of this number that hides a piece of a field's HTML."""
    return f"{{{{c{number}::{in_gap(field_html)}}}}}"


def _mark(gap: Gap, place: str, form: str, card_html: CardHtml) -> str:
    """Return a gap's mark. Formulas are told by the words that describe them, so their gaps stand in an attribute."""
    hint = ""
    if place == "attribute":
        words = _IN_WORDS.sub("", gap.hint).replace("%", r"\%").strip()
        hidden, hint = latex_in_gap(gap.hidden), rf"::\text{{{escape(words, quote=False)}}} " if words else ""
    else:
        hidden = in_gap(card_html.converted(form))
        hint = f"::{in_gap(escape(gap.hint, quote=False))}" if gap.hint else ""
    return f"{{{{c{gap.number}::{hidden}{hint}}}}}"
