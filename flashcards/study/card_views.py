"""A card's own page."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from flashcards.decks.access import may_study
from flashcards.decks.models import Card
from flashcards.study.requests import LearnerRequest


@require_safe
@login_required
def card_page(request: LearnerRequest, pk: int) -> HttpResponse:
    """Show one card with the learner's memory of it."""
    card = get_object_or_404(Card.objects.select_related("deck"), pk=pk)
    if not may_study(request.user, card.deck):
        raise Http404("No such card.")
    return HttpResponse(card.deck.title)
