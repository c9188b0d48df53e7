"""Cards whose meaning an editor changed: who knew one is shown the difference once, when it next comes.

It is told while the learner's last answer is older than the change; the next answer ends that, undoing it brings it
back. Memory and due day are left alone. Where nothing changed, nothing is asked of the database.
"""

from dataclasses import dataclass, field
from datetime import datetime

from flashcards.decks import kinds, versions
from flashcards.decks.kinds import Face
from flashcards.decks.models import Card
from flashcards.lib.differences import Piece, difference
from flashcards.lib.errors import Refused
from flashcards.lib.sanitize import plain_lines
from flashcards.study.models import Memory


@dataclass(frozen=True, slots=True)
class ChangedSide:
    """A side of a card, then and now as one text."""

    label: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class ChangedCard:
    """What is told of a changed card: a line, what became of its question, and what is told with the answer."""

    line: str
    question: list[ChangedSide] = field(default_factory=list)
    answer: list[ChangedSide] = field(default_factory=list)


def told_of(card: Card, memory: Memory | None) -> ChangedCard | None:
    """Return what a learner with this memory is told of `card`; None if its meaning is what they answered last."""
    seen = memory.last_answered_at if memory is not None else None
    if card.meaning_changed_at is None or seen is None or card.meaning_changed_at <= seen:
        return None
    before = _face_at(card, seen)
    if before is None:
        return ChangedCard(_line("answer"))
    question = _side("Question", _question(card.kind, before), _question(card.kind, card))
    answer = _side("Answer", before.answer_html, card.answer_html)
    explanation = _side("Explanation", before.explanation_html, card.explanation_html)
    return ChangedCard(_line("answer" if answer or not question else "question"), question, answer + explanation)


def _line(what: str) -> str:
    return f"The {what} has been changed since you last saw this card."


def _face_at(card: Card, moment: datetime) -> Face | None:
    """Return the card as its note made it at `moment`; None if it did not, or can't be rendered any more."""
    row = versions.version_at(card.note, moment)
    if row is None:
        return None
    try:
        faces = kinds.get(row.kind).faces(versions.texts_of(row))
    except Refused:
        return None
    return next((face for face in faces if face.ordinal == card.ordinal), None)


def _question(kind: str, side: Face | Card) -> str:
    """Return the question alone: beside it, changed options would tell which of them is right."""
    asked = side.data.get("question") if kind == "choice" else None
    return asked if isinstance(asked, str) else side.question_html


def _side(label: str, before: str, after: str) -> list[ChangedSide]:
    old, new = plain_lines(before), plain_lines(after)
    return [ChangedSide(label, difference(old, new))] if old != new else []
