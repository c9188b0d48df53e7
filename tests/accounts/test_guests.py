"""A guest studies at once, is known by the session alone, and goes when they stay away."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from flashcards.accounts.models import Session, User
from flashcards.decks.models import Deck
from flashcards.study.models import Review
from tests.accounts import people

pytestmark = pytest.mark.django_db


def test_try_makes_a_guest_in_the_browsers_time_zone(deck: Deck) -> None:
    browser, guest = people.guest_browser(deck)
    assert guest.is_guest
    assert guest.email is None
    assert not guest.has_usable_password()
    assert guest.time_zone == "Europe/Oslo"
    assert people.user_of(browser) == guest


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "\0", "x" * 5000])
def test_a_zone_that_is_none_is_ignored(deck: Deck, zone: str) -> None:
    Client().post("/try/", {"time_zone": zone})
    assert User.objects.get(is_guest=True).time_zone == "UTC"


def test_try_again_stays_the_same_guest(deck: Deck) -> None:
    browser, guest = people.guest_browser(deck)
    browser.post("/try/")
    assert User.objects.get(is_guest=True) == guest


def test_a_member_stays_a_member(deck: Deck, alice: User) -> None:
    browser = Client()
    browser.force_login(alice)
    browser.post("/try/")
    assert people.user_of(browser) == alice
    assert not User.objects.filter(is_guest=True).exists()


def test_too_many_guests_from_one_address_are_held_back(deck: Deck, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"guest": "2/h/ip"}
    for _ in range(2):
        assert Client().post("/try/").status_code == 302
    refused = Client().post("/try/")
    assert refused.status_code == 429
    assert "Wait a few minutes" in refused.content.decode()
    assert User.objects.filter(is_guest=True).count() == 2
    assert Client().post("/try/", REMOTE_ADDR="192.0.2.7").status_code == 302


def test_guests_need_the_token_of_the_page(deck: Deck) -> None:
    assert Client(enforce_csrf_checks=True).post("/try/").status_code == 403
    assert not User.objects.exists()


def stay_away(guest: User, days: int) -> None:
    """Make it so long ago that the guest came, and was here last."""
    past = timedelta(days=days)
    User.objects.filter(pk=guest.pk).update(date_joined=timezone.now() - past)
    for session in Session.objects.filter(user=guest):
        session.expire_date -= past
        session.save()


def test_guests_who_stayed_away_are_cleared_with_all_they_did(
    deck: Deck, alice: User, capsys: pytest.CaptureFixture[str]
) -> None:
    _, gone = people.guest_browser(deck)
    _, fresh = people.guest_browser(deck)
    for user in (gone, fresh, alice):
        people.study(user, deck)
    stay_away(gone, 91)
    stay_away(fresh, 89)
    User.objects.filter(pk=alice.pk).update(date_joined=timezone.now() - timedelta(days=900))
    call_command("clear_guests", "--days", "90")
    assert capsys.readouterr().out == "1 guest removed.\n"
    assert set(User.objects.all()) == {fresh, alice}
    assert set(Review.objects.values_list("user_id", flat=True)) == {fresh.pk, alice.pk}


def test_a_guest_who_comes_back_is_kept(deck: Deck) -> None:
    browser, guest = people.guest_browser(deck)
    browser.get("/preferences/")
    session = browser.session
    session["last_seen"] -= 91
    session.save()
    stay_away(guest, 91)
    browser.get("/preferences/")
    call_command("clear_guests", "--days", "90")
    assert User.objects.filter(pk=guest.pk).exists()


def test_a_session_is_renewed_once_a_day_only(deck: Deck) -> None:
    browser, _ = people.guest_browser(deck)
    assert browser.get("/preferences/").cookies["sessionid"]["max-age"] == 180 * 24 * 60 * 60
    assert "sessionid" not in browser.get("/preferences/").cookies


def test_clear_guests_refuses_a_senseless_number(db: None) -> None:
    with pytest.raises(CommandError, match="1 or more"):
        call_command("clear_guests", "--days", "0")
