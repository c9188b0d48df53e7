"""The kinds of notes. A new one is a module beside its siblings and a place in this list."""

from collections.abc import Sequence

from flashcards.decks.kinds.asking import Asked, Asking, Judged, Unreadable, Verdict, seed_of
from flashcards.decks.kinds.base import FIELDS, Draft, Face, Kind, Part, Written
from flashcards.decks.kinds.basic import Basic
from flashcards.decks.kinds.choice import Choice
from flashcards.decks.kinds.cloze import Cloze
from flashcards.decks.kinds.numeric import Numeric
from flashcards.decks.kinds.occlusion import Occlusion
from flashcards.decks.kinds.reversed import Reversed
from flashcards.decks.kinds.typed import Typed
from flashcards.lib.errors import Problem, Refused

__all__ = [
    "FIELDS", "Asked", "Asking", "Draft", "Face", "Judged", "Kind", "Part", "Unreadable", "Verdict", "Written",
    "all_kinds", "asking", "get", "seed_of",
]  # fmt: skip

_KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (Basic(), Reversed(), Cloze(), Choice(), Typed(), Numeric(), Occlusion())
}


def get(name: str) -> Kind:
    """Return the kind of this name; raises Refused if there is none."""
    if name not in _KINDS:
        raise Refused([Problem("kind", f"There is no kind “{name[:40]}”. There are: {', '.join(_KINDS)}.")])
    return _KINDS[name]


def all_kinds() -> Sequence[Kind]:
    """Return every kind, the usual one first."""
    return tuple(_KINDS.values())


def asking(name: str) -> Asking | None:
    """Return the kind of this name if its cards take an answer; None if they are turned over."""
    kind = _KINDS.get(name)
    return kind if isinstance(kind, Asking) else None
