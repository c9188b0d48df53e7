"""A row of Anki's notes as our notes: which kind, which topic, which keys, what was learnt."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from flashcards.decks.formats.anki.reading.characters import fit_html, warn
from flashcards.decks.formats.anki.reading.fields import Converter
from flashcards.decks.formats.anki.reading.foreign import ForeignNote
from flashcards.decks.formats.anki.reading.history import AnkiCard, card_records
from flashcards.decks.formats.anki.reading.keys import Keys, key_of
from flashcards.decks.formats.anki.reading.limits import MOST_PROBLEMS
from flashcards.decks.formats.anki.reading.note_types import NoteType
from flashcards.decks.formats.anki.reading.ours import our_record
from flashcards.decks.formats.anki.reading.subdecks import Tree
from flashcards.decks.formats.anki.reading.tags import read_tags
from flashcards.decks.formats.anki.source_field import FIELD, Source, facts_of, read_source
from flashcards.decks.formats.records import NoteRecord
from flashcards.decks.kinds.gaps import find_gaps
from flashcards.lib.errors import Problem

_MARKED = "marked"
_ONE_FOR_ALL = -1


@dataclass(slots=True)
class NoteReader:
    """Converts rows. `problems` are notes that were left out; `created` is the collection's day 0 in seconds."""

    note_types: dict[int, NoteType]
    tree: Tree
    keys: Keys
    holds: Callable[[str], bool]
    created: int
    history: bool
    problems: list[Problem] = field(default_factory=list)

    def records(self, row: list[Any]) -> Iterator[NoteRecord]:
        """Yield the notes that a row of `child.notes` becomes: mostly one."""
        nid, guid, mid, tags_text, text, rows = row
        note_type = self.note_types.get(mid)
        if note_type is None or text is None:
            self._leave_out(
                nid, "its note type is missing" if text is not None else "it is longer than 1,000,000 characters"
            )
            return
        cards = [AnkiCard(*card) for card in rows]
        converter = Converter(self.holds)
        warnings = converter.warnings
        tags = read_tags(tags_text, warnings)
        note = ForeignNote(
            note_type,
            {name: fit_html(html, warnings) for name, html in zip(note_type.fields, text.split("\x1f"), strict=False)},
            self._special(cards, note_type, tags_text),
            converter,
        )
        for name in note_type.fields:
            note.fields.setdefault(name, "")
        source = read_source(note.fields.get(FIELD, ""))
        record = our_record(source, note, tags) if source else None
        key = self._key(guid, source)
        if record is not None and source is not None:
            made = {_ONE_FOR_ALL: record}
        else:
            made = note.records([card.ord for card in cards])
            for each in made.values():
                each.tags = list(tags)
        if not made:
            self._leave_out(nid, "it makes no card")
        topic = self._topic(cards, warnings)
        for ord_, each in made.items():
            each.key = key if ord_ <= 0 else f"{key}-{ord_ + 1}"
            each.topic = topic
            if self.history:
                self._learn(each, ord_, cards, warnings, source if record is not None else None)
            each.warnings = list(warnings)
            yield each

    def _leave_out(self, nid: int, why: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem("file", f"Note {nid} was left out: {why}."))

    def _key(self, guid: str, source: Source | None) -> str:
        if source is not None and guid == f"{source['deck']['slug'] or 'deck'}:{source['key']}":
            key = source["key"]
        else:
            key = key_of(guid)
        copy = self.keys.copy_of(guid)
        return f"{key[:60]}-copy{copy}" if copy else key

    def _topic(self, cards: list[AnkiCard], warnings: list[str]) -> str:
        topics = list(dict.fromkeys(self.tree.topics[card.deck] for card in cards if card.deck in self.tree.topics))
        if len(topics) > 1:
            warn(warnings, "Its cards lie in several decks in Anki; the note is in the topic of the first.")
        return topics[0] if topics else self.tree.head.topics[0].slug

    def _special(self, cards: list[AnkiCard], note_type: NoteType, tags: str) -> dict[str, str]:
        path = self.tree.names.get(cards[0].deck, ["Default"]) if cards else ["Default"]
        return {
            "Tags": escape(" ".join(tags.split())),
            "Deck": escape("::".join(path)),
            "Subdeck": escape(path[-1]),
            "Type": escape(note_type.name),
        }

    def _learn(
        self, record: NoteRecord, ord_: int, cards: list[AnkiCard], warnings: list[str], source: Source | None
    ) -> None:
        if ord_ == _ONE_FOR_ALL:
            numbers = _numbers(record)
            of = cards

            def ordinal(card: AnkiCard) -> int | None:
                return card.ord + 1 if numbers is None or card.ord + 1 in numbers else None
        else:
            of = [card for card in cards if card.ord == ord_]

            def ordinal(card: AnkiCard) -> int | None:
                return 1

        facts = (lambda number: facts_of(source, number)) if source is not None else None
        record.cards = card_records(of, ordinal, self.created, warnings, facts)
        if source is None and any(tag.casefold() == _MARKED for tag in record.tags):
            record.tags = [tag for tag in record.tags if tag.casefold() != _MARKED]
            for card in record.cards:
                card.is_starred = True


def _numbers(record: NoteRecord) -> set[int] | None:
    """Return the ordinals that a note's kind gives its cards, None if they are not known from the text alone."""
    if record.kind == "cloze":
        return {gap.number for gap in find_gaps(record.question, "question")[0]}
    if record.kind == "occlusion":
        return {
            int(line.split(":", 1)[0])
            for line in record.answer.split("\n")
            if line.split(":", 1)[0].strip().isdecimal()
        }
    return {1, 2} if record.kind == "reversed" else {1}
