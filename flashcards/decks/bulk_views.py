"""Pages that change many notes of a deck at once: what to do, what it comes to, done; and notes that ask the same."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from flashcards.accounts.access import signed_in
from flashcards.decks.access import edited_deck_or_404
from flashcards.decks.bulk_forms import BulkForm
from flashcards.decks.bulk_plan import CHANGED_SINCE, MOST, TOO_MANY, Plan, Planned, carry_out, plan
from flashcards.decks.forms import show_problems
from flashcards.decks.models import Deck, Note
from flashcards.decks.note_table import NoteSearch, lines_of, notes_found
from flashcards.decks.queries import topics_of
from flashcards.decks.same_questions import same_questions
from flashcards.lib.errors import Refused
from flashcards.lib.whole_numbers import whole_number

MOST_SHOWN = 50
MOST_REFUSED_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what to do with the notes ticked, show what that comes to, and do it."""
    deck = edited_deck_or_404(request.user, slug)
    if request.method != "POST":
        return redirect("decks:notes", slug)
    posted = request.POST
    ids = _notes(deck, posted)
    if not ids or len(ids) > MOST:
        messages.warning(request, TOO_MANY if ids else "Tick the notes that you want to change first.")
        return redirect(
            f"{reverse('decks:notes', args=[slug])}?{NoteSearch.read(QueryDict(posted.get('query'))).query()}"
        )
    if "do" not in posted:
        return _page(request, deck, ids, BulkForm(deck))
    form = BulkForm(deck, posted)
    try:
        return _answer(request, deck, ids, form)
    except Refused as refused:
        show_problems(form, refused.problems)
        return _page(request, deck, ids, form, status=422)


def _answer(request: HttpRequest, deck: Deck, ids: list[int], form: BulkForm) -> HttpResponse:
    """Show what the form asks for, or do it once that has been seen; raises Refused."""
    edit = form.edit()
    if edit is None:
        return _page(request, deck, ids, form, status=422)
    if "apply" not in request.POST:
        held = Note.objects.filter(deck=deck, pk__in=ids).select_related("topic", "deck").prefetch_related("tags")
        return _page(request, deck, ids, form, plan(held, edit))
    seen = request.POST.get("seen", "")
    made, change = carry_out(deck, ids, edit, signed_in(request), timezone.now(), seen=seen)
    if change is None and made.changed:
        messages.warning(request, CHANGED_SINCE)
        return _page(request, deck, ids, form, made, status=409)
    undo = format_html(' <a href="{}">Undo it within a day</a>', reverse("decks:changes", args=[deck.slug]))
    messages.success(request, format_html("{}{}", made.words, undo if change else ""))
    return redirect("decks:notes", deck.slug)


def _notes(deck: Deck, posted: QueryDict) -> list[int]:
    """Return the notes (pks) that were ticked, or all that the list found; one more than allowed at most."""
    if "all" in posted:
        search = NoteSearch.read(QueryDict(posted.get("query")))
        return list(notes_found(deck, search).values_list("pk", flat=True)[: MOST + 1])
    ticked = {number for text in posted.getlist("note") if (number := whole_number(text)) is not None}
    if len(ticked) > MOST:
        return list(ticked)
    return list(Note.objects.filter(deck=deck, pk__in=ticked).values_list("pk", flat=True))


def _page(
    request: HttpRequest, deck: Deck, ids: list[int], form: BulkForm, made: Plan | None = None, *, status: int = 200
) -> HttpResponse:
    notes = (
        Note.objects.filter(pk__in=ids[:MOST_SHOWN]).select_related("topic").order_by("topic__position", "position")
    )
    shown, refused = (made.changed[:MOST_SHOWN], made.refused[:MOST_REFUSED_SHOWN]) if made else ([], [])
    lines = lines_of([*ids[:MOST_SHOWN], *(each.note.pk for each in (*shown, *refused))])
    context = {
        "deck": deck,
        "here": "notes",
        "ids": ids,
        "notes": [(note, lines.get(note.pk) or note.key) for note in notes],
        "more": max(0, len(ids) - MOST_SHOWN),
        "topics": topics_of(deck),
        "form": form,
        "plan": made,
        "shown": _with_lines(shown, lines),
        "refused": _with_lines(refused, lines),
        "more_changed": max(0, len(made.changed) - MOST_SHOWN) if made else 0,
        "posted": [(name, value) for name, values in request.POST.lists() if name in form.fields for value in values],
    }
    return render(request, "decks/bulk.html", context, status=status)


def _with_lines(planned: list[Planned], lines: dict[int, str]) -> list[tuple[Planned, str]]:
    return [(each, lines.get(each.note.pk) or each.note.key) for each in planned]


@require_safe
@never_cache
@login_required
def duplicates(request: HttpRequest, slug: str) -> HttpResponse:
    """Show notes that ask the same, or nearly; from each pair an editor keeps one."""
    deck = edited_deck_or_404(request.user, slug)
    context = {"deck": deck, "here": "notes", "pairs": same_questions(deck), "most": MOST_SHOWN}
    return render(request, "decks/duplicates.html", context)
