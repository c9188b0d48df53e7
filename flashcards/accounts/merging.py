"""Two accounts of one person become one. There is no way back: what was whose is not kept."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.db import transaction

from flashcards.accounts import personal
from flashcards.accounts.models import User
from flashcards.accounts.services import forget_in_admin, move_all
from flashcards.lib.errors import Problem, Refused


@dataclass(frozen=True, slots=True)
class Side:
    """One of two accounts to choose from: what is held of it, a line each, and why it can't be the one that stays."""

    person: User
    holdings: list[str]
    problems: list[str]


def side(person: User, other: User, by: User) -> Side:
    """Return what `person` holds and what speaks against merging `other` into it."""
    return Side(person, personal.holdings(person), problems(leaving=other, staying=person, by=by))


def problems(*, leaving: User, staying: User, by: User) -> list[str]:
    """Return why `by` can't merge `leaving` into `staying`, a sentence each; none if they can."""
    found = []
    if not by.is_superuser:
        found.append("Only an administrator merges accounts.")
    if leaving.pk == staying.pk:
        found.append("These are one account, not two.")
    if staying.is_guest:
        found.append("A guest has no address to sign in with: the member's account has to stay.")
    if leaving.pk == by.pk:
        found.append("The account that you are signed in with would go.")
    if (leaving.is_superuser and not staying.is_superuser) or (leaving.is_staff and not staying.is_staff):
        found.append(f"{leaving} may do more in the admin than {staying}. Give or take those rights first.")
    return found


def merge(leaving: User, staying: User, *, by: User, keep_address: bool) -> str:
    """Move all of `leaving` to `staying`, delete the first, and say in a sentence what became of its address.

    With `keep_address`, its confirmed addresses open the account that stays, too. Raises Refused.
    """
    with transaction.atomic():
        held = {person.pk: person for person in _locked(leaving, staying)}
        if len(held) < len({leaving.pk, staying.pk}):
            raise Refused([Problem("", "One of these accounts is gone.")])
        leaving, staying = held[leaving.pk], held[staying.pk]
        found = problems(leaving=leaving, staying=staying, by=by)
        if found:
            raise Refused([Problem("", sentence) for sentence in found])
        move_all(leaving, staying)
        kept = _move_addresses(leaving, staying) if keep_address else []
        LogEntry.objects.filter(user=leaving).update(user=staying)
        forget_in_admin(leaving)
        staying.name = staying.name or leaving.name
        staying.date_joined = min(staying.date_joined, leaving.date_joined)
        staying.save(update_fields=["name", "date_joined"])
        personal.record(personal.Deed.MERGED, by=by, person=staying)
        address = leaving.email
        leaving.delete()
    return _about_addresses(address, kept)


def _locked(leaving: User, staying: User) -> list[User]:
    return list(User.objects.select_for_update().filter(pk__in=[leaving.pk, staying.pk]).order_by("pk"))


def _move_addresses(leaving: User, staying: User) -> list[str]:
    """Make the confirmed addresses of one account further ones of the other; return them."""
    confirmed = EmailAddress.objects.filter(user=leaving, verified=True)
    kept = list(confirmed.order_by("pk").values_list("email", flat=True))
    confirmed.update(user=staying, primary=False)
    return kept


def _about_addresses(address: str | None, kept: list[str]) -> str:
    words = f"{', '.join(kept)} opens the account as well." if kept else ""
    if address and address not in kept:
        words += f" {address} opens no account any more."
    return words.strip()
