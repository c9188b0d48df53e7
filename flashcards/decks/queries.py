"""The reads of material that more than one page needs."""

from django.db.models import Count, Q, QuerySet

from flashcards.decks.models import Card, Deck, Note, Tag, Topic


def live_notes(deck: Deck) -> QuerySet[Note]:
    """Return the notes of `deck` that are not archived, in the deck's order."""
    return Note.objects.filter(deck=deck, archived_at=None).order_by("topic__position", "topic_id", "position", "pk")


def live_cards(deck: Deck) -> QuerySet[Card]:
    """Return the cards of `deck` that are asked, in the deck's order."""
    return Card.objects.filter(deck=deck, archived_at=None).order_by("position")


def topics_of(deck: Deck) -> QuerySet[Topic]:
    """Return the topics of `deck` in order."""
    return Topic.objects.filter(deck=deck).order_by("position", "pk")


def topics_with_counts(deck: Deck) -> QuerySet[Topic]:
    """Return the topics of `deck` in order, each with how many notes are `live` and how many `archived`."""
    archived = Q(notes__archived_at__isnull=False)
    return topics_of(deck).annotate(live=Count("notes", filter=~archived), archived=Count("notes", filter=archived))


def tags_of(deck: Deck) -> QuerySet[Tag]:
    """Return the tags of `deck` that a live note has, by name."""
    return Tag.objects.filter(deck=deck, notes__archived_at=None, notes__isnull=False).distinct().order_by("name")
