"""Writing many notes of a deck at once: the same rows that `services.save_note` writes, with a few queries a batch.

Texts have been tidied and checked and cards rendered before (`transfers.spooling.checked`, `services.checked_faces`).
Everything here runs inside the caller's transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.decks.cards import write_cards_of_notes
from flashcards.decks.kinds import Face
from flashcards.decks.models import Card, Deck, Note, Severity, Tag
from flashcards.decks.note_history import newest_versions, write_versions
from flashcards.lib.inserting import insert_many

BATCH = 500
"""How many notes callers hand in at a time."""

_COLUMNS = ["topic", "kind", "position", "question", "answer", "explanation", "reference", "sources", "archived_at",
            "updated_at"]  # fmt: skip
_JOINING = Note.tags.through


@dataclass(slots=True)
class Draft:
    """A note as it shall be stored, with the names of its tags and its cards."""

    note: Note
    tags: Sequence[str]
    faces: Sequence[Face]


@dataclass(slots=True)
class ManyNotes:
    """Writes notes of `deck` in the name of `user`; `reason` stands in their history. Knows the deck's tags."""

    deck: Deck
    user: User | None
    reason: str = ""
    severity: Severity = Severity.WORDING
    _tags: dict[str, Tag] = field(default_factory=dict)

    def make(self, drafts: Sequence[Draft]) -> dict[int, int]:
        """Store new notes with their cards, and return by note (pk) the number of its version."""
        if not drafts:
            return {}
        notes = [draft.note for draft in drafts]
        insert_many(notes)
        made = Note.objects.filter(deck=self.deck, key__in=[note.key for note in notes])
        numbers = dict(made.values_list("key", "pk"))
        for note in notes:
            note.pk = numbers[note.key]
        joined = self._join(drafts)
        versions = write_versions(notes, joined, made=True, user=self.user, now=timezone.now(), reason=self.reason)
        write_cards_of_notes([(draft.note, draft.faces) for draft in drafts], are_new=True)
        return versions

    def rewrite(self, drafts: Sequence[Draft]) -> dict[int, tuple[int, int]]:
        """Store changed notes, whose cards keep their rows; return by note (pk) the versions before and after.

        Keys and decks of notes stay what they are.
        """
        if not drafts:
            return {}
        notes = [draft.note for draft in drafts]
        before = self._versions_before(notes)
        now = timezone.now()
        made = [note.created_at for note in notes]
        # An insert that meets its row and updates it: many times as fast as `bulk_update`.
        Note.objects.bulk_create(notes, update_conflicts=True, unique_fields=["id"], update_fields=_COLUMNS)
        for note, created_at in zip(notes, made, strict=True):
            note.created_at = created_at
        _JOINING.objects.filter(note__in=notes).delete()
        joined = self._join(drafts)
        after = write_versions(
            notes, joined, made=False, user=self.user, now=now, reason=self.reason, severity=self.severity
        )
        write_cards_of_notes([(draft.note, draft.faces) for draft in drafts])
        if self.severity == Severity.MEANING:
            Card.objects.filter(note__in=notes).update(meaning_changed_at=now)
        return {pk: (before[pk], version) for pk, version in after.items()}

    def _join(self, drafts: Sequence[Draft]) -> dict[int, list[tuple[int, int]]]:
        """Give the notes their tags, and return by note (pk) the pks of each joining row and of its tag."""
        self._make_tags({name for draft in drafts for name in draft.tags})
        rows = [_JOINING(note_id=draft.note.pk, tag_id=self._tags[name].pk) for draft in drafts for name in draft.tags]
        if not rows:
            return {}
        insert_many(rows)
        return _by_note(_JOINING.objects.filter(note__in=[draft.note.pk for draft in drafts]))

    def _make_tags(self, names: set[str]) -> None:
        if not names - self._tags.keys():
            return
        self._tags = {tag.name: tag for tag in Tag.objects.filter(deck=self.deck)}
        new = [Tag(deck=self.deck, name=name) for name in sorted(names - self._tags.keys())]
        if new:
            Tag.objects.bulk_create(new, ignore_conflicts=True)
            self._tags = {tag.name: tag for tag in Tag.objects.filter(deck=self.deck)}

    def _versions_before(self, notes: Sequence[Note]) -> dict[int, int]:
        """Return the newest versions of stored notes; of one without history, as it is stored, one is made."""
        before = newest_versions(note.pk for note in notes)
        without = list(Note.objects.filter(pk__in=[note.pk for note in notes if note.pk not in before]))
        if without:
            joined = _by_note(_JOINING.objects.filter(note__in=without))
            before |= write_versions(without, joined, made=True, user=None, now=timezone.now())
        return before


def _by_note(rows: Iterable[object]) -> dict[int, list[tuple[int, int]]]:
    joined: dict[int, list[tuple[int, int]]] = {}
    for row in rows:
        joined.setdefault(row.note_id, []).append((row.pk, row.tag_id))  # type: ignore[attr-defined]
    return joined
