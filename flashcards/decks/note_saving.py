"""Saving what an editor typed into a note's form: with its topic, its key, what kind of change it is, its pictures."""

from django.db import transaction

from flashcards.accounts.models import User
from flashcards.decks import kinds, media, services
from flashcards.decks.models import Deck, Note, Severity
from flashcards.decks.note_forms import DeckNoteForm
from flashcards.decks.severity import proposed
from flashcards.decks.topics import topic_called
from flashcards.lib.text import tidy


def save(form: DeckNoteForm, user: User) -> Note:
    """Store the note of a valid form and return it.

    A topic that is not stored yet is made, a key that was left open is chosen where nobody can come between, and the
    deck gets rows for pictures that the texts show. Raises Refused, and Conflict for a note that has a newer version
    than the form knows; then nothing is written.
    """
    note, values = form.instance, form.cleaned_data
    with transaction.atomic():
        if note.pk is None:
            Deck.objects.select_for_update().get(pk=form.deck.pk)
        if note.topic.pk is None:
            note.topic = topic_called(form.deck, note.topic.title)
        if note.pk is None:
            note.position = services.next_position(note.topic)
        if form.key_is_made:
            note.key = services.free_key(form.deck, note.question)
        edit = _edit(note, values.get("severity", ""), values.get("reason", "")) if note.pk is not None else None
        services.save_note(note, tags=values["tag_names"], edit=edit, expected_version=values.get("version"))
        media.claim(form.deck, [getattr(note, name) for name in kinds.FIELDS], user)
    return note


def _edit(note: Note, severity: str, reason: str) -> services.Edit:
    """Return what is said of the change; where the editor left it open, as its size suggests."""
    grave = Severity(severity) if severity else proposed(Note.objects.get(pk=note.pk), note)
    return services.Edit(severity=grave, reason=tidy(reason).strip())


def with_picture(text: str, line: str, *, first: bool = False) -> str:
    """Return `text` with the line of a picture at its end, a paragraph of its own; with `first`, at its start."""
    there = tidy(text).strip("\n")
    if not there:
        return f"{line}\n"
    return f"{line}\n{there}\n" if first else f"{there}\n\n{line}\n"
