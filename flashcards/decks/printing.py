"""A whole deck as it is printed: topics, their notes, the cards of each. Three queries, however large the deck."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from flashcards.decks import kinds
from flashcards.decks.models import Card, Deck, Note, Topic
from flashcards.decks.queries import live_cards, live_notes


@dataclass(frozen=True, slots=True)
class PrintedNote:
    """A note with the cards that are asked of it, at least one; `kind` as people call it, `tags` by name."""

    note: Note
    kind: str
    cards: list[Card]
    tags: list[str]

    @property
    def is_alone(self) -> bool:
        """Whether the note makes one card only."""
        return len(self.cards) == 1


@dataclass(frozen=True, slots=True)
class PrintedTopic:
    """A topic with its notes in order, at least one."""

    topic: Topic
    notes: list[PrintedNote]

    @property
    def card_count(self) -> int:
        """How many cards its notes make."""
        return sum(len(note.cards) for note in self.notes)


def printed_topics(deck: Deck) -> list[PrintedTopic]:
    """Return the topics of `deck` that have live cards, in the deck's order."""
    cards, tags = _cards_by_note(deck), _tags_by_note(deck)
    labels = {kind.name: kind.label for kind in kinds.all_kinds()}
    notes = (
        PrintedNote(note, labels.get(note.kind, note.kind), cards[note.pk], tags[note.pk])
        for note in live_notes(deck).select_related("topic")
        if note.pk in cards
    )
    return [
        PrintedTopic(topic, list(of_topic))
        for topic, of_topic in groupby(notes, key=lambda printed: printed.note.topic)
    ]


# By the deck, not by a list of notes as prefetching would: a query has only so many parameters.
def _cards_by_note(deck: Deck) -> dict[int, list[Card]]:
    found: dict[int, list[Card]] = {}
    for card in live_cards(deck).defer("search_text"):
        found.setdefault(card.note_id, []).append(card)
    return found


def _tags_by_note(deck: Deck) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = live_notes(deck).filter(tags__isnull=False).order_by("tags__name").values_list("pk", "tags__name")
    for note, name in rows:
        found[note].append(name)
    return found
