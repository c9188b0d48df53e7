"""The group of those who may edit material, and nothing else."""

from typing import Any

from django.contrib.auth.models import Group, Permission

EDITORS = "Editors"
_MODELS = ("deck", "topic", "tag", "note")


def ensure_editors(*, using: str = "default", **_signal: Any) -> None:
    """Create the group with the rights to add, change and view material; if it is there, do nothing.

    Runs after migrations, when the permissions exist. What an administrator gave or took later stays.
    """
    group, created = Group.objects.using(using).get_or_create(name=EDITORS)
    if created:
        names = [f"{right}_{model}" for right in ("add", "change", "view") for model in _MODELS]
        rights = Permission.objects.using(using).filter(content_type__app_label="decks", codename__in=names)
        group.permissions.set(rights)
