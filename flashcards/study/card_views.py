"""A card's own page, and what a learner marks on it there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from flashcards.decks.access import card_or_404
from flashcards.study import marks
from flashcards.study.card_page import present_card
from flashcards.study.days import moment_for
from flashcards.study.marks import Mark
from flashcards.study.requests import LearnerRequest

DONE = {
    Mark.SUSPEND: "Suspended.",
    Mark.RESUME: "Resumed. You are asked this card again when it is due.",
    Mark.BURY: "Buried until tomorrow.",
    Mark.UNBURY: "Unburied. You are asked this card again when it is due.",
    Mark.STAR: "Starred.",
    Mark.UNSTAR: "The star is taken away.",
}


@require_safe
@never_cache
@login_required
def card_page(request: LearnerRequest, pk: int) -> HttpResponse:
    """Show one card, where it stands with the learner, and its reviews."""
    card = card_or_404(request.user, pk)
    page = present_card(request.user, card, moment_for(request.user, timezone.now()))
    return render(request, "study/card.html", {"page": page, "card": card})


@require_POST
@login_required
def card_mark(request: LearnerRequest, pk: int) -> HttpResponse:
    """Suspend, bury or star a card, or take that back."""
    card = card_or_404(request.user, pk)
    if card.archived_at is not None:
        raise Http404("The card has been taken out of the deck.")
    try:
        mark = Mark(request.POST.get("mark", ""))
    except ValueError as error:
        raise BadRequest("No such mark.") from error
    marks.put(request.user, card, mark, timezone.now())
    messages.success(request, DONE[mark])
    return redirect("study:card", card.pk)
