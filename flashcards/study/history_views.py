"""All of a learner's reviews, as a page and as a file."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from flashcards.study.requests import LearnerRequest


@require_safe
@login_required
def history_page(request: LearnerRequest) -> HttpResponse:
    """Show the learner's reviews."""
    return HttpResponse("History")


@require_safe
@login_required
def history_csv(request: LearnerRequest) -> HttpResponse:
    """Give the learner's reviews as CSV."""
    return HttpResponse("", content_type="text/csv")
