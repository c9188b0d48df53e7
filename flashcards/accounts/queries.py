"""What is read about people."""

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress

from flashcards.accounts.models import User


def profile(user: User) -> Mapping[str, Any]:
    """Return what the accounts floor knows of a person, for their export; no password, not even as a hash."""
    addresses = EmailAddress.objects.filter(user=user).order_by("pk").values("email", "verified", "primary")
    return {
        "email": user.email,
        "name": user.name,
        "guest": user.is_guest,
        "active": user.is_active,
        "may_open_the_admin": user.is_staff,
        "administrator": user.is_superuser,
        "groups": list(user.groups.order_by("name").values_list("name", flat=True)),
        "permissions": list(user.user_permissions.order_by("pk").values_list("codename", flat=True)),
        "joined": user.date_joined,
        "last_sign_in": user.last_login,
        "time_zone": user.time_zone,
        "time_zone_chosen": user.time_zone_chosen,
        "day_starts_at_hour": user.day_start_hour,
        "theme": user.theme,
        "two_buttons": user.two_buttons,
        "addresses": list(addresses),
        "sessions": list(user.sessions.order_by("expire_date").values_list("expire_date", flat=True)),
    }


def ways_in(user: User) -> list[str]:
    """Return in words how a person signs in and what they may, a line each."""
    addresses = EmailAddress.objects.filter(user=user).exclude(email=user.email or "").order_by("pk")
    lines = [f"address {user.email}" if user.email else "a guest without an address"]
    lines += [f"address {address.email}{'' if address.verified else ', not confirmed'}" for address in addresses]
    rights = [("an administrator", user.is_superuser), ("may open the admin", user.is_staff and not user.is_superuser)]
    return lines + [words for words, holds in rights if holds]


def address_is_confirmed(user: User) -> bool:
    """Tell whether the person has followed the link sent to their address."""
    return bool(EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists())
