"""Pages of suggestions: a learner says what is wrong, editors look and answer, the learner hears back."""

from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from flashcards.accounts.access import signed_in
from flashcards.decks import kinds, suggesting
from flashcards.decks.access import card_or_404, edited_deck_or_404
from flashcards.decks.models import Card, Note, Severity, Suggestion
from flashcards.decks.suggesting import Said, Verdict
from flashcards.lib.differences import sides
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.whole_numbers import LARGEST_ID, whole_number

PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def suggest(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what a learner says about a card; asked for from the study page, answer with a line for its sheet."""
    card = card_or_404(request.user, pk)
    if card.archived_at is not None:
        raise Http404("The card has been taken out of the deck.")
    if request.method != "POST":
        return _suggest_page(request, card, [])
    if not ratelimit.consume(request, action="suggest"):
        raise ImmediateHttpResponse(ratelimit.respond_429(request))
    proposed = {name: request.POST[name] for name in kinds.FIELDS if name in request.POST}
    said = Said(request.POST.get("reason", ""), request.POST.get("comment", ""), proposed)
    try:
        suggesting.suggest(signed_in(request), card, said, timezone.now())
    except Refused as refused:
        return _suggest_page(request, card, refused.problems)
    if request.headers.get("HX-Request"):
        return render(request, "decks/_suggested.html", {"card": card, "back": request.POST.get("next", "")})
    messages.success(request, "Thank you. The deck’s editors see it, and you hear what becomes of it.")
    return redirect(_back(request, card))


def _back(request: HttpRequest, card: Card) -> str:
    """Return where the learner came from, if that is a page of this site; else the card's page."""
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return back
    return reverse("study:card", args=[card.pk])


def _suggest_page(request: HttpRequest, card: Card, problems: list[Problem]) -> HttpResponse:
    parts = [
        {"part": part, "text": request.POST.get(part.name, getattr(card.note, part.name))}
        for part in kinds.get(card.kind).parts
    ]
    context = {
        "card": card,
        "parts": parts,
        "reasons": Suggestion.Reason.choices,
        "reason": request.POST.get("reason", request.GET.get("reason", "")),
        "comment": request.POST.get("comment", ""),
        "back": request.POST.get("next", request.GET.get("next", "")),
        "problems": problems,
    }
    template = "decks/_suggest_reasons.html" if request.headers.get("HX-Request") else "decks/suggest.html"
    return render(request, template, context, status=422 if problems else 200)


@require_safe
@never_cache
@login_required
def my_suggestions(request: HttpRequest) -> HttpResponse:
    """Show what the learner said and what became of it; and, to editors, where something waits."""
    user = signed_in(request)
    page = Paginator(suggesting.of_learner(user), PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    response = render(
        request,
        "decks/my_suggestions.html",
        {"page": page, "suggestions": shown, "to_look_at": suggesting.decks_to_look_at(user)},
    )
    suggesting.mark_told(user, shown, timezone.now())
    return response


@require_safe
@never_cache
@login_required
def suggestions(request: HttpRequest, slug: str) -> HttpResponse:
    """Show editors what waits in a deck, or, asked for, what has been answered."""
    deck = edited_deck_or_404(request.user, slug)
    shows_answered = request.GET.get("show") == "answered"
    found = suggesting.answered(deck) if shows_answered else suggesting.groups(deck)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"deck": deck, "here": "suggestions", "page": page, "shows_answered": shows_answered}
    return render(request, "decks/suggestions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def suggestion(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show one suggestion beside its note; an editor accepts, changes or refuses it."""
    deck = edited_deck_or_404(request.user, slug)
    found = Suggestion.objects.filter(pk=pk, note__deck=deck) if pk <= LARGEST_ID else Suggestion.objects.none()
    one = found.select_related("note", "note__topic", "card", "author", "handled_by").first()
    if one is None:
        raise Http404("No such suggestion.")
    if request.method != "POST":
        return _suggestion_page(request, one, [])
    try:
        version = whole_number(request.POST.get("version", "")) or 0
        count = suggesting.answer(signed_in(request), one, _verdict(request), timezone.now(), version=version)
    except Refused as refused:
        return _suggestion_page(request, one, refused.problems)
    messages.success(request, f"Answered{f', to {count} learners' if count > 1 else ''}.")
    return redirect("decks:suggestions", slug)


def _verdict(request: HttpRequest) -> Verdict:
    posted, reply = request.POST, request.POST.get("reply", "")
    severity = Severity.MEANING if posted.get("severity") == Severity.MEANING else Severity.WORDING
    match posted.get("do"):
        case "accept":
            fields = {name: posted[name] for name in kinds.FIELDS if name in posted}
            return Verdict(Suggestion.State.ACCEPTED, reply, fields, severity)
        case "refuse":
            return Verdict(Suggestion.State.REFUSED, reply)
        case _:
            raise Http404("Nothing of that kind can be done here.")


def _suggestion_page(request: HttpRequest, one: Suggestion, problems: list[Problem]) -> HttpResponse:
    note, proposed = one.note, one.proposed or {}
    parts = []
    for part in kinds.get(note.kind).parts:
        now = getattr(note, part.name)
        before, after = sides(now, proposed.get(part.name, now))
        text = request.POST.get(part.name, proposed.get(part.name, now))
        parts.append({"part": part, "text": text, "before": before, "after": after, "differs": part.name in proposed})
    context = {
        "deck": note.deck,
        "here": "suggestions",
        "suggestion": one,
        "group": suggesting.group_of(one),
        "parts": parts,
        "version": request.POST.get("version") or Note.history.filter(id=note.pk).latest().pk,
        "reply": request.POST.get("reply", ""),
        "problems": problems,
        "severities": Severity.choices,
        "severity": request.POST.get("severity", Severity.WORDING),
    }
    return render(request, "decks/suggestion.html", context, status=422 if problems else 200)
