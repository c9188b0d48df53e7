"""Two editors at once: what somebody else's newer version of a note says beside what is about to be saved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from flashcards.decks import kinds
from flashcards.decks.models import Note, Tag, Topic
from flashcards.lib.differences import Piece, sides
from flashcards.lib.errors import Problem, Refused

FIELDS = {
    "kind": "Kind",
    "topic": "Topic",
    "question": "Question",
    "answer": "Answer",
    "explanation": "Explanation",
    "tag_names": "Tags",
    "source_ids": "Sources",
    "reference": "Reference",
    "key": "Key",
    "position": "Position",
}
"""The fields of a note's form that two people may have written differently, and what they are called."""

By = Literal["them", "you", "both"]


@dataclass(frozen=True, slots=True)
class Side:
    """A field that reads differently in the two: who changed it, and both texts with their words marked."""

    name: str
    label: str
    by: By
    theirs: list[Piece]
    yours: list[Piece]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The newer version (`version`, of `who`, `at`, for `reason`) against what was typed.

    `merged` holds, by name of field, what only they changed: put into the form, it keeps both changes. `yours` is
    what was posted, to be posted again over theirs.
    """

    version: int
    who: str
    at: datetime
    reason: str
    is_own: bool
    is_archived: bool
    sides: list[Side]
    merged: dict[str, str]
    yours: list[tuple[str, str]] = field(default_factory=list)

    @property
    def clashes(self) -> list[Side]:
        """Return the fields that both changed, each in their own way."""
        return [side for side in self.sides if side.by == "both"]

    @property
    def has_yours(self) -> bool:
        """Whether anything typed here is not in their version."""
        return any(side.by != "them" for side in self.sides)

    @property
    def has_theirs(self) -> bool:
        """Whether their version changed anything that the form shows."""
        return any(side.by != "you" for side in self.sides)

    @property
    def problem(self) -> Problem:
        """Return the sentence that says why nothing was saved."""
        who = "You have" if self.is_own else f"{self.who} has"
        return Problem("", f"{who} changed this note since you opened it here. Nothing was saved, nothing is lost.")


def written(note: Any, tags: Iterable[str]) -> dict[str, str]:
    """Return what a note, or one of its versions, says in each of FIELDS, as text that can be compared and posted."""
    return {
        "kind": note.kind,
        "topic": str(note.topic_id) if note.topic_id else f"new: {note.topic.title}",
        "question": note.question,
        "answer": note.answer,
        "explanation": note.explanation,
        "tag_names": ", ".join(sorted(tags)),
        "source_ids": ", ".join(note.sources),
        "reference": note.reference,
        "key": note.key,
        "position": str(note.position),
    }


def tags_of_version(version: Any) -> list[str]:
    """Return the names of the tags that a version of a note had; those deleted since are left out."""
    ids = version.tags.values_list("tag_id", flat=True)
    return sorted(Tag.objects.filter(pk__in=list(ids)).values_list("name", flat=True))


def compare(
    note: Note, tags: Iterable[str], names: Iterable[str], opened: int, user_id: int | None
) -> Comparison | None:
    """Return how `note`, as it is about to be saved, stands to its newest version; None if that was the one `opened`.

    `names` are the fields of FIELDS to look at. Also None where the newest version says the same in all of them.
    """
    newest = Note.history.filter(id=note.pk).select_related("history_user").first()
    if newest is None or newest.history_id == opened:
        return None
    base_version = Note.history.filter(id=note.pk, history_id=opened).first()
    mine, theirs = written(note, tags), written(newest, tags_of_version(newest))
    base = written(base_version, tags_of_version(base_version)) if base_version is not None else {}
    differing = [name for name in names if name in FIELDS and mine[name] != theirs[name]]
    if not differing:
        return None
    by = {name: _changed_by(base.get(name), mine[name], theirs[name]) for name in differing}
    shown = _in_words(differing, [mine, theirs], note.deck_id)
    labels = _labels(note.kind)
    return Comparison(
        version=newest.history_id,
        who=str(newest.history_user or "Somebody"),
        at=newest.history_date,
        reason=newest.history_change_reason or "",
        is_own=newest.history_user_id is not None and newest.history_user_id == user_id,
        is_archived=newest.archived_at is not None and (base_version is None or base_version.archived_at is None),
        sides=[
            Side(name, labels[name], by[name], *sides(shown[1][name], shown[0][name])) for name in differing
        ],
        merged={name: theirs[name] for name in differing if by[name] == "them"},
    )  # fmt: skip


def _changed_by(base: str | None, mine: str, theirs: str) -> By:
    if base is not None and mine == base:
        return "them"
    return "you" if theirs == base else "both"


def _in_words(names: list[str], texts: list[dict[str, str]], deck_id: int) -> list[dict[str, str]]:
    """Return the texts with topics and kinds named as people know them."""
    topics: Mapping[str, str] = {}
    if "topic" in names:
        topics = {str(pk): title for pk, title in Topic.objects.filter(deck=deck_id).values_list("pk", "title")}
    return [
        {**text, "topic": topics.get(text["topic"], text["topic"]), "kind": _kind_label(text["kind"])}
        for text in texts
    ]


def _kind_label(name: str) -> str:
    try:
        return kinds.get(name).label
    except Refused:
        return name


def _labels(kind: str) -> dict[str, str]:
    """Return what the fields are called in the form of this kind."""
    return FIELDS | {part.name: part.label for part in kinds.get(kind).parts}
