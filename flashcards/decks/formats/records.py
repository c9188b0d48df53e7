"""A deck outside any database: what formats read and write. Lines count from 1 in the file; 0 where there is none.

Small files are one `DeckRecord`. What may be large is a `DeckSource`: a head, then notes one after the other, then
media by name, so that memory does not grow with the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

USUAL_KIND = "basic"


@dataclass(slots=True)
class ReviewRecord:
    """One answer to a card. `answered_at` is aware, in UTC, to the millisecond; `rating` is 1 (again) to 4 (easy).

    `facts` are what only our own packages know of it, as JSON holds them: id, day, verdict and so on.
    """

    answered_at: datetime
    rating: int
    duration_ms: int
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class CardRecord:
    """What the person whose file it is did with one card: `ordinal` says which of the note's.

    `memory` is where the card stands by the file's own account (state, stability, difficulty, due), if it says so; we
    schedule by what `reviews` come to.
    """

    ordinal: int
    reviews: list[ReviewRecord] = field(default_factory=list)
    is_suspended: bool = False
    is_starred: bool = False
    memory: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class NoteRecord:
    """A note. `lines` gives where each field's text begins in the file; comparing leaves lines out.

    `topic` is the slug of its topic where notes come one after the other. `warnings` say what was changed on the way.
    """

    key: str
    kind: str = USUAL_KIND
    question: str = ""
    answer: str = ""
    explanation: str = ""
    tags: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    reference: str = ""
    line: int = field(default=0, compare=False)
    lines: dict[str, int] = field(default_factory=dict, compare=False)
    topic: str = field(default="", compare=False)
    cards: list[CardRecord] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list, compare=False)


@dataclass(slots=True)
class TopicRecord:
    """A topic and its notes in order."""

    slug: str
    title: str
    notes: list[NoteRecord] = field(default_factory=list)
    line: int = field(default=0, compare=False)


@dataclass(slots=True)
class DeckRecord:
    """A deck and its topics in order."""

    slug: str
    title: str
    language: str = "en"
    introduction: str = ""
    topics: list[TopicRecord] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict, compare=False)

    def notes(self) -> list[NoteRecord]:
        """Return the notes of every topic in order."""
        return [note for topic in self.topics for note in topic.notes]


@dataclass(slots=True)
class DeckHead:
    """What a file says of a deck before its notes. `topics` have no notes; `note_count` is 0 where it is not known.

    `slug` is empty where the file names none: the title makes one.
    """

    title: str
    slug: str = ""
    language: str = "en"
    introduction: str = ""
    topics: list[TopicRecord] = field(default_factory=list)
    note_count: int = 0
    review_count: int = 0
    media_count: int = 0


class DeckSource(Protocol):
    """A deck read piece by piece. Texts refer to media as `media:NAME`; `media` hands out the bytes of a name."""

    head: DeckHead

    def notes(self) -> Iterator[NoteRecord]:
        """Yield the notes in the deck's order, each with its topic's slug; raises Refused."""
        ...

    def media(self, name: str) -> bytes | None:
        """Return the bytes of a file that notes refer to, None if the file does not hold it; raises Refused."""
        ...
