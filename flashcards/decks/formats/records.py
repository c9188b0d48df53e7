"""A deck outside any database: what formats read and write. Lines count from 1 in the file; 0 where there is none."""

from dataclasses import dataclass, field

USUAL_KIND = "basic"


@dataclass(slots=True)
class NoteRecord:
    """A note. `lines` gives where each field's text begins in the file; comparing leaves lines out."""

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
