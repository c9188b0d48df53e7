"""The end of a class's keeping time: from then on the class doesn't know any more who its students were."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.db.models import Q

from flashcards.classes.models import Event, Invitation, Membership, Role, RosterUpload, StudyClass
from flashcards.classes.services import record


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many students of a class lost their name there, and how many invitations were deleted."""

    students: int
    invitations: int


def classes_to_forget(now: datetime) -> Iterator[StudyClass]:
    """Yield the classes whose keeping time is over: the months after their last day, in their own zone."""
    for study_class in StudyClass.objects.filter(ends_on__lte=now.date()).order_by("pk"):
        if study_class.ends_on is not None and _today(study_class, now) > _last_day(study_class, study_class.ends_on):
            yield study_class


def _last_day(study_class: StudyClass, ends_on: date) -> date:
    """Return the last day on which the class knows its students; of a shorter month its last."""
    months = ends_on.year * 12 + ends_on.month - 1 + study_class.keep_months
    year, month = divmod(months, 12)
    return date(year, month + 1, min(ends_on.day, monthrange(year, month + 1)[1]))


def _today(study_class: StudyClass, now: datetime) -> date:
    try:
        return now.astimezone(ZoneInfo(study_class.time_zone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return now.date()


def forget_students(study_class: StudyClass, now: datetime) -> Forgotten:
    """Take names and student numbers from a class's students, end their memberships, delete its invitations.

    Once done, it finds nothing to do.
    """
    students = Membership.objects.filter(study_class=study_class, role=Role.STUDENT)
    with transaction.atomic():
        ended = students.filter(left_at=None).update(left_at=now)
        named = students.filter(~Q(name="") | ~Q(student_number="")).update(name="", student_number="")
        invitations, _ = Invitation.objects.filter(study_class=study_class).delete()
        RosterUpload.objects.filter(study_class=study_class).delete()
        if ended or named or invitations:
            words = "the keeping time is over: names of students were removed"
            record(Event.Kind.CHANGED, now, study_class=study_class, actor=None, words=words)
    return Forgotten(max(ended, named), invitations)
