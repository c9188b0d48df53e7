"""What this floor holds of a person: memberships, invitations to their address, lines of the record about them."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.accounts.personal import PersonalData
from flashcards.classes.models import Event, Invitation, Membership


def export(user: User) -> dict[str, Any]:
    """Return the person's classes and roles, invitations, and what staff did to them or read of them."""
    memberships = Membership.objects.filter(user=user).select_related("study_class").order_by("joined_at", "pk")
    return {
        "memberships": [_membership(membership) for membership in memberships],
        "invitations": [
            {"class": invitation.study_class.name, "invited": invitation.created_at, "name": invitation.name}
            for invitation in _invitations(user).select_related("study_class")
        ],
        "record": [
            {
                "what": event.get_kind_display(),
                "class": str(event.study_class or ""),
                "at": event.at,
                "more": event.words,
            }
            for event in Event.objects.filter(Q(person=user) | Q(actor=user)).select_related("study_class")
        ],
    }


def _membership(membership: Membership) -> dict[str, Any]:
    return {
        "class": membership.study_class.name,
        "role": membership.role,
        "name": membership.name,
        "student_number": membership.student_number,
        "joined": membership.joined_at,
        "left": membership.left_at,
    }


def _invitations(user: User) -> Any:
    mine = Q(membership__user=user) | (Q(email=user.email) if user.email else Q(pk=None))
    return Invitation.objects.filter(mine).order_by("pk")


def adopt(guest: User, member: User) -> None:
    """Make the guest's memberships the member's; of a class both are in now, the guest's ends."""
    both = Membership.objects.filter(user=member, left_at=None).values("study_class")
    Membership.objects.filter(user=guest, left_at=None, study_class__in=both).update(left_at=timezone.now())
    Membership.objects.filter(user=guest).update(user=member)
    Event.objects.filter(person=guest).update(person=member)
    Event.objects.filter(actor=guest).update(actor=member)


def delete(user: User) -> None:
    """Delete invitations to the person's address; memberships go with the person, the record forgets who it was."""
    _invitations(user).delete()


def data() -> PersonalData:
    """Return what to register with the accounts floor."""
    return PersonalData("classes", export=export, adopt=adopt, delete=delete)
