"""How people get into a class by its code: renewing it, closing it, how long and for how many it is open."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from flashcards.accounts.models import User
from flashcards.classes import codes
from flashcards.classes.models import Event, Membership, Role, StudyClass
from flashcards.classes.services import record

FULL = "The class is full. Ask your teacher for a seat."


def is_open(study_class: StudyClass, now: datetime) -> bool:
    """Tell whether the code lets people in at `now`; how many seats are taken is another question."""
    if not study_class.join_open or study_class.locked_at is not None:
        return False
    if study_class.join_until is not None and now >= study_class.join_until:
        return False
    return study_class.ends_on is None or now.astimezone(ZoneInfo(study_class.time_zone)).date() <= study_class.ends_on


def students_in(study_class_id: int) -> int:
    """Return how many students the class has now."""
    return Membership.objects.filter(study_class_id=study_class_id, role=Role.STUDENT, left_at=None).count()


def is_full(study_class: StudyClass, students: int) -> bool:
    """Tell whether the class has no seat left beside its `students`."""
    return study_class.seats is not None and students >= study_class.seats


def last_day(study_class: StudyClass) -> date | None:
    """Return the last day, in the class's zone, on which the code lets people in; None for any day."""
    if study_class.join_until is None:
        return None
    return (study_class.join_until - timedelta(seconds=1)).astimezone(ZoneInfo(study_class.time_zone)).date()


def renew(study_class: StudyClass, by: User, now: datetime) -> None:
    """Give the class a new code; the old one lets nobody in any more."""
    study_class.join_code = codes.new_code()
    _store(study_class, ["join_code"], by, now, "a new code")


def set_open(study_class: StudyClass, is_open: bool, by: User, now: datetime) -> None:
    """Open or close the way in by the code."""
    study_class.join_open = is_open
    _store(study_class, ["join_open"], by, now, "opened" if is_open else "closed")


def set_limits(study_class: StudyClass, until: date | None, seats: int | None, by: User, now: datetime) -> None:
    """Let people in through the day `until` of the class's zone and up to `seats` students; None means no limit."""
    study_class.join_until = _end_of(until, study_class.time_zone) if until else None
    study_class.seats = seats
    _store(study_class, ["join_until", "seats"], by, now, "end date or seats")


def _end_of(day: date, zone: str) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _store(study_class: StudyClass, fields: list[str], by: User, now: datetime, words: str) -> None:
    with transaction.atomic():
        study_class.save(update_fields=fields)
        record(Event.Kind.CODE, now, study_class=study_class, actor=by, words=words)
