"""The rows of a table → notes. What is wrong with a row is told with its number, and the row left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from flashcards.decks import kinds
from flashcards.decks.checks import slug_problems, tidy_markdown
from flashcards.decks.formats.keys import Names, guid_key, slug_of
from flashcards.decks.formats.plain import markdown_of
from flashcards.decks.formats.records import USUAL_KIND, NoteRecord, TopicRecord
from flashcards.decks.formats.table_columns import TEXTS, folded, kind_of
from flashcards.decks.formats.table_files import Row, Table
from flashcards.decks.formats.table_layout import Understood
from flashcards.decks.kinds.gaps import OPENING
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.tables.cells import as_it_was

_TOPIC = re.compile(r"(.*\S)[ \t]+\{#([-\w]{1,80})\}")
_BREAK = re.compile(r"[ \t]*[\r\n\t]+[ \t]*")


def topic_cell(slug: str, title: str) -> str:
    """Return a topic as a cell says it: its title, and its id behind it unless the title makes that very id."""
    return title if slug_of(title) == slug and not _TOPIC.fullmatch(title) else f"{title} {{#{slug}}}"


@dataclass(slots=True)
class _Cells:
    """A row's texts by field, as they were before they were made harmless."""

    number: int
    texts: dict[str, list[str]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        return next(iter(self.texts.get(name, [])), "")

    def all(self, name: str) -> list[str]:
        return self.texts.get(name, [])


class TableNotes:
    """Reads the rows of one table; `problems` are those of rows that are left out."""

    def __init__(self, table: Table, understood: Understood) -> None:
        self.table, self.understood = table, understood
        self.problems: list[Problem] = []
        self._topics: dict[str, TopicRecord] = {}
        self._by_cell: dict[str, str] = {}
        self._topic = ""
        self._rows_by_key: dict[str, int] = {}

    def notes(self) -> list[NoteRecord]:
        """Return the notes in the table's order, each with its row as its line."""
        start = 0 if self.understood.header is None else self.understood.header + 1
        rows = [cells for row in self.table.rows[start:] if (cells := self._cells(row)) is not None]
        keys = self._keys(rows)
        self._name_topics(rows)
        found = [note for row in rows if (note := self._note(row, keys[row.number])) is not None]
        return [note for note in found if self._is_first(note)]

    def topics(self) -> list[TopicRecord]:
        """Return the topics that the rows name, after `notes`."""
        return list(self._topics.values())

    def _cells(self, row: Row) -> _Cells | None:
        columns = self.understood.columns
        if any(cell.strip() for cell in row.cells[len(columns) :]):
            message = f"This row has {len(row.cells)} cells where there are {len(columns)} columns. "
            self._problem("file", f"{message}Put quotation marks around a text that holds the separator.", row.number)
            return None
        cells = _Cells(row.number)
        for place, name in enumerate(columns):
            text = as_it_was(row.cell(place))
            if name and text.strip():
                cells.texts.setdefault(name, []).append(text)
        return cells if cells.texts else None

    def _has_guids(self) -> bool:
        """Tell whether the column of keys holds Anki's own."""
        if "key" not in self.understood.columns or self.understood.header is None:
            return "guid column" in self.table.directives
        titles = self.table.rows[self.understood.header]
        return folded(titles.cell(self.understood.columns.index("key"))) == "guid"

    def _keys(self, rows: Sequence[_Cells]) -> dict[int, str]:
        """Return the key of each row by its number: what it says, else one made of its question that no other has."""
        said = {row.number: row.first("key").strip() for row in rows}
        if self._has_guids():
            said = {number: guid_key(key) if key else "" for number, key in said.items()}
        names = Names(said.values())
        return {
            number: key or names.free(row.first("question") or row.first("answer"), "card")
            for row, (number, key) in zip(rows, said.items(), strict=True)
        }

    def _name_topics(self, rows: Sequence[_Cells]) -> None:
        """Give every topic that the rows name its id: the one that is said, else one made of the title."""
        cells = list(dict.fromkeys(cell for row in rows if (cell := _one_line(row.first("topic")))))
        said = {cell: (found[2], found[1]) for cell in cells if (found := _TOPIC.fullmatch(cell))}
        names = Names(slug for slug, _ in said.values())
        for cell in cells:
            slug, title = said.get(cell) or (names.free(cell, "topic"), cell)
            self._by_cell[cell] = slug
            self._topics.setdefault(slug, TopicRecord(slug, title))

    def _note(self, row: _Cells, key: str) -> NoteRecord | None:
        self._topic = self._by_cell.get(_one_line(row.first("topic")), self._topic)
        note = NoteRecord(key, line=row.number, topic=self._topic)
        problems = slug_problems("key", key) if row.first("key") else []
        note.question, note.answer, note.explanation = (self._text(row.all(name)) for name in TEXTS)
        note.tags = self._listed(row.all("tags"), spaces="tags column" in self.table.directives)
        note.sources = self._listed(row.all("sources"))
        note.reference = _one_line(row.first("reference"))
        problems += self._set_kind(note, row.first("kind"))
        if not note.question:
            problems.append(Problem("question", "The question is missing."))
        for problem in problems:
            self._problem(problem.field, problem.message, row.number)
        return None if problems else note

    def _is_first(self, note: NoteRecord) -> bool:
        first = self._rows_by_key.setdefault(note.key, note.line)
        if first != note.line:
            self._problem("key", f"The key “{note.key}” is in row {first:,} already.", note.line)
        return first == note.line

    def _set_kind(self, note: NoteRecord, said: str) -> list[Problem]:
        kind = kind_of(said) if said.strip() else self.understood.kind
        if kind is None and "notetype column" not in self.table.directives:
            try:
                kinds.get(said.strip())
            except Refused as refused:
                return refused.problems
        note.kind = kind or USUAL_KIND
        has_gaps = note.kind == USUAL_KIND and not said.strip() and OPENING.search(note.question)
        if has_gaps and (not note.answer or not note.explanation):
            note.kind = "cloze"
        if note.kind == "cloze" and note.answer and not note.explanation:
            note.answer, note.explanation = "", note.answer
            note.warnings.append("A gap text has no answer of its own: what stood there became the explanation.")
        return []

    def _text(self, cells: Sequence[str]) -> str:
        texts = [tidy_markdown(cell) for cell in cells]
        if self.understood.breaks:
            texts = [markdown_of(text.split("\n")) for text in texts]
        return "\n\n".join(filter(None, texts))

    def _listed(self, cells: Sequence[str], *, spaces: bool = False) -> list[str]:
        parts = re.split(r"\s+" if spaces else r"[,\n]", "\n".join(cells))
        return list(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def _problem(self, name: str, message: str, row: int) -> None:
        self.problems.append(Problem(name, message, row))


def _one_line(text: str) -> str:
    return _BREAK.sub(" ", text).strip()
