"""A transfer's own page, for its owner alone: how far it is, what was found, what was done; and its files."""

import json
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe

from flashcards.accounts.access import signed_in
from flashcards.decks import changes, kinds
from flashcards.decks.media.files import CONTENT_TYPES
from flashcards.decks.media_views import POLICY
from flashcards.decks.models import Deck, Transfer
from flashcards.decks.transfers import exporting, learning, leases, steps
from flashcards.decks.transfers.folder import folder_of, progress_of, result_of, upload_of
from flashcards.decks.transfers.readers import READERS, reader_of
from flashcards.decks.transfers.spool import Spool
from flashcards.lib.errors import Problem, Refused

State = Transfer.State
MOST_SHOWN = 100
_MEDIA = re.compile(r"/media/([0-9a-f]{40}\.[a-z0-9]{1,5})")


def transfer_or_404(request: HttpRequest, pk: UUID) -> Transfer:
    """Return the transfer if it is the person's own, else raise Http404; strangers are sent to sign in."""
    user = signed_in(request)
    transfer = Transfer.objects.filter(pk=pk, user=user).select_related("deck", "change").first()
    if transfer is None:
        raise Http404("No such file.")
    transfer.user = user
    return transfer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def transfer_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far a transfer is and what came of it; do what its owner says."""
    transfer = transfer_or_404(request, pk)
    if request.method != "POST":
        return _page(request, transfer)
    try:
        return redirect(_done(request, transfer))
    except Refused as refused:
        return _page(request, transfer, refused.problems)


def _done(request: HttpRequest, transfer: Transfer) -> str:
    """Do what was posted and return the address to go to; raises Refused, and Http404 for anything else."""
    here = reverse("decks:transfer", args=[transfer.pk])
    match request.POST.get("do"):
        case "write" if _is_corrected(request, transfer):
            _read_again(request, transfer)
            messages.info(request, "The file was read again as you said. Look at the cards, then import them.")
        case "write":
            steps.confirm(transfer, _choice(request, transfer))
        case "again":
            _read_again(request, transfer)
        case "discard":
            steps.discard(transfer)
            messages.success(request, f"{transfer.name} is discarded; nothing was changed.")
            return reverse("decks:import")
        case "undo" if transfer.change is not None:
            undone = changes.undo(transfer.change, transfer.user, timezone.now())
            messages.success(request, f"The import is undone: {undone.words()}")
        case _:
            raise Http404("Nothing of that kind can be done here.")
    return here


def _read_again(request: HttpRequest, transfer: Transfer) -> None:
    format_ = request.POST.get("format", transfer.format)
    same = format_ == transfer.format
    steps.read_again(transfer, format_, reader_of(format_).choices_from(request.POST) if same else {})


def _is_corrected(request: HttpRequest, transfer: Transfer) -> bool:
    """Tell whether the form says otherwise how the file is to be read than it was read: that must be seen first."""
    if transfer.state != State.READY:
        return False
    if request.POST.get("format", transfer.format) != transfer.format:
        return True
    shown = transfer.found.get("choices", {})
    said = reader_of(transfer.format).choices_from(request.POST)
    return any(shown.get(name) != value for name, value in said.items())


def _choice(request: HttpRequest, transfer: Transfer) -> steps.Choice:
    """Return what the person chose; raises Refused if the deck is none of theirs."""
    posted = request.POST
    slug = posted.get("deck", "")
    deck = Deck.objects.filter(slug=slug).first() if slug else None
    if slug and deck is None:
        raise Refused([Problem("deck", "Choose a deck of yours.")])
    return steps.Choice(
        deck=deck,
        title=posted.get("title", ""),
        is_public="public" in posted and request.user.has_perm("decks.change_note"),
        leaves_out="skip" in posted,
        history="history" in posted,
    )


def _page(request: HttpRequest, transfer: Transfer, problems: list[Problem] | None = None) -> HttpResponse:
    now = timezone.now()
    steps.wake(transfer, now)
    is_at_work = transfer.state in leases.AT_WORK
    context: dict[str, Any] = {
        "transfer": transfer,
        "is_at_work": is_at_work,
        "problems": problems or [],
        "here": "export",
        "deck": transfer.deck,
    }
    if is_at_work:
        context |= {"done": _how_far(transfer), "total": transfer.total}
        if getattr(request, "htmx", False):
            return render(request, "decks/_transfer_progress.html", context)
    elif getattr(request, "htmx", False) and request.method == "GET":
        return HttpResponse(headers={"HX-Refresh": "true"})
    elif transfer.state == State.READY:
        context |= _preview(request, transfer)
    else:
        context |= _result(transfer, now)
    return render(request, "decks/transfer.html", context, status=422 if problems else 200)


def _how_far(transfer: Transfer) -> int:
    """Return how many notes are done; a write says so in a file, for its transaction is not over."""
    progress = progress_of(transfer.pk)
    text = progress.read_text(encoding="ascii") if transfer.state == State.WRITING and progress.exists() else ""
    return int(text) if text.isdigit() else transfer.done


def _preview(request: HttpRequest, transfer: Transfer) -> dict[str, Any]:
    found, user, posted = transfer.found, transfer.user, request.POST
    labels = {kind.name: kind.label for kind in kinds.all_kinds()}
    mine = list(Deck.objects.filter(owner=user).order_by("title"))
    if transfer.deck is not None and transfer.deck not in mine:
        mine.insert(0, transfer.deck)
    same = next((deck for deck in mine if found["slug"] and deck.slug == found["slug"]), None)
    target = transfer.deck or same
    reader = READERS.get(transfer.format)
    return {
        "found": found,
        "cards_by_kind": [(labels.get(name, name), count) for name, count in found["cards"].items()],
        "sample": _sample(transfer),
        "file_problems": sorted(transfer.problems, key=lambda each: each["line"] or 0)[:MOST_SHOWN],
        "more_problems": max(0, found["problem_count"] - min(len(transfer.problems), MOST_SHOWN)),
        "mine": mine,
        "target": posted.get("deck", target.slug if target else "") if posted else (target.slug if target else ""),
        "title": posted.get("title", found["title"]),
        "skips": "skip" in posted,
        "brings_history": "history" in posted,
        "may_publish": user.is_staff and user.has_perm("decks.change_note"),
        "may_bring_history": bool(found["reviews"]) and learning.registered() is not None,
        "formats": [(known.format.value, known.format.label) for known in READERS.values()],
        "choices_template": reader.template if reader else "",
        "choices": found.get("choices", {}),
    }


def _sample(transfer: Transfer) -> list[dict[str, Any]]:
    """Return the first cards; their media are shown from the transfer's folder until they are stored."""
    media = reverse("decks:transfer_media", args=[transfer.pk, "NAME"])
    text = json.dumps(transfer.found["sample"])
    known = {medium.file_name for medium in Spool(folder_of(transfer.pk)).media()} if "/media/" in text else set()
    shown = _MEDIA.sub(lambda found: media.replace("NAME", found[1]) if found[1] in known else found[0], text)
    cards: list[dict[str, Any]] = json.loads(shown)
    return cards


