"""The writes of material. Everything is checked before anything is written; a refusal names every problem at once."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from flashcards.decks import checks, kinds
from flashcards.decks.cards import place_cards_of_note, place_cards_of_topic, write_cards
from flashcards.decks.models import NOTE_HISTORY, Card, Deck, Note, Severity, Tag, Topic
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.markdown import render

LONGEST_KEY = 60
"""Of keys that are made from a question."""
MOST_OF_QUESTION = 400

_GAP = re.compile(r"\{\{c\d+::")
_NOTE_FIELDS = ("deck_id", "topic_id", "key", "kind", "position", "question", "answer", "explanation", "reference")


@dataclass(frozen=True, slots=True)
class Edit:
    """What an editor says about a change: how grave it is, why, and whose suggestion it follows (an id)."""

    severity: Severity = Severity.WORDING
    reason: str = ""
    credit_id: int | None = None


class Conflict(Exception):
    """Somebody else has changed the note since it was opened; `version` is the newest. Nothing has been written."""

    def __init__(self, version: int) -> None:
        super().__init__(f"There is a newer version of the note: {version}.")
        self.version = version


def preview(kind: str, note: kinds.Written) -> list[kinds.Face]:
    """Return the cards that a note of this kind would make, exactly as learners see them; raises Refused."""
    draft = kinds.Draft(*(checks.tidy_markdown(getattr(note, name)) for name in kinds.FIELDS))
    return kinds.get(kind).faces(draft)


def checked_faces(note: Note, tags: Iterable[str]) -> list[kinds.Face]:
    """Return the cards of `note`, whose texts are tidied in place; raises Refused with every problem at once."""
    checks.tidy_note(note)
    problems = checks.note_problems(note) + checks.tag_problems(tags)
    faces: list[kinds.Face] = []
    try:
        faces = kinds.get(note.kind).faces(note)
    except Refused as refused:
        problems += refused.problems
    if problems:
        raise Refused(problems)
    return faces


def save_note(
    note: Note, *, tags: Iterable[str], edit: Edit | None = None, expected_version: int | None = None
) -> None:
    """Check, render and write `note` with its cards and with exactly these tags, by name.

    Cards are matched by ordinal and keep their rows, so that every learner's memory of them stays; one that the note
    no longer makes is archived, one that it makes again comes back. A note as it was before adds nothing to its
    history. `edit` says what kind of change it is; after one of meaning those who know the cards are told once.
    Raises Refused with every problem, and Conflict if `expected_version` is given, the note has another by now and
    would change; then nothing is written.
    """
    names = list(dict.fromkeys(checks.tidy_markdown(name).strip() for name in tags))
    faces = checked_faces(note, names)
    if edit is not None and (problems := checks.reason_problems(edit.reason)):
        raise Refused(problems)
    with transaction.atomic():
        created = note.pk is None
        stored = None if created else Note.objects.select_for_update().filter(pk=note.pk).first()
        if stored is not None and stored.deck_id != note.deck_id:
            raise Refused(
                [Problem("deck", "A note can't move to another deck: its cards' reviews belong to this one.")]
            )
        changed = stored is None or _differs(stored, note) or set(_tag_names(stored)) != set(names)
        if changed and stored is not None and expected_version is not None:
            _hold_to(stored, expected_version)
        if changed:
            with _without_history(note):
                note.save()
                _set_tags(note, names)
            NOTE_HISTORY.create_historical_record(note, "+" if created else "~")
            if edit is not None and not created:
                _describe_edit(note, edit)
        write_cards(note, faces)


def version_of(note: Note) -> int:
    """Return the number of the newest version of `note`; 0 for one that is not stored."""
    versions = Note.history.filter(id=note.pk) if note.pk else Note.history.none()
    newest: int | None = versions.values_list("history_id", flat=True).first()
    return newest or 0


def _hold_to(stored: Note, expected: int) -> None:
    newest = version_of(stored)
    if newest != expected:
        raise Conflict(newest)


def _describe_edit(note: Note, edit: Edit) -> None:
    version = Note.history.filter(id=note.pk).latest()
    version.severity, version.history_change_reason, version.credit_id = edit.severity, edit.reason, edit.credit_id
    version.save(update_fields=["severity", "history_change_reason", "credit"])
    if edit.severity == Severity.MEANING:
        Card.objects.filter(note=note.pk).update(meaning_changed_at=version.history_date)


def _differs(stored: Note, note: Note) -> bool:
    fields = (*_NOTE_FIELDS, "sources", "archived_at")
    return any(getattr(stored, name) != getattr(note, name) for name in fields)


def _tag_names(note: Note) -> list[str]:
    return list(note.tags.values_list("name", flat=True))


def _set_tags(note: Note, names: list[str]) -> None:
    known = {tag.name: tag for tag in Tag.objects.filter(deck=note.deck_id, name__in=names)}
    new = [Tag(deck_id=note.deck_id, name=name) for name in names if name not in known]
    if new:
        Tag.objects.bulk_create(new, ignore_conflicts=True)
        known = {tag.name: tag for tag in Tag.objects.filter(deck=note.deck_id, name__in=names)}
    note.tags.set(known.values())


@contextmanager
def _without_history(note: Note) -> Iterator[None]:
    vars(note)["skip_history_when_saving"] = True
    try:
        yield
    finally:
        del vars(note)["skip_history_when_saving"]


def free_slug(title: str) -> str:
    """Return an id for a new deck with this title that no deck has."""
    wanted = slugify(title)[:70].strip("-_") or "deck"
    taken = {*Deck.objects.filter(slug__startswith=wanted).values_list("slug", flat=True), *checks.TAKEN_SLUGS}
    numbered = (f"{wanted}-{number}" for number in count(2))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)


def save_deck(deck: Deck) -> None:
    """Check and write `deck` with its introduction rendered; raises Refused with every problem."""
    deck.title, deck.introduction = deck.title.strip(), checks.tidy_markdown(deck.introduction)
    rendered = render(deck.introduction, field="introduction")
    problems = [*checks.deck_problems(deck), *rendered.problems]
    if problems:
        raise Refused(problems)
    deck.introduction_html = rendered.html
    deck.save()


def delete_decks(decks: Iterable[int]) -> None:
    """Delete decks by id with all that hangs on them: notes, cards, every learner's reviews, earlier versions."""
    ids = list(decks)
    with transaction.atomic():
        # Notes and cards protect their topic: they go first.
        Card.objects.filter(deck__in=ids).delete()
        Note.objects.filter(deck__in=ids).delete()
        Topic.objects.filter(deck__in=ids).delete()
        Deck.objects.filter(pk__in=ids).delete()
        Note.history.filter(deck_id__in=ids).delete()
        Topic.history.filter(deck_id__in=ids).delete()
        Deck.history.filter(id__in=ids).delete()


