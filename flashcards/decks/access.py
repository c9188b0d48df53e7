"""Who may see and change material. What somebody may not see does not exist for them: a 404, never a 403."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404

from flashcards.accounts.models import User
from flashcards.decks.models import Card, ClassDeck, Deck
from flashcards.lib.whole_numbers import LARGEST_ID


def visible_decks(user: User | AnonymousUser) -> QuerySet[Deck]:
    """Return the decks that `user` may study: public ones, their own and their classes'; editors see all."""
    if is_editor(user):
        return Deck.objects.all()
    mine = Q(owner_id=user.pk, owner__isnull=False) | Exists(_shared_with(user).filter(deck=OuterRef("pk")))
    return Deck.objects.filter(Q(is_public=True) | mine)


def may_study(user: User | AnonymousUser, deck: Deck) -> bool:
    """Return whether `deck` is one of `visible_decks(user)`; asks the database only of decks that are not public."""
    if deck.is_public or (deck.owner_id is not None and deck.owner_id == user.pk) or is_editor(user):
        return True
    return _shared_with(user).filter(deck=deck).exists()


def _shared_with(user: User | AnonymousUser) -> QuerySet[ClassDeck]:
    """Return what is shared with classes that `user` is in, or was in if their memory goes with them."""
    left_later = Q(keeps_memory=True, shared_at__lte=F("study_class__memberships__left_at"))
    there = Q(study_class__memberships__left_at=None) | left_later
    return ClassDeck.objects.filter(there, study_class__memberships__user_id=user.pk or 0, study_class__locked_at=None)


def deck_or_404(user: User | AnonymousUser, slug: str) -> Deck:
    """Return the deck with this slug if `user` may see it, else raise Http404."""
    deck = visible_decks(user).filter(slug=slug).first()
    if deck is None:
        raise Http404("No such deck.")
    return deck


def can_edit(user: User | AnonymousUser, deck: Deck) -> bool:
    """Return whether `user` may change `deck` and its notes: its owner may, and editors."""
    return (deck.owner_id is not None and deck.owner_id == user.pk) or is_editor(user)


def edited_deck_or_404(user: User | AnonymousUser, slug: str) -> Deck:
    """Return the deck with this slug if `user` may change it, else raise Http404."""
    deck = Deck.objects.filter(slug=slug).first()
    if deck is None or not can_edit(user, deck):
        raise Http404("No such deck.")
    return deck


def edited_decks(user: User) -> QuerySet[Deck]:
    """Return the decks that `user` may change: their own, all for editors."""
    return Deck.objects.all() if is_editor(user) else Deck.objects.filter(owner=user)


def card_or_404(user: User | AnonymousUser, pk: int) -> Card:
    """Return the card with its deck, topic and note if `user` may study its deck, else raise Http404."""
    found = Card.objects.filter(pk=pk) if pk <= LARGEST_ID else Card.objects.none()
    card = found.select_related("deck", "topic", "note").first()
    if card is None or not may_study(user, card.deck):
        raise Http404("No such card.")
    return card


def is_editor(user: User | AnonymousUser) -> bool:
    """Return whether `user` is one of the site's editors, who may change every deck; asks the database for staff."""
    # is_staff first: learners' requests must not ask for permissions.
    return bool(getattr(user, "is_staff", False)) and user.has_perm("decks.change_note")
