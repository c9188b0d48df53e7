"""Study days: the day a moment belongs to for a learner, whose day begins at an hour of their own in their own zone.

A day is an integer, the ordinal of its local date (`date.toordinal`), so that days are counted by subtraction.
"""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=4096)
def day_start(day: int, zone: ZoneInfo, start_hour: int) -> datetime:
    """Return the UTC moment at which study day `day` begins: `start_hour` on the local clock.

    An hour that a clock change skips counts as the moment of the change; one that it repeats, as its first time.
    A date that a zone leaves out altogether gets no time at all: its start is also the start of the next.
    """
    return datetime.combine(date.fromordinal(day), time(start_hour), tzinfo=zone).astimezone(UTC)


def study_day(moment: datetime, zone: ZoneInfo, start_hour: int) -> int:
    """Return the study day of `moment` (aware): the last day that has begun by then."""
    day = moment.astimezone(zone).date().toordinal()
    # The clock may have been turned back over the start of the day: ask the starts, not the clock.
    while day_start(day + 1, zone, start_hour) <= moment:
        day += 1
    while day_start(day, zone, start_hour) > moment:
        day -= 1
    return day


def day_bounds(day: int, zone: ZoneInfo, start_hour: int) -> tuple[datetime, datetime]:
    """Return the UTC moments at which `day` begins and ends (the end belongs to the next day)."""
    return day_start(day, zone, start_hour), day_start(day + 1, zone, start_hour)


def day_as_date(day: int) -> date:
    """Return the local date that the study day `day` is named after."""
    return date.fromordinal(day)
