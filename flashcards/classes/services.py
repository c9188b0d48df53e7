"""The writes of classes: making one, coming in and going, roles. Each leaves a line in the record."""

from datetime import datetime

from django.db import transaction

from flashcards.accounts import time_zones
from flashcards.accounts.models import User
from flashcards.classes import codes
from flashcards.classes.models import Event, Membership, Role, StudyClass
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.text import text_problems

LONGEST_NAME = 200
LAST_OWNER = "A class needs an owner. Hand it over to somebody first."


def record(
    kind: Event.Kind, now: datetime, *, study_class: StudyClass | None, actor: User | None, person: User | None = None,
    words: str = "",
) -> None:  # fmt: skip
    """Write a line of the record."""
    Event.objects.create(
        study_class=study_class, actor=actor, person=person, kind=kind, words=words[:300], at=now
    )  # fmt: skip


def create_class(owner: User, study_class: StudyClass, now: datetime, *, name: str = "") -> Membership:
    """Store a new class with its first join code and make `owner` its owner, called `name` there; raises Refused."""
    problems = class_problems(study_class)
    if owner.is_guest:
        problems.append(Problem("", "Sign up first: a class needs an owner who can be found again."))
    if problems:
        raise Refused(problems)
    study_class.slug, study_class.join_code = codes.new_slug(), codes.new_code()
    with transaction.atomic():
        study_class.save()
        membership = Membership.objects.create(
            study_class=study_class, user=owner, role=Role.OWNER, name=name or owner.name, joined_at=now
        )
        record(Event.Kind.CREATED, now, study_class=study_class, actor=owner)
    return membership


def class_problems(study_class: StudyClass) -> list[Problem]:
    """Return what is wrong with the name, days and time zone of a class."""
    problems: list[Problem] = []
    if not study_class.name.strip():
        problems.append(Problem("name", "The class needs a name."))
    problems += text_problems("name", study_class.name, limit=LONGEST_NAME, one_line=True)
    if study_class.starts_on and study_class.ends_on and study_class.ends_on < study_class.starts_on:
        problems.append(Problem("ends_on", "The class ends before it begins."))
    if not time_zones.is_known(study_class.time_zone):
        problems.append(Problem("time_zone", "This time zone is not known."))
    return problems


def change_class(study_class: StudyClass, by: User, now: datetime) -> None:
    """Store a class whose name, days, zone or keeping time were changed; raises Refused."""
    problems = class_problems(study_class)
    if problems:
        raise Refused(problems)
    with transaction.atomic():
        study_class.save(update_fields=["name", "starts_on", "ends_on", "time_zone", "keep_months"])
        record(Event.Kind.CHANGED, now, study_class=study_class, actor=by)


def set_lock(study_class: StudyClass, because: str, by: User, now: datetime) -> None:
    """Lock a class for everybody, saying why, or with an empty `because` unlock it. Twice is once."""
    if bool(because) == (study_class.locked_at is not None):
        return
    study_class.locked_at, study_class.locked_because = (now, because[:200]) if because else (None, "")
    with transaction.atomic():
        study_class.save(update_fields=["locked_at", "locked_because"])
        words = f"locked: {because}" if because else "unlocked"
        record(Event.Kind.LOCKED, now, study_class=study_class, actor=by, words=words)


def join(study_class: StudyClass, user: User, role: Role, now: datetime, *, name: str = "") -> Membership:
    """Make `user` a member, called `name`, and return the membership; one who is a member already stays as they are.

    Without any name they are called by a number, so that a teacher can tell two apart. Whether the way in is open is
    the caller's to ask (`joining.enter`).
    """
    with transaction.atomic():
        StudyClass.objects.select_for_update().get(pk=study_class.pk)
        membership = Membership.objects.filter(study_class=study_class, user=user, left_at=None).first()
        if membership is not None:
            return membership
        name = name or user.name or _numbered(study_class, user)
        membership = Membership.objects.create(study_class=study_class, user=user, role=role, name=name, joined_at=now)
        record(Event.Kind.JOINED, now, study_class=study_class, actor=user, person=user)
    return membership


def _numbered(study_class: StudyClass, user: User) -> str:
    number = Membership.objects.filter(study_class=study_class).count() + 1
    return f"{'Guest' if user.is_guest else 'Student'} {number}"


def leave(membership: Membership, by: User, now: datetime) -> None:
    """End a membership, by oneself or by a teacher. Raises Refused for the last owner. Twice is once."""
    with transaction.atomic():
        held = _held(membership)
        if held.left_at is not None:
            return
        _keep_an_owner(held)
        held.left_at = membership.left_at = now
        held.save(update_fields=["left_at"])
        kind = Event.Kind.LEFT if by.pk == held.user_id else Event.Kind.REMOVED
        record(kind, now, study_class=held.study_class, actor=by, person=held.user)


def change_role(membership: Membership, role: Role, by: User, now: datetime) -> None:
    """Give a member another role. Raises Refused for the last owner, and for a guest who is to teach."""
    with transaction.atomic():
        held = _held(membership)
        if role != Role.OWNER:
            _keep_an_owner(held)
        if held.user.is_guest and role != Role.STUDENT:
            raise Refused([Problem("role", "A guest can only be a student: they have to sign up first.")])
        held.role = membership.role = role
        held.save(update_fields=["role"])
        record(Event.Kind.ROLE, now, study_class=held.study_class, actor=by, person=held.user, words=role)


def change_details(membership: Membership, name: str, student_number: str, by: User, now: datetime) -> None:
    """Change what a class calls a member, and their student number; raises Refused."""
    problems = text_problems("name", name, limit=150, one_line=True)
    problems += text_problems("student_number", student_number, limit=40, one_line=True)
    if not name.strip():
        problems.append(Problem("name", "Somebody in a class needs a name there."))
    if problems:
        raise Refused(problems)
    with transaction.atomic():
        membership.name, membership.student_number = name.strip(), student_number.strip()
        membership.save(update_fields=["name", "student_number"])
        words = "name or student number"
        record(
            Event.Kind.CHANGED, now, study_class=membership.study_class, actor=by, person=membership.user, words=words
        )  # fmt: skip


def hand_over(owner: Membership, to: Membership, now: datetime) -> None:
    """Make another member the owner; the former one becomes a teacher, in one transaction. Raises Refused."""
    if to.study_class_id != owner.study_class_id or to.left_at is not None or to.user.is_guest:
        raise Refused([Problem("", "Only a member of this class who has signed up can be its owner.")])
    with transaction.atomic():
        change_role(to, Role.OWNER, owner.user, now)
        change_role(owner, Role.TEACHER, owner.user, now)
        record(Event.Kind.HANDED_OVER, now, study_class=owner.study_class, actor=owner.user, person=to.user)


def _held(membership: Membership) -> Membership:
    """Return the membership as it is now, its class held against other requests so that owners can be counted."""
    StudyClass.objects.select_for_update().get(pk=membership.study_class_id)
    return Membership.objects.select_related("user", "study_class").get(pk=membership.pk)


def is_last_owner(membership: Membership) -> bool:
    """Tell whether the class would have no owner without this member."""
    owners = Membership.objects.filter(study_class_id=membership.study_class_id, role=Role.OWNER, left_at=None)
    return membership.role == Role.OWNER and not owners.exclude(pk=membership.pk).exists()


def _keep_an_owner(membership: Membership) -> None:
    if is_last_owner(membership):
        raise Refused([Problem("", LAST_OWNER)])
