"""The page where a deck is taken away as a file, by whoever may study it."""

from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from flashcards.accounts.access import guests_sign_up_first, signed_in
from flashcards.decks.access import can_edit, deck_or_404
from flashcards.decks.models import Transfer
from flashcards.decks.queries import live_notes
from flashcards.decks.transfers import exporting, learning, steps
from flashcards.lib.errors import Problem, Refused

RECENT = 10


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@guests_sign_up_first
def export_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the formats with what each keeps, and make a file in the one that is chosen."""
    user = signed_in(request)
    deck = deck_or_404(user, slug)
    problems: list[Problem] = []
    if request.method == "POST":
        if not ratelimit.consume(request, action="transfer"):
            raise ImmediateHttpResponse(ratelimit.respond_429(request))
        try:
            name, history = request.POST.get("format", ""), "history" in request.POST
            return redirect("decks:transfer", steps.take_away(user, deck, name, timezone.now(), history=history).pk)
        except Refused as refused:
            problems = refused.problems
    made = Transfer.objects.filter(user=user, deck=deck, direction=Transfer.Direction.OUT)
    context = {
        "deck": deck,
        "here": "export",
        "may_edit": can_edit(user, deck),
        "writers": exporting.writers(),
        "chosen": request.POST.get("format", exporting.writers()[0].name),
        "may_take_history": learning.registered() is not None,
        "note_count": live_notes(deck).count(),
        "transfers": list(made.defer("found", "problems")[:RECENT]),
        "problems": problems,
    }
    return render(request, "decks/export.html", context, status=422 if problems else 200)
