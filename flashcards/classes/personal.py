"""What this floor holds of a person: memberships, invitations to their address, lines of the record about them."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.accounts.personal import NUMBER, ClassEnd, Deed, Deletion, Fate, Fates, PersonalData
from flashcards.classes.models import Event, Invitation, Membership, Role, StudyClass
from flashcards.classes.services import record

STRENGTH = (Role.STUDENT, Role.ASSISTANT, Role.TEACHER, Role.OWNER)


def export(user: User) -> dict[str, Any]:
    """Return the person's classes and roles, invitations, and what staff did to them or read of them."""
    memberships = Membership.objects.filter(user=user).select_related("study_class").order_by("joined_at", "pk")
    return {
        "memberships": [_membership(membership) for membership in memberships],
        "invitations": [_invitation(invitation) for invitation in _invitations(user).select_related("study_class")],
        "record": [
            {
                "what": event.get_kind_display(),
                "class": str(event.study_class or ""),
                "at": event.at,
                "more": event.words,
                "by_me": event.actor_id == user.pk,
                "about_me": event.person_id == user.pk,
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


def _invitation(invitation: Invitation) -> dict[str, Any]:
    return {
        "class": invitation.study_class.name,
        "email": invitation.email,
        "name": invitation.name,
        "student_number": invitation.student_number,
        "role": invitation.role,
        "invited": invitation.created_at,
        "mail_sent": invitation.sent_at,
        "accepted": invitation.membership_id is not None,
    }


def _invitations(user: User) -> Any:
    mine = Q(membership__user=user) | (Q(email=user.email) if user.email else Q(pk=None))
    return Invitation.objects.filter(mine).order_by("pk")


def holdings(user: User) -> list[str]:
    """Return the classes that the person is or was in, a line each."""
    memberships = Membership.objects.filter(user=user).select_related("study_class").order_by("joined_at", "pk")
    return [
        f"{membership.get_role_display().lower()} of the class “{membership.study_class}”"
        f"{', until ' + membership.left_at.date().isoformat() if membership.left_at else ''}"
        for membership in memberships
    ]


def adopt(leaving: User, staying: User) -> None:
    """Make one person's memberships another's; of a class both are in now, one is left, with the greater role."""
    theirs = {ours.study_class_id: ours for ours in Membership.objects.filter(user=staying, left_at=None)}
    for membership in Membership.objects.filter(user=leaving, left_at=None, study_class__in=theirs):
        kept = theirs[membership.study_class_id]
        kept.role = max(kept.role, membership.role, key=lambda role: STRENGTH.index(Role(role)))
        kept.name = kept.name or membership.name
        kept.student_number = kept.student_number or membership.student_number
        kept.save(update_fields=["role", "name", "student_number"])
        membership.left_at = timezone.now()
        membership.save(update_fields=["left_at"])
    Membership.objects.filter(user=leaving).update(user=staying)
    if leaving.email:
        _readdress(leaving.email, staying)
    Invitation.objects.filter(invited_by=leaving).update(invited_by=staying)
    Event.objects.filter(person=leaving).update(person=staying)
    Event.objects.filter(actor=leaving).update(actor=staying)


def _readdress(email: str, staying: User) -> None:
    """Send invitations to an address that goes on to the member's; of a class that invited both, one is left."""
    invited = Invitation.objects.filter(email=staying.email or "").values("study_class")
    Invitation.objects.filter(email=email, study_class__in=invited).delete()
    Invitation.objects.filter(email=email).update(email=staying.email)


def delete(user: User) -> None:
    """Delete invitations to the person, and find other owners for the classes that were theirs alone.

    Memberships go with the person; the record forgets who it was.
    """
    _invitations(user).delete()
    for membership in Membership.objects.filter(user=user, role=Role.OWNER, left_at=None):
        _find_owner(membership)


def _find_owner(owner: Membership) -> None:
    """Let the teacher who has been there longest own the class. Without one it is locked; without anybody, it goes."""
    study_class = StudyClass.objects.select_for_update().get(pk=owner.study_class_id)
    others = Membership.objects.filter(study_class=study_class).exclude(user=owner.user_id)
    now_there = others.filter(left_at=None)
    if now_there.filter(role=Role.OWNER).exists():
        return
    now = timezone.now()
    heir = now_there.filter(role=Role.TEACHER, user__is_guest=False).order_by("joined_at", "pk").first()
    if heir is not None:
        Membership.objects.filter(pk=heir.pk).update(role=Role.OWNER)
        record(Event.Kind.HANDED_OVER, now, study_class=study_class, actor=None, person=heir.user)
    elif others.exists():
        study_class.locked_at, study_class.locked_because = now, "It has no owner any more."
        study_class.save(update_fields=["locked_at", "locked_because"])
        record(Event.Kind.LOCKED, now, study_class=study_class, actor=None, words=study_class.locked_because)
    else:
        study_class.delete()


def record_deed(deed: Deed, by: User | None, person: User | None, words: str) -> None:
    """Leave a line in the record, of no class, about what was done to a person."""
    kind = Event.Kind.DELETED if deed == Deed.DELETED else Event.Kind.MERGED
    record(kind, timezone.now(), study_class=None, actor=by, person=person, words=words)


def data() -> PersonalData:
    """Return what to register with the accounts floor."""
    return PersonalData(
        "classes",
        export=export,
        adopt=adopt,
        delete=delete,
        holdings=holdings,
        record=record_deed,
        fates=FATES,
    )


_ROSTER = "no: a list of others, gone after a day"
FATES: Fates = {
    "classes.Membership": (
        Fate("id", NUMBER, Deletion.DELETED),
        Fate("study_class user role joined_at", "yes", Deletion.DELETED),
        Fate("name student_number", "yes", Deletion.DELETED, ClassEnd.EMPTIED),
        Fate("left_at", "yes", Deletion.DELETED, ClassEnd.ENDED),
    ),
    "classes.Invitation": (
        Fate("id", NUMBER, Deletion.DELETED, ClassEnd.DELETED),
        Fate("study_class email name student_number role", "yes", Deletion.DELETED, ClassEnd.DELETED),
        Fate("created_at sent_at membership", "yes", Deletion.DELETED, ClassEnd.DELETED),
        Fate("invited_by", "no: invitations to others are theirs", Deletion.EMPTIED, ClassEnd.DELETED),
    ),
    "classes.RosterUpload": (
        Fate("id study_class uploaded_by uploaded_at", _ROSTER, Deletion.DELETED, ClassEnd.DELETED),
        Fate("lines columns unread", _ROSTER, Deletion.DELETED, ClassEnd.DELETED),
    ),
    "classes.Event": (
        Fate("id", NUMBER, Deletion.KEPT),
        Fate("study_class kind words at", "yes", Deletion.KEPT),
        Fate("actor person", "yes", Deletion.EMPTIED),
    ),
}
