"""What the floors hold of a person: each registers it here, so that export, sign-in and deletion reach all of it.

A floor calls `register` in its AppConfig's `ready`. Hooks run in the order of INSTALLED_APPS: study, decks, accounts.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from flashcards.accounts.models import User


@dataclass(frozen=True, slots=True)
class PersonalData:
    """How one floor hands out, moves and removes what it holds of a person.

    `export` returns what JSON can hold (dates and UUIDs too); an iterator among the values becomes an array, written
    item by item. `adopt(guest, member)` moves all of the guest to the member; what it leaves is deleted with the
    guest. `delete` removes rows that deleting the person does not reach, or that would stand in its way (PROTECT,
    history).
    `adopt` and `delete` run inside a transaction.
    """

    name: str
    export: Callable[[User], Any]
    adopt: Callable[[User, User], None]
    delete: Callable[[User], None] | None = None


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
