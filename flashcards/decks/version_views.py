"""The history of a note: what each version changed, two of them compared, back to one of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from flashcards.decks import versions
from flashcards.decks.access import edited_deck_or_404
from flashcards.decks.models import Note
from flashcards.decks.note_table import lines_of
from flashcards.decks.services import Conflict
from flashcards.decks.versions import Row
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.whole_numbers import LARGEST_ID, whole_number

PER_PAGE = 20
OVERTAKEN = "The note has been changed while you looked at it. Here is its history as it is now."


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def note_history(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show the versions of a note, or two of them side by side; posting `back` makes the note as that version was."""
    deck = edited_deck_or_404(request.user, slug)
    note = Note.objects.filter(pk=pk, deck=deck).first() if pk <= LARGEST_ID else None
    if note is None:
        raise Http404("No such note.")
    note.deck = deck
    if request.method == "POST":
        return _go_back(request, note)
    if "from" in request.GET or "to" in request.GET:
        return _compared(request, note)
    return _listed(request, note, [])


def _listed(request: HttpRequest, note: Note, problems: list[Problem], status: int = 200) -> HttpResponse:
    paginator = Paginator(versions.versions_of(note), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    start = (page.number - 1) * PER_PAGE
    # One more than is shown: the last of the page is compared with it.
    rows = list(versions.versions_of(note)[start : start + PER_PAGE + 1])
    context = {
        "deck": note.deck,
        "here": "notes",
        "note": note,
        "line": lines_of([note.pk]).get(note.pk) or note.key,
        "page": page,
        "versions": versions.described(note.deck, rows, paginator.count - start)[:PER_PAGE],
        "newest": versions.latest_version(note),
        "choices": versions.choices_of(note, paginator.count) if paginator.count > 1 else [],
        "problems": problems,
        "refused": status == 422,
    }
    return render(request, "decks/note_history.html", context, status=status)


def _compared(request: HttpRequest, note: Note) -> HttpResponse:
    before, after = _row_or_404(note, request.GET.get("from", "")), _row_or_404(note, request.GET.get("to", ""))
    count, newest = versions.versions_of(note).count(), versions.latest_version(note)
    context = {
        "deck": note.deck,
        "here": "notes",
        "note": note,
        "line": lines_of([note.pk]).get(note.pk) or note.key,
        "before": before,
        "after": after,
        "changes": versions.compared(before, after),
        "sides": [row for row in (before, after) if row.history_id != newest],
        "choices": versions.choices_of(note, count),
        "newest": newest,
    }
    return render(request, "decks/note_versions.html", context)


def _go_back(request: HttpRequest, note: Note) -> HttpResponse:
    row = _row_or_404(note, request.POST.get("back", ""))
    seen = whole_number(request.POST.get("version", ""))
    try:
        changed = versions.go_back(note, row, expected_version=seen)
    except Refused as refused:
        return _listed(request, _fresh(note), refused.problems, 422)
    except Conflict:
        return _listed(request, _fresh(note), [Problem("version", OVERTAKEN)], 409)
    when = versions.words_of(row.history_date)
    if changed:
        messages.success(request, f"The note is as it was on {when}. That is a new version; none is lost.")
    else:
        messages.info(request, f"Nothing changed: the note is as it was on {when} already.")
    return redirect("decks:note_history", note.deck.slug, note.pk)


def _fresh(note: Note) -> Note:
    """Return the note as it is stored: going back has changed the one in hand."""
    return Note.objects.select_related("deck").get(pk=note.pk)


def _row_or_404(note: Note, text: str) -> Row:
    number = whole_number(text)
    row = versions.version_of(note, number) if number is not None else None
    if row is None:
        raise Http404("No such version.")
    return row