def save_topic(topic: Topic) -> None:
    """Check and write `topic`; its cards follow a new position. Raises Refused with every problem."""
    topic.title = topic.title.strip()
    problems = checks.topic_problems(topic)
    stored = Topic.objects.filter(pk=topic.pk).first() if topic.pk else None
    if stored is not None and stored.deck_id != topic.deck_id:
        problems.append(Problem("deck", "A topic can't move to another deck."))
    if problems:
        raise Refused(problems)
    with transaction.atomic():
        topic.save()
        if stored is not None and stored.position != topic.position:
            place_topic(topic, topic.position)


def place_topic(topic: Topic, position: int) -> None:
    """Put `topic` at `position` among its deck's, with its cards, leaving no trace in its history."""
    with transaction.atomic():
        Topic.objects.filter(pk=topic.pk).update(position=position)
        topic.position = position
        place_cards_of_topic(topic)


def place_note(note: Note, position: int) -> None:
    """Put `note` at `position` within its topic, with its cards, leaving no trace in its history."""
    with transaction.atomic():
        Note.objects.filter(pk=note.pk).update(position=position)
        note.position = position
        place_cards_of_note(note)


def archive_note(note: Note) -> None:
    """Take `note` and its cards out of study; every review and memory stays. Twice is once."""
    if note.archived_at is not None:
        return
    with transaction.atomic():
        note.archived_at = timezone.now()
        note.save(update_fields=["archived_at", "updated_at"])
        Card.objects.filter(note=note.pk, archived_at=None).update(archived_at=note.archived_at)


def restore_note(note: Note) -> None:
    """Bring an archived note back with the cards it makes today; raises Refused if it can't be rendered any more."""
    if note.archived_at is None:
        return
    note.archived_at = None
    save_note(note, tags=_tag_names(note))


def move_notes(notes: Iterable[Note], topic: Topic) -> int:
    """Move notes of one deck to the end of `topic`, in their order, and return how many; raises Refused."""
    moved = [note for note in notes if note.topic_id != topic.pk]
    if any(note.deck_id != topic.deck_id for note in moved):
        raise Refused([Problem("topic", "Choose notes of one deck and a topic of the same deck.")])
    with transaction.atomic():
        position = next_position(topic)
        for offset, note in enumerate(moved):
            note.topic, note.position = topic, position + offset
            note.save()
            place_cards_of_note(note)
    return len(moved)


def retag_notes(notes: Iterable[Note], *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> int:
    """Add and remove tags, by name, and return how many notes changed; raises Refused before anything is written."""
    adding, removing = list(add), set(remove)
    changed = 0
    with transaction.atomic():
        for note in notes:
            before = _tag_names(note)
            names = list(dict.fromkeys([*(name for name in before if name not in removing), *adding]))
            if problems := checks.tag_problems(names):
                raise Refused(problems)
            if set(names) != set(before):
                with _without_history(note):
                    _set_tags(note, names)
                NOTE_HISTORY.create_historical_record(note, "~")
                changed += 1
    return changed


def free_key(deck: Deck, question: str) -> str:
    """Return a key for a new note with this question that no note of `deck` has."""
    words = slugify(_GAP.sub("", question)[:MOST_OF_QUESTION])[:LONGEST_KEY].strip("-_") or "note"
    taken = set(Note.objects.filter(deck=deck, key__startswith=words).values_list("key", flat=True))
    numbered = (f"{words}-{number}" for number in count(2))
    return words if words not in taken else next(key for key in numbered if key not in taken)


def next_position(topic: Topic) -> int:
    """Return the position of a note put at the end of `topic`."""
    last = Note.objects.filter(topic=topic.pk).order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1
