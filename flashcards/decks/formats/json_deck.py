"""A deck with all that belongs to it ⇄ JSON. `docs/import-export.md` describes it; a new version has a new number."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, BinaryIO

from flashcards.decks.checks import slug_problems
from flashcards.decks.formats.json_checks import Checker
from flashcards.decks.formats.json_notes import JsonNotes
from flashcards.decks.formats.json_places import lines_of, places
from flashcards.decks.formats.records import CardRecord, DeckHead, DeckSource, NoteRecord, TopicRecord
from flashcards.lib.errors import Problem, Refused

FORMAT = "flashcards-deck"
VERSION = 1
MAX_BYTES = 20_000_000
MAX_VALUES = 2_000_000
MAX_MEDIA = 10_000_000
MAX_NUMBER = 10**15
MAX_WHOLE = 2**63
MAX_DIGITS = 20

_NOTE_POINTER = re.compile(r"/notes/(\d+)")
_MEDIUM = re.compile(r"/media/([0-9a-f]{16,64}\.[a-z0-9]{2,5})")


@dataclass(slots=True)
class JsonDeck:
    """A deck out of a JSON file, as a source. `problems` are those of notes that are left out."""

    head: DeckHead
    records: list[NoteRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    def notes(self) -> Iterator[NoteRecord]:
        """Yield the notes in order."""
        return iter(self.records)

    def media(self, name: str) -> bytes | None:
        """Return the bytes of a file that the deck carries, None without it; raises Refused if they are damaged."""
        if name not in self.files:
            return None
        try:
            return base64.b64decode(self.files[name], validate=True)
        except binascii.Error:
            raise Refused([Problem(f"/media/{name}", "This is not Base64.")]) from None


def read(data: bytes) -> JsonDeck:
    """Return the deck in a file; raises Refused with every problem of its frame, as JSON pointer and line.

    A note with a problem is left out and its problems are told: the rest may be wanted all the same.
    """
    text = _text(data)
    lines = {int(found[1]): line for pointer, line in places(text) if (found := _NOTE_POINTER.fullmatch(pointer))}
    checker = Checker()
    deck, notes = _deck(_loaded(text), checker)
    if checker.problems:
        raise Refused(_placed(checker.problems, text))
    reader = JsonNotes({topic.slug for topic in deck.head.topics}, lines)
    reader.read(notes)
    deck.records, deck.problems = reader.records, _placed(reader.problems, text)
    deck.head.note_count = len(deck.records)
    deck.head.review_count = sum(len(card.reviews) for note in deck.records for card in note.cards)
    return deck


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise _refusal("", f"The file is {len(data):,} bytes big; at most {MAX_BYTES:,} are allowed.")
    if sum(map(data.count, (b",", b"[", b"{"))) > MAX_VALUES:
        raise _refusal("", f"The file has more than {MAX_VALUES:,} values. That is no deck.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refusal("", f"Byte 0x{data[error.start]:02x} is not UTF-8.", line) from None


def _loaded(text: str) -> object:
    try:
        return json.loads(text, parse_int=_whole, parse_float=_decimal)
    except json.JSONDecodeError as error:
        raise _refusal("", f"This is not JSON: {error.msg}.", error.lineno) from None
    except RecursionError:
        raise _refusal("", "The file is nested too deep.") from None


def _whole(digits: str) -> int:
    # Ids of 64 bits are among the facts of reviews.
    number = int(digits) if len(digits) <= MAX_DIGITS else MAX_WHOLE
    if not -MAX_WHOLE < number < MAX_WHOLE:
        raise _refusal("", f"The number {digits[:20]}… is too big.")
    return number


def _decimal(digits: str) -> float:
    number = float(digits)
    if not abs(number) < MAX_NUMBER:
        raise _refusal("", f"The number {digits[:20]} is too big.")
    return number


def _deck(root: object, checker: Checker) -> tuple[JsonDeck, list[Any]]:
    """Return the deck without its notes, its frame checked, and the notes as they stand in the file."""
    whole = checker.an_object(root, "", ("format", "version", "deck", "topics", "notes", "media"))
    if whole.get("format") != FORMAT or type(whole.get("version")) is not int:
        raise _refusal(
            "", f'This is no deck as JSON: it must begin with {{"format": "{FORMAT}", "version": {VERSION}.'
        )
    if whole["version"] != VERSION:
        raise _refusal("/version", f"This is version {whole['version']}; here version {VERSION} can be read.")
    said = checker.an_object(whole.get("deck"), "/deck", ("slug", "title", "language", "introduction"))
    head = DeckHead(
        checker.text(said, "title", "/deck", required=True),
        checker.text(said, "slug", "/deck"),
        checker.text(said, "language", "/deck", "en"),
        checker.text(said, "introduction", "/deck"),
        _topics(whole, checker),
    )
    files = checker.take(whole, "media", "", {})
    for name, content in files.items():
        if not isinstance(content, str):
            checker.problem(f"/media/{name}", "This must be a text, the file in Base64.")
    head.media_count = len(files)
    return JsonDeck(head, files=files), checker.take(whole, "notes", "", [], required=True)


def _topics(whole: dict[str, Any], checker: Checker) -> list[TopicRecord]:
    topics: dict[str, TopicRecord] = {}
    for number, each in enumerate(checker.take(whole, "topics", "", [])):
        pointer = f"/topics/{number}"
        said = checker.an_object(each, pointer, ("slug", "title"))
        slug = checker.text(said, "slug", pointer, required=True)
        title = checker.text(said, "title", pointer, required=True)
        for problem in slug_problems("slug", slug)[: "slug" in said]:
            checker.problem(f"{pointer}/slug", problem.message)
        if slug in topics:
            checker.problem(f"{pointer}/slug", f"The topic “{slug[:40]}” is there twice.")
        topics[slug] = TopicRecord(slug, title)
    return list(topics.values())


def _placed(problems: list[Problem], text: str) -> list[Problem]:
    if not problems:
        return []
    lines = lines_of(text, {problem.field for problem in problems})
    return [Problem(each.field, each.message, lines[each.field]) for each in problems]


def _refusal(pointer: str, message: str, line: int | None = None) -> Refused:
    return Refused([Problem(pointer or "file", message, line)])


def write(out: BinaryIO, source: DeckSource) -> int:
    """Write a deck, a line for each note, and return how many; `read` gives the same back.

    Media that the texts show go along. Raises Refused if these are too much for a JSON file.
    """
    head, names = source.head, dict[str, bytes]()
    deck = {"slug": head.slug, "title": head.title, "language": head.language, "introduction": head.introduction}
    topics = [{"slug": topic.slug, "title": topic.title} for topic in head.topics]
    out.write(f'{{"format":"{FORMAT}","version":{VERSION},\n"deck":{_spelt(deck)},\n"topics":['.encode())
    out.write(",".join(f"\n{_spelt(topic)}" for topic in topics).encode())
    out.write(b'\n],\n"notes":[')
    count = 0
    for count, note in enumerate(source.notes(), start=1):
        out.write(b",\n" if count > 1 else b"\n")
        out.write(_spelt(_note_as_json(note, _pointing(source, names))).encode())
    out.write(b"\n]")
    for number, (name, content) in enumerate(names.items()):
        out.write(b",\n" if number else b',\n"media":{\n')
        out.write(f'{_spelt(name)}:"{base64.b64encode(content).decode()}"'.encode())
    out.write(b"\n}}\n" if names else b"\n}\n")
    return count


def _pointing(source: DeckSource, names: dict[str, bytes]) -> Callable[[str], str]:
    """Return what turns a text's paths of media into names within the file, and keeps the bytes in `names`."""

    def named(found: re.Match[str]) -> str:
        name = found[1]
        if name not in names:
            content = source.media(found[0])
            if content is None:
                return found[0]
            if sum(map(len, names.values())) + len(content) > MAX_MEDIA:
                message = f"The images and sounds come to more than {MAX_MEDIA // 1_000_000} MB, too much for JSON."
                raise _refusal("", f"{message} Export an Anki package instead.")
            names[name] = content
        return f"media:{name}"

    return lambda text: _MEDIUM.sub(named, text)


def _note_as_json(note: NoteRecord, point: Callable[[str], str]) -> dict[str, Any]:
    said = {
        "key": note.key, "topic": note.topic, "kind": note.kind, "question": point(note.question),
        "answer": point(note.answer), "explanation": point(note.explanation), "tags": note.tags,
        "sources": note.sources, "reference": note.reference, "cards": [_card_as_json(card) for card in note.cards],
    }  # fmt: skip
    return {name: value for name, value in said.items() if value or name in {"key", "question"}}


def _card_as_json(card: CardRecord) -> dict[str, Any]:
    memory = {name: _marked(value) for name, value in card.memory.items()}
    reviews = [
        {"at": _moment(each.answered_at), "rating": each.rating, "ms": each.duration_ms}
        | ({"facts": each.facts} if each.facts else {})
        for each in card.reviews
    ]
    said = {"suspended": card.is_suspended, "starred": card.is_starred, "memory": memory, "reviews": reviews}
    return {"ordinal": card.ordinal} | {name: value for name, value in said.items() if value}


def _marked(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"time": _moment(value)}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _spelt(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
