"""The decks of a class: its staff see them, its teachers share and withdraw them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from flashcards.accounts.access import signed_in
from flashcards.classes.access import STAFF, TEACHERS, membership_or_404
from flashcards.classes.models import Membership
from flashcards.decks import sharing
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.whole_numbers import whole_number


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def class_decks(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a class studies; a teacher shares a deck with it, says what leavers keep, withdraws one."""
    membership = membership_or_404(request.user, slug, TEACHERS if request.method == "POST" else STAFF)
    user = membership.user = signed_in(request)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            messages.success(request, _done(request, membership))
        except Refused as refused:
            problems = refused.problems
        else:
            return redirect("decks:class_decks", slug)
    may_change = membership.role in TEACHERS
    context = {
        "membership": membership,
        "here": "decks",
        "shared": sharing.shared_with(membership.study_class),
        "may_change": may_change,
        "to_share": sharing.decks_to_share(user, membership.study_class) if may_change else [],
        "problems": problems,
    }
    return render(request, "decks/class_decks.html", context, status=422 if problems else 200)


def _done(request: HttpRequest, teacher: Membership) -> str:
    """Do what was posted and return what to say about it; raises Refused, and Http404 for anything else."""
    deck_id = whole_number(request.POST.get("deck", "")) or 0
    keeps, now = request.POST.get("keeps_memory") == "on", timezone.now()
    match request.POST.get("do"):
        case "withdraw":
            return f"{sharing.withdraw(teacher, deck_id, now)} is no longer shared with the class."
        case "keep":
            deck = sharing.keep(teacher, deck_id, keeps, now)
            return f"Whoever leaves {'may go on studying' if keeps else 'can’t study'} {deck}."
        case "share":
            return f"{sharing.share(teacher, deck_id, keeps, now)} is shared with the class."
        case _:
            raise Http404("Nothing of that kind can be done here.")
