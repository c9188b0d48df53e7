"""People in the admin, and its sign-in, which is the site's."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from flashcards.accounts.models import User
from flashcards.decks.models import Deck
from tests.accounts import people

pytestmark = pytest.mark.django_db

PEOPLE = "/admin/accounts/user/"


@pytest.fixture
def root(db: None) -> User:
    """Return an administrator."""
    return User.objects.create_superuser("root@example.org", people.PASSWORD)


@pytest.fixture
def browser(root: User) -> Client:
    """Return the administrator's browser."""
    browser = Client()
    browser.force_login(root)
    return browser


def test_strangers_and_guests_sign_in_through_the_site(deck: Deck) -> None:
    guest_browser, _ = people.guest_browser(deck)
    for someone in (Client(), guest_browser):
        response = someone.get("/admin/", follow=True)
        assert response.redirect_chain[-1][0] == "/account/login/?next=/admin/"


def test_the_admins_own_form_takes_no_passwords(root: User) -> None:
    browser = Client()
    response = browser.post("/admin/login/", {"username": root.email, "password": people.PASSWORD})
    assert response["Location"].startswith("/account/login/")
    assert people.user_of(browser) is None


def test_guessing_an_administrators_password_is_stopped(root: User) -> None:
    for _ in range(5):
        Client().post("/account/login/?next=/admin/", {"login": root.email, "password": "wrong"})
    browser = Client()
    browser.post("/account/login/?next=/admin/", {"login": root.email, "password": people.PASSWORD})
    assert people.user_of(browser) is None


def test_an_administrator_arrives_where_they_wanted(root: User) -> None:
    data = {"login": root.email, "password": people.PASSWORD, "next": PEOPLE}
    response = Client().post("/account/login/", data, follow=True)
    assert response.redirect_chain[-1][0] == PEOPLE
    assert response.status_code == 200


def test_members_may_not(alice: User) -> None:
    browser = Client()
    browser.force_login(alice)
    assert browser.get("/admin/", follow=True).status_code == 403


def test_the_list_shows_members_and_guests_only_when_asked(browser: Client, alice: User, deck: Deck) -> None:
    _, guest = people.guest_browser(deck)
    assert set(browser.get(PEOPLE).context["cl"].queryset) == {alice, User.objects.get(is_superuser=True)}
    assert set(browser.get(f"{PEOPLE}?kind=guests").context["cl"].queryset) == {guest}
    assert browser.get(f"{PEOPLE}?kind=all").context["cl"].queryset.count() == 3
    assert set(browser.get(f"{PEOPLE}?q=alice").context["cl"].queryset) == {alice}


def test_a_member_added_there_can_sign_in(browser: Client) -> None:
    data = {"email": "Bob@Example.org", "usable_password": "true", "password1": people.PASSWORD,
            "password2": people.PASSWORD}  # fmt: skip
    assert browser.post(f"{PEOPLE}add/", data).status_code == 302
    elsewhere = Client()
    people.sign_in(elsewhere, "bob@example.org")
    assert people.user_of(elsewhere) == User.objects.get(email="bob@example.org")


def change(browser: Client, user: User, **fields: str) -> int:
    data = {"email": user.email or "", "name": user.name, "is_active": "on", "time_zone": user.time_zone,
            "day_start_hour": "4", "theme": "system", **fields}  # fmt: skip
    return browser.post(f"{PEOPLE}{user.pk}/change/", data).status_code


def test_an_address_changed_there_takes_the_old_ones_place(browser: Client) -> None:
    member_browser = Client()
    people.sign_up(member_browser, "old@example.org")
    user = User.objects.get(email="old@example.org")
    assert change(browser, user, email="New@example.org") == 302
    assert [address.email for address in EmailAddress.objects.filter(user=user)] == ["new@example.org"]
    for email, expected in (("old@example.org", None), ("new@example.org", user)):
        elsewhere = Client()
        people.sign_in(elsewhere, email)
        assert people.user_of(elsewhere) == expected


def test_a_member_cannot_be_left_without_an_address(browser: Client, alice: User) -> None:
    assert change(browser, alice, email="") == 200
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"


def test_an_address_of_somebody_else_is_refused(browser: Client, alice: User) -> None:
    bob = people.member("bob@example.org")
    assert change(browser, bob, email="ALICE@example.org") == 200
    bob.refresh_from_db()
    assert bob.email == "bob@example.org"


def test_a_guest_can_be_looked_at_and_saved(browser: Client, deck: Deck) -> None:
    _, guest = people.guest_browser(deck)
    assert browser.get(f"{PEOPLE}{guest.pk}/change/").status_code == 200
    assert change(browser, guest, name="Somebody", email="guest@example.org") == 302
    guest.refresh_from_db()
    assert (guest.name, guest.email) == ("Somebody", None)


def test_deleting_there_takes_everything_along(browser: Client, alice: User, root: User) -> None:
    people.make_deck("own", owner=alice)
    assert "with everything of theirs" in browser.get(f"{PEOPLE}{alice.pk}/delete/").content.decode()
    browser.post(f"{PEOPLE}{alice.pk}/delete/", {"post": "yes"})
    assert not User.objects.filter(pk=alice.pk).exists()
    assert not Deck.objects.exists()
    assert browser.post(f"{PEOPLE}{root.pk}/delete/", {"post": "yes"}).status_code == 403


def test_several_can_be_deleted_at_once(browser: Client, alice: User, deck: Deck) -> None:
    _, guest = people.guest_browser(deck)
    chosen = {"action": "delete_selected", "_selected_action": [str(alice.pk), str(guest.pk)], "post": "yes"}
    assert browser.post(f"{PEOPLE}?kind=all", chosen).status_code == 302
    assert User.objects.get().is_superuser
