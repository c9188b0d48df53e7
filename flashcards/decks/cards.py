"""The rows of cards, which follow their notes.

A card's `position` is topic.position × 10⁹ + note.position × 10³ + ordinal: the deck's order in one number.
"""

from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone

from flashcards.decks.kinds import Face
from flashcards.decks.models import Card, Note, Topic

_TOPIC_STEP = 10**9
_NOTE_STEP = 10**3
_CARD_FIELDS = (
    "deck_id", "topic_id", "position", "kind", "question_html", "answer_html", "explanation_html", "search_text",
    "data", "archived_at",
)  # fmt: skip
_COLUMNS = [name.removesuffix("_id") for name in _CARD_FIELDS]


def write_cards(note: Note, faces: Sequence[Face]) -> None:
    """Make the cards of the stored `note` these, by ordinal; rows stay, and those with no face left are archived."""
    stored = {card.ordinal: card for card in Card.objects.filter(note=note.pk)}
    new: list[Card] = []
    changed: list[Card] = []
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
    if new:
        Card.objects.bulk_create(new)
    if changed:
        Card.objects.bulk_update(changed, _COLUMNS)


def place_cards_of_note(note: Note) -> None:
    """Let the cards of `note` follow its topic and position."""
    Card.objects.filter(note=note.pk).update(topic=note.topic_id, position=F("ordinal") + _base(note))


def place_cards_of_topic(topic: Topic) -> None:
    """Let the cards of `topic` follow its position."""
    within = F("position") % _TOPIC_STEP
    Card.objects.filter(topic=topic.pk).update(position=within + topic.position * _TOPIC_STEP)


def _base(note: Note) -> int:
    return note.topic.position * _TOPIC_STEP + note.position * _NOTE_STEP
