"""What the study floor does for files: it registers here, for this floor does not know it.

Without `Learning` nobody is offered to bring or take along their history.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from flashcards.accounts.models import User
from flashcards.decks.formats.records import CardRecord
from flashcards.decks.models import Deck, Note


@dataclass(frozen=True, slots=True)
class Brought:
    """How much came with an import: reviews, and cards that have any."""

    reviews: int = 0
    cards: int = 0


class Learning(Protocol):
    """What somebody did with cards, into files and out of them."""

    def cards_of(self, user: User, notes: Sequence[Note]) -> dict[int, list[CardRecord]]:
        """Return by note's pk what `user` did with its cards; notes without any are left out."""
        ...

    def bring(self, user: User, deck: Deck, pairs: Iterable[tuple[int, list[CardRecord]]], ids: Path) -> Brought:
        """Store what a file says that `user` did with cards of `deck`: pairs of a note's pk and its cards.

        What is stored already is left as it is, so that twice is once. Writes to `ids` what `take_back` needs. Runs
        inside the import's transaction; raises Refused.
        """
        ...

    def take_back(self, user: User, ids: Path) -> int:
        """Undo a `bring` inside a transaction, and return how many reviews went."""
        ...


Needed = Callable[[Sequence[int], User | None], set[int]]
"""Takes notes' pks and a person, and returns those that must stay for what others did with their cards."""

_learning: list[Learning] = []
_needed: list[Needed] = []


def register(learning: Learning) -> None:
    """Let files carry history; registering again replaces."""
    _learning[:] = [learning]


def register_needed(needed: Needed) -> None:
    """Let undoing ask which notes must stay; registering again replaces."""
    _needed[:] = [needed]


def registered() -> Learning | None:
    """Return what has been registered, None where files carry no history."""
    return _learning[0] if _learning else None


def needed(notes: Sequence[int], user: User | None) -> set[int]:
    """Return which of these notes (pks) somebody other than `user` has learnt from, so that they must stay."""
    return _needed[0](notes, user) if _needed else set(notes)
