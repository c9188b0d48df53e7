"""A question and its answer: one card."""

from flashcards.decks.kinds.base import EXPLANATION, Face, Kind, Part, Written, face


class Basic(Kind):
    """A question asks for its answer."""

    name = "basic"
    label = "Basic"
    description = "A question and its answer: one card."
    parts = (Part("question", "Question"), Part("answer", "Answer"), EXPLANATION)

    def faces(self, note: Written) -> list[Face]:
        """Return one card, ordinal 1."""
        html = self.render_parts(note)
        return [face(1, html["question"], html["answer"], html["explanation"])]
