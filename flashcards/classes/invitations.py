"""Inviting people by address: rows that wait for them, mails that tell them, and what happens when they come."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMessage, mailers
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string

from flashcards.accounts.models import User
from flashcards.classes import services, ways_in
from flashcards.classes.addresses import Address
from flashcards.classes.models import Event, Invitation, Membership, Role, StudyClass
from flashcards.lib.errors import Problem, Refused

logger = logging.getLogger(__name__)

MOST_WAITING = 5000


@dataclass(frozen=True, slots=True)
class Links:
    """Where a mail leads to, in full: the page of the code, and the list that shows what one is invited to."""

    join: str
    classes: str


def waiting_for(user: User | AnonymousUser) -> QuerySet[Invitation]:
    """Return the invitations that wait for `user`: to an address of theirs that they have confirmed."""
    confirmed = EmailAddress.objects.filter(user_id=user.pk or 0, verified=True).values("email")
    waiting = Invitation.objects.filter(membership=None, study_class__locked_at=None, email__in=confirmed)
    return waiting.select_related("study_class").order_by("study_class__name", "pk")


def invite(membership: Membership, people: Sequence[Address], role: Role, now: datetime) -> list[Invitation]:
    """Store an invitation for each of `people` who has none yet, and return the new ones; raises Refused.

    `membership` is of who invites: whoever is not the owner invites students only.
    """
    if role != Role.STUDENT and membership.role != Role.OWNER:
        raise Refused([Problem("role", "Only the owner invites people who teach.")])
    if role == Role.OWNER:
        raise Refused([Problem("role", "Nobody is invited as owner: invite a teacher and hand the class over.")])
    study_class = membership.study_class
    with transaction.atomic():
        StudyClass.objects.select_for_update().get(pk=study_class.pk)
        known = set(study_class.invitations.values_list("email", flat=True))
        new = [person for person in people if person.email not in known]
        if len(known) + len(new) > MOST_WAITING:
            raise Refused([Problem("addresses", f"A class has at most {MOST_WAITING:,} invitations.")])
        rows = Invitation.objects.bulk_create(
            Invitation(
                study_class=study_class, email=person.email, name=person.name, role=role, invited_by=membership.user
            )
            for person in new
        )  # fmt: skip
        if rows:
            words = f"{len(rows)} as {role}"
            services.record(Event.Kind.INVITED, now, study_class=study_class, actor=membership.user, words=words)
    return rows


def send(invitations: Collection[Invitation], teacher: str, links: Links, now: datetime) -> list[Invitation]:
    """Mail every invitation and return those whose mail could not be sent; they can be sent again."""
    failed: list[Invitation] = []
    connection = mailers.default
    try:
        connection.open()
        for invitation in invitations:
            try:
                connection.send_messages([_message(invitation, teacher, links)])
            except (SMTPException, OSError) as error:
                logger.warning("A mail of an invitation was not sent: %s", type(error).__name__)
                failed.append(invitation)
            else:
                invitation.sent_at = now
    except OSError as error:
        logger.warning("Mails of invitations were not sent: %s", type(error).__name__)
        failed = [invitation for invitation in invitations if invitation.sent_at != now]
    finally:
        connection.close()
    Invitation.objects.bulk_update([one for one in invitations if one.sent_at == now], ["sent_at"], batch_size=100)
    return failed


def _message(invitation: Invitation, teacher: str, links: Links) -> EmailMessage:
    context = {"study_class": invitation.study_class, "invitation": invitation, "teacher": teacher, "links": links}
    subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}you are invited to {invitation.study_class.name}"
    return EmailMessage(subject, render_to_string("classes/invitation.txt", context), to=[invitation.email])


def withdraw(invitation: Invitation, by: User, now: datetime) -> None:
    """Delete an invitation; whoever came by it stays."""
    with transaction.atomic():
        study_class = invitation.study_class
        invitation.delete()
        services.record(Event.Kind.INVITED, now, study_class=study_class, actor=by, words="withdrew an invitation")


def accept(invitation: Invitation, user: User, now: datetime) -> Membership:
    """Make `user` the member that the invitation says and return the membership; raises Refused without a seat.

    Whose address it is the caller has asked (`waiting_for`). A student who is in already gets name, number and role.
    """
    with transaction.atomic():
        study_class = StudyClass.objects.select_for_update().get(pk=invitation.study_class_id)
        current = Membership.objects.filter(study_class=study_class, user=user, left_at=None).first()
        takes_a_seat = current is None and invitation.role == Role.STUDENT
        if takes_a_seat and ways_in.is_full(study_class, ways_in.students_in(study_class.pk)):
            raise Refused([Problem("", ways_in.FULL)])
        role = Role(invitation.role)
        membership = services.join(study_class, user, role, now, name=invitation.name)
        if membership.role == Role.STUDENT and role != Role.STUDENT:
            services.change_role(membership, role, invitation.invited_by or user, now)
        membership.name = invitation.name or membership.name
        membership.student_number = invitation.student_number or membership.student_number
        membership.save(update_fields=["name", "student_number"])
        invitation.membership = membership
        invitation.save(update_fields=["membership"])
    return membership
