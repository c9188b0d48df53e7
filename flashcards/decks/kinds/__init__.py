"""The kinds of notes. A new one is a module beside its siblings and a place in this list."""

from collections.abc import Sequence

from flashcards.decks.kinds.base import FIELDS, Draft, Face, Kind, Part, Written
from flashcards.decks.kinds.basic import Basic
from flashcards.decks.kinds.cloze import Cloze
from flashcards.decks.kinds.reversed import Reversed
from flashcards.lib.errors import Problem, Refused

__all__ = ["FIELDS", "Draft", "Face", "Kind", "Part", "Written", "all_kinds", "get"]

_KINDS: dict[str, Kind] = {kind.name: kind for kind in (Basic(), Reversed(), Cloze())}


def get(name: str) -> Kind:
    """Return the kind of this name; raises Refused if there is none."""
    if name not in _KINDS:
        raise Refused([Problem("kind", f"There is no kind “{name[:40]}”. There are: {', '.join(_KINDS)}.")])
    return _KINDS[name]


def all_kinds() -> Sequence[Kind]:
    """Return every kind, the usual one first."""
    return tuple(_KINDS.values())
