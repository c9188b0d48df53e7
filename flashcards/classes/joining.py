"""Coming in by a join code. A code that lets nobody in looks the same and costs the same, whatever the reason."""

import secrets
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest

from flashcards.accounts.models import User
from flashcards.classes import codes, invitations, services, ways_in
from flashcards.classes.models import Invitation, Membership, Role, StudyClass
from flashcards.lib.errors import Problem, Refused

SHUT = (
    "This code lets nobody in. It may be mistyped, or it was renewed or closed since. Compare it with what your "
    "teacher gave you, or ask for the code of today."
)
NOBODY = "0" * codes.LENGTH
"""What is compared where no class has the code; 0 is in no code."""


@dataclass(frozen=True, slots=True)
class Door:
    """What a code leads to for somebody: `study_class` is None where it lets nobody in."""

    study_class: StudyClass | None
    teacher: str
    is_full: bool
    membership: Membership | None
    invitation: Invitation | None


def count_try(request: HttpRequest, code: str) -> None:
    """Count that somebody tried `code`: by address, by account and by code.

    Raises ImmediateHttpResponse, which turns into the 429 page by itself, when there were too many.
    """
    # allauth counts nothing that is only looked at; here looking is trying.
    sent = copy(request)
    sent.method = "POST"
    allowed = ratelimit.consume(sent, action="join")
    if request.user.is_authenticated:
        allowed = allowed and ratelimit.consume(sent, action="join_user")
    allowed = allowed and ratelimit.consume(sent, action="join_code", key=codes.as_stored(code))
    if not allowed:
        raise ImmediateHttpResponse(ratelimit.respond_429(request))


def door(code: str, user: User | AnonymousUser, now: datetime) -> Door:
    """Return what `code` leads to for `user`; the same queries for every code."""
    stored = codes.as_stored(code)
    found = StudyClass.objects.filter(join_code=stored).first()
    is_right = secrets.compare_digest(stored.encode(), (found.join_code if found else NOBODY).encode())
    pk = found.pk if found else 0
    owners = Membership.objects.filter(study_class_id=pk, role=Role.OWNER, left_at=None)
    teacher = owners.order_by("joined_at", "pk").values_list("name", flat=True).first()
    taken = ways_in.students_in(pk)
    membership = Membership.objects.filter(study_class_id=pk, user_id=user.pk or 0, left_at=None).first()
    invitation = invitations.waiting_for(user).filter(study_class_id=pk).first()
    shut = found is None or not is_right or not ways_in.is_open(found, now)
    if found is None or found.locked_at or (shut and membership is None):
        return Door(None, "", False, None, None)
    is_full = ways_in.is_full(found, taken)
    takes_a_seat = membership is None and (invitation is None or invitation.role == Role.STUDENT)
    return Door(found, teacher or "", is_full and takes_a_seat, membership, invitation)


def enter(code: str, user: User, name: str, now: datetime) -> Membership:
    """Make `user` a member of the class with this code, as their invitation says if there is one; raises Refused.

    The class is held meanwhile, so that two people never get the last seat.
    """
    with transaction.atomic():
        StudyClass.objects.select_for_update().filter(join_code=codes.as_stored(code)).first()
        way = door(code, user, now)
        if way.study_class is None:
            raise Refused([Problem("", SHUT)])
        if way.membership is not None:
            return way.membership
        if way.is_full:
            raise Refused([Problem("", ways_in.FULL)])
        if way.invitation is not None:
            return invitations.accept(way.invitation, user, now)
        return services.join(way.study_class, user, Role.STUDENT, now, name=name)
