"""Signing in takes along what a guest did, exactly when it succeeds; guessing passwords is slowed down."""

import pytest
from django.test import Client
from pytest_django import Settings

from flashcards.accounts import personal
from flashcards.accounts.models import Session, User
from flashcards.accounts.personal import PersonalData
from flashcards.decks.models import Deck
from tests.accounts import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Register a floor that notes who moves where, while both are still there."""
    notes: list[tuple[int, int]] = []

    def adopt(guest: User, member: User) -> None:
        assert User.objects.filter(pk__in=[guest.pk, member.pk]).count() == 2
        notes.append((guest.pk, member.pk))

    monkeypatch.setattr(personal, "_registered", personal._registered.copy())
    personal.register(PersonalData("test", export=lambda _: None, adopt=adopt))
    return notes


def test_what_a_guest_did_moves_to_the_account(deck: Deck, alice: User, moved: list[tuple[int, int]]) -> None:
    browser, guest = people.guest_browser(deck)
    own = people.make_deck("own", owner=guest, is_public=False)
    assert people.sign_in(browser).status_code == 302
    assert people.user_of(browser) == alice
    assert moved == [(guest.pk, alice.pk)]
    own.refresh_from_db()
    assert own.owner == alice
    assert not User.objects.filter(pk=guest.pk).exists()
    assert not Session.objects.exclude(user=alice).exists()
    assert "is in your account now" in browser.get("/account/").content.decode()


def test_the_accounts_own_preferences_stand(deck: Deck) -> None:
    alice = people.member(theme="dark", day_start_hour=6)
    browser, guest = people.guest_browser(deck)
    User.objects.filter(pk=guest.pk).update(theme="light", name="Somebody")
    people.sign_in(browser)
    alice.refresh_from_db()
    assert (alice.theme, alice.day_start_hour, alice.name) == ("dark", 6, "")


def test_a_wrong_password_moves_nothing(deck: Deck, alice: User, moved: list[tuple[int, int]]) -> None:
    browser, guest = people.guest_browser(deck)
    response = people.sign_in(browser, password="wrong")
    assert "don&#x27;t fit together" in response.content.decode()
    assert people.user_of(browser) == guest
    assert moved == []


def test_an_account_switched_off_takes_nothing(deck: Deck, moved: list[tuple[int, int]]) -> None:
    people.member(is_active=False)
    browser, guest = people.guest_browser(deck)
    assert people.sign_in(browser)["Location"] == "/account/inactive/"
    assert browser.get("/account/inactive/").status_code == 200
    assert people.user_of(browser) == guest
    assert moved == []


def test_an_unconfirmed_account_takes_nothing_until_it_is_confirmed(
    deck: Deck, alice: User, moved: list[tuple[int, int]], settings: Settings
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    browser, guest = people.guest_browser(deck)
    assert people.sign_in(browser)["Location"] == "/account/confirm-email/"
    assert browser.get("/account/confirm-email/").status_code == 200
    assert people.user_of(browser) == guest
    assert moved == []
    browser.post(people.link_in_last_mail())
    assert people.user_of(browser) == guest
    people.sign_in(browser)
    assert people.user_of(browser) == alice
    assert moved == [(guest.pk, alice.pk)]


def test_a_floor_that_fails_leaves_the_guest_signed_in(deck: Deck, alice: User, moved: list[tuple[int, int]]) -> None:
    def fail(_guest: User, _member: User) -> None:
        raise RuntimeError

    personal.register(PersonalData("failing", export=lambda _: None, adopt=fail))
    browser, guest = people.guest_browser(deck)
    own = people.make_deck("own", owner=guest)
    with pytest.raises(RuntimeError):
        people.sign_in(browser)
    assert people.user_of(browser) == guest
    own.refresh_from_db()
    assert own.owner == guest


def test_a_second_tab_that_signs_in_too_moves_nothing_twice(
    deck: Deck, alice: User, moved: list[tuple[int, int]]
) -> None:
    browser, guest = people.guest_browser(deck)
    other_tab = Client()
    other_tab.cookies.update(browser.cookies)
    people.sign_in(browser)
    people.sign_in(other_tab)
    assert moved == [(guest.pk, alice.pk)]
    assert people.user_of(other_tab) == alice


def test_a_guest_who_resets_a_forgotten_password_takes_everything_along(
    deck: Deck, alice: User, moved: list[tuple[int, int]]
) -> None:
    browser, guest = people.guest_browser(deck)
    browser.post("/account/password/reset/", {"email": alice.email})
    form = browser.get(people.link_in_last_mail(), follow=True)
    browser.post(form.redirect_chain[-1][0], {"password1": "another good one"})
    assert people.user_of(browser) == alice
    assert moved == [(guest.pk, alice.pk)]


def test_guessing_one_accounts_password_is_stopped(alice: User) -> None:
    for _ in range(5):
        people.sign_in(Client(), password="wrong")
    browser = Client()
    response = people.sign_in(browser)
    assert "Too many attempts" in response.content.decode()
    assert people.user_of(browser) is None
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert "Too many attempts" in people.sign_in(elsewhere).content.decode()


def test_guessing_from_one_address_is_stopped(alice: User) -> None:
    for number in range(10):
        people.sign_in(Client(), email=f"nobody{number}@example.org")
    assert "Too many attempts" in people.sign_in(Client()).content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    people.sign_in(elsewhere)
    assert people.user_of(elsewhere) == alice


def test_unknown_address_and_wrong_password_look_the_same(alice: User) -> None:
    wrong = people.sign_in(Client(), password="wrong").context["form"].errors
    unknown = people.sign_in(Client(), email="nobody@example.org").context["form"].errors
    assert wrong == unknown


def test_signing_in_leads_on_only_within_the_site(alice: User) -> None:
    data = {"login": alice.email, "password": people.PASSWORD}
    assert Client().post("/account/login/", {**data, "next": "/preferences/"})["Location"] == "/preferences/"
    assert Client().post("/account/login/", {**data, "next": "https://evil.example/"})["Location"] == "/"


@pytest.mark.parametrize("bad", ["a\0b@example.org", "x" * 1000 + "@example.org", "", "\u202emoc@example.org"])
def test_a_senseless_address_is_an_error_at_its_field(db: None, bad: str) -> None:
    response = people.sign_in(Client(), email=bad)
    assert response.status_code == 200
    assert response.context["form"].errors


def test_signing_out_asks_a_guest_first(deck: Deck) -> None:
    browser, guest = people.guest_browser(deck)
    assert "no way back" in browser.get("/account/logout/").content.decode()
    assert people.user_of(browser) == guest
    browser.post("/account/logout/")
    assert people.user_of(browser) is None


def test_signing_out_ends_the_session(alice: User) -> None:
    browser = Client()
    people.sign_in(browser)
    assert browser.get("/account/logout/").status_code == 200
    assert browser.post("/account/logout/")["Location"] == "/"
    assert not Session.objects.filter(user=alice).exists()


def test_signing_in_and_out_need_the_token_of_the_page(alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert people.sign_in(browser).status_code == 403
    browser.force_login(alice)
    assert browser.post("/account/logout/").status_code == 403
    assert people.user_of(browser) == alice
