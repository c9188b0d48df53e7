"""A deck of the database as a source that formats write from: notes in batches, so that memory does not grow."""

from collections.abc import Callable, Iterable, Iterator
from itertools import batched

from flashcards.accounts.models import User
from flashcards.decks.formats.records import DeckHead, NoteRecord, TopicRecord
from flashcards.decks.kinds import Face
from flashcards.decks.media import bytes_at, media_in
from flashcards.decks.models import Card, Deck, MediaFile, Note
from flashcards.decks.queries import live_notes, topics_of
from flashcards.decks.transfers import learning

BATCH = 500


class StoredDeck:
    """The live notes of `deck`; with `user`, what they did with its cards. Media go by their path on this site.

    `progress` is told how many notes have been handed out, and of how many.
    """

    def __init__(self, deck: Deck, user: User | None, progress: Callable[[int, int], None]) -> None:
        self.deck, self.user, self.progress = deck, user, progress
        self._held = set(MediaFile.objects.filter(deck=deck).values_list("digest", flat=True))
        self._faces: dict[str, list[Face]] = {}
        notes = live_notes(deck)
        used = set(notes.order_by().values_list("topic", flat=True).distinct())
        self.head = DeckHead(
            deck.title, deck.slug, deck.language, deck.introduction,
            [TopicRecord(topic.slug, topic.title) for topic in topics_of(deck) if topic.pk in used],
            note_count=notes.count(), media_count=len(self._held),
        )  # fmt: skip

    def notes(self) -> Iterator[NoteRecord]:
        """Yield the notes in the deck's order."""
        done = 0
        # Numbers first: what is edited meanwhile shifts no note out of its batch.
        numbers = list(live_notes(self.deck).values_list("pk", flat=True))
        for batch in batched(numbers, BATCH):
            found = Note.objects.select_related("topic").prefetch_related("tags").in_bulk(batch)
            notes = [found[pk] for pk in batch if pk in found]
            taught = learning.registered()
            learnt = taught.cards_of(self.user, notes) if taught is not None and self.user is not None else {}
            self._faces = _faces(notes)
            for note in notes:
                yield NoteRecord(
                    note.key, note.kind, note.question, note.answer, note.explanation,
                    tags=sorted(tag.name for tag in note.tags.all()), sources=list(note.sources),
                    reference=note.reference, topic=note.topic.slug, cards=learnt.get(note.pk, []),
                )  # fmt: skip
            done += len(batch)
            self.progress(done, len(numbers))

    def media(self, name: str) -> bytes | None:
        """Return the bytes of a medium by its path, None if it is not there or not this deck's."""
        digests = media_in(name)
        if not digests.keys() <= self._held:
            return None
        return bytes_at(name)

    def faces(self, record: NoteRecord) -> list[Face]:
        """Return the cards of a note that has just been handed out, as they are stored."""
        return self._faces[record.key]


def _faces(notes: Iterable[Note]) -> dict[str, list[Face]]:
    """Return the live cards of notes by the notes' keys, in order of their ordinals."""
    keys = {note.pk: note.key for note in notes}
    faces: dict[str, list[Face]] = {key: [] for key in keys.values()}
    for card in Card.objects.filter(note__in=keys, archived_at=None).order_by("note", "ordinal"):
        faces[keys[card.note_id]].append(
            Face(
                card.ordinal, card.question_html, card.answer_html, card.explanation_html, card.search_text, card.data
            )
        )
    return faces
