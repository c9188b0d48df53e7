"""What reading a file has found, counted for the page that shows it before anything is written."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flashcards.decks.formats.records import NoteRecord
from flashcards.decks.kinds import Face
from flashcards.decks.transfers.spool import SpooledDeck
from flashcards.lib.errors import Problem

MOST_PROBLEMS = 500
SAMPLE_CARDS = 20
MOST_SHOWN = 100
"""Of warnings and titles of topics."""


@dataclass(slots=True)
class Found:
    """Counts, the first cards, and what is wrong. `left_out` counts notes that can't be taken."""

    notes: int = 0
    left_out: int = 0
    reviews: int = 0
    cards: Counter[str] = field(default_factory=Counter)
    tags: set[str] = field(default_factory=set)
    warnings: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    sample: list[dict[str, Any]] = field(default_factory=list)

    def take(self, record: NoteRecord, faces: Sequence[Face]) -> None:
        """Count a note that can be taken."""
        self.notes += 1
        self.cards[record.kind] += len(faces)
        self.tags.update(record.tags)
        self.reviews += sum(len(card.reviews) for card in record.cards)
        self.warnings.update(dict.fromkeys(record.warnings, 1))
        for face in faces[: SAMPLE_CARDS - len(self.sample)]:
            self.sample.append({
                "key": record.key, "kind": record.kind, "question_html": face.question_html,
                "answer_html": face.answer_html, "explanation_html": face.explanation_html, "data": face.data,
            })  # fmt: skip

    def refuse(self, problems: Sequence[Problem]) -> None:
        """Count a note that can't be taken, with what is wrong with it."""
        self.left_out += 1
        self.note(problems)

    def note(self, problems: Sequence[Problem]) -> None:
        """Keep what is wrong, the first of it word by word."""
        self.problem_count += len(problems)
        self.problems += problems[: max(0, MOST_PROBLEMS - len(self.problems))]

    def as_json(self, deck: SpooledDeck, media: int, media_bytes: int) -> dict[str, Any]:
        """Return it as `Transfer.found` holds it."""
        return {
            "title": deck.title,
            "slug": deck.slug,
            "topics": [title for _, title in deck.topics[:MOST_SHOWN]],
            "topic_count": len(deck.topics),
            "notes": self.notes,
            "left_out": self.left_out,
            "cards": dict(self.cards),
            "card_count": self.cards.total(),
            "tags": len(self.tags),
            "media": media,
            "media_bytes": media_bytes,
            "reviews": self.reviews,
            "warnings": self.warnings.most_common(MOST_SHOWN),
            "problem_count": self.problem_count,
            "sample": self.sample,
        }
