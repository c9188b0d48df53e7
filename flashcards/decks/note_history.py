"""Many versions of notes at once: the same rows in the history that saving one note writes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from flashcards.accounts.models import User
from flashcards.decks.models import NOTE_HISTORY, Note, Severity
from flashcards.lib.inserting import insert_many

# Once: the manager is built anew each time it is asked for.
_VERSION = Note.history.model
_FIELDS = [field.attname for field in _VERSION.tracked_fields]
_SAID = ("history_date", "history_type", "history_user_id", "history_change_reason", "severity")
# A version says what the note's row says: the database copies it, which is many times as fast as sending it once more.
_COPY = (
    f"INSERT INTO {_VERSION._meta.db_table} ({', '.join([*_FIELDS, *_SAID])}) "  # noqa: S608, SLF001  our own names
    f"SELECT {', '.join(_FIELDS)}, {', '.join(['%s'] * len(_SAID))} FROM {Note._meta.db_table} "  # noqa: SLF001
    "WHERE id IN ({places}) RETURNING id, history_id"
)
_CONTENT = ("topic_id", "kind", "question", "answer", "explanation", "reference", "sources", "archived_at")
_TAGS = NOTE_HISTORY.m2m_models[Note.tags.field]


def newest_versions(notes: Iterable[int]) -> dict[int, int]:
    """Return by note (pk) the number of its newest version; a note without history is left out."""
    rows = Note.history.filter(id__in=list(notes)).order_by("history_date", "history_id")
    return dict(rows.values_list("id", "history_id"))


def tags_of_versions(versions: Iterable[int]) -> dict[int, list[str]]:
    """Return by the version's number the names of the tags that a note had then; tags that are gone are left out."""
    names: dict[int, list[str]] = {}
    rows = _TAGS.objects.filter(history__in=list(versions)).values_list("history", "tag__name")
    for version, name in rows.order_by("tag__name"):
        if name is not None:
            names.setdefault(version, []).append(name)
    return names


def forget_versions(notes: Iterable[int]) -> None:
    """Remove every version of these notes (pks) with what it says of their tags."""
    versions = Note.history.filter(id__in=list(notes))
    _TAGS.objects.filter(history__in=versions.values("history_id")).delete()
    versions.delete()


def contents_of(versions: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    """Return by its number what a version says, in a form that can be compared; where the note stood is no matter."""
    numbers = list(versions)
    tags = tags_of_versions(numbers)
    rows = Note.history.filter(history_id__in=numbers).values_list("history_id", *_CONTENT)
    return {number: (*content, tags.get(number, [])) for number, *content in rows}


def write_versions(
    notes: Sequence[Note],
    tags: Mapping[int, Sequence[tuple[int, int]]],
    *,
    made: bool,
    user: User | None,
    now: datetime,
    reason: str = "",
    severity: Severity | None = None,
) -> dict[int, int]:
    """Add a version of each note as it is stored, and return their numbers by note (pk).

    `tags` holds by note the pks of the row that joins it to a tag, and of that tag. `made` says that the notes are
    new.
    """
    said = {
        "history_date": connection.ops.adapt_datetimefield_value(now),
        "history_type": "+" if made else "~",
        "history_user_id": user.pk if user is not None else None,
        "history_change_reason": reason[:100] or None,
        "severity": severity or "",
    }
    pks = [note.pk for note in notes]
    with connection.cursor() as cursor:
        cursor.execute(_COPY.format(places=", ".join(["%s"] * len(pks))), [*said.values(), *pks])
        versions = dict(cursor.fetchall())
    insert_many(
        _TAGS(history_id=versions[pk], id=joining, note_id=pk, tag_id=tag)
        for pk in pks
        for joining, tag in tags.get(pk, ())
    )
    return versions
