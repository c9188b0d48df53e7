"""Study days: in every zone of the tz database, over the clock changes of a year, one day comes after another."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from flashcards.lib.days import day_as_date, day_bounds, day_start, study_day


def day_of(text: str, zone: str, hour: int = 4) -> date:
    return day_as_date(study_day(datetime.fromisoformat(text), ZoneInfo(zone), hour))


def test_the_day_starts_at_its_hour() -> None:
    assert day_of("2026-03-02T03:59:59+00:00", "UTC") == date(2026, 3, 1)
    assert day_of("2026-03-02T04:00:00+00:00", "UTC") == date(2026, 3, 2)
    assert day_of("2026-03-02T04:00:00+00:00", "Asia/Tokyo") == date(2026, 3, 2)
    assert day_of("2026-03-01T18:30:00+00:00", "Asia/Tokyo") == date(2026, 3, 1)


def test_the_clock_turned_back_over_the_start_gives_no_day_twice() -> None:
    """In Berlin the hour from 02:00 comes twice that night; with days from 02:00 its first time begins the day."""
    zone = ZoneInfo("Europe/Berlin")
    days = [
        study_day(datetime(2026, 10, 24, 23, 30, tzinfo=UTC) + timedelta(minutes=15 * n), zone, 2) for n in range(16)
    ]
    assert days == sorted(days)
    assert len(set(days)) == 2


def test_a_date_that_a_zone_left_out_has_no_time() -> None:
    """Samoa went from 29 to 31 December 2011."""
    zone = ZoneInfo("Pacific/Apia")
    start, end = day_bounds(date(2011, 12, 30).toordinal(), zone, 4)
    assert start == end
    assert day_of("2011-12-30T13:59:00+00:00", "Pacific/Apia") == date(2011, 12, 29)
    assert day_of("2011-12-30T14:00:00+00:00", "Pacific/Apia") == date(2011, 12, 31)


@pytest.mark.parametrize("start_hour", [0, 2, 4])
def test_every_zone_gives_one_day_a_day(start_hour: int) -> None:
    first, last = date(2026, 1, 1).toordinal(), date(2026, 12, 31).toordinal()
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for day in range(first, last + 1):
            start, end = day_bounds(day, zone, start_hour)
            assert timedelta(hours=22) <= end - start <= timedelta(hours=26), (name, day)
            assert study_day(start, zone, start_hour) == day, (name, day)
            assert study_day(end - timedelta(microseconds=1), zone, start_hour) == day, (name, day)
        day_start.cache_clear()
