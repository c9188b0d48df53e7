"""Who may see and change a class. What somebody may not see does not exist for them: a 404, never a 403."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from flashcards.accounts.models import User
from flashcards.classes.models import Membership, Role, StudyClass

STAFF = frozenset({Role.OWNER, Role.TEACHER, Role.ASSISTANT})
TEACHERS = frozenset({Role.OWNER, Role.TEACHER})
OWNERS = frozenset({Role.OWNER})
ANYBODY = frozenset(Role)


def memberships_of(user: User | AnonymousUser) -> QuerySet[Membership]:
    """Return the memberships that `user` has now, in classes that are not locked, with their classes."""
    current = Membership.objects.filter(user_id=user.pk or 0, left_at=None, study_class__locked_at=None)
    return current.select_related("study_class").order_by("study_class__name", "pk")


def membership_or_404(user: User | AnonymousUser, slug: str, roles: Collection[str] = ANYBODY) -> Membership:
    """Return the membership of `user` in the class with this slug if its role is one of `roles`, else raise Http404.

    Its class is loaded with it. A locked class is there for nobody.
    """
    membership = memberships_of(user).filter(study_class__slug=slug, role__in=roles).first() if user.pk else None
    if membership is None:
        raise Http404("No such class.")
    return membership


def member_or_404(study_class: StudyClass, pk: int) -> Membership:
    """Return anybody's membership of the class (one that ended too) with the person, else raise Http404."""
    membership = Membership.objects.filter(study_class=study_class, pk=pk).select_related("user").first()
    if membership is None:
        raise Http404("No such member.")
    return membership


def may_remove(by: Membership, membership: Membership) -> bool:
    """Tell whether `by` may end another's membership: a teacher a student's, an owner anybody's."""
    if membership.left_at is not None or membership.pk == by.pk:
        return False
    return by.role in OWNERS or (by.role in TEACHERS and membership.role == Role.STUDENT)


def may_name(by: Membership, membership: Membership) -> bool:
    """Tell whether `by` may change what a member is called: their own, a teacher a student's, an owner anybody's."""
    if by.pk == membership.pk:
        return True
    return by.role in OWNERS or (by.role in TEACHERS and membership.role == Role.STUDENT)


def may_give_role(by: Membership, membership: Membership) -> bool:
    """Tell whether `by` may change the role of another: only owners may."""
    return by.role in OWNERS and membership.left_at is None and membership.pk != by.pk


def student_or_404(study_class: StudyClass, pk: int) -> Membership:
    """Return a student's membership of the class (one that ended too) with the person, else raise Http404."""
    of_class = Membership.objects.filter(study_class=study_class, role=Role.STUDENT)
    membership = of_class.select_related("user").filter(pk=pk).first()
    if membership is None:
        raise Http404("No such student.")
    return membership
