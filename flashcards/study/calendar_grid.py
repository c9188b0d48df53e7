"""A year of days as a picture: one cell a day, one column a week, darker where more was done. Pure: no database.

The year is cut into two halves that stand beside each other or, on a phone, one above the other.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flashcards.lib.days import day_as_date
from flashcards.study import words

DAYS = 365
DAYS_A_WEEK = 7
PITCH, CELL = 12, 10
LEFT, TOP = 30, 18
LEVELS = 4
ROOM_FOR_A_MONTH = 3
NAMED_WEEKDAYS = ((0, "Mon"), (2, "Wed"), (4, "Fri"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A day: its place, how dark it is (0 to 4), what it says, and its date as an address gives it."""

    x: int
    y: int
    level: int
    title: str
    iso: str


@dataclass(frozen=True, slots=True)
class Label:
    """A word at the edge of the picture."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Half:
    """Half of the year, a picture of its own of `width` × `height`."""

    title: str
    width: int
    height: int
    cells: list[Cell]
    months: list[Label]
    weekdays: list[Label]


def first_day(today: int) -> int:
    """Return the first study day of the year that ends with `today`."""
    return max(1, today - DAYS + 1)


def halves(counts: Mapping[int, int], today: int) -> list[Half]:
    """Return the year that ends with `today`; `counts` says how many reviews each study day had."""
    first = first_day(today)
    most = max([1, *(count for day, count in counts.items() if first <= day <= today)])
    last_week = _week(today)
    weeks = last_week - _week(first) + 1
    middle = last_week - weeks // 2
    return [
        _half(counts, most, max(first, _monday(start)), min(today, _monday(end + 1) - 1), wide=math.ceil(weeks / 2))
        for start, end in ((_week(first), middle), (middle + 1, last_week))
    ]


def level(count: int, most: int) -> int:
    """Return how dark a day is, 0 to 4; roots, so that one long day does not make all others look empty."""
    return min(LEVELS, math.ceil(LEVELS * math.sqrt(count / most))) if count else 0


def day_words(day: int) -> str:
    """Return a study day as "Mon 23 Nov 2026"."""
    named = day_as_date(day)
    return f"{named:%a} {named.day} {named:%b %Y}"


def _half(counts: Mapping[int, int], most: int, first: int, last: int, *, wide: int) -> Half:
    base = _week(first)
    cells = []
    for day in range(first, last + 1):
        count = counts.get(day, 0)
        cells.append(
            Cell(
                x=LEFT + (_week(day) - base) * PITCH,
                y=TOP + _weekday(day) * PITCH,
                level=level(count, most),
                title=f"{day_words(day)}: {words.count(count, 'review') if count else 'no reviews'}",
                iso=day_as_date(day).isoformat(),
            )
        )
    total = sum(counts.get(day, 0) for day in range(first, last + 1))
    return Half(
        title=f"{day_words(first)} to {day_words(last)}: {words.count(total, 'review')}",
        width=LEFT + wide * PITCH,
        height=TOP + DAYS_A_WEEK * PITCH,
        cells=cells,
        months=_months(first, last),
        weekdays=[Label(0, TOP + place * PITCH + CELL - 1, name) for place, name in NAMED_WEEKDAYS],
    )


def _months(first: int, last: int) -> list[Label]:
    """Return the names of months, each over the first whole week of it; none over another."""
    base = _week(first)
    labels: list[Label] = []
    month = 0
    for week in range(base, _week(last) + 1):
        begins = day_as_date(max(first, _monday(week)))
        if begins.month == month:
            continue
        month = begins.month
        x = LEFT + (week - base) * PITCH
        if labels and x - labels[-1].x < ROOM_FOR_A_MONTH * PITCH:
            labels.pop()
        if _week(last) - week + 1 >= ROOM_FOR_A_MONTH - 1:
            labels.append(Label(x, TOP - 6, _month_name(begins)))
    return labels


def _month_name(named: date) -> str:
    return f"{named:%b}"


def _week(day: int) -> int:
    """Return the number of the week of a day; ordinal 1 was a Monday."""
    return (day - 1) // DAYS_A_WEEK


def _weekday(day: int) -> int:
    return (day - 1) % DAYS_A_WEEK


def _monday(week: int) -> int:
    return week * DAYS_A_WEEK + 1
