"""The page of a deck's changes of many notes, where they are undone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from flashcards.accounts.access import signed_in
from flashcards.decks import changes
from flashcards.decks.access import edited_deck_or_404
from flashcards.decks.models import ChangeSet, Deck
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.whole_numbers import whole_number

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def change_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what was done to many notes at once, newest first; undo one while it is possible."""
    user = signed_in(request)
    deck = edited_deck_or_404(user, slug)
    now, problems = timezone.now(), list[Problem]()
    if request.method == "POST":
        try:
            change = _change(request, deck)
            undone = changes.undo(change, user, now)
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, undone.words())
            return redirect("study:home") if undone.deck_gone else redirect("decks:changes", slug)
    page = Paginator(changes.changes_of(deck), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(change, changes.can_be_undone(change, now)) for change in page]
    context = {"deck": deck, "here": "changes", "page": page, "rows": rows, "problems": problems}
    return render(request, "decks/changes.html", context, status=422 if problems else 200)


def _change(request: HttpRequest, deck: Deck) -> ChangeSet:
    """Return the change that is to be undone; raises Refused if it is none of this deck's."""
    change = ChangeSet.objects.filter(deck=deck, pk=whole_number(request.POST.get("undo", "")) or 0).first()
    if change is None:
        raise Refused([Problem("change", "There is no such change of this deck.")])
    return change
