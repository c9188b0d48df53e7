"""The versions of a note: what each changed, any two side by side, and back to one of them.

A version is a row of the note's history. Its number for machines is `history_id`; people count from 1.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any, Protocol, cast

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from flashcards.decks import kinds, services
from flashcards.decks.kinds import Draft
from flashcards.decks.models import NOTE_HISTORY, Deck, Note, Topic
from flashcards.decks.services import Edit
from flashcards.decks.severity import proposed
from flashcards.lib.differences import Piece, sides

MOST_CHOICES = 500
"""Versions to choose from where two are compared, the newest of them."""


_TAGS = NOTE_HISTORY.m2m_models[Note.tags.field]


class Row(Protocol):
    """A row of a note's history: the note as it was, and who made it so, when and why."""

    history_id: int
    history_date: datetime
    history_type: str
    history_change_reason: str | None
    history_user: Any
    severity: str
    credit: Any
    deck_id: int
    topic_id: int
    key: str
    kind: str
    position: int
    question: str
    answer: str
    explanation: str
    reference: str
    sources: list[str]
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one field, as words side by side; `is_text`: it is in the deck's language."""

    label: str
    before: list[Piece]
    after: list[Piece]
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A version to show. `changes` are against the one before; `first`: there is none, they say how it began."""

    row: Row
    number: int
    who: str
    changes: list[Change] = field(default_factory=list)
    first: bool = False


def latest_version(note: Note) -> int:
    """Return the `history_id` of the newest version of `note`; 0 for one that is not stored."""
    return services.version_of(note)


def texts_of(row: Row) -> Draft:
    """Return the texts of a version."""
    return Draft(row.question, row.answer, row.explanation)


def version_at(note: Note, moment: datetime) -> Row | None:
    """Return the version that was the newest at `moment`, the oldest if none was there yet; None without history."""
    rows = Note.history.filter(id=note.pk)
    found = rows.filter(history_date__lte=moment).first() or rows.last()
    return cast("Row | None", found)


def version_of(note: Note, history_id: int) -> Row | None:
    """Return a version of this very note; None if it has none with this id."""
    return cast("Row | None", versions_of(note).filter(history_id=history_id).first())


def versions_of(note: Note) -> QuerySet[Any]:
    """Return the rows of the note's history, the newest first, each with who made it."""
    rows: QuerySet[Any] = Note.history.filter(id=note.pk).select_related("history_user", "credit")
    return rows


def described(deck: Deck, rows: Sequence[Row], newest: int) -> list[Version]:
    """Return what each of `rows` changed, the newest first; `newest` is the number of the first of them.

    If the last row's number is not 1 it is only what the one above it is compared with.
    """
    known = _Names(rows)
    versions = [
        Version(row, newest - place, _who(deck, row), known.changes(before, row))
        for place, (row, before) in enumerate(pairwise(rows))
    ]
    if rows and newest - len(rows) + 1 == 1:
        versions.append(Version(rows[-1], 1, _who(deck, rows[-1]), known.beginning(rows[-1]), first=True))
    return versions


def compared(before: Row, after: Row) -> list[Change]:
    """Return in what two versions differ."""
    return _Names([before, after]).changes(before, after)


def choices_of(note: Note, count: int) -> list[tuple[int, str]]:
    """Return id and words of the note's `count` versions, at most MOST_CHOICES of them, to choose from."""
    rows = Note.history.filter(id=note.pk).values_list("history_id", "history_date")[:MOST_CHOICES]
    return [(pk, f"Version {count - place}, {words_of(moment)}") for place, (pk, moment) in enumerate(rows)]


def words_of(moment: datetime) -> str:
    """Return a moment as people read it, where the reader lives."""
    return date_format(timezone.localtime(moment), "j M Y, H:i")


