"""Signing up keeps what a guest did, and tells strangers no more than it must."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from pytest_django import Settings

from flashcards.accounts.models import User
from flashcards.decks.models import Deck
from flashcards.study.models import Memory, Review
from tests.accounts import people

pytestmark = pytest.mark.django_db


def test_a_guest_who_signs_up_stays_the_same_person_in_the_same_session(deck: Deck) -> None:
    browser, guest = people.guest_browser(deck)
    review = people.study(guest, deck)
    assert people.sign_up(browser).status_code == 302
    person = people.user_of(browser)
    assert person is not None
    assert person.pk == guest.pk
    assert (person.email, person.is_guest, person.check_password(people.PASSWORD)) == ("new@example.org", False, True)
    assert Review.objects.get(user=person) == review
    assert Memory.objects.filter(user=person).exists()
    assert "Sign out" in browser.get("/account/").content.decode()
    assert User.objects.count() == 1


def test_the_new_member_can_sign_in_elsewhere(deck: Deck) -> None:
    browser, guest = people.guest_browser(deck)
    people.sign_up(browser, "New@Example.org")
    elsewhere = Client()
    people.sign_in(elsewhere, "new@example.ORG")
    assert people.user_of(elsewhere) == guest


def test_a_stranger_signs_up_with_the_browsers_time_zone(db: None) -> None:
    data = {"email": "new@example.org", "password1": people.PASSWORD, "time_zone": "Asia/Tokyo"}
    Client().post("/account/signup/", data)
    assert User.objects.get().time_zone == "Asia/Tokyo"


@pytest.mark.parametrize("zone", ["Nowhere/At All", "\0", "x" * 500])
def test_a_senseless_time_zone_does_not_hinder_signing_up(db: None, zone: str) -> None:
    data = {"email": "new@example.org", "password1": people.PASSWORD, "time_zone": zone}
    assert Client().post("/account/signup/", data).status_code == 302
    assert User.objects.get().time_zone == "UTC"


def test_an_address_taken_leaves_the_guest_as_they_were(deck: Deck, alice: User) -> None:
    browser, guest = people.guest_browser(deck)
    people.study(guest, deck)
    response = people.sign_up(browser, "ALICE@example.org")
    assert "There is an account with this address" in response.content.decode()
    assert people.user_of(browser) == guest
    guest.refresh_from_db()
    assert guest.is_guest
    assert Review.objects.filter(user=guest).count() == 1


def test_with_confirmation_required_a_taken_address_is_not_betrayed(
    deck: Deck, alice: User, settings: Settings
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    browser, guest = people.guest_browser(deck)
    taken = people.sign_up(browser, "alice@example.org")
    assert people.user_of(browser) == guest
    assert "There is an account with it already" in str(mail.outbox[-1].body)
    free = people.sign_up(Client(), "free@example.org")
    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    guest.refresh_from_db()
    assert guest.is_guest


def test_with_confirmation_required_a_guest_goes_on_while_the_mail_is_on_its_way(
    deck: Deck, settings: Settings
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    browser, guest = people.guest_browser(deck)
    people.sign_up(browser)
    assert people.user_of(browser) == guest
    assert browser.get("/preferences/").status_code == 200
    elsewhere = Client()
    people.sign_in(elsewhere, "new@example.org")
    assert people.user_of(elsewhere) is None
    elsewhere.post(people.link_in_last_mail())
    people.sign_in(elsewhere, "new@example.org")
    assert people.user_of(elsewhere) == guest


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        ("no address", people.PASSWORD, "email"),
        ("a\0b@example.org", people.PASSWORD, "email"),
        (f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.org", people.PASSWORD, "email"),
        ("new@example.org", "short", "password1"),
        ("new@example.org", "password123", "password1"),
        ("new@example.org", "new@example.org", "password1"),
        ("new@example.org", "nul\0inside of it", "password1"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(deck: Deck, email: str, password: str, field: str) -> None:
    browser, guest = people.guest_browser(deck)
    response = people.sign_up(browser, email, password)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    guest.refresh_from_db()
    assert guest.is_guest


def test_a_guest_who_signed_up_in_another_tab_is_not_signed_up_twice(deck: Deck) -> None:
    browser, guest = people.guest_browser(deck)
    other_tab = Client()
    other_tab.cookies.update(browser.cookies)
    people.sign_up(browser, "first@example.org")
    people.sign_up(other_tab, "second@example.org")
    guest.refresh_from_db()
    assert guest.email == "first@example.org"
    assert people.user_of(browser) == guest


def test_two_sign_ups_at_once_make_one_account(deck: Deck, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second has passed the form's check when the first is stored."""
    people.sign_up(Client(), "new@example.org")
    EmailAddress.objects.all().delete()
    monkeypatch.setattr("allauth.account.internal.flows.manage_email.assess_unique_email", lambda *_, **__: True)
    browser, guest = people.guest_browser(deck)
    response = people.sign_up(browser, "new@example.org")
    assert response["Location"] == "/account/login/"
    guest.refresh_from_db()
    assert guest.is_guest
    assert people.user_of(browser) == guest


def test_members_have_no_use_for_the_pages_of_strangers(deck: Deck, alice: User) -> None:
    browser = Client()
    browser.force_login(alice)
    for page in ("/account/login/", "/account/signup/"):
        assert browser.get(page)["Location"] == "/"
    assert browser.get("/account/login/?next=/preferences/")["Location"] == "/preferences/"
    assert browser.get("/account/login/?next=https://evil.example/")["Location"] == "/"


def test_signing_up_needs_the_token_of_the_page(db: None) -> None:
    assert people.sign_up(Client(enforce_csrf_checks=True)).status_code == 403
    assert not User.objects.exists()


def test_forms_tell_password_managers_what_is_what(deck: Deck) -> None:
    browser, _ = people.guest_browser(deck)
    up = browser.get("/account/signup/").content.decode()
    assert 'autocomplete="new-password"' in up
    assert 'autocomplete="email"' in up
    assert 'name="password2"' not in up
    down = browser.get("/account/login/").content.decode()
    assert 'autocomplete="current-password"' in down
    assert 'autocomplete="username"' in down
