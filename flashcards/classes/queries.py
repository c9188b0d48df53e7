"""What the pages of classes read."""

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from flashcards.accounts.models import User
from flashcards.classes.models import Event, Invitation, Membership, Role, StudyClass
from flashcards.lib.text import tidy

LONGEST_SEARCH = 100


def members(study_class: StudyClass, search: str) -> QuerySet[Membership]:
    """Return the memberships that a search for name or student number finds: staff first, who left last."""
    found = Membership.objects.filter(study_class=study_class)
    for word in tidy(search[:LONGEST_SEARCH]).replace("\0", "").split():
        found = found.filter(Q(name__icontains=word) | Q(student_number__icontains=word))
    rank = Case(
        When(role=Role.OWNER, then=0), When(role=Role.TEACHER, then=1), When(role=Role.ASSISTANT, then=2), default=3
    )
    gone = Case(When(left_at=None, then=0), default=1)
    return found.select_related("user").order_by(gone, rank, "name", "pk")


def open_invitations(study_class: StudyClass) -> QuerySet[Invitation]:
    """Return who is invited and has not come yet."""
    return study_class.invitations.filter(membership=None).order_by("name", "email")


def record_about(user: User) -> QuerySet[Event]:
    """Return what others did to `user` in classes, or read of theirs, the latest first.

    An export of the gradebook is about everybody who was a student of the class then.
    """
    there = Membership.objects.filter(
        Q(left_at=None) | Q(left_at__gt=OuterRef("at")),
        user=user,
        role=Role.STUDENT,
        study_class=OuterRef("study_class"),
        joined_at__lte=OuterRef("at"),
    )
    about = Event.objects.filter(Q(person=user) | Q(Exists(there), kind=Event.Kind.EXPORTED)).exclude(actor=user)
    return about.select_related("study_class", "actor").order_by("-at", "-pk")
