"""A deck laid out for proof-reading: its texts, its notes with their cards, and where they stand in the file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from flashcards.decks.formats.records import NoteRecord
from flashcards.decks.kinds import FIELDS, Face
from flashcards.decks.proofing.findings import Finding, Severity
from flashcards.lib.formulas import line_of


@dataclass(frozen=True, slots=True)
class Passage:
    """All that one note, or the introduction, shows anywhere: `html`, and the `sources` that it was written as.

    A source goes by its field's name and has the line on which it begins, None where there is no file.
    """

    key: str
    order: int
    html: tuple[str, ...]
    sources: dict[str, tuple[str, int | None]]

    def finding(self, severity: Severity, check: str, message: str, written: str) -> Finding:
        """Return a finding at the place where `written` stands; at the first field's beginning if it is nowhere."""
        for name, (source, line) in self.sources.items():
            if written and (at := source.find(written)) >= 0:
                found = line + line_of(source, at) - 1 if line else None
                return Finding(severity, check, name, message, self.key, found, self.order)
        name, (_, line) = next(iter(self.sources.items()))
        return Finding(severity, check, name, message, self.key, line, self.order)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A note and its cards; `faces` is empty if the note is refused. `order` is its place in the deck."""

    record: NoteRecord
    order: int
    faces: list[Face] = field(default_factory=list)

    def error(self, check: str, name: str, message: str, within: int | None = 1) -> Finding:
        """Return an error on line `within` of the field called `name`."""
        return self._finding(Severity.ERROR, check, name, message, within)

    def warning(self, check: str, name: str, message: str, within: int | None = 1) -> Finding:
        """Return a warning on line `within` of the field called `name`."""
        return self._finding(Severity.WARNING, check, name, message, within)

    def _finding(self, severity: Severity, check: str, name: str, message: str, within: int | None) -> Finding:
        begins = self.record.lines.get(name)
        line = begins + (within or 1) - 1 if begins else self.record.line or None
        return Finding(severity, check, name, message, self.record.key, line, self.order)

    @property
    def place(self) -> str:
        """The note as the messages of other notes name it."""
        return f"{self.record.key} (line {self.record.line})" if self.record.line else self.record.key

    def asked(self, face: Face) -> str:
        """Return the HTML of what a card asks: without its options, and with # for each number that is drawn."""
        question = face.data.get("question", face.question_html)
        return question if isinstance(question, str) else _joined(question)

    def passage(self) -> Passage:
        """Return all that the note shows on any side and in any message to learners."""
        record = self.record
        lines = {name: (getattr(record, name), record.lines.get(name, record.line) or None) for name in FIELDS}
        return Passage(record.key, self.order, tuple(dict.fromkeys(self._html())), lines)

    def _html(self) -> Iterator[str]:
        for face in self.faces:
            yield from (face.question_html, face.answer_html, face.explanation_html)
            yield from _strings(face.data)
            if "src" in face.data:
                yield f'<img src="{escape(face.data["src"])}" alt="{escape(face.data["alt"])}">'


def _joined(segments: Iterable[Any]) -> str:
    return "".join(segment if isinstance(segment, str) else "#" for segment in segments)


def _strings(data: Any) -> Iterator[str]:
    """Yield the texts in a card's data, at any depth, that hold an image or a link."""
    if isinstance(data, str):
        if "<img" in data or "<a " in data:
            yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)
