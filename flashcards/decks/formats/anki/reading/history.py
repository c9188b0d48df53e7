"""What somebody learnt with Anki: the reviews of a card, and where it stands."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from flashcards.decks.formats.anki.reading.characters import warn
from flashcards.decks.formats.records import CardRecord, ReviewRecord

STARRED_FLAG = 2
_SUSPENDED = -1
_NEW, _LEARNING, _REVIEW = 0, 1, 2
_MANUAL = 4
_CRAMMED = 3
_EARLIEST = 631_152_000_000
_LATEST = 4_102_444_800_000
_LONGEST_ANSWER = 3_600_000
_FAR = 100_000


class AnkiCard(NamedTuple):
    """A card as the collection has it; `reviews` are [id, ease, milliseconds, type, factor]."""

    id: int
    ord: int
    deck: int
    type: int
    queue: int
    due: int
    interval: int
    flags: int
    data: str
    reviews: list[list[int]]


type Facts = Mapping[int, tuple[int, dict[str, Any]]]


def card_record(
    card: AnkiCard, ordinal: int, created: int, warnings: list[str], facts: Facts | None = None
) -> CardRecord:
    """Return what a card's rows say. `created` is the collection's day 0 in seconds since 1970.

    `facts` are, for rows that our own package wrote, the exact time in milliseconds and all else that is known.
    """
    record = CardRecord(ordinal, is_suspended=card.queue == _SUSPENDED, memory=_memory(card, created))
    if facts is not None:
        record.is_starred = card.flags & 7 == STARRED_FLAG
    for row, ease, duration, kind, factor in card.reviews:
        if kind >= _MANUAL or ease == 0:
            if kind == _MANUAL and factor == 0:
                record.memory["forgotten_at"] = row
            continue
        if kind == _CRAMMED and factor == 0:
            continue
        moment, known = facts.get(row, (row, {})) if facts else (row, {})
        if not 1 <= ease <= 4 or not _EARLIEST <= moment <= _LATEST:
            warn(warnings, "A review without a sensible time or grade was left out.")
            continue
        at = datetime.fromtimestamp(moment // 1000, UTC) + timedelta(milliseconds=moment % 1000)
        record.reviews.append(ReviewRecord(at, ease, min(max(duration, 0), _LONGEST_ANSWER), known))
    record.reviews.sort(key=lambda review: review.answered_at)
    return record


def _memory(card: AnkiCard, created: int) -> dict[str, Any]:
    if card.type == _NEW:
        return {}
    memory: dict[str, Any] = {"state": card.type if card.type in {1, 2, 3} else _REVIEW}
    try:
        known = json.loads(card.data or "{}")
    except (ValueError, RecursionError):
        known = {}
    if isinstance(known, dict):
        for short, name, least, most in (("s", "stability", 0.001, 36_500.0), ("d", "difficulty", 1.0, 10.0)):
            value = known.get(short)
            if isinstance(value, int | float) and least <= value <= most:
                memory[name] = float(value)
    memory["interval_days"] = min(max(card.interval, 0), _FAR)
    if card.due > 1_000_000_000:
        if card.due * 1000 <= _LATEST:
            memory["due"] = datetime.fromtimestamp(card.due, UTC)
    elif abs(card.due) < _FAR and 0 <= created * 1000 <= _LATEST:
        memory["due"] = _day(created) + timedelta(days=card.due)
    return memory


def _day(created: int) -> date:
    return datetime.fromtimestamp(created, UTC).date()


def card_records(
    cards: Iterable[AnkiCard],
    ordinal_of: Callable[[AnkiCard], int | None],
    created: int,
    warnings: list[str],
    facts: Callable[[int], Facts] | None = None,
) -> list[CardRecord]:
    """Return the records of those cards that have an ordinal, each ordinal once."""
    records: dict[int, CardRecord] = {}
    for card in cards:
        ordinal = ordinal_of(card)
        if ordinal is None:
            if card.reviews:
                warn(warnings, "The history of a card that the note does not make any more was left out.")
        elif ordinal not in records:
            records[ordinal] = card_record(card, ordinal, created, warnings, facts(ordinal) if facts else None)
    return list(records.values())
