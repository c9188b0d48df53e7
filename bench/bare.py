"""The least a grade can cost: one state row read, one answer written, the state stored, the next card read and shown.

What a good engineer writes in ten lines of Django: no scheduler, no undo, no counts, no plan, no second tab.
"""

from datetime import timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bench.models import BareAnswer, BareState

DAYS = {1: 0, 2: 1, 3: 3, 4: 7}


@require_safe
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Show the learner's next card."""
    return render(request, "bench/bare.html", {"state": _next(request)})


@require_POST
@login_required
def answer(request: HttpRequest) -> HttpResponse:
    """Grade a card and show the next."""
    card_id, rating, now = int(request.POST["card"]), int(request.POST["rating"]), timezone.now()
    with transaction.atomic():
        state = BareState.objects.select_for_update().get(user=request.user, card_id=card_id)
        BareAnswer.objects.create(
            id=UUID(request.POST["answer_id"]), user=request.user, card_id=card_id, rating=rating, answered_at=now
        )
        state.due_at = now + timedelta(days=DAYS[rating], minutes=10)
        state.reps += 1
        state.save(update_fields=["due_at", "reps"])
        following = _next(request)
    return render(request, "bench/bare.html", {"state": following})


def _next(request: HttpRequest) -> BareState | None:
    return BareState.objects.filter(user=request.user).select_related("card").order_by("due_at").first()