def _result(transfer: Transfer, now: datetime) -> dict[str, Any]:
    may_read_again = transfer.direction == Transfer.Direction.IN and upload_of(transfer.pk).exists()
    reader, choices = READERS.get(transfer.format), transfer.found.get("choices")
    return {
        "choices_template": reader.template if reader and choices and may_read_again else "",
        "choices": choices,
        "outcome": transfer.outcome,
        "file_problems": transfer.problems[:MOST_SHOWN],
        "more_problems": max(0, len(transfer.problems) - MOST_SHOWN),
        "undo_until": transfer.change.made_at + changes.UNDONE_WITHIN if transfer.change else None,
        "may_undo": transfer.change is not None and changes.can_be_undone(transfer.change, now),
        "may_read_again": may_read_again,
        "formats": [(known.format.value, known.format.label) for known in READERS.values()],
        "has_file": result_of(transfer.pk).exists(),
    }


@require_safe
@never_cache
@login_required
def transfer_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Hand out the file that an export made."""
    transfer = transfer_or_404(request, pk)
    result = result_of(transfer.pk)
    if transfer.direction != Transfer.Direction.OUT or transfer.state != State.DONE or not result.exists():
        raise Http404("There is no such file any more.")
    content_type = exporting.writer_of(transfer.options.get("format", transfer.format)).content_type
    response = FileResponse(result.open("rb"), as_attachment=True, filename=transfer.name, content_type=content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@never_cache
@login_required
@csp_override(POLICY)
def transfer_media(request: HttpRequest, pk: UUID, name: str) -> HttpResponseBase:
    """Hand out a picture or sound of a file that has been read and not yet written."""
    transfer = transfer_or_404(request, pk)
    spool = Spool(folder_of(transfer.pk))
    media = {medium.file_name: medium for medium in spool.media()} if spool.is_there() else {}
    if name not in media:
        raise Http404("No such picture or sound.")
    response = HttpResponse(spool.bytes_of(media[name]), content_type=CONTENT_TYPES[media[name].extension])
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
