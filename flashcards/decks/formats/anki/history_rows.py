"""A card's history as Anki's rows. Days in Anki are counted from the day of the collection's creation.

Of `CardRecord.memory` these keys are read, each may be missing: `state` (0 new, 1 learning, 2 review, 3 relearning),
`stability` in days, `difficulty` from 1 to 10, `due` (an aware datetime, or the learner's date), `interval_days`,
`reps` and `lapses`. What is missing is taken from the last review: of `ReviewRecord.facts` that is `interval_seconds`,
`stability`, `difficulty` and, for its row in the log, `state_before`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flashcards.decks.formats.records import CardRecord, ReviewRecord

FIRST_DAY = date(2015, 1, 1)
"""The creation day of the collections that we write: before anybody's review."""

DAY_BEGINS = time(4, tzinfo=UTC)

_DAY = 86_400
_NEW, _LEARNING, _REVIEW, _RELEARNING = range(4)
_LOG_TYPES = {_NEW: 0, _LEARNING: 0, _REVIEW: 1, _RELEARNING: 2}
_SUSPENDED, _DAY_LEARNING = -1, 3
_EASE = 2_500
_STARRED = 2
_LONGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class CardRow:
    """The columns of a card that its history decides."""

    type: int = _NEW
    queue: int = _NEW
    due: int = 0
    ivl: int = 0
    factor: int = 0
    reps: int = 0
    lapses: int = 0
    left: int = 0
    flags: int = 0
    data: str = "{}"


def card_row(card: CardRecord | None, position: int, now: datetime) -> CardRow:
    """Return the row of a card; without history it is new, the one at `position` among the new ones."""
    if card is None:
        return CardRow(due=position)
    memory = _memory(card)
    state = memory["state"]
    flags = _STARRED if card.is_starred else 0
    if state == _NEW:
        return CardRow(queue=_SUSPENDED if card.is_suspended else _NEW, due=position, flags=flags)
    due, in_days = _due(memory, now, is_suspended=card.is_suspended)
    queue = _REVIEW if state == _REVIEW else _DAY_LEARNING if in_days else _LEARNING
    learns = state in {_LEARNING, _RELEARNING}
    return CardRow(
        type=state,
        queue=_SUSPENDED if card.is_suspended else queue,
        due=due,
        ivl=min(max(int(memory["interval_days"]), 0 if state == _LEARNING else 1), _LONGEST),
        factor=_EASE,
        reps=memory["reps"],
        lapses=memory["lapses"],
        left=1_001 if learns else 0,
        flags=flags,
        data=_data(card, memory),
    )


def log_rows(card: CardRecord) -> list[tuple[int, tuple[int, ...], ReviewRecord]]:
    """Return for each review, the earliest first, its time (milliseconds since 1970), the columns ease, ivl, lastIvl,
    factor, time and type, and the review itself."""
    rows: list[tuple[int, tuple[int, ...], ReviewRecord]] = []
    last = 0
    for review in sorted(card.reviews, key=lambda review: review.answered_at):
        interval = _interval(review.facts.get("interval_seconds"))
        state = review.facts.get("state_before")
        if state is None:
            state = _REVIEW if last >= 1 else _LEARNING
        factor = _shown_difficulty(review.facts.get("difficulty"))
        columns = (review.rating, interval, last, factor, review.duration_ms, _LOG_TYPES.get(state, 1))
        rows.append((milliseconds(review.answered_at), columns, review))
        last = interval
    return rows


def milliseconds(moment: datetime) -> int:
    """Return an aware moment in whole milliseconds since 1970."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _interval(seconds: Any) -> int:
    """Return an interval as the log has it: days, or seconds below a day as a negative number; 0 if not known."""
    if not isinstance(seconds, int | float) or seconds <= 0:
        return 0
    return min(round(seconds / _DAY), _LONGEST) if seconds >= _DAY else -max(1, round(seconds))


def _shown_difficulty(difficulty: Any) -> int:
    """Return 1 to 10 as the thousandths, 100 to 1100, that stand in the place of an ease in logs of FSRS."""
    if not isinstance(difficulty, int | float):
        return 0
    return round(((min(max(difficulty, 1), 10) - 1) / 9 + 0.1) * 1_000)


def _memory(card: CardRecord) -> dict[str, Any]:
    last = max(card.reviews, key=lambda review: review.answered_at, default=None)
    facts: Mapping[str, Any] = last.facts if last else {}
    seconds = facts.get("interval_seconds") or 0
    worked_out: dict[str, Any] = {
        "state": _NEW if last is None else _REVIEW if seconds >= _DAY else _LEARNING,
        "stability": facts.get("stability"),
        "difficulty": facts.get("difficulty"),
        "due": last.answered_at + timedelta(seconds=seconds) if last else None,
        "interval_days": seconds // _DAY,
        "reps": len(card.reviews),
        "lapses": sum(1 for each in card.reviews if each.rating == 1 and each.facts.get("state_before") == _REVIEW),
    }
    return worked_out | {name: value for name, value in card.memory.items() if value is not None}


def _due(memory: Mapping[str, Any], now: datetime, *, is_suspended: bool) -> tuple[int, bool]:
    """Return when a card is due, and whether that is a day and no moment (in seconds since 1970)."""
    due = memory["due"] or now
    if memory["state"] != _REVIEW:
        if is_suspended and not isinstance(due, datetime):
            # Anki would take the day of a suspended card in learning for one of the collection it comes into.
            due = datetime.combine(due, DAY_BEGINS)
        if isinstance(due, datetime):
            return int(due.timestamp()), False
    day = due.date() if isinstance(due, datetime) else due
    return max((day - FIRST_DAY).days, 0), True


def _data(card: CardRecord, memory: Mapping[str, Any]) -> str:
    """Return what Anki keeps of FSRS with the card."""
    data: dict[str, Any] = {}
    if memory["stability"] is not None and memory["difficulty"] is not None:
        data = {"s": round(float(memory["stability"]), 4), "d": round(float(memory["difficulty"]), 3)}
    if card.reviews:
        data["lrt"] = int(max(review.answered_at for review in card.reviews).timestamp())
    return json.dumps(data, separators=(",", ":"))
