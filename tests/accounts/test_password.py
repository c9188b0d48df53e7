"""Passwords: reset, change, and nobody learns who has an account."""

import pytest
from django.core import mail
from django.test import Client

from flashcards.accounts.models import User
from flashcards.decks.models import Deck
from tests.accounts import people

pytestmark = pytest.mark.django_db

NEW = "quite another one"


def ask_reset(email: str) -> tuple[int, str, list[str]]:
    """Ask for a reset and return what a stranger can see, and who got mail."""
    mail.outbox.clear()
    response = Client().post("/account/password/reset/", {"email": email}, follow=True)
    return response.status_code, response.redirect_chain[-1][0], [message.to[0] for message in mail.outbox]


def test_a_link_sets_a_new_password_once(alice: User) -> None:
    ask_reset("Alice@example.org")
    link = people.link_in_last_mail()
    browser = Client()
    form = browser.get(link, follow=True)
    assert "Set a new password" in form.content.decode()
    assert link not in form.redirect_chain[-1][0]
    assert browser.post(form.redirect_chain[-1][0], {"password1": NEW}).status_code == 302
    assert people.user_of(browser) == alice
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    again = Client().get(link, follow=True)
    assert "does not work any more" in again.content.decode()


def test_a_reset_does_not_tell_who_has_an_account(alice: User) -> None:
    known, unknown = ask_reset("alice@example.org"), ask_reset("nobody@example.org")
    assert known[:2] == unknown[:2]
    assert unknown[2] == ["nobody@example.org"]
    assert "no account with the address nobody@example.org" in str(mail.outbox[0].body)


def test_resets_are_limited(alice: User) -> None:
    for _ in range(5):
        ask_reset("alice@example.org")
    assert Client().post("/account/password/reset/", {"email": "alice@example.org"}).status_code == 429


def test_links_that_nobody_sent_do_nothing(alice: User) -> None:
    for path in ("1-set-password", "zzzzzzzzzzzz-abc-def", "1-\0", "0-x"):
        response = Client().get(f"/account/password/reset/key/{path}/", follow=True)
        assert response.status_code in {200, 404}
        assert people.user_of(response.client) is None


def test_changing_it_asks_for_the_old_one(alice: User) -> None:
    browser = Client()
    browser.force_login(alice)
    wrong = browser.post("/account/password/change/", {"oldpassword": "wrong", "password1": NEW})
    assert "This is not your current password" in wrong.content.decode()
    alice.refresh_from_db()
    assert alice.check_password(people.PASSWORD)


def test_changing_it_signs_other_devices_out_and_tells_the_owner(alice: User) -> None:
    browser, elsewhere = Client(), Client()
    people.sign_in(browser)
    people.sign_in(elsewhere)
    response = browser.post("/account/password/change/", {"oldpassword": people.PASSWORD, "password1": NEW})
    assert response["Location"] == "/account/"
    assert browser.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert mail.outbox[-1].to == ["alice@example.org"]
    assert "was changed" in str(mail.outbox[-1].body)


def test_a_weak_one_is_refused_at_its_field(alice: User) -> None:
    browser = Client()
    browser.force_login(alice)
    response = browser.post("/account/password/change/", {"oldpassword": people.PASSWORD, "password1": "12345678"})
    assert list(response.context["form"].errors) == ["password1"]


@pytest.mark.parametrize("page", ["password/change", "password/set", "email", "reauthenticate"])
def test_guests_are_sent_to_the_sign_up(deck: Deck, page: str) -> None:
    browser, _ = people.guest_browser(deck)
    assert browser.get(f"/account/{page}/")["Location"] == "/account/signup/"
    assert browser.post(f"/account/{page}/", {"email": "x@example.org", "action_add": ""}).status_code == 302


@pytest.mark.parametrize("page", ["password/change", "password/set", "email"])
def test_strangers_are_sent_to_the_sign_in(db: None, page: str) -> None:
    assert Client().get(f"/account/{page}/")["Location"].startswith("/account/login/?next=")
