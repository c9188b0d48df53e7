"""What editors do to many notes at once: each action asks on a page of its own before it writes."""

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

from flashcards.decks import services
from flashcards.decks.forms import MoveForm, TagsForm, show_problems
from flashcards.decks.models import Note
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


def _counted(count: int) -> str:
    return f"{count} note{'' if count == 1 else 's'}"


@admin.action(description="Move to a topic…", permissions=["change"])
def move_to_topic(model_admin: NoteModelAdmin, request: HttpRequest, notes: QuerySet[Note]) -> HttpResponse | None:
    """Move the notes to the end of a topic of their deck."""

    def apply(notes: QuerySet[Note], form: forms.Form) -> str:
        topic = form.cleaned_data["topic"]
        return f"{_counted(services.move_notes(notes, topic))} moved to {topic.title}."

    question = "Move these notes to a topic of their deck"
    return _asked(
        model_admin, request, notes, name="move_to_topic", question=question, form_class=MoveForm, apply=apply
    )


@admin.action(description="Add tags…", permissions=["change"])
def add_tags(model_admin: NoteModelAdmin, request: HttpRequest, notes: QuerySet[Note]) -> HttpResponse | None:
    """Add tags to the notes."""

    def apply(notes: QuerySet[Note], form: forms.Form) -> str:
        return f"{_counted(services.retag_notes(notes, add=form.cleaned_data['tag_names']))} tagged."

    question = "Add tags to these notes"
    return _asked(model_admin, request, notes, name="add_tags", question=question, form_class=TagsForm, apply=apply)


@admin.action(description="Remove tags…", permissions=["change"])
def remove_tags(model_admin: NoteModelAdmin, request: HttpRequest, notes: QuerySet[Note]) -> HttpResponse | None:
    """Remove tags from the notes."""

    def apply(notes: QuerySet[Note], form: forms.Form) -> str:
        return f"{_counted(services.retag_notes(notes, remove=form.cleaned_data['tag_names']))} changed."

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
        for note in notes:
            services.archive_note(note)
        return f"{_counted(len(notes))} archived."

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
        for note in notes:
            services.restore_note(note)
        return f"{_counted(len(notes))} restored."

    question = "Restore these notes? Their cards are asked again, with all that is remembered of them"
    return _asked(model_admin, request, notes, name="restore", question=question, form_class=forms.Form, apply=apply)


ACTIONS = (move_to_topic, add_tags, remove_tags, archive, restore)
