"""What the floors hold of a person: each registers it here, so that export, sign-in, merging and deletion reach all.

A floor calls `register` in its AppConfig's `ready`. Hooks run in the order of INSTALLED_APPS: study, decks, classes,
accounts.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from flashcards.accounts.models import User


class Deletion(StrEnum):
    """What becomes of a field when its person is deleted."""

    DELETED = "deleted"
    EMPTIED = "emptied"
    KEPT = "kept without the person"
    OWN = "deleted in their own decks, elsewhere kept without the person"
    SUMMED = "kept in the class's sums, or taken out of them"


class ClassEnd(StrEnum):
    """What becomes of a field when a class that it belongs to has been over for its keeping time."""

    UNTOUCHED = "untouched"
    EMPTIED = "emptied"
    EMPTIED_UNLESS_NEEDED = "emptied, unless another class needs it"
    ENDED = "set, if it was open"
    DELETED = "deleted"
    SUMMED = "kept: sums name nobody"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of some fields of a model: `fields` are their names with spaces between.

    `export` is "yes" where the person's file says what the field holds, else "no: " and why.
    """

    fields: str
    export: str
    deletion: Deletion
    class_end: ClassEnd = ClassEnd.UNTOUCHED

    def __post_init__(self) -> None:
        if self.export != "yes" and not self.export.startswith("no: "):
            raise ValueError(f"{self.fields}: the export is “yes” or “no: ” and why, not “{self.export}”")

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the fields."""
        return tuple(self.fields.split())


Fates = Mapping[str, Sequence[Fate]]
"""By model, as "accounts.User": each of its fields in one of the fates."""


class Deed(StrEnum):
    """What an administrator does to people that leaves a line in the record."""

    DELETED = "deleted"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """How one floor hands out, moves and removes what it holds of a person, and what becomes of each field.

    `export` returns what JSON can hold (dates and UUIDs too); an iterator among the values becomes an array, written
    item by item. `adopt(leaving, staying)` moves all of a guest, or of a member's second account, to the member; what
    it leaves is deleted with the first. `delete` removes rows that deleting the person does not reach, or that would
    stand in its way (PROTECT, history). `holdings` says in words what there is of a person, a line each.
    `record(deed, by, person, words)` leaves a line about a deed.
    `adopt`, `delete` and `record` run inside a transaction.
    """

    name: str
    export: Callable[[User], Any]
    adopt: Callable[[User, User], None]
    delete: Callable[[User], None] | None = None
    holdings: Callable[[User], list[str]] | None = None
    record: Callable[[Deed, User | None, User | None, str], None] | None = None
    fates: Fates = field(default_factory=dict)


_registered: dict[str, PersonalData] = {}


def register(data: PersonalData) -> None:
    """Add what a floor holds; registering a name again replaces it."""
    _registered[data.name] = data


def registered() -> list[PersonalData]:
    """Return what all floors have registered."""
    return list(_registered.values())


def export_json(user: User) -> Iterator[str]:
    """Yield, piece by piece, one JSON object with a key for each floor's data of `user`."""
    return _encoded({data.name: data.export(user) for data in registered()})


def holdings(user: User) -> list[str]:
    """Return in words what all floors hold of a person, a line each; the lowest floor first."""
    return [line for data in reversed(registered()) if data.holdings is not None for line in data.holdings(user)]


def record(deed: Deed, *, by: User | None, person: User | None = None, words: str = "") -> None:
    """Leave a line about what was done to a person, wherever a floor keeps such lines. `words` name nobody."""
    for data in registered():
        if data.record is not None:
            data.record(deed, by, person, words)


def all_fates() -> Fates:
    """Return what becomes of each field that holds something about a person, on all floors; the lowest first."""
    return {model: fates for data in reversed(registered()) for model, fates in data.fates.items()}


def counted(number: int, word: str) -> str:
    """Return a number of things in words: "1 deck", "2 decks", "2 classes"."""
    plural = f"{word}es" if word.endswith("s") else f"{word}s"
    return f"{number:,} {word if number == 1 else plural}"


def _encoded(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping) and any(isinstance(item, Iterator | Mapping) for item in value.values()):
        yield "{"
        for number, (key, item) in enumerate(value.items()):
            yield f"{',' if number else ''}\n{json.dumps(str(key))}: "
            yield from _encoded(item)
        yield "}"
    elif isinstance(value, Iterator):
        yield "["
        for number, item in enumerate(value):
            yield f"{',' if number else ''}\n"
            yield from _encoded(item)
        yield "]"
    else:
        yield json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


NUMBER = "no: a number of the database"
_SECRET = "no: a secret that signs in"  # noqa: S105  a reason, not a secret
FATES: Fates = {
    "accounts.User": (
        Fate("id", NUMBER, Deletion.DELETED),
        Fate("password", "no: nobody may read it, not even as a hash", Deletion.DELETED),
        Fate("email name is_guest is_active date_joined last_login", "yes", Deletion.DELETED),
        Fate("is_staff is_superuser groups user_permissions", "yes", Deletion.DELETED),
        Fate("time_zone time_zone_chosen day_start_hour theme two_buttons", "yes", Deletion.DELETED),
    ),
    "accounts.Session": (
        Fate("session_key session_data", _SECRET, Deletion.DELETED),
        Fate("user expire_date", "yes", Deletion.DELETED),
    ),
    "account.EmailAddress": (
        Fate("id", NUMBER, Deletion.DELETED),
        Fate("user email verified primary", "yes", Deletion.DELETED),
    ),
    "account.EmailConfirmation": (
        Fate("id", NUMBER, Deletion.DELETED),
        Fate("email_address created sent key", "no: a link that confirms an address", Deletion.DELETED),
    ),
    "admin.LogEntry": (
        Fate(
            "id action_time user content_type object_id object_repr action_flag change_message",
            "no: the record of what editors did",
            Deletion.DELETED,
        ),
    ),
}
