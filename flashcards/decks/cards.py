"""The rows of cards, which follow their notes.

A card's `position` is topic.position × 10⁹ + note.position × 10³ + ordinal: the deck's order in one number.
"""

from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone

from flashcards.decks.kinds import Face
from flashcards.decks.models import Card, Note, Topic
from flashcards.lib.inserting import insert_many

_TOPIC_STEP = 10**9
_NOTE_STEP = 10**3
_CARD_FIELDS = (
    "deck_id", "topic_id", "position", "kind", "question_html", "answer_html", "explanation_html", "search_text",
    "data", "archived_at",
)  # fmt: skip
_COLUMNS = [name.removesuffix("_id") for name in _CARD_FIELDS]


def write_cards(note: Note, faces: Sequence[Face]) -> None:
    """Make the cards of the stored `note` these, by ordinal; rows stay, and those with no face left are archived."""
    write_cards_of_notes([(note, faces)])


def write_cards_of_notes(notes: Sequence[tuple[Note, Sequence[Face]]], *, are_new: bool = False) -> None:
    """Do as `write_cards` for many notes, all of them stored, at once; `are_new` says that none has cards yet."""
    stored: dict[int, dict[int, Card]] = {note.pk: {} for note, _ in notes}
    if not are_new:
        for card in Card.objects.filter(note__in=[note.pk for note, _ in notes]):
            stored[card.note_id][card.ordinal] = card
    new: list[Card] = []
    changed: list[Card] = []
    for note, faces in notes:
        _match(note, faces, stored[note.pk], new, changed)
    if new:
        insert_many(new)
    if changed:
        # An insert that meets its row and updates it: many times as fast as `bulk_update`.
        Card.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=_COLUMNS)


def _match(note: Note, faces: Sequence[Face], stored: dict[int, Card], new: list[Card], changed: list[Card]) -> None:
    """Add to `new` and `changed` what a note's cards come to; `stored` are those it has, by ordinal."""
    for face in faces:
        card = stored.pop(face.ordinal, None) or Card(note=note, ordinal=face.ordinal)
        before = [getattr(card, name, None) for name in _CARD_FIELDS]
        card.deck_id, card.topic_id = note.deck_id, note.topic_id
        card.position, card.kind, card.data = _base(note) + face.ordinal, note.kind, face.data
        card.question_html, card.answer_html = face.question_html, face.answer_html
        card.explanation_html, card.search_text = face.explanation_html, face.search_text
        card.archived_at = note.archived_at
        if card.pk is None:
            new.append(card)
        elif before != [getattr(card, name) for name in _CARD_FIELDS]:
            changed.append(card)
    for gone in stored.values():
        if gone.archived_at is None:
            gone.archived_at = timezone.now()
            changed.append(gone)


def place_cards_of_note(note: Note) -> None:
    """Let the cards of `note` follow its topic and position."""
    Card.objects.filter(note=note.pk).update(topic=note.topic_id, position=F("ordinal") + _base(note))


def place_cards_of_topic(topic: Topic) -> None:
    """Let the cards of `topic` follow its position."""
    within = F("position") % _TOPIC_STEP
    Card.objects.filter(topic=topic.pk).update(position=within + topic.position * _TOPIC_STEP)


def _base(note: Note) -> int:
    return note.topic.position * _TOPIC_STEP + note.position * _NOTE_STEP
