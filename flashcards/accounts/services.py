"""What changes people: guests come, become members or move into an account, choose how they study, and leave."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import login
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.http import HttpRequest

from flashcards.accounts import personal, time_zones
from flashcards.accounts.models import User
from flashcards.lib.errors import Problem, Refused

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def start_guest(request: HttpRequest, time_zone: str | None = None) -> User:
    """Sign a stranger in as a new guest and return the guest; somebody signed in already is returned as they are.

    `time_zone` is the browser's; one that is not known is ignored. Raises ImmediateHttpResponse, which turns into the
    429 page by itself, when too many guests come from one address (ACCOUNT_RATE_LIMITS, "guest").
    """
    if request.user.is_authenticated:
        return request.user
    if not ratelimit.consume(request, action="guest"):
        raise ImmediateHttpResponse(ratelimit.respond_429(request))
    guest = User.objects.create_guest(time_zone=time_zone if time_zone and time_zones.is_known(time_zone) else "UTC")
    login(request, guest, backend=BACKEND)
    return guest


def become_member(user: User) -> User:
    """Store `user`, whose address and password have just been set, as a member and return it.

    A guest stays the same row. One that has signed up or moved into an account in another tab meanwhile is left alone:
    then this is somebody new.
    """
    with transaction.atomic():
        if user.pk is not None and not _locked_guest(user.pk):
            user = User(email=user.email, password=user.password, time_zone=user.time_zone)
        user.is_guest = False
        user.save()
    return user


def adopt_guest(guest_id: int, member: User) -> bool:
    """Move all that a guest did to `member` and delete the guest, in one transaction; tell whether there was one."""
    with transaction.atomic():
        guest = _locked_guest(guest_id)
        if guest is None or guest.pk == member.pk:
            return False
        move_all(guest, member)
        guest.delete()
    return True


def move_all(leaving: User, staying: User) -> None:
    """Let every floor move what it holds of one person to another; inside a transaction."""
    for data in personal.registered():
        data.adopt(leaving, staying)


def _locked_guest(guest_id: int) -> User | None:
    """Return the guest, held against other tabs until the transaction ends; None when they are no guest any more."""
    return User.objects.select_for_update().filter(pk=guest_id, is_guest=True).first()


def take_browser_time_zone(user: User, name: str) -> bool:
    """Store the browser's time zone, unless the person chose one; tell whether `name` is a zone at all."""
    if not time_zones.is_known(name):
        return False
    User.objects.filter(pk=user.pk, time_zone_chosen=False).exclude(time_zone=name).update(time_zone=name)
    return True


def change_address(user: User, email: str) -> None:
    """Give a member another address at an administrator's word: it counts at once and is not yet confirmed."""
    with transaction.atomic():
        EmailAddress.objects.filter(user=user).delete()
        user.email = email.strip().lower()
        user.save(update_fields=["email"])
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)


def delete_person(user: User, *, by: User | None = None) -> None:
    """Delete a person and all about them, in one transaction: rows of every floor, sessions, traces in the admin.

    `by` is the administrator who does it; None: the person themselves. What they added to the sums of classes stays or
    goes as KEEP_SUMS_OF_DELETED says. For a member a line stays in the record, which doesn't say who it was.
    Raises Refused for the last administrator, without whom nobody could let another in.
    """
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=user.pk)
        if person.is_superuser and not _other_administrators(person).exists():
            message = "You are the only administrator. Make somebody else one first, then delete your account."
            raise Refused([Problem("", message)])
        for data in personal.registered():
            if data.delete is not None:
                data.delete(person)
        forget_in_admin(person)
        if not person.is_guest:
            administrator = by if by is not None and by.pk != person.pk else None
            words = "" if administrator is not None else "by themselves"
            personal.record(personal.Deed.DELETED, by=administrator, words=words)
        person.delete()


def forget_in_admin(person: User) -> None:
    """Delete the lines of the admin's log that are about a person: they name them."""
    about_people = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=about_people, object_id=str(person.pk)).delete()


def _other_administrators(person: User) -> models.QuerySet[User]:
    return User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)


def clear_guests(now: datetime, *, days: int) -> int:
    """Delete the guests who have not been here for `days` days before `now`; return how many.

    A session is renewed on each day that it is used, so its end tells when a guest was here last.
    """
    cutoff = now - timedelta(days=days)
    alive = cutoff + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    gone = User.objects.filter(is_guest=True, date_joined__lt=cutoff).exclude(sessions__expire_date__gte=alive)
    count = 0
    for guest in gone.iterator():
        delete_person(guest)
        count += 1
    return count
