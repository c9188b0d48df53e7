"""A text with gaps: each number is a card that asks for the gaps of that number and shows the others."""

from flashcards.decks.kinds.base import EXPLANATION, Face, Kind, Part, Written
from flashcards.decks.kinds.filling import GapText
from flashcards.decks.kinds.gaps import OPENING, find_gaps
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.formulas import line_of
from flashcards.lib.markdown import render
from flashcards.lib.sanitize import plain_words


class Cloze(Kind):
    """Each number asks for its gaps."""

    name = "cloze"
    label = "Cloze"
    description = "A text with numbered gaps, {{c1::hidden}} or {{c1::hidden::hint}}: a card for each number."
    parts = (Part("question", "Text", "Write a gap as {{c1::hidden}} or {{c1::hidden::hint}}."), EXPLANATION)

    def faces(self, note: Written) -> list[Face]:
        """Return a card for each number in use, which is its ordinal."""
        self.check(note)
        gaps, problems = find_gaps(note.question, "question")
        if found := OPENING.search(note.explanation):
            message = "Gaps belong in the text, not in the explanation."
            problems.append(Problem("explanation", message, line_of(note.explanation, found.start())))
        explanation = render(note.explanation, field="explanation")
        problems += explanation.problems
        if problems:
            raise Refused(problems)
        text = GapText(note.question, gaps, field="question")
        words = plain_words(text.shown()).lower()
        return [
            Face(number, text.asking(number), text.answering(number), explanation.html, words)
            for number in sorted({gap.number for gap in gaps})
        ]
