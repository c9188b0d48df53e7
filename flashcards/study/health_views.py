"""Pages of a deck's card health: for those who may edit the deck."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from flashcards.decks.access import card_or_404, edited_deck_or_404
from flashcards.study.card_health.report import DAYS, TOO_FEW, USUAL_DAYS, report, too_few
from flashcards.study.card_health.signs import LABELS, Sign
from flashcards.study.card_health.spans import spans_of
from flashcards.study.days import moment_for
from flashcards.study.requests import LearnerRequest

PER_PAGE = 20


@require_safe
@never_cache
@login_required
def health(request: LearnerRequest, slug: str) -> HttpResponse:
    """Show the deck's cards that do not work, the gravest first, or those with one sign."""
    deck = edited_deck_or_404(request.user, slug)
    days = request.GET.get("days", USUAL_DAYS)
    days = days if days in DAYS else USUAL_DAYS
    found = report(request.user, deck, moment_for(request.user, timezone.now()).day, days)
    sign = request.GET.get("sign", "")
    cards = [each for each in found.cards if not sign or any(finding.sign == sign for finding in each.findings)]
    context = {
        "deck": deck,
        "here": "health",
        "report": found,
        "page": Paginator(cards, PER_PAGE).get_page(request.GET.get("page")),
        "signs": [(each.value, LABELS[each], found.counts[each]) for each in Sign if each in found.counts],
        "sign": sign,
        "days": days,
        "day_choices": (("90", "90 days"), ("365", "A year"), ("all", "All time")),
    }
    return render(request, "study/health.html", context)


@require_safe
@never_cache
@login_required
def health_card(request: LearnerRequest, slug: str, pk: int) -> HttpResponse:
    """Show what each edit of a card did to its answers."""
    deck = edited_deck_or_404(request.user, slug)
    card = card_or_404(request.user, pk)
    if card.deck_id != deck.pk:
        raise Http404("No such card.")
    hidden = too_few(request.user, deck)
    context = {
        "deck": deck,
        "here": "health",
        "card": card,
        "spans": [] if hidden else spans_of(card),
        "reason": TOO_FEW if hidden else "",
    }
    return render(request, "study/health_card.html", context)
