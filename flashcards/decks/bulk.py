"""What editors do to many notes at once in the admin: each action asks on a page of its own before it writes.

All of it can be undone for a day, on the page of the deck's changes.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import ActionLocation
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from flashcards.accounts.access import signed_in
from flashcards.decks.bulk_edits import Archive, BulkEdit, Move, Restore, Retag
from flashcards.decks.bulk_plan import carry_out
from flashcards.decks.forms import MoveForm, TagsForm, show_problems
from flashcards.decks.models import Deck, Note
from flashcards.lib.errors import Refused

if TYPE_CHECKING:
    NoteModelAdmin = admin.ModelAdmin[Note]
else:
    NoteModelAdmin = admin.ModelAdmin

type Apply = Callable[[QuerySet[Note], forms.Form], str]
"""Does the work on the notes with the valid form, and returns a sentence that says what was done; raises Refused."""

_EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


def _asked(
    model_admin: NoteModelAdmin,
    request: HttpRequest,
    notes: QuerySet[Note],
    *,
    name: str,
    question: str,
    form_class: type[forms.Form],
    apply: Apply,
) -> HttpResponse | None:
    """Show the page that asks, or, once it is answered, do the work and go back to the list."""
    notes = notes.select_related("topic", "deck")
    form = form_class(request.POST if "apply" in request.POST else None)
    if form.is_valid():
        try:
            with transaction.atomic():
                done = apply(notes, form)
        except Refused as refused:
            show_problems(form, refused.problems)
        else:
            model_admin.message_user(request, done, messages.SUCCESS)
            return None
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": question,
        "action": name,
        "notes": notes,
        "form": form,
        "action_checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/decks/note/bulk.html", context)


def _done(request: HttpRequest, notes: QuerySet[Note], edit: Callable[[], BulkEdit]) -> str:
    """Do an edit to the notes, deck by deck, and say what was done; raises Refused if one note can't be changed so."""
    decks: dict[Deck, list[int]] = {}
    for note in notes:
        decks.setdefault(note.deck, []).append(note.pk)
    said = []
    for deck, pks in decks.items():
        made, _ = carry_out(deck, pks, edit(), signed_in(request), timezone.now())
        if made.refused:
            raise Refused([problem for each in made.refused for problem in each.problems])
        said.append(made.words)
    return " ".join(said)


@admin.action(description="Move to a topic…", permissions=["change"])
def move_to_topic(model_admin: NoteModelAdmin, request: HttpRequest, notes: QuerySet[Note]) -> HttpResponse | None:
    """Move the notes to the end of a topic of their deck."""

    def apply(notes: QuerySet[Note], form: forms.Form) -> str:
        return _done(request, notes, lambda: Move(form.cleaned_data["topic"]))

    question = "Move these notes to a topic of their deck"
    return _asked(
        model_admin, request, notes, name="move_to_topic", question=question, form_class=MoveForm, apply=apply
    )


@admin.action(description="Add tags…", permissions=["change"])
def add_tags(model_admin: NoteModelAdmin, request: HttpRequest, notes: QuerySet[Note]) -> HttpResponse | None:
    """Add tags to the notes."""

    def apply(notes: QuerySet[Note], form: forms.Form) -> str:
        return _done(request, notes, lambda: Retag(add=form.cleaned_data["tag_names"]))

    question = "Add tags to these notes"
    return _asked(model_admin, request, notes, name="add_tags", question=question, form_class=TagsForm, apply=apply)


@admin.action(description="Remove tags…", permissions=["change"])
def remove_tags(model_admin: NoteModelAdmin, request: HttpRequest, notes: QuerySet[Note]) -> HttpResponse | None:
    """Remove tags from the notes."""

    def apply(notes: QuerySet[Note], form: forms.Form) -> str:
        return _done(request, notes, lambda: Retag(remove=form.cleaned_data["tag_names"]))

    question = "Remove tags from these notes"
    return _asked(model_admin, request, notes, name="remove_tags", question=question, form_class=TagsForm, apply=apply)


@admin.action(
    description="Archive…",
    permissions=["change"],
    location=_EVERYWHERE,
)
def archive(model_admin: NoteModelAdmin, request: HttpRequest, notes: QuerySet[Note]) -> HttpResponse | None:
    """Take the notes out of study."""

    def apply(notes: QuerySet[Note], _form: forms.Form) -> str:
        return _done(request, notes, Archive)

    question = "Archive these notes? Their cards are no longer asked; every review stays, and they can be restored"
    return _asked(model_admin, request, notes, name="archive", question=question, form_class=forms.Form, apply=apply)


@admin.action(
    description="Restore…",
    permissions=["change"],
    location=_EVERYWHERE,
)
def restore(model_admin: NoteModelAdmin, request: HttpRequest, notes: QuerySet[Note]) -> HttpResponse | None:
    """Bring archived notes back."""

    def apply(notes: QuerySet[Note], _form: forms.Form) -> str:
        return _done(request, notes, Restore)

    question = "Restore these notes? Their cards are asked again, with all that is remembered of them"
    return _asked(model_admin, request, notes, name="restore", question=question, form_class=forms.Form, apply=apply)


ACTIONS = (move_to_topic, add_tags, remove_tags, archive, restore)
