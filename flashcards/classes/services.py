"""The writes of classes: making one, coming in and going, roles. Each leaves a line in the record."""

from datetime import datetime

from django.db import transaction

from flashcards.accounts import time_zones
from flashcards.accounts.models import User
from flashcards.classes import codes
from flashcards.classes.models import Event, Membership, Role, StudyClass
from flashcards.lib.errors import Problem, Refused

LAST_OWNER = "A class needs an owner. Hand it over to somebody first."


def record(
    kind: Event.Kind, now: datetime, *, study_class: StudyClass | None, actor: User | None, person: User | None = None,
    words: str = "",
) -> None:  # fmt: skip
    """Write a line of the record."""
    Event.objects.create(
        study_class=study_class, actor=actor, person=person, kind=kind, words=words[:300], at=now
    )  # fmt: skip


def create_class(owner: User, study_class: StudyClass, now: datetime) -> Membership:
    """Store a new class with its first join code and make `owner` its owner; raises Refused."""
    problems = class_problems(study_class)
    if owner.is_guest:
        problems.append(Problem("", "Sign up first: a class needs an owner who can be found again."))
    if problems:
        raise Refused(problems)
    study_class.slug, study_class.join_code = codes.new_slug(), codes.new_code()
    with transaction.atomic():
        study_class.save()
        membership = Membership.objects.create(
            study_class=study_class, user=owner, role=Role.OWNER, name=owner.name, joined_at=now
        )
        record(Event.Kind.CREATED, now, study_class=study_class, actor=owner)
    return membership


def class_problems(study_class: StudyClass) -> list[Problem]:
    """Return what is wrong with the name, days and time zone of a class."""
    problems = []
    if not study_class.name.strip():
        problems.append(Problem("name", "The class needs a name."))
    if study_class.starts_on and study_class.ends_on and study_class.ends_on < study_class.starts_on:
        problems.append(Problem("ends_on", "The class ends before it begins."))
    if not time_zones.is_known(study_class.time_zone):
        problems.append(Problem("time_zone", "This time zone is not known."))
    return problems


def join(study_class: StudyClass, user: User, role: Role, now: datetime) -> Membership:
    """Make `user` a member and return the membership; one who is a member already stays what they are.

    Whether the way in is open is the caller's to ask (`joining.problem`).
    """
    with transaction.atomic():
        StudyClass.objects.select_for_update().get(pk=study_class.pk)
        membership = Membership.objects.filter(study_class=study_class, user=user, left_at=None).first()
        if membership is not None:
            return membership
        membership = Membership.objects.create(
            study_class=study_class, user=user, role=role, name=user.name, joined_at=now
        )
        record(Event.Kind.JOINED, now, study_class=study_class, actor=user, person=user)
    return membership


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


def _keep_an_owner(membership: Membership) -> None:
    if membership.role != Role.OWNER:
        return
    owners = Membership.objects.filter(study_class=membership.study_class_id, role=Role.OWNER, left_at=None)
    if not owners.exclude(pk=membership.pk).exists():
        raise Refused([Problem("", LAST_OWNER)])
