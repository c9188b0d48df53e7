"""Changes of many notes at once, and undoing them within a day: what nobody has touched since goes back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, QuerySet

from flashcards.accounts.models import User
from flashcards.decks import kinds, services
from flashcards.decks.many_notes import BATCH, Draft, ManyNotes
from flashcards.decks.models import Card, ChangedNote, ChangeSet, Deck, Note, Suggestion, Topic, Transfer
from flashcards.decks.note_history import contents_of, forget_versions, newest_versions, tags_of_versions
from flashcards.decks.transfers import learning
from flashcards.decks.transfers.folder import brought_of
from flashcards.lib.errors import Problem, Refused

UNDONE_WITHIN = timedelta(days=1)
MOST_NAMED = 20
RESTORED = ("position", "archived_at", "kind", "question", "answer", "explanation", "reference", "sources")


@dataclass(slots=True)
class Undone:
    """What undoing a change came to: how many notes went back, and the keys of those that stay as they are now.

    `kept` counts notes that were made by the change and are archived, not removed, for others have learnt from them.
    `deck_gone` says that the deck, which the change had made, went too.
    """

    restored: int = 0
    left: list[str] = field(default_factory=list)
    kept: int = 0
    deck_gone: bool = False

    def words(self) -> str:
        """Return it as a sentence or two."""
        total = self.restored + len(self.left)
        said = f"{self.restored:,} of {total:,} put back"
        if self.left:
            have, stay = ("has", "stays") if len(self.left) == 1 else ("have", "stay")
            named = ", ".join(self.left[:MOST_NAMED]) + (" …" if len(self.left) > MOST_NAMED else "")
            said += f"; {len(self.left):,} {have} been changed since and {stay}: {named}"
        if self.kept:
            said += f". {self.kept:,} that others have learnt from {'is' if self.kept == 1 else 'are'} archived"
        return f"{said}."


def changes_of(deck: Deck) -> QuerySet[ChangeSet]:
    """Return the changes of many notes of `deck`, newest first, with their makers and their number of notes."""
    changes = ChangeSet.objects.filter(deck=deck).select_related("made_by")
    return changes.annotate(note_count=Count("notes")).order_by("-made_at", "-pk")


def can_be_undone(change: ChangeSet, now: datetime) -> bool:
    """Return whether it is not too late to undo `change`."""
    return change.undone_at is None and now - change.made_at <= UNDONE_WITHIN


def undo(change: ChangeSet, user: User | None, now: datetime) -> Undone:
    """Put back every note whose newest version is still the one that `change` made, and say which are left.

    Notes that the change made are removed with their cards, or archived where others have learnt from them. A deck
    that an import made and that is empty then goes too. Raises Refused if it is too late or has been done.
    """
    with transaction.atomic():
        locked = ChangeSet.objects.select_for_update(of=("self",)).select_related("deck").filter(pk=change.pk).first()
        if locked is None or not can_be_undone(locked, now):
            raise Refused([Problem("change", "This can't be undone any more: it is more than a day old, or it was.")])
        undone = Undone()
        transfer = Transfer.objects.filter(change=locked).first()
        if transfer is not None:
            _take_history_back(transfer)
        topics = _topics_made(locked) if locked.kind == ChangeSet.Kind.IMPORT else []
        writer = ManyNotes(locked.deck, user, f"Undone: {locked.words}")
        for batch in _batches(locked):
            _undo_batch(batch, writer, undone)
        locked.undone_at = now
        locked.save(update_fields=["undone_at"])
        if transfer is not None:
            transfer.state, transfer.finished_at = Transfer.State.UNDONE, now
            transfer.outcome = {**transfer.outcome, "undone": undone.words()}
            transfer.save(update_fields=["state", "finished_at", "outcome"])
        if locked.kind == ChangeSet.Kind.IMPORT:
            _clear_up(locked, transfer, topics, undone)
        return undone


def _take_history_back(transfer: Transfer) -> None:
    taught, brought = learning.registered(), brought_of(transfer.pk)
    if taught is not None and brought.exists():
        taught.take_back(transfer.user, brought)


def _batches(change: ChangeSet) -> Iterable[list[ChangedNote]]:
    numbers = list(change.notes.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), BATCH):
        yield list(ChangedNote.objects.filter(pk__in=numbers[start : start + BATCH]).order_by("pk"))


def _undo_batch(batch: Sequence[ChangedNote], writer: ManyNotes, undone: Undone) -> None:
    notes = Note.objects.select_related("topic", "deck").in_bulk([changed.note_id for changed in batch])
    untouched = _untouched(batch)
    undone.left += [notes[each.note_id].key for each in batch if each.pk not in untouched]
    made = [each.note_id for each in batch if each.pk in untouched and each.before is None]
    needed = learning.needed(made, writer.user) if made else set()
    _remove([pk for pk in made if pk not in needed])
    for pk in needed:
        vars(notes[pk])["_history_user"] = writer.user
        services.archive_note(notes[pk])
    undone.restored += len(made)
    undone.kept += len(needed)
    before = {each.note_id: each.before for each in batch if each.pk in untouched and each.before is not None}
    _put_back([notes[pk] for pk in before], before, writer, undone)


def _untouched(batch: Sequence[ChangedNote]) -> set[int]:
    """Return the pks of those whose notes are as the change left them, whatever happened in between."""
    newest = newest_versions(changed.note_id for changed in batch)
    others = [each for each in batch if newest.get(each.note_id) not in {None, each.after}]
    contents = contents_of([each.after for each in others] + [newest[each.note_id] for each in others])
    same = {each.pk for each in others if contents.get(each.after) == contents.get(newest[each.note_id], ())}
    return same | {each.pk for each in batch if newest.get(each.note_id) == each.after}


def _remove(notes: Sequence[int]) -> None:
    """Remove notes that nobody needs, with their cards and what the history says of them."""
    Card.objects.filter(note__in=notes).delete()
    for model in (Suggestion, ChangedNote, Note.tags.through):
        model.objects.filter(note__in=notes).delete()
    # Not one by one with a last version of each in the history, which goes as well.
    Note.objects.filter(pk__in=notes)._raw_delete(using=Note.objects.db)  # noqa: SLF001
    forget_versions(notes)


def _put_back(notes: Sequence[Note], before: Mapping[int, int], writer: ManyNotes, undone: Undone) -> None:
    """Save notes as they were in versions (by their pks); where that can't be any more one is left, and named."""
    versions = {version.history_id: version for version in Note.history.filter(history_id__in=before.values())}
    tags = tags_of_versions(versions)
    topics = Topic.objects.filter(deck=writer.deck).in_bulk()
    drafts = []
    for note in notes:
        version = versions.get(before[note.pk])
        topic = topics.get(version.topic_id) if version is not None else None
        if version is None or topic is None:
            undone.left.append(note.key)
            continue
        for name in RESTORED:
            setattr(note, name, getattr(version, name))
        note.topic = topic
        names = tags.get(version.history_id, [])
        try:
            drafts.append(Draft(note, names, kinds.get(note.kind).faces(note)))
        except Refused:
            undone.left.append(note.key)
    writer.rewrite(drafts)
    undone.restored += len(drafts)


def _topics_made(change: ChangeSet) -> list[int]:
    """Return the pks of the topics that an import put notes into and that are no older than it."""
    versions = Note.history.filter(history_id__in=change.notes.values("after"))
    used = Topic.objects.filter(pk__in=versions.values("topic_id"), deck=change.deck)
    history = Topic.history.filter(id__in=used.values("pk"))
    made = history.filter(history_type="+", history_date__gte=change.made_at)
    return sorted(made.values_list("id", flat=True))


def _clear_up(change: ChangeSet, transfer: Transfer | None, made: Sequence[int], undone: Undone) -> None:
    """Remove what an import leaves empty: topics without notes that came with it, and the deck if it made it."""
    deck = change.deck
    is_new = transfer is not None and transfer.outcome.get("is_new_deck")
    if is_new and not Note.objects.filter(deck=deck).exists() and not deck.class_decks.exists():
        services.delete_decks([deck.pk])
        undone.deck_gone = True
        return
    for topic in Topic.objects.filter(pk__in=made, notes=None, cards=None):
        topic.delete()
