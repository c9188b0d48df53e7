"""What can be done to many notes at once: each edit changes one note after the other, in memory.

`bulk_plan` says what that comes to, and writes it.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils import timezone

from flashcards.decks import kinds, services
from flashcards.decks.kind_changes import converted
from flashcards.decks.models import ChangeSet, Note, Severity, Topic
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.text import text_problems

LONGEST_FIND = 200


class BulkEdit(ABC):
    """One thing done to many notes. `severity` says how grave it is to those who know the cards."""

    kind: ClassVar[ChangeSet.Kind]
    severity: Severity = Severity.WORDING
    renders: ClassVar[bool] = True
    """Whether the notes have to make cards afterwards."""

    def begin(self, notes: Sequence[Note]) -> None:  # noqa: B027  most have nothing to get ready
        """Get ready for these notes, in the deck's order; raises Refused if it can't be done at all."""

    @abstractmethod
    def change(self, note: Note, tags: list[str]) -> list[str]:
        """Change `note` in memory and return the tags that it shall have; raises Refused for this note."""

    @abstractmethod
    def words(self, count: str) -> str:
        """Return what was done to so many notes ("3 notes"), as a sentence."""


@dataclass(slots=True)
class Replace(BulkEdit):
    """Words replaced in some fields, as they stand or whole words alone."""

    find: str
    by: str
    fields: tuple[str, ...] = kinds.FIELDS
    match_case: bool = False
    whole_words: bool = False
    severity: Severity = Severity.WORDING
    kind: ClassVar = ChangeSet.Kind.REPLACE
    _pattern: re.Pattern[str] = field(default_factory=lambda: re.compile(""), init=False)

    def begin(self, notes: Sequence[Note]) -> None:
        """Make ready what to look for."""
        problems = text_problems("find", self.find, limit=LONGEST_FIND) + text_problems("by", self.by, limit=5_000)
        if not self.find:
            problems.append(Problem("find", "Say what to look for."))
        if not self.fields:
            problems.append(Problem("fields", "Choose where to look."))
        if problems:
            raise Refused(problems)
        # Never a pattern of the editor's own: some patterns take for ever.
        escaped = re.escape(self.find)
        before, after = (
            r"\b" if self.whole_words and re.match(r"\w", end) else "" for end in (self.find, self.find[-1])
        )
        self._pattern = re.compile(f"{before}{escaped}{after}", 0 if self.match_case else re.IGNORECASE)

    def change(self, note: Note, tags: list[str]) -> list[str]:
        """Replace in each of the fields."""
        for name in self.fields:
            setattr(note, name, self._pattern.sub(lambda _: self.by, getattr(note, name)))
        return tags

    def words(self, count: str) -> str:
        """Return the sentence."""
        if not self.by:
            return f"“{self.find[:60]}” taken out of {count}."
        return f"“{self.find[:60]}” replaced by “{self.by[:60]}” in {count}."


@dataclass(slots=True)
class Move(BulkEdit):
    """Notes moved to the end of a topic of their deck, in their order."""

    topic: Topic | None
    kind: ClassVar = ChangeSet.Kind.MOVE
    _next: int = field(default=0, init=False)

    def begin(self, notes: Sequence[Note]) -> None:
        """Find the end of the topic."""
        if self.topic is None:
            raise Refused([Problem("topic", "Choose a topic.")])
        if any(note.deck_id != self.topic.deck_id for note in notes):
            raise Refused([Problem("topic", "Choose notes of one deck and a topic of the same deck.")])
        self._next = services.next_position(self.topic)

    def change(self, note: Note, tags: list[str]) -> list[str]:
        """Put the note at the end."""
        if self.topic is not None and note.topic_id != self.topic.pk:
            note.topic, note.position = self.topic, self._next
            self._next += 1
        return tags

    def words(self, count: str) -> str:
        """Return the sentence."""
        return f"{count} moved to {self.topic}."


@dataclass(slots=True)
class Retag(BulkEdit):
    """Tags added and taken away, by name."""

    add: Sequence[str] = ()
    remove: Sequence[str] = ()
    kind: ClassVar = ChangeSet.Kind.TAG

    def begin(self, notes: Sequence[Note]) -> None:
        """Check the names."""
        if not self.add and not self.remove:
            raise Refused([Problem("add_tags", "Name a tag to add or to take away.")])

    def change(self, note: Note, tags: list[str]) -> list[str]:
        """Return the tags it has then."""
        return list(dict.fromkeys([*(name for name in tags if name not in set(self.remove)), *self.add]))

    def words(self, count: str) -> str:
        """Return the sentence."""
        named = [f"+{name}" for name in self.add] + [f"−{name}" for name in self.remove]
        return f"Tags of {count} changed: {', '.join(named)}."[:300]


@dataclass(slots=True)
class Convert(BulkEdit):
    """Notes turned into another kind, where that makes sense."""

    to: str
    severity: Severity = Severity.MEANING
    kind: ClassVar = ChangeSet.Kind.KIND

    def begin(self, notes: Sequence[Note]) -> None:
        """Check the kind."""
        if not self.to:
            raise Refused([Problem("to", "Choose a kind.")])
        kinds.get(self.to)

    def change(self, note: Note, tags: list[str]) -> list[str]:
        """Rewrite the note's texts as the kind wants them."""
        if note.kind != self.to:
            draft = converted(note, note.kind, self.to)
            note.kind, note.question = self.to, draft.question
            note.answer, note.explanation = draft.answer, draft.explanation
        return tags

    def words(self, count: str) -> str:
        """Return the sentence."""
        return f"{count} made {kinds.get(self.to).label.lower()}."


