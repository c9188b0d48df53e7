"""What this floor holds of a person: the decks that belong to them."""

from collections.abc import Iterator
from typing import Any

from flashcards.accounts.models import User
from flashcards.accounts.personal import PersonalData
from flashcards.decks.models import Card, Deck, Note, Topic


def export(user: User) -> Iterator[dict[str, Any]]:
    """Yield each deck of the person with all its notes, archived ones too."""
    for deck in Deck.objects.filter(owner=user).order_by("pk"):
        yield {
            "slug": deck.slug,
            "title": deck.title,
            "introduction": deck.introduction,
            "language": deck.language,
            "public": deck.is_public,
            "created": deck.created_at,
            "notes": _notes(deck),
        }


def _notes(deck: Deck) -> Iterator[dict[str, Any]]:
    for note in deck.notes.select_related("topic").prefetch_related("tags").iterator(chunk_size=500):
        yield {
            "id": note.key,
            "topic": note.topic.title,
            "kind": note.kind,
            "tags": [tag.name for tag in note.tags.all()],
            "question": note.question,
            "answer": note.answer,
            "explanation": note.explanation,
            "reference": note.reference,
            "sources": note.sources,
            "archived": note.archived_at,
        }


def adopt(guest: User, member: User) -> None:
    """Give the guest's decks to the member."""
    Deck.objects.filter(owner=guest).update(owner=member)


def delete(user: User) -> None:
    """Delete the person's decks, and with them every learner's memory of their cards and the history of changes."""
    decks = list(Deck.objects.filter(owner=user).values_list("pk", flat=True))
    # Notes and cards protect their topic: they go first.
    Card.objects.filter(deck__in=decks).delete()
    Note.objects.filter(deck__in=decks).delete()
    Topic.objects.filter(deck__in=decks).delete()
    Deck.objects.filter(pk__in=decks).delete()
    Note.history.filter(deck_id__in=decks).delete()
    Topic.history.filter(deck_id__in=decks).delete()
    Deck.history.filter(id__in=decks).delete()


def data() -> PersonalData:
    """Return what to register with the accounts floor."""
    return PersonalData("decks", export=export, adopt=adopt, delete=delete)
