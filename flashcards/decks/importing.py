"""A deck from a file into the database, and back. All or nothing: one problem anywhere and nothing is changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction

from flashcards.decks import services
from flashcards.decks.formats.records import DeckRecord, NoteRecord, TopicRecord
from flashcards.decks.models import Card, Deck, Note, Topic
from flashcards.decks.queries import live_notes, topics_of
from flashcards.lib.errors import Problem, Refused


@dataclass(slots=True)
class Outcome:
    """What an import did. `notes` and `cards` count what the file makes; `gone` are keys that it no longer has."""

    notes: int = 0
    cards: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    gone: list[str] = field(default_factory=list)


def import_deck(record: DeckRecord, *, prune: bool = False, public: bool | None = None) -> Outcome:
    """Create or update the deck with the record's slug and return what was done.

    Notes are matched by key; one that is the same is not touched, one that is gone is archived with `prune` and else
    left. `public` None leaves an existing deck as it is and makes a new one public: without an owner it is built in.
    Raises Refused with every problem, each with its line in the file.
    """
    with transaction.atomic():
        importer = _Importer(record)
        importer.save_deck(public)
        importer.save_topics()
        importer.save_notes()
        if importer.problems:
            raise Refused(importer.problems)
        importer.leave_gone(prune=prune)
        return importer.finished()


class _Importer:
    def __init__(self, record: DeckRecord) -> None:
        self.record = record
        self.problems: list[Problem] = []
        self.outcome = Outcome(notes=len(record.notes()))
        self.deck = Deck.objects.filter(slug=record.slug).first() or Deck(slug=record.slug)
        self.topics: dict[str, Topic] = {}
        self.stored: dict[str, Note] = {}

    def save_deck(self, public: bool | None) -> None:
        deck, record = self.deck, self.record
        wanted = {
            "title": record.title,
            "language": record.language,
            "introduction": record.introduction,
            "is_public": (deck.is_public if deck.pk else True) if public is None else public,
        }
        if deck.pk and all(getattr(deck, name) == value for name, value in wanted.items()):
            return
        for name, value in wanted.items():
            setattr(deck, name, value)
        try:
            services.save_deck(deck)
        except Refused as refused:
            first = record.lines.get("introduction", 1)
            lines = [(problem, first + problem.line - 1 if problem.line else 1) for problem in refused.problems]
            raise Refused([Problem(problem.field, problem.message, line) for problem, line in lines]) from None

    def save_topics(self) -> None:
        self.topics = {topic.slug: topic for topic in topics_of(self.deck)}
        for position, record in enumerate(self.record.topics, start=1):
            self._save_topic(record, position)
        named = {record.slug for record in self.record.topics}
        others = [topic for slug, topic in self.topics.items() if slug not in named]
        for position, topic in enumerate(others, start=len(named) + 1):
            if topic.position != position:
                services.place_topic(topic, position)

    def _save_topic(self, record: TopicRecord, position: int) -> None:
        topic = self.topics.get(record.slug)
        if topic is None or topic.title != record.title:
            topic = topic or Topic(deck=self.deck, slug=record.slug, position=position)
            topic.title = record.title
            try:
                services.save_topic(topic)
            except Refused as refused:
                self.problems += [Problem(each.field, each.message, record.line) for each in refused.problems]
                return
            self.topics[record.slug] = topic
        if topic.position != position:
            services.place_topic(topic, position)

    def save_notes(self) -> None:
        if self.problems:
            return
        notes = Note.objects.filter(deck=self.deck).prefetch_related("tags")
        self.stored = {note.key: note for note in notes}
        for topic in self.record.topics:
            for position, record in enumerate(topic.notes, start=1):
                self._save_note(record, self.topics[topic.slug], position)

    def _save_note(self, record: NoteRecord, topic: Topic, position: int) -> None:
        note = self.stored.get(record.key)
        if note is not None and _same(note, record, topic):
            note.topic = topic
            if note.position != position:
                services.place_note(note, position)
            self.outcome.unchanged += 1
            return
        created = note is None
        note = note or Note(deck=self.deck, key=record.key)
        note.topic, note.position, note.archived_at = topic, position, None
        note.kind, note.question, note.answer = record.kind, record.question, record.answer
        note.explanation, note.reference, note.sources = record.explanation, record.reference, record.sources
        try:
            services.save_note(note, tags=record.tags)
        except Refused as refused:
            self.problems += [in_file(problem, record) for problem in refused.problems]
        self.outcome.created += created
        self.outcome.updated += not created

    def leave_gone(self, *, prune: bool) -> None:
        named = {record.key for record in self.record.notes()}
        for key, note in self.stored.items():
            if key not in named and note.archived_at is None:
                self.outcome.gone.append(key)
                if prune:
                    services.archive_note(note)

    def finished(self) -> Outcome:
        named = {record.key for record in self.record.notes()}
        live = Card.objects.filter(deck=self.deck, archived_at=None).values_list("note__key", flat=True)
        self.outcome.cards = sum(1 for key in live if key in named)
        return self.outcome


def _same(note: Note, record: NoteRecord, topic: Topic) -> bool:
    return (
        note.archived_at is None
        and note.topic_id == topic.pk
        and note.kind == record.kind
        and note.question == record.question
        and note.answer == record.answer
        and note.explanation == record.explanation
        and note.reference == record.reference
        and note.sources == record.sources
        and {tag.name for tag in note.tags.all()} == set(record.tags)
    )


def in_file(problem: Problem, record: NoteRecord) -> Problem:
    """Return a problem of a note's field as one of the file."""
    line = record.line
    if problem.field in record.lines:
        line = record.lines[problem.field] + (problem.line or 1) - 1
    return Problem(problem.field, f"{record.key}: {problem.message}", line)


def deck_record(deck: Deck) -> DeckRecord:
    """Return `deck` with its live notes for a format to write; topics without one are left out."""
    topics: dict[int, TopicRecord] = {}
    for note, tags in _live_notes(deck):
        topic = topics.setdefault(note.topic_id, TopicRecord(note.topic.slug, note.topic.title))
        topic.notes.append(
            NoteRecord(
                note.key,
                note.kind,
                note.question,
                note.answer,
                note.explanation,
                tags=tags,
                sources=list(note.sources),
                reference=note.reference,
            )
        )
    return DeckRecord(deck.slug, deck.title, deck.language, deck.introduction, list(topics.values()))


def _live_notes(deck: Deck) -> Iterator[tuple[Note, list[str]]]:
    for note in live_notes(deck).select_related("topic").prefetch_related("tags"):
        yield note, sorted(tag.name for tag in note.tags.all())
