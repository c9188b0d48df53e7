"""The first half of an import: a file is read, its media prepared, its notes checked and rendered; nothing is stored.

Every note passes the same checks as one that is saved by hand (`services.checked_faces`).
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flashcards.decks import checks, kinds
from flashcards.decks.formats.records import DeckHead, NoteRecord
from flashcards.decks.importing import in_file
from flashcards.decks.kinds import Face
from flashcards.decks.transfers.found import Found
from flashcards.decks.transfers.media import MediaDesk
from flashcards.decks.transfers.reading import Reading
from flashcards.decks.transfers.spool import Spool, SpooledDeck
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.markdown import render

type Progress = Callable[[int, int], None]
"""Told how many notes are done, and of how many (0 if that is not known)."""

MAX_NOTES = 100_000
NO_TOPIC = ("cards", "Cards")
"""Where notes go that name no topic."""


def spool(reading: Reading, folder: Path, progress: Progress) -> tuple[dict[str, Any], list[Problem]]:
    """Read a file into `folder`, and return what was found and what is wrong with it.

    Notes that can't be taken are left out and counted. Raises Refused if nothing can be taken at all.
    """
    found, source = Found(), reading.source
    _require_few(source.head.note_count)
    with Spool(folder) as spooled:
        desk = MediaDesk(source, spooled)
        topics: dict[str, None] = {}
        keys: set[str] = set()
        for number, record in enumerate(source.notes(), start=1):
            _require_few(number)
            progress(number, source.head.note_count)
            record.topic = record.topic or NO_TOPIC[0]
            faces = _taken(record, keys, desk, found)
            if faces is not None:
                spooled.add(record, faces)
                found.take(record, faces)
                topics[record.topic] = None
        found.left_out += len(reading.problems)
        found.note(reading.problems)
        deck = _deck(source.head, topics, found)
        if not found.notes:
            raise Refused(found.problems or [Problem("file", "There is no note in this file.")])
        spooled.finish(deck, desk.media())
    return found.as_json(deck, len(desk.media()), desk.size()), found.problems


def _require_few(notes: int) -> None:
    if notes > MAX_NOTES:
        raise Refused([Problem("file", f"There are more than {MAX_NOTES:,} notes in this file. Split it.")])


def _taken(record: NoteRecord, keys: set[str], desk: MediaDesk, found: Found) -> list[Face] | None:
    """Return the cards of a note that can be taken, its texts as they will be stored; else None, and it is counted."""
    problems = [] if record.key not in keys else [Problem("key", f"“{record.key[:80]}” is there twice.")]
    keys.add(record.key)
    try:
        desk.point(record)
        faces = checked(record)
    except Refused as refused:
        problems += refused.problems
    if problems:
        found.refuse([in_file(problem, record) for problem in problems])
        return None
    return faces


def checked(record: NoteRecord) -> list[Face]:
    """Return the cards of a note from a file, and bring its texts into the form in which they are stored.

    Raises Refused with every problem at once.
    """
    checks.tidy_note(record)
    record.tags = list(dict.fromkeys(checks.tidy_markdown(name).strip() for name in record.tags))
    problems = checks.text_field_problems(record) + checks.tag_problems(record.tags)
    faces: list[Face] = []
    try:
        faces = kinds.get(record.kind).faces(record)
    except Refused as refused:
        problems += refused.problems
    if problems:
        raise Refused(problems)
    return faces


def _deck(head: DeckHead, used: Iterable[str], found: Found) -> SpooledDeck:
    """Return the deck as it will be stored; what it says that can't be taken is told and left out."""
    titles = {topic.slug: topic.title for topic in head.topics}
    order = {slug: place for place, slug in enumerate(titles)}
    slugs = sorted(used, key=lambda slug: order.get(slug, len(order)))
    topics = [(slug, _line(titles.get(slug, ""), NO_TOPIC[1] if slug == NO_TOPIC[0] else slug)) for slug in slugs]
    deck = SpooledDeck(_line(head.title, "Imported deck"), topics=topics)
    if not checks.slug_problems("slug", head.slug):
        deck.slug = head.slug
    if not checks.language_problems(head.language):
        deck.language = head.language
    introduction = checks.tidy_markdown(head.introduction)
    problems = render(introduction, field="introduction").problems
    if problems:
        found.note(problems)
    else:
        deck.introduction = introduction
    return deck


def _line(text: str, otherwise: str) -> str:
    """Return `text` as a title: one line, not too long, with nothing in it that can't be stored."""
    line = " ".join(re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", text).split())[:200].strip() or otherwise
    return otherwise if checks.line_problems("title", line, 200) else line
