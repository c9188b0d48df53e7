"""Notes of a deck that ask the same, or nearly, for editors to make one of them."""

from dataclasses import dataclass
from itertools import islice

from flashcards.decks.formats.records import NoteRecord
from flashcards.decks.kinds import Face
from flashcards.decks.models import Card, Deck, Note
from flashcards.decks.proofing.duplicates import pairs
from flashcards.decks.proofing.sheets import Sheet
from flashcards.decks.queries import live_cards, live_notes

MOST = 50
LARGEST = 20_000
"""Notes that are compared: comparing takes time with their number and their words."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two notes, the earlier one first, each with its first card; `is_same`: word for word."""

    first: Note
    second: Note
    first_card: Card
    second_card: Card
    is_same: bool


def same_questions(deck: Deck) -> list[Pair]:
    """Return the first pairs of notes that ask the same, those word for word first; three queries.

    What the cards hold is compared: nothing is rendered.
    """
    notes = {note.pk: note for note in live_notes(deck).select_related("topic")[:LARGEST]}
    cards: dict[int, list[Card]] = {pk: [] for pk in notes}
    for card in live_cards(deck).filter(note__in=live_notes(deck)[:LARGEST]):
        cards[card.note_id].append(card)
    ordered = [note for note in notes.values() if cards[note.pk]]
    sheets = [_sheet(note, order, cards[note.pk]) for order, note in enumerate(ordered)]
    found = [
        Pair(
            ordered[first.order],
            ordered[second.order],
            cards[ordered[first.order].pk][0],
            cards[ordered[second.order].pk][0],
            is_same,
        )
        for first, second, is_same in islice(pairs(sheets), MOST)
    ]
    return sorted(found, key=lambda pair: not pair.is_same)


def _sheet(note: Note, order: int, cards: list[Card]) -> Sheet:
    record = NoteRecord(note.key, note.kind, note.question, note.answer, note.explanation)
    faces = [
        Face(
            card.ordinal,
            card.question_html,
            card.answer_html,
            card.explanation_html,
            card.search_text,
            card.data,
        )
        for card in cards
    ]
    return Sheet(record, order, faces)
