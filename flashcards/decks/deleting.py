"""Deleting a whole deck: what goes with it, in words that other floors add to, and the write."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from flashcards.accounts.models import User
from flashcards.accounts.personal import counted
from flashcards.classes.models import Event
from flashcards.classes.services import record
from flashcards.decks import services
from flashcards.decks.models import Deck
from flashcards.lib.errors import Problem, Refused

type Counts = Callable[[Deck], list[str]]
"""Says what else hangs on a deck, a line each, such as "12 reviews by 3 learners"."""

NOT_THE_TITLE = "This is not the title of the deck. Nothing has been deleted."
_registered: dict[str, Counts] = {}


def register(name: str, counts: Counts) -> None:
    """Let another floor say what of its own goes with a deck; registering a name again replaces it."""
    _registered[name] = counts


def what_goes(deck: Deck) -> list[str]:
    """Return what goes with `deck`, a line each: notes, cards, what other floors hold, and classes that lose it."""
    classes = deck.class_decks.count()
    lines = [counted(deck.notes.count(), "note"), counted(deck.cards.count(), "card")]
    lines += [line for counts in _registered.values() for line in counts(deck)]
    return [*lines, f"the deck in {counted(classes, 'class')} that it is shared with"] if classes else lines


def delete_deck(deck: Deck, user: User, title: str, now: datetime) -> None:
    """Delete `deck` with all that hangs on it; its classes' records say so. Raises Refused unless `title` is its own.

    Large and small letters count as the same.
    """
    if title.strip().casefold() != deck.title.casefold():
        raise Refused([Problem("title", NOT_THE_TITLE)])
    with transaction.atomic():
        for shared in deck.class_decks.select_related("study_class"):
            words = f"withdrew: {deck.title}"
            record(Event.Kind.SHARED, now, study_class=shared.study_class, actor=user, words=words)
        services.delete_decks([deck.pk])
