"""Two sides that ask for each other: two cards."""

from flashcards.decks.kinds.base import EXPLANATION, Face, Kind, Part, Written, face


class Reversed(Kind):
    """Each side asks for the other."""

    name = "reversed"
    label = "Reversed"
    description = "Two sides that ask for each other: a term and what it means. Two cards."
    parts = (Part("question", "One side"), Part("answer", "Other side"), EXPLANATION)

    def faces(self, note: Written) -> list[Face]:
        """Return two cards: ordinal 1 asks with the question, 2 with the answer."""
        html = self.render_parts(note)
        return [
            face(1, html["question"], html["answer"], html["explanation"]),
            face(2, html["answer"], html["question"], html["explanation"]),
        ]
