"""Decks shared with a class: what is, what its teachers may add, and the writes. Each leaves a line in the record."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from flashcards.accounts.models import User
from flashcards.classes.models import Event, Membership, StudyClass
from flashcards.classes.services import record
from flashcards.decks.access import can_edit, visible_decks
from flashcards.decks.models import ClassDeck, Deck
from flashcards.lib.errors import Problem, Refused

NOT_YOURS = "Choose one of the decks in the list: your own and public ones."
GONE = "This deck is not shared with the class any more."


def shared_with(study_class: StudyClass) -> QuerySet[ClassDeck]:
    """Return what is shared with the class, by title, each with its deck."""
    return ClassDeck.objects.filter(study_class=study_class).select_related("deck").order_by("deck__title", "pk")


def decks_to_share(user: User, study_class: StudyClass) -> list[Deck]:
    """Return the decks that `user` may share and the class does not have: their own and public ones; editors, any.

    What they may study only because a class shares it with them is not theirs to hand on.
    """
    there = ClassDeck.objects.filter(study_class=study_class, deck=OuterRef("pk"))
    decks = visible_decks(user).filter(~Exists(there)).defer("introduction", "introduction_html")
    theirs = [deck for deck in decks if deck.is_public or deck.owner_id == user.pk or can_edit(user, deck)]
    return sorted(theirs, key=lambda deck: (deck.title.casefold(), deck.pk))


def share(teacher: Membership, deck_id: int, keeps_memory: bool, now: datetime) -> Deck:
    """Share a deck with the teacher's class and return it; one that is shared already stays as it is.

    Raises Refused for a deck that is not the teacher's to share.
    """
    with transaction.atomic():
        StudyClass.objects.select_for_update().get(pk=teacher.study_class_id)
        there = shared_with(teacher.study_class).filter(deck=deck_id).first()
        if there is not None:
            return there.deck
        deck = next((deck for deck in decks_to_share(teacher.user, teacher.study_class) if deck.pk == deck_id), None)
        if deck is None:
            raise Refused([Problem("deck", NOT_YOURS)])
        ClassDeck.objects.create(study_class=teacher.study_class, deck=deck, keeps_memory=keeps_memory)
        _record(teacher, deck, "shared", now)
    return deck


def keep(teacher: Membership, deck_id: int, keeps_memory: bool, now: datetime) -> Deck:
    """Say whether whoever leaves may go on studying the deck, and return it; raises Refused if it is gone."""
    with transaction.atomic():
        shared = _held(teacher, deck_id)
        if shared.keeps_memory != keeps_memory:
            shared.keeps_memory = keeps_memory
            shared.save(update_fields=["keeps_memory"])
            _record(teacher, shared.deck, "leavers keep" if keeps_memory else "leavers lose", now)
    return shared.deck


def withdraw(teacher: Membership, deck_id: int, now: datetime) -> Deck:
    """Stop sharing a deck with the class and return it. Raises Refused if it is gone already."""
    with transaction.atomic():
        shared = _held(teacher, deck_id)
        shared.delete()
        _record(teacher, shared.deck, "withdrew", now)
    return shared.deck


def _held(teacher: Membership, deck_id: int) -> ClassDeck:
    """Return what is shared, held against other requests; raises Refused."""
    shared = shared_with(teacher.study_class).select_for_update(of=("self",)).filter(deck=deck_id).first()
    if shared is None:
        raise Refused([Problem("deck", GONE)])
    return shared


def _record(teacher: Membership, deck: Deck, done: str, now: datetime) -> None:
    words = f"{done}: {deck.title}"
    record(Event.Kind.SHARED, now, study_class=teacher.study_class, actor=teacher.user, words=words)
