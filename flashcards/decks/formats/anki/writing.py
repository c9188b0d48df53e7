"""A deck as an Anki package: a zip with a collection, numbered media and their names. Memory is bounded by a batch.

`docs/anki.md` says what becomes of what.
"""

import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flashcards.decks import kinds
from flashcards.decks.formats.anki.card_html import CardHtml
from flashcards.decks.formats.anki.collection_file import CollectionFile, open_collection
from flashcards.decks.formats.anki.deck_tree import DeckTree, anki_tags
from flashcards.decks.formats.anki.history_rows import card_row, log_rows
from flashcards.decks.formats.anki.note_fields import Sides, fields_of
from flashcards.decks.formats.anki.note_types import NOTE_TYPES
from flashcards.decks.formats.anki.packed_media import PackedMedia
from flashcards.decks.formats.anki.source_field import FIELD, write_source
from flashcards.decks.formats.records import DeckSource, NoteRecord

_COLLECTION = "collection.anki21"
_META = b"\x08\x02"
"""A message with field 1 = 2: the layout with a collection of schema 11 under that name."""

_COMPRESSION = 3
"""Of 9: level 6 takes three times as long, for a seventh less."""

type FacesOf = Callable[[NoteRecord], Sequence[Sides]]
"""Returns the cards of a note, in order of their ordinals."""


@dataclass(slots=True)
class Written:
    """How much a package holds."""

    notes: int = 0
    cards: int = 0
    media: int = 0
    reviews: int = 0


def render_faces(note: NoteRecord) -> Sequence[Sides]:
    """Return the cards that `note` makes, rendered now; raises Refused."""
    return kinds.get(note.kind).faces(note)


def write_package(
    path: Path,
    source: DeckSource,
    *,
    faces: FacesOf = render_faces,
    desired_retention: float | None = None,
    now: datetime | None = None,
) -> Written:
    """Write the package at `path` and return what it holds; the same source at the same `now` gives the same bytes.

    `source.media` is asked for the paths that images and sounds have on the site. `faces` spares rendering where it
    was done before. Raises Refused if a note can't be shown (then there is no file), OSError if it can't be written.
    """
    moment = now or datetime.now(UTC)
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with tempfile.TemporaryDirectory() as folder, _Package(unfinished) as package:
            media = PackedMedia(source.media, package)
            collection = Path(folder, _COLLECTION)
            with open_collection(collection, int(moment.timestamp())) as opened:
                writer = _Writer(source, opened, media, moment, desired_retention)
                for note in source.notes():
                    writer.add(note, faces(note))
                written = writer.finish()
            package.write("meta", _META)
            package.copy(_COLLECTION, collection)
            package.write("media", media.listed())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    written.media = media.count
    return written


class _Package:
    """The zip file. Its files bear no date of their own, so that equal content is equal bytes."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION)

    def __enter__(self) -> "_Package":
        return self

    def __exit__(self, *_raised: object) -> None:
        self._zip.close()

    def write(self, name: str, data: bytes) -> None:
        # Pictures and sounds are packed already; a drawing is text.
        method = zipfile.ZIP_DEFLATED if data[:64].lstrip().startswith(b"<") else zipfile.ZIP_STORED
        self._zip.writestr(zipfile.ZipInfo(name), data, method)

    def copy(self, name: str, file: Path) -> None:
        with file.open("rb") as read, self._zip.open(name, "w") as written:
            while chunk := read.read(1 << 20):
                written.write(chunk)


class _Writer:
    """Adds note after note; ids of notes and cards count on from the moment of writing, as Anki's are moments."""

    def __init__(
        self,
        source: DeckSource,
        collection: CollectionFile,
        media: PackedMedia,
        moment: datetime,
        desired_retention: float | None,
    ) -> None:
        self._head = source.head
        self._collection = collection
        self._media = media
        self._moment = moment
        self._tree = DeckTree(source.head, int(moment.timestamp()), desired_retention)
        self._kinds: set[str] = set()
        self._first_id = int(moment.timestamp() * 1000)
        self._written = Written()

    def add(self, note: NoteRecord, cards: Sequence[Sides]) -> None:
        note_type = NOTE_TYPES[note.kind]
        self._kinds.add(note.kind)
        number = self._first_id + self._written.notes
        reviews = self._add_cards(note, cards, number)
        card_html = CardHtml(self._media, percent_is_a_sign=note.kind == "numeric")
        fields = fields_of(note, cards, card_html)
        tags = anki_tags(note.tags)
        fields[FIELD] = write_source(
            note,
            self._head,
            self._tree.topic(note.topic),
            fields=fields,
            tags=tags,
            media=card_html.media,
            reviews=reviews,
        )
        guid = f"{self._head.slug or 'deck'}:{note.key}"
        written_tags = dict.fromkeys(tag for _, tag in tags)
        self._collection.add_note(
            number, guid, note_type.id, written_tags, [fields[name] for name in note_type.fields]
        )
        self._written.notes += 1

    def _add_cards(
        self, note: NoteRecord, cards: Sequence[Sides], number: int
    ) -> dict[int, dict[int, dict[str, Any]]]:
        """Add the cards and their reviews; return what `Source` says of the reviews."""
        records = {record.ordinal: record for record in note.cards}
        deck = self._tree.id_of(note.topic)
        facts: dict[int, dict[int, dict[str, Any]]] = {}
        for card in cards:
            card_id = self._first_id + self._written.cards
            record = records.get(card.ordinal)
            row = card_row(record, self._written.notes + 1, self._moment)
            self._collection.add_card(card_id, number, deck, card.ordinal - 1, row)
            self._written.cards += 1
            for moment, columns, review in log_rows(record) if record else []:
                row_id = self._collection.add_review(moment, card_id, columns)
                exact = {} if row_id == moment else {"answered_ms": moment}
                facts.setdefault(card.ordinal, {})[row_id] = review.facts | exact
                self._written.reviews += 1
        return facts

    def finish(self) -> Written:
        models = {str(each.id): each.as_json() for each in NOTE_TYPES.values() if each.kind in self._kinds}
        self._collection.finish(models, self._tree.decks(), self._tree.options())
        return self._written
