"""Pages of material by itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from flashcards.decks.access import deck_or_404
from flashcards.decks.printing import printed_topics


@require_safe
@never_cache
def print_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show every card of a deck, both sides, to read through or to print."""
    deck = deck_or_404(request.user, slug)
    topics = printed_topics(deck)
    context = {
        "deck": deck,
        "topics": topics,
        "note_count": sum(len(topic.notes) for topic in topics),
        "card_count": sum(topic.card_count for topic in topics),
    }
    response = render(request, "decks/print.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
