"""How a learner studies a deck: limits, retention, steps."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from flashcards.decks.access import deck_or_404
from flashcards.study.requests import LearnerRequest


@require_safe
@never_cache
@login_required
def deck_options(request: LearnerRequest, slug: str) -> HttpResponse:
    """Show the options of a deck."""
    return render(request, "study/deck_options.html", {"deck": deck_or_404(request.user, slug)})
