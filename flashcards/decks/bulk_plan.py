"""Many notes changed at once: planned note by note, looked at, then written in one go that can be undone for a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from itertools import batched

from django.db import transaction

from flashcards.accounts.models import User
from flashcards.decks import checks, kinds
from flashcards.decks.bulk_edits import BulkEdit
from flashcards.decks.many_notes import BATCH, Draft, ManyNotes
from flashcards.decks.models import ChangedNote, ChangeSet, Deck, Note
from flashcards.decks.note_history import newest_versions
from flashcards.lib.differences import Piece, difference
from flashcards.lib.errors import Problem, Refused

MOST = 2_000
TOO_MANY = f"More than {MOST:,} notes at once. Narrow the list, and change them in parts."
CHANGED_SINCE = "Some of these notes have been changed since you looked. This is what it comes to now."


@dataclass(slots=True)
class Planned:
    """What an edit makes of a note: changes, as pairs of a field's name and its pieces, or why it can't be done."""

    note: Note
    tags: list[str]
    changes: list[tuple[str, list[Piece]]] = field(default_factory=list)
    faces: list[kinds.Face] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """What an edit comes to. `seen` is a digest of the versions it was made from; `same` counts notes left alone."""

    edit: BulkEdit
    changed: list[Planned]
    refused: list[Planned]
    same: int
    seen: str

    @property
    def words(self) -> str:
        """What is done, as a sentence."""
        count = len(self.changed)
        return self.edit.words(f"{count:,} note{'' if count == 1 else 's'}")


def plan(notes: Iterable[Note], edit: BulkEdit) -> Plan:
    """Return what `edit` makes of these notes of one deck, in the deck's order; writes nothing. Raises Refused.

    The notes are changed in memory.
    """
    held = sorted(notes, key=lambda note: (note.topic.position, note.topic_id, note.position, note.pk))
    if len(held) > MOST:
        raise Refused([Problem("note", TOO_MANY)])
    versions = newest_versions(note.pk for note in held)
    seen = blake2b(repr(sorted(versions.items())).encode(), digest_size=8).hexdigest()
    edit.begin(held)
    planned = [_planned(note, edit) for note in held]
    refused = [each for each in planned if each.problems]
    changed = [each for each in planned if each.changes and not each.problems]
    return Plan(edit, changed, refused, len(planned) - len(refused) - len(changed), seen)


def _planned(note: Note, edit: BulkEdit) -> Planned:
    before = _texts(note, tags := sorted(tag.name for tag in note.tags.all()))
    planned = Planned(note, tags)
    try:
        planned.tags = edit.change(note, tags)
        checks.tidy_note(note)
        after = _texts(note, sorted(planned.tags))
        planned.changes = [
            (name, difference(before[name], after[name])) for name in before if before[name] != after[name]
        ]
        if planned.changes:
            planned.faces = _faces(note, planned.tags, edit)
    except Refused as refused:
        planned.problems = refused.problems
    return planned


def _faces(note: Note, tags: Sequence[str], edit: BulkEdit) -> list[kinds.Face]:
    """Return the cards of a changed note; raises Refused with every problem. Its key has not changed."""
    problems = checks.note_field_problems(note) + checks.tag_problems(tags)
    faces: list[kinds.Face] = []
    if edit.renders or note.archived_at is None:
        try:
            faces = kinds.get(note.kind).faces(note)
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return faces


def _texts(note: Note, tags: Iterable[str]) -> dict[str, str]:
    """Return what an edit may change, as text, by what people call it."""
    texts = {name.capitalize(): getattr(note, name) for name in kinds.FIELDS}
    state = "archived" if note.archived_at else "in study"
    kind, sources = kinds.get(note.kind).label, ", ".join(note.sources)
    return {
        "Kind": kind,
        **texts,
        "Topic": note.topic.title,
        "Tags": ", ".join(tags),
        "Sources": sources,
        "State": state,
    }


def carry_out(
    deck: Deck, notes: Iterable[int], edit: BulkEdit, user: User, now: datetime, *, seen: str = ""
) -> tuple[Plan, ChangeSet | None]:
    """Do `edit` to notes (pks) of `deck` and return what it came to and the change, None if nothing was to change.

    With `seen`, a plan's, nothing is done if the notes have been changed since; then the plan as it is now comes back
    and the change is None. Raises Refused.
    """
    with transaction.atomic():
        locked = Note.objects.select_for_update(of=("self",)).filter(deck=deck, pk__in=list(notes)[: MOST + 1])
        made = plan(locked.select_related("topic", "deck").prefetch_related("tags"), edit)
        if (seen and seen != made.seen) or not made.changed:
            return made, None
        change = ChangeSet.objects.create(deck=deck, made_by=user, made_at=now, kind=edit.kind, words=made.words)
        writer = ManyNotes(deck, user, made.words[:100], edit.severity)
        for batch in batched(made.changed, BATCH):
            versions = writer.rewrite([Draft(each.note, each.tags, each.faces) for each in batch])
            ChangedNote.objects.bulk_create(
                ChangedNote(change=change, note_id=pk, before=before, after=after)
                for pk, (before, after) in versions.items()
            )
        return made, change
