"""The page where a file or a pasted text comes in, with one's last files."""

from collections.abc import Iterable
from uuid import UUID

from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from flashcards.accounts.access import guests_sign_up_first, signed_in
from flashcards.accounts.models import User
from flashcards.decks.access import edited_deck_or_404
from flashcards.decks.models import Deck
from flashcards.decks.transfers import steps
from flashcards.decks.transfers.folder import too_big
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.uploading import is_too_big

PASTED_NAME = "Pasted text.txt"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@guests_sign_up_first
def import_page(request: HttpRequest) -> HttpResponse:
    """Take a file or a pasted text, for a new deck or (`?deck=`) for one of one's own, and show one's last files."""
    user = signed_in(request)
    slug = request.GET.get("deck", "")
    deck = edited_deck_or_404(user, slug) if slug else None
    problems: list[Problem] = []
    if request.method == "POST":
        if not ratelimit.consume(request, action="transfer"):
            raise ImmediateHttpResponse(ratelimit.respond_429(request))
        try:
            return redirect("decks:transfer", _received(request, user, deck))
        except Refused as refused:
            problems = refused.problems
    context = {
        "deck": deck,
        "here": "export",
        "problems": problems,
        "pasted": request.POST.get("text", ""),
        "size_limit": steps.size_limit(),
        "transfers": list(steps.recent(user)),
    }
    return render(request, "decks/import.html", context, status=422 if problems else 200)


def _received(request: HttpRequest, user: User, deck: Deck | None) -> UUID:
    """Keep what was sent, have it read and return its id; raises Refused."""
    if is_too_big(request):
        raise Refused([Problem("file", too_big())])
    file, pasted = request.FILES.get("file"), request.POST.get("text", "")
    if file is None and not pasted.strip():
        raise Refused([Problem("file", "Choose a file, or paste some text.")])
    pieces: Iterable[bytes] = [pasted.encode("utf-8", "replace")]
    if file is not None:
        pieces = (bytes(piece) for piece in file.chunks())
    name = PASTED_NAME if file is None else file.name or ""
    return steps.receive(user, name, pieces, timezone.now(), deck=deck).pk
