"""What reading leaves for writing, in a transfer's folder: a head, a line for each note with its cards, media by name.

So what is written is exactly what was looked at, the file is read once, and memory holds a batch.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

from flashcards.decks.formats.records import CardRecord, NoteRecord, ReviewRecord
from flashcards.decks.kinds import Face


@dataclass(slots=True)
class SpooledDeck:
    """The deck that a file says it is, in the form in which it is stored; `topics` are slugs and titles."""

    title: str
    slug: str = ""
    language: str = "en"
    introduction: str = ""
    topics: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class SpooledMedium:
    """A picture or sound that the notes show, prepared: its bytes lie in the folder, named by their digest."""

    digest: str
    extension: str
    name: str
    size: int
    width: int | None = None
    height: int | None = None

    @property
    def file_name(self) -> str:
        """Return what its file is called."""
        return f"{self.digest}.{self.extension}"


@dataclass(slots=True)
class SpooledNote:
    """A note as it will be stored, with the cards it makes."""

    record: NoteRecord
    faces: list[Face]


class Spool:
    """The files of one reading. Writing begins anew: what was there is replaced once `finish` is called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.media_folder = folder / "media"
        self._notes = folder / "notes.jsonl"

    def __enter__(self) -> Self:
        """Begin to write."""
        self.media_folder.mkdir(parents=True, exist_ok=True)
        self._file = self._notes.with_suffix(".part").open("w", encoding="utf-8")
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the files."""
        self._file.close()

    def add(self, record: NoteRecord, faces: Sequence[Face]) -> None:
        """Add a note."""
        line = [
            [record.key, record.kind, record.topic, record.question, record.answer, record.explanation,
             record.reference, record.tags, record.sources],
            [[face.ordinal, face.question_html, face.answer_html, face.explanation_html, face.search_text, face.data]
             for face in faces],
            [_card_as_json(card) for card in record.cards],
        ]  # fmt: skip
        self._file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")

    def finish(self, deck: SpooledDeck, media: Sequence[SpooledMedium]) -> None:
        """Add what is known in the end, and let it be read."""
        self._file.close()
        (self.folder / "deck.json").write_text(json.dumps(asdict(deck)), encoding="utf-8")
        (self.folder / "media.json").write_text(json.dumps([asdict(medium) for medium in media]), encoding="utf-8")
        self._notes.with_suffix(".part").replace(self._notes)

    def is_there(self) -> bool:
        """Return whether it has been finished."""
        return self._notes.exists()

    def deck(self) -> SpooledDeck:
        """Return the deck."""
        content = json.loads((self.folder / "deck.json").read_text(encoding="utf-8"))
        return SpooledDeck(**{**content, "topics": [tuple(topic) for topic in content["topics"]]})

    def media(self) -> list[SpooledMedium]:
        """Return the media that the notes show."""
        return [SpooledMedium(**medium) for medium in json.loads((self.folder / "media.json").read_text("utf-8"))]

    def bytes_of(self, medium: SpooledMedium) -> bytes:
        """Return what a medium's file holds."""
        return (self.media_folder / medium.file_name).read_bytes()

    def keep(self, medium: SpooledMedium, data: bytes) -> None:
        """Keep the bytes of a medium."""
        (self.media_folder / medium.file_name).write_bytes(data)

    def notes(self) -> Iterator[SpooledNote]:
        """Yield the notes in order."""
        with self._notes.open(encoding="utf-8") as file:
            for line in file:
                yield _note(*json.loads(line))

    def places(self) -> Iterator[tuple[str, str]]:
        """Yield the key and the topic's slug of each note in order."""
        for note in self.notes():
            yield note.record.key, note.record.topic

    def batches(self, size: int) -> Iterator[list[SpooledNote]]:
        """Yield the notes in order, so many at a time."""
        batch: list[SpooledNote] = []
        for note in self.notes():
            batch.append(note)
            if len(batch) == size:
                yield batch
                batch = []
        if batch:
            yield batch


def _note(texts: list[Any], faces: list[list[Any]], cards: list[dict[str, Any]]) -> SpooledNote:
    key, kind, topic, question, answer, explanation, reference, tags, sources = texts
    record = NoteRecord(
        key, kind, question, answer, explanation, tags, sources, reference, topic=topic,
        cards=[_card(**card) for card in cards],
    )  # fmt: skip
    return SpooledNote(record, [Face(*face) for face in faces])


def _card_as_json(card: CardRecord) -> dict[str, Any]:
    reviews = [
        [review.answered_at.isoformat(), review.rating, review.duration_ms, review.facts] for review in card.reviews
    ]
    marks = {"is_suspended": card.is_suspended, "is_starred": card.is_starred}
    return {"ordinal": card.ordinal, "reviews": reviews, "marks": marks, "memory": _plain(card.memory)}


def _plain(memory: dict[str, Any]) -> dict[str, Any]:
    """Return a card's memory as JSON holds it; times and days become text with a mark that `_marked` reads back."""
    return {name: _mark(value) for name, value in memory.items()}


def _mark(value: Any) -> Any:
    # A datetime is a date as well, so it is asked for first.
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _marked(value: Any) -> Any:
    match value:
        case {"time": time, **others} if not others:
            return datetime.fromisoformat(time)
        case {"day": day, **others} if not others:
            return date.fromisoformat(day)
    return value


def _card(ordinal: int, reviews: list[list[Any]], marks: dict[str, bool], memory: dict[str, Any]) -> CardRecord:
    read = [ReviewRecord(datetime.fromisoformat(at), rating, took, facts) for at, rating, took, facts in reviews]
    return CardRecord(ordinal, read, **marks, memory={name: _marked(value) for name, value in memory.items()})
