"""What a format gives to an import: its notes piece by piece, and what it guessed that a person may correct."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

from flashcards.decks.formats.names import Format
from flashcards.decks.formats.records import DeckSource
from flashcards.lib.errors import Problem


@dataclass(slots=True)
class Reading:
    """A file that has been opened.

    `choices`, as JSON holds them, are what was chosen or else guessed (delimiter, columns, splits), for the page to
    show and send back; `problems` are what is wrong with single rows, which `source` leaves out.
    """

    source: DeckSource
    choices: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class Reader(Protocol):
    """Opens files of one format."""

    format: ClassVar[Format]
    template: ClassVar[str]
    """The part of the preview page where the person corrects `choices` ("" if there is nothing to choose)."""

    def choices_from(self, posted: Any) -> dict[str, Any]:
        """Return the choices that a form (a QueryDict) posts; what is nonsense is left out."""
        ...

    def open(self, path: Path, name: str, choices: dict[str, Any]) -> AbstractContextManager[Reading]:
        """Open the file at `path`, called `name`; raises Refused if nothing can be read from it."""
        ...