@dataclass(slots=True)
class Archive(BulkEdit):
    """Notes taken out of study; every review and memory stays."""

    kind: ClassVar = ChangeSet.Kind.ARCHIVE
    renders: ClassVar = False

    def change(self, note: Note, tags: list[str]) -> list[str]:
        """Take it out."""
        note.archived_at = note.archived_at or timezone.now()
        return tags

    def words(self, count: str) -> str:
        """Return the sentence."""
        return f"{count} archived."


@dataclass(slots=True)
class Restore(BulkEdit):
    """Archived notes brought back."""

    kind: ClassVar = ChangeSet.Kind.RESTORE

    def change(self, note: Note, tags: list[str]) -> list[str]:
        """Bring it back."""
        note.archived_at = None
        return tags

    def words(self, count: str) -> str:
        """Return the sentence."""
        return f"{count} restored."


@dataclass(slots=True)
class Merge(BulkEdit):
    """Duplicates made one: `keep` (a pk) takes the others' tags and sources, and they are archived."""

    keep: int
    kind: ClassVar = ChangeSet.Kind.MERGE
    renders: ClassVar = False
    _tags: list[str] = field(default_factory=list, init=False)
    _sources: list[str] = field(default_factory=list, init=False)
    _count: int = field(default=0, init=False)

    def begin(self, notes: Sequence[Note]) -> None:
        """Collect tags and sources, those of the note that stays first."""
        if self.keep not in {note.pk for note in notes} or len(notes) < 2:
            raise Refused([Problem("keep", "Choose two notes or more, and which of them stays.")])
        self._count = len(notes)
        for note in sorted(notes, key=lambda note: note.pk != self.keep):
            self._tags += [tag.name for tag in note.tags.all()]
            self._sources += note.sources

    def change(self, note: Note, tags: list[str]) -> list[str]:
        """Give the one that stays what the others had, and take those out of study."""
        if note.pk == self.keep:
            note.sources = list(dict.fromkeys(self._sources))
            return list(dict.fromkeys(self._tags))
        note.archived_at = note.archived_at or timezone.now()
        return tags

    def words(self, count: str) -> str:
        """Return the sentence."""
        return f"{self._count} notes made one."
