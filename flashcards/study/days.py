"""A learner's moment: the clock, and the study day it falls on."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flashcards.accounts.models import User
from flashcards.lib.days import day_start, study_day


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in a learner's time: `now` and `day_ends_at` in UTC, and the study day between them."""

    now: datetime
    day: int
    day_ends_at: datetime


def zone_of(user: User) -> ZoneInfo:
    """Return the learner's time zone; UTC if the zone they chose has since left the tz database."""
    try:
        return ZoneInfo(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def moment_for(user: User, now: datetime) -> Moment:
    """Return `now` (aware) in the learner's time: their study day and when it ends."""
    zone = zone_of(user)
    day = study_day(now, zone, user.day_start_hour)
    return Moment(now, day, day_start(day + 1, zone, user.day_start_hour))
