"""Pages where the notes of a deck are looked through and written."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from flashcards.accounts.access import signed_in
from flashcards.decks import kinds, media, note_saving, note_table, saved_drafts, services
from flashcards.decks.access import edited_deck_or_404
from flashcards.decks.forms import show_problems
from flashcards.decks.models import Deck, Note
from flashcards.decks.note_forms import DeckNoteForm
from flashcards.decks.note_table import NoteSearch
from flashcards.decks.preview_answers import NOTE_SCRIPTS, NOTE_SHEETS, described_kinds, preview_answer
from flashcards.decks.queries import tags_of, topics_of
from flashcards.lib.errors import Refused
from flashcards.lib.text import tidy
from flashcards.lib.whole_numbers import LARGEST_ID, whole_number

KEPT_BY_ANOTHER = ("kind", "topic", "tag_names", "source_ids", "reference")
"""What the next note begins with after "Save and add another"."""


@require_safe
@never_cache
@login_required
def note_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the notes of a deck to its editors, those that are looked for."""
    deck = edited_deck_or_404(request.user, slug)
    search = NoteSearch.read(request.GET)
    page, rows = note_table.page_of(deck, search, request.GET.get("page", "1"))
    context = {
        "deck": deck,
        "here": "notes",
        "search": search,
        "page": page,
        "rows": rows,
        "has_notes": bool(rows) or Note.objects.filter(deck=deck).exists(),
        "before": search.query(page=page.number - 1) if page.has_previous() else "",
        "after": search.query(page=page.number + 1) if page.has_next() else "",
        "topics": topics_of(deck),
        "tags": tags_of(deck),
        "kinds": kinds.all_kinds(),
        "states": note_table.STATES,
    }
    return render(request, "decks/notes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def note_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a note of a deck; `?from=` begins with what another note of it says, `?like=` with what it shares."""
    deck = edited_deck_or_404(request.user, slug)
    if request.method == "POST":
        return _posted(request, deck, None)
    return _page(request, deck, None, DeckNoteForm(deck, initial=_first_texts(request, deck)))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def note_page(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a note, take it out of study, or bring it back."""
    deck = edited_deck_or_404(request.user, slug)
    note = _note_or_404(deck, pk)
    if request.method == "POST":
        return _posted(request, deck, note)
    return _page(request, deck, note, DeckNoteForm(deck, instance=note))


@require_POST
@never_cache
@login_required
def note_preview(request: HttpRequest, slug: str) -> JsonResponse:
    """Answer what the posted text would make: see `preview_answer`."""
    deck = edited_deck_or_404(request.user, slug)
    return JsonResponse(preview_answer(request.POST, Note.objects.filter(deck=deck)))


def _note_or_404(deck: Deck, pk: int) -> Note:
    note = Note.objects.select_related("topic").filter(deck=deck, pk=pk).first() if pk <= LARGEST_ID else None
    if note is None:
        raise Http404("No such note.")
    note.deck = deck
    return note


def _first_texts(request: HttpRequest, deck: Deck) -> dict[str, object]:
    """Return what the form of a new note begins with."""
    first: dict[str, object] = {"topic": topics_of(deck).filter(slug=request.GET.get("topic", "")).first()}
    for name in ("from", "like"):
        pk = whole_number(request.GET.get(name, ""))
        if pk is not None:
            form = DeckNoteForm(deck, instance=_note_or_404(deck, pk))
            names = KEPT_BY_ANOTHER if name == "like" else (*KEPT_BY_ANOTHER, *kinds.FIELDS)
            first |= {each: form[each].value() for each in names}
    return first


def _posted(request: HttpRequest, deck: Deck, note: Note | None) -> HttpResponse:
    match request.POST.get("do", "save"):
        case "archive" | "restore" as what if note is not None:
            return _archived(request, deck, note, what)
        case "show" | "picture" | "save" | "another" as what:
            return _written(request, deck, note, what)
        case _:
            raise Http404("Nothing of that kind can be done here.")


def _archived(request: HttpRequest, deck: Deck, note: Note, what: str) -> HttpResponse:
    """Archive or restore the note as it is stored."""
    try:
        if what == "archive":
            services.archive_note(note)
            messages.success(request, "Archived: its cards are no longer asked. All that is remembered stays.")
        else:
            services.restore_note(note)
            messages.success(request, "Restored: its cards are asked again, with all that is remembered of them.")
    except Refused as refused:
        messages.error(request, f"It can't be restored as it is. {refused.problems[0]} Mend that and save first.")
    return redirect("decks:note", deck.slug, note.pk)


def _written(request: HttpRequest, deck: Deck, note: Note | None, what: str) -> HttpResponse:
    """Take what was typed: add its picture, then save it or show it again."""
    posted = request.POST.copy()
    problem = _take_picture(request, deck, posted) if "picture" in request.FILES or what == "picture" else ""
    if what in {"show", "picture"} or problem:
        form = DeckNoteForm(deck, instance=note, initial={name: posted[name] for name in posted})
        return _page(request, deck, note, form, picture_problem=problem)
    while True:
        form = DeckNoteForm(deck, posted, instance=note)
        form.user_id = signed_in(request).pk
        if not form.is_valid():
            return _page(request, deck, note, form)
        try:
            saved = note_saving.save(form, signed_in(request))
        except Refused as refused:
            show_problems(form, refused.problems)
            return _page(request, deck, note, form)
        except services.Conflict:
            # Somebody saved between the form's look and the write: this time the form sees it.
            note = _note_or_404(deck, note.pk) if note is not None else None
            continue
        messages.success(request, "Saved.")
        another = reverse("decks:note_new", args=[deck.slug], query={"like": saved.pk})
        response = redirect(another) if what == "another" else redirect("decks:note", deck.slug, saved.pk)
        saved_drafts.tell(request, response)
        return response


def _take_picture(request: HttpRequest, deck: Deck, posted: QueryDict) -> str:
    """Store the picture that came with the form and append it to its field; return what is wrong, "" if nothing is."""
    file = request.FILES.get("picture")
    if file is None:
        return "Choose a picture first."
    name = posted.get("picture_field", "")
    name = name if name in kinds.FIELDS else "answer"
    try:
        stored = media.store_upload(deck, signed_in(request), file)
    except Refused as refused:
        return f"{refused.problems[0].message} What you typed is kept; choose another picture."
    line = media.markdown_of(stored, tidy(posted.get("picture_words", "")).strip())
    is_figure = posted.get("kind") == "occlusion" and name == "answer"
    posted[name] = note_saving.with_picture(posted.get(name, ""), line, first=is_figure)
    posted["picture_words"] = ""
    return ""


def _page(
    request: HttpRequest, deck: Deck, note: Note | None, form: DeckNoteForm, *, picture_problem: str = ""
) -> HttpResponse:
    """Show the form: status 409 if somebody else changed the note meanwhile, 422 if something else is wrong."""
    changes = note_table.last_changes([note.pk]) if note is not None else {}
    context = {
        "deck": deck,
        "here": "notes",
        "note": note,
        "form": form,
        "texts": [(form[name], form.is_used(name)) for name in kinds.FIELDS],
        "all_kinds": kinds.all_kinds(),
        "changed": changes.get(note.pk) if note is not None else None,
        "cards": note.cards.filter(archived_at=None).order_by("ordinal") if note is not None else [],
        "picture_problem": picture_problem,
        "picture_words": request.POST.get("picture_words", "") if picture_problem else "",
        "picture_field": request.POST.get("picture_field", "answer"),
        "preview_url": reverse("decks:note_preview", args=[deck.slug]),
        "note_pk": note.pk if note is not None else "",
        "kinds": described_kinds(),
        "scripts": [f"js/{name}.js" for name in NOTE_SCRIPTS],
        "sheets": [f"css/{name}.css" for name in NOTE_SHEETS],
    }
    status = 409 if form.conflict is not None else 422 if form.errors or picture_problem else 200
    return render(request, "decks/note.html", context, status=status)
