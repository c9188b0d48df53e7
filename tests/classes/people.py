"""Classes and their people for tests: Anna owns a class, Tom teaches and Ada assists in it, Sam studies there."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.classes import services
from flashcards.classes.models import Membership, Role, StudyClass


def member(name: str, **fields: object) -> User:
    """Return somebody with an account; their address is not confirmed."""
    return User.objects.create_user(f"{name.lower()}@example.org", "correct horse", **{"name": name, **fields})


def confirm(user: User) -> User:
    """Let somebody have followed the link sent to their address."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def browser(user: User | None) -> Client:
    """Return the browser of somebody, or of a stranger."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def make_class(owner: User, name: str = "Deep Learning", **fields: object) -> Membership:
    """Return the owner's membership of a new class."""
    return services.create_class(owner, StudyClass(name=name, **fields), timezone.now())


def add(study_class: StudyClass, user: User, role: Role = Role.STUDENT, now: datetime | None = None) -> Membership:
    """Return the membership of somebody who has come into a class."""
    return services.join(study_class, user, role, now or timezone.now())
