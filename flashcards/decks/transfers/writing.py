"""The second half of an import: what lies in the spool becomes notes and cards, in batches within one transaction.

What is stored is what saving the notes one by one would have stored; the database is only asked once a batch.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction

from flashcards.accounts.models import User
from flashcards.decks import checks, services
from flashcards.decks.formats.records import CardRecord, NoteRecord
from flashcards.decks.many_notes import BATCH, Draft, ManyNotes
from flashcards.decks.media import claim
from flashcards.decks.media.files import store
from flashcards.decks.media.held import check_room
from flashcards.decks.models import ChangedNote, ChangeSet, Deck, MediaFile, Note, Topic
from flashcards.decks.queries import topics_of
from flashcards.decks.transfers import learning
from flashcards.decks.transfers.spool import Spool, SpooledDeck, SpooledNote
from flashcards.decks.transfers.spooling import Progress
from flashcards.lib.inserting import insert_many


@dataclass(slots=True)
class Target:
    """Where an import goes: into `deck`, or else a new one with `title` ("": the file's).

    `by` does it and is written into the history; `owner` will have the new deck.
    """

    deck: Deck | None = None
    title: str = ""
    owner: User | None = None
    by: User | None = None
    is_public: bool = False
    name: str = ""
    """Of the file, for the history."""


@dataclass(slots=True)
class Written:
    """What an import did."""

    deck: Deck
    change: ChangeSet
    is_new_deck: bool
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    notes: int = 0
    cards: int = 0
    media: int = 0
    reviews: int = 0
    gone: list[str] = field(default_factory=list)


def write(
    spool: Spool, target: Target, now: datetime, progress: Progress, *, history_of: User | None = None,
    brought: Path | None = None,
) -> Written:  # fmt: skip
    """Write what is in the spool, all or nothing, and return what was done.

    With `history_of` their scheduling and reviews come along; what is needed to take them back goes to the file
    `brought`. Raises Refused, and then nothing is changed.
    """
    with transaction.atomic():
        writer = _Writer(spool, target, now)
        writer.write_topics()
        writer.write_media()
        total = 0
        for batch in spool.batches(BATCH):
            total += len(batch)
            writer.write_batch(batch)
            progress(total, 0)
        writer.place()
        taught = learning.registered()
        if history_of is not None and taught is not None and brought is not None:
            writer.written.reviews = taught.bring(history_of, writer.deck, writer.learnt(), brought).reviews
        return writer.finished()


class _Writer:
    def __init__(self, spool: Spool, target: Target, now: datetime) -> None:
        self.spool, self.by, self.now = spool, target.by, now
        self.head = spool.deck()
        self.reason = f"Import of {target.name}" if target.name else "Import"
        is_new = target.deck is None
        self.deck = target.deck or _new_deck(self.head, target)
        change = ChangeSet.objects.create(
            deck=self.deck, made_by=self.by, made_at=now, kind=ChangeSet.Kind.IMPORT, words=self.reason[:300]
        )
        self.written = Written(self.deck, change, is_new)
        self.topics: dict[str, Topic] = {}
        self.had_notes: set[int] = set()
        self.notes = ManyNotes(self.deck, self.by, self.reason)
        self.places: dict[int, int] = {}
        self.order: dict[int, list[int]] = {}

    def write_topics(self) -> None:
        stored = list(topics_of(self.deck))
        by_slug = {topic.slug: topic for topic in stored}
        by_title = {topic.title.casefold(): topic for topic in stored}
        position = max((topic.position for topic in stored), default=0)
        for slug, title in self.head.topics:
            topic = by_slug.get(slug) or by_title.get(title.casefold())
            if topic is None:
                position += 1
                topic = Topic(deck=self.deck, slug=slug, title=title, position=position)
                vars(topic)["_history_user"] = self.by
                services.save_topic(topic)
            self.topics[slug] = topic
        for topic in self.topics.values():
            topic.deck = self.deck
            self.places[topic.pk] = max(services.next_position(topic), 1)
            self.order[topic.pk] = []
        self.had_notes = set(Note.objects.filter(topic__in=self.order).values_list("topic", flat=True).distinct())

    def write_media(self) -> None:
        """Store the media of the spool; a file that no row names, should this fail, is cleared away by and by."""
        held = set(MediaFile.objects.filter(deck=self.deck).values_list("digest", flat=True))
        new = [medium for medium in self.spool.media() if medium.digest not in held]
        check_room(self.deck, sum(medium.size for medium in new))
        for medium in new:
            store(medium.digest, medium.extension, self.spool.bytes_of(medium))
        MediaFile.objects.bulk_create(
            MediaFile(
                deck=self.deck, digest=medium.digest, extension=medium.extension, name=medium.name, size=medium.size,
                width=medium.width, height=medium.height, added_by=self.by,
            )
            for medium in new
        )  # fmt: skip
        self.written.media = len(new)

    def write_batch(self, batch: Sequence[SpooledNote]) -> None:
        """Write so many notes: those that the deck lacks are made, those that differ brought up to date."""
        stored = {
            note.key: note
            for note in Note.objects.filter(deck=self.deck, key__in=[each.record.key for each in batch])
            .select_related("topic")
            .prefetch_related("tags")
        }
        made: list[Draft] = []
        changed: list[Draft] = []
        for each in batch:
            topic, note = self.topics[each.record.topic], stored.get(each.record.key)
            if note is None:
                note = stored[each.record.key] = Note(
                    deck=self.deck, key=each.record.key, position=self._next_place(topic)
                )
                made.append(_draft(note, each, topic))
            elif not _is_same(note, each.record, topic):
                if note.topic_id != topic.pk:
                    note.position = self._next_place(topic)
                changed.append(_draft(note, each, topic))
        self._tell({pk: (None, version) for pk, version in self.notes.make(made).items()})
        self._tell(self.notes.rewrite(changed))
        for each in batch:
            note = stored[each.record.key]
            self.order[note.topic_id].append(note.pk)
        if self.by is not None:
            records = [each.record for each in batch]
            texts = (text for each in records for text in (each.question, each.answer, each.explanation))
            claim(self.deck, [text for text in texts if "/media/" in text], self.by)
        self._count(batch, len(made), len(changed))

    def _count(self, batch: Sequence[SpooledNote], made: int, changed: int) -> None:
        self.written.created += made
        self.written.updated += changed
        self.written.unchanged += len(batch) - made - changed
        self.written.notes += len(batch)
        self.written.cards += sum(len(each.faces) for each in batch)

    def _next_place(self, topic: Topic) -> int:
        place = self.places[topic.pk]
        self.places[topic.pk] += 1
        return place

    def _tell(self, versions: Mapping[int, tuple[int | None, int]]) -> None:
        change = self.written.change.pk
        insert_many(
            ChangedNote(change_id=change, note_id=pk, before=before, after=after)
            for pk, (before, after) in versions.items()
        )

    def place(self) -> None:
        """Put the notes of a topic into the file's order where the file has all of them; it leaves no trace."""
        for topic, notes in self.order.items():
            if topic not in self.had_notes:
                continue
            stored = dict(Note.objects.filter(topic=topic, archived_at=None).values_list("pk", "position"))
            if stored.keys() <= set(notes):
                for position, pk in enumerate(notes, start=1):
                    if stored[pk] != position:
                        services.place_note(Note.objects.select_related("topic").get(pk=pk), position)

    def learnt(self) -> Iterator[tuple[int, list[CardRecord]]]:
        """Yield by note (pk) what the file says was done with its cards."""
        for batch in self.spool.batches(BATCH):
            notes = {each.record.key: each.record for each in batch if each.record.cards}
            pairs = Note.objects.filter(deck=self.deck, key__in=notes).values_list("pk", "key")
            yield from ((pk, notes[key].cards) for pk, key in pairs)

    def finished(self) -> Written:
        written = self.written
        if written.created or written.updated:
            parts = [(written.created, "new"), (written.updated, "changed")]
            counts = ", ".join(f"{count:,} {word}" for count, word in parts if count)
            written.change.words = f"{self.reason[:200]}: {counts}"
            written.change.save(update_fields=["words"])
        return written


def _new_deck(head: SpooledDeck, target: Target) -> Deck:
    title = target.title.strip() or head.title
    is_free = head.slug and title == head.title and _is_free(head.slug)
    deck = Deck(
        slug=head.slug if is_free else services.free_slug(title), title=title, language=head.language,
        introduction=head.introduction, owner=target.owner, is_public=target.is_public,
    )  # fmt: skip
    vars(deck)["_history_user"] = target.by
    services.save_deck(deck)
    return deck


def _is_free(slug: str) -> bool:
    return slug not in checks.TAKEN_SLUGS and not Deck.objects.filter(slug=slug).exists()


def _draft(note: Note, spooled: SpooledNote, topic: Topic) -> Draft:
    record = spooled.record
    note.topic, note.kind, note.archived_at = topic, record.kind, None
    note.question, note.answer, note.explanation = record.question, record.answer, record.explanation
    note.reference, note.sources = record.reference, record.sources
    return Draft(note, record.tags, spooled.faces)


def _is_same(note: Note, record: NoteRecord, topic: Topic) -> bool:
    return (
        note.archived_at is None
        and (note.topic_id, note.kind) == (topic.pk, record.kind)
        and (note.question, note.answer, note.explanation) == (record.question, record.answer, record.explanation)
        and (note.reference, note.sources) == (record.reference, record.sources)
        and {tag.name for tag in note.tags.all()} == set(record.tags)
    )
