"""The first page: what this is for strangers, one's decks for learners."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck
from flashcards.decks.queries import live_cards
from flashcards.study.days import moment_for
from flashcards.study.home import shelf_of

LOOKED_THROUGH = 24
SHORT = 160


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Show strangers what this is, and learners their decks."""
    if not isinstance(request.user, User):
        return render(request, "study/landing.html", {"example": _example()})
    moment = moment_for(request.user, timezone.now())
    return render(request, "study/home.html", {"shelf": shelf_of(request.user, moment)})


def _example() -> Card | None:
    """Return a short card from the beginning of the first public deck."""
    deck = Deck.objects.filter(is_public=True).order_by("pk").first()
    if deck is None:
        return None
    cards = list(live_cards(deck)[:LOOKED_THROUGH])
    short = (card for card in cards if card.explanation_html and len(card.search_text) <= SHORT)
    return next(short, None) or min(cards, key=lambda card: len(card.search_text), default=None)
