"""Two tabs of one guest that both got past the sign-in before either was stored."""

import pytest

from flashcards.accounts import services
from flashcards.accounts.models import User
from flashcards.decks.models import Deck
from tests.accounts import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest(db: None) -> User:
    """Return a guest with a deck of their own."""
    guest = User.objects.create_guest()
    people.make_deck("own", owner=guest)
    return guest


def signing_up(guest: User, email: str) -> User:
    """Return the guest as a tab holds them whose sign-up is about to be stored."""
    person = User.objects.get(pk=guest.pk)
    person.email = email
    person.set_password(people.PASSWORD)
    return person


def test_both_sign_in(guest: User, alice: User) -> None:
    bob = people.member("bob@example.org")
    assert services.adopt_guest(guest.pk, alice)
    assert not services.adopt_guest(guest.pk, bob)
    assert Deck.objects.get().owner == alice


def test_one_signs_up_and_then_the_other_signs_in(guest: User, alice: User) -> None:
    services.become_member(signing_up(guest, "new@example.org"))
    assert not services.adopt_guest(guest.pk, alice)
    assert Deck.objects.get().owner == User.objects.get(email="new@example.org")


def test_one_signs_in_and_then_the_other_signs_up(guest: User, alice: User) -> None:
    late = signing_up(guest, "new@example.org")
    services.adopt_guest(guest.pk, alice)
    somebody = services.become_member(late)
    assert somebody.pk != guest.pk
    assert somebody.check_password(people.PASSWORD)
    assert Deck.objects.get().owner == alice


def test_both_sign_up(guest: User) -> None:
    first, second = signing_up(guest, "first@example.org"), signing_up(guest, "second@example.org")
    assert services.become_member(first).pk == guest.pk
    assert services.become_member(second).pk != guest.pk
    assert Deck.objects.get().owner == User.objects.get(email="first@example.org")
