"""Changing one's address: the old one works until the new one is confirmed."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from flashcards.accounts.models import User
from tests.accounts import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(db: None) -> Client:
    """Return a browser in which somebody has just signed up."""
    browser = Client()
    people.sign_up(browser, "first@example.org")
    return browser


def change(browser: Client, email: str) -> None:
    browser.post("/account/email/", {"email": email, "action_add": ""})


def test_an_unconfirmed_first_address_is_confirmed_by_its_link(browser: Client) -> None:
    assert "not confirmed" in browser.get("/account/").content.decode()
    link = people.link_in_last_mail()
    assert "first@example.org" in browser.get(link).content.decode()
    assert not EmailAddress.objects.get().verified
    browser.post(link)
    assert EmailAddress.objects.get().verified
    assert "not confirmed" not in browser.get("/account/").content.decode()


def test_a_new_address_counts_once_it_is_confirmed(browser: Client) -> None:
    change(browser, "Second@example.org")
    user = User.objects.get()
    assert user.email == "first@example.org"
    assert mail.outbox[-1].to == ["second@example.org"]
    assert "waiting" in browser.get("/account/email/").content.decode()
    people.sign_in(elsewhere := Client(), "first@example.org")
    assert people.user_of(elsewhere) == user
    browser.post(people.link_in_last_mail())
    user.refresh_from_db()
    assert user.email == "second@example.org"
    assert list(EmailAddress.objects.values_list("email", "primary", "verified")) == [
        ("second@example.org", True, True)
    ]


def test_thinking_better_of_it_keeps_the_old_one(browser: Client) -> None:
    change(browser, "second@example.org")
    browser.post("/account/email/", {"email": "second@example.org", "action_remove": ""})
    assert EmailAddress.objects.get().email == User.objects.get().email == "first@example.org"


def test_the_only_address_stays(browser: Client) -> None:
    browser.post("/account/email/", {"email": "first@example.org", "action_remove": ""})
    assert EmailAddress.objects.get().email == User.objects.get().email == "first@example.org"


def test_a_second_thought_replaces_the_waiting_one(browser: Client) -> None:
    change(browser, "second@example.org")
    change(browser, "third@example.org")
    assert set(EmailAddress.objects.values_list("email", flat=True)) == {"first@example.org", "third@example.org"}


def test_an_address_of_somebody_else_is_never_taken_over(browser: Client, alice: User) -> None:
    change(browser, alice.email or "")
    assert browser.post(people.link_in_last_mail()).status_code == 302
    assert "Nothing has changed" in browser.get("/account/").content.decode()
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    assert User.objects.filter(email="first@example.org").exists()


@pytest.mark.parametrize("bad", ["nonsense", "a\0@example.org", f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.org"])
def test_a_senseless_one_is_an_error_at_its_field(browser: Client, bad: str) -> None:
    response = browser.post("/account/email/", {"email": bad, "action_add": ""})
    assert list(response.context["form"].errors) == ["email"]


def test_expired_links_say_so(browser: Client) -> None:
    assert "expired" in browser.get("/account/confirm-email/never-sent/").content.decode()
