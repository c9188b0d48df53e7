"""Tables ⇄ notes: a row is a note, its columns are fields. Spreadsheets of others are read as well as our own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from flashcards.decks.formats.records import DeckHead, DeckSource, NoteRecord
from flashcards.decks.formats.table_columns import FIELDS
from flashcards.decks.formats.table_files import DECK_SHEET, open_table, title_of
from flashcards.decks.formats.table_layout import as_choices, understand
from flashcards.decks.formats.table_notes import TableNotes, topic_cell
from flashcards.lib.errors import Problem
from flashcards.lib.tables.writing import Sheet, write_delimited, write_workbook

SEPARATORS_OF = {"csv": ",", "tsv": "\t"}
WIDTHS = (24, 24, 10, 48, 48, 40, 20, 14, 30)


@dataclass(slots=True)
class TableDeck:
    """The notes of a table as a source; it has no media."""

    head: DeckHead
    records: list[NoteRecord]

    def notes(self) -> Iterator[NoteRecord]:
        """Yield the notes in the table's order."""
        return iter(self.records)

    def media(self, name: str) -> bytes | None:
        """Return None: a table holds none."""
        return None


def read(data: bytes, name: str, choices: dict[str, Any]) -> tuple[TableDeck, dict[str, Any], list[Problem]]:
    """Return the deck in a file, what it was taken for (as a page shows it), and what is wrong with single rows.

    `choices` may say separator, encoding, sheet, has_header, columns, kind and breaks. Raises Refused.
    """
    table = open_table(data, choices)
    understood = understand(table, choices)
    reader = TableNotes(table, understood)
    notes = reader.notes()
    deck = table.deck
    head = DeckHead(
        deck.get("title") or table.directives.get("deck") or title_of(name), deck.get("deck", ""),
        deck.get("language") or "en", deck.get("introduction", ""), reader.topics(), len(notes),
    )  # fmt: skip
    return TableDeck(head, notes), as_choices(table, understood), [*table.problems, *reader.problems]


def write(out: BinaryIO, source: DeckSource, form: str) -> int:
    """Write a deck as "csv", "tsv" or "xlsx" and return how many notes.

    Reading it gives the same notes, and from a workbook the same deck. Raises Refused for a text that does not fit
    into a workbook's cell.
    """
    rows = _Rows(source)
    if form == "xlsx":
        head = source.head
        about = [("deck", head.slug), ("title", head.title), ("language", head.language),
                 ("introduction", head.introduction)]  # fmt: skip
        write_workbook(out, [Sheet("Cards", WIDTHS, rows), Sheet(DECK_SHEET, (16, 80), about)])
    else:
        write_delimited(out, rows, SEPARATORS_OF[form])
    return rows.count


class _Rows:
    """The rows of a deck, one after the other; `count` is of the notes handed out so far."""

    def __init__(self, source: DeckSource) -> None:
        self._source, self.count = source, 0

    def __iter__(self) -> Iterator[Sequence[str]]:
        titles = {topic.slug: topic.title for topic in self._source.head.topics}
        yield FIELDS
        for note in self._source.notes():
            self.count += 1
            topic = topic_cell(note.topic, titles.get(note.topic, note.topic)) if note.topic else ""
            yield (
                note.key, topic, note.kind, note.question, note.answer, note.explanation, ", ".join(note.tags),
                ", ".join(note.sources), note.reference,
            )  # fmt: skip
