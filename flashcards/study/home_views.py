"""The first page: what it is for strangers, one's decks for learners."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Show strangers what this is, and learners their decks."""
    if not request.user.is_authenticated:
        return render(request, "study/landing.html", {"example": None})
    return render(request, "study/home.html", {})
