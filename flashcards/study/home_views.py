"""The first page: what this is for strangers, one's assignments and decks for learners."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from flashcards.accounts.models import User
from flashcards.decks import suggesting
from flashcards.study.assignment_lines import lines_for
from flashcards.study.assignments import for_student
from flashcards.study.days import moment_for
from flashcards.study.shelf import example_card, shelf_of


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Show strangers what this is, and learners their decks."""
    if not isinstance(request.user, User):
        return render(request, "study/landing.html", {"example": example_card()})
    now = timezone.now()
    moment = moment_for(request.user, now)
    assigned = lines_for(request.user, for_student(request.user, now), moment)
    context = {
        "shelf": shelf_of(request.user, moment),
        "assignments": [each for each in assigned if not each.is_past],
        "answers": suggesting.untold(request.user),
    }
    return render(request, "study/home.html", context)