def go_back(note: Note, row: Row, *, expected_version: int | None = None) -> bool:
    """Make `note` as it was in the version `row`, as a new version; return whether that changed anything.

    Texts, kind, tags, sources and reference come back, and the topic if it is still there; whether the note is
    archived stays. Raises Refused with every problem, and services.Conflict as `save_note` does; nothing changes then.
    """
    newest, kind_before = services.version_of(note), note.kind
    before = Draft(note.question, note.answer, note.explanation)
    for name in (*kinds.FIELDS, "kind", "reference"):
        setattr(note, name, getattr(row, name))
    note.sources = list(row.sources)
    topic = Topic.objects.filter(pk=row.topic_id, deck=note.deck_id).first()
    if topic is not None and topic.pk != note.topic_id:
        note.topic, note.position = topic, services.next_position(topic)
    severity = proposed(before, texts_of(row), kind_before=kind_before, kind=row.kind)
    edit = Edit(severity, f"Back to the version of {words_of(row.history_date)}")
    services.save_note(note, tags=_Names([row]).tags(row), edit=edit, expected_version=expected_version)
    return services.version_of(note) != newest


def _who(deck: Deck, row: Row) -> str:
    """Return who made a version. Commands leave nobody's name, and an account that is gone takes its name along."""
    if row.history_user is not None:
        return str(row.history_user)
    return "a former editor" if deck.owner_id is not None else "the site or a former editor"


class _Names:
    """The names of the tags, topics and kinds of some versions, asked for once for all of them."""

    def __init__(self, rows: Iterable[Row]) -> None:
        rows = list(rows)
        ids = [row.history_id for row in rows]
        self._tags: dict[int, list[str]] = {}
        # A tag that is gone has no name any more: it is left out.
        named = _TAGS.objects.filter(history__in=ids, tag__name__isnull=False)
        pairs = named.order_by("tag__name").values_list("history", "tag__name")
        for version, name in pairs:
            self._tags.setdefault(version, []).append(name)
        self._topics = Topic.objects.in_bulk({row.topic_id for row in rows})

    def tags(self, row: Row) -> list[str]:
        """Return the tags of a version, those that are gone left out."""
        return self._tags.get(row.history_id, [])

    def changes(self, before: Row, after: Row) -> list[Change]:
        """Return the fields in which two versions differ, texts first."""
        old, new = dict(self._fields(before)), dict(self._fields(after))
        return [
            Change(_label(name, after), *sides(old[name], new[name]), name in kinds.FIELDS)
            for name in new
            if old[name] != new[name]
        ]

    def beginning(self, row: Row) -> list[Change]:
        """Return what a first version says."""
        return [
            Change(_label(name, row), [], [Piece("same", text)], name in kinds.FIELDS)
            for name, text in self._fields(row)
            if text and name not in {"position", "archived"}
        ]

    def _fields(self, row: Row) -> Iterator[tuple[str, str]]:
        for name in kinds.FIELDS:
            yield name, getattr(row, name)
        yield "kind", _kind_label(row.kind)
        topic = self._topics.get(row.topic_id)
        yield "topic", topic.title if topic is not None else "a topic that is gone"
        yield "tags", ", ".join(self.tags(row))
        yield "sources", ", ".join(row.sources)
        yield "reference", row.reference
        yield "key", row.key
        yield "position", str(row.position + 1)
        yield "archived", "in use" if row.archived_at is None else "archived"


_LABELS = {
    "kind": "Kind",
    "topic": "Topic",
    "tags": "Tags",
    "sources": "Sources",
    "reference": "Reference",
    "key": "Key",
    "position": "Place in its topic",
    "archived": "State",
}


def _label(name: str, row: Row) -> str:
    """Return what people call a field: as the version's kind calls it, if it has it."""
    if name in _LABELS:
        return _LABELS[name]
    known = {part.name: part.label for kind in kinds.all_kinds() if kind.name == row.kind for part in kind.parts}
    return known.get(name, name.title())


def _kind_label(name: str) -> str:
    return next((kind.label for kind in kinds.all_kinds() if kind.name == name), name)
