"""Preferences, and the time zone that the browser says."""

import pytest
from django.test import Client

from flashcards.accounts.models import User
from flashcards.decks.models import Deck
from tests.accounts import people

pytestmark = pytest.mark.django_db

GOOD = {"name": " Ada ", "time_zone": "America/New_York", "day_start_hour": "6", "theme": "dark", "two_buttons": "on"}


@pytest.fixture
def browser(alice: User) -> Client:
    """Return a browser with a member signed in."""
    browser = Client()
    browser.force_login(alice)
    return browser


def test_they_are_saved(browser: Client, alice: User) -> None:
    assert browser.post("/preferences/", GOOD).status_code == 302
    alice.refresh_from_db()
    assert (alice.name, alice.time_zone, alice.time_zone_chosen) == ("Ada", "America/New_York", True)
    assert (alice.day_start_hour, alice.theme, alice.two_buttons) == (6, "dark", True)
    page = browser.get("/preferences/").content.decode()
    assert 'value="America/New_York" selected' in page
    assert 'data-theme="dark"' in page


def test_guests_have_them_too(deck: Deck) -> None:
    browser, guest = people.guest_browser(deck)
    assert browser.post("/preferences/", GOOD).status_code == 302
    guest.refresh_from_db()
    assert guest.theme == "dark"
    assert guest.is_guest


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "Europe/Oslo\0"),
        ("time_zone", "../../etc/passwd"),
        ("day_start_hour", "99"),
        ("day_start_hour", "-1"),
        ("day_start_hour", "four"),
        ("day_start_hour", ""),
        ("theme", "pink"),
        ("name", "A\0da"),
        ("name", "A\tda"),
        ("name", "A\u202eda"),
        ("name", "x" * 151),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    browser: Client, alice: User, field: str, value: str
) -> None:
    response = browser.post("/preferences/", {**GOOD, field: value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in response.content.decode()
    alice.refresh_from_db()
    assert (alice.name, alice.time_zone, alice.theme) == ("", "UTC", "system")


def test_as_this_browser_says_is_a_choice(browser: Client, alice: User) -> None:
    browser.post("/preferences/", GOOD)
    browser.post("/preferences/", {**GOOD, "time_zone": ""})
    alice.refresh_from_db()
    assert (alice.time_zone, alice.time_zone_chosen) == ("America/New_York", False)
    browser.post("/preferences/time-zone/", {"time_zone": "Asia/Tokyo"})
    alice.refresh_from_db()
    assert alice.time_zone == "Asia/Tokyo"


def test_a_zone_that_is_not_in_the_list_is_kept(browser: Client, alice: User) -> None:
    """An old name that a browser said."""
    User.objects.filter(pk=alice.pk).update(time_zone="Cuba", time_zone_chosen=True)
    assert browser.post("/preferences/", {**GOOD, "time_zone": "Cuba"}).status_code == 302
    alice.refresh_from_db()
    assert alice.time_zone == "Cuba"


def test_a_chosen_zone_is_not_overruled_by_the_browser(browser: Client, alice: User) -> None:
    browser.post("/preferences/", GOOD)
    assert browser.post("/preferences/time-zone/", {"time_zone": "Asia/Tokyo"}).status_code == 204
    alice.refresh_from_db()
    assert alice.time_zone == "America/New_York"
    assert "data-time-zone" not in browser.get("/preferences/").content.decode()


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "UTC\0", "localtime", "x" * 100_000])
def test_a_browser_that_talks_nonsense_changes_nothing(browser: Client, alice: User, zone: str) -> None:
    response = browser.post("/preferences/time-zone/", {"time_zone": zone})
    assert response.status_code == 400
    assert response.content.decode() == "This time zone is not known here."
    alice.refresh_from_db()
    assert alice.time_zone == "UTC"


def test_strangers_have_none(db: None) -> None:
    assert Client().get("/preferences/")["Location"] == "/account/login/?next=/preferences/"
    assert Client().post("/preferences/time-zone/", {"time_zone": "Asia/Tokyo"}).status_code == 403


def test_they_need_the_token_of_the_page(alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    assert browser.post("/preferences/", GOOD).status_code == 403
    assert browser.post("/preferences/time-zone/", {"time_zone": "Asia/Tokyo"}).status_code == 403
    alice.refresh_from_db()
    assert (alice.theme, alice.time_zone) == ("system", "UTC")


def test_the_time_zone_is_posted_not_fetched(browser: Client) -> None:
    assert browser.get("/preferences/time-zone/").status_code == 405


def test_every_page_lets_the_browser_say_its_zone(browser: Client, alice: User) -> None:
    page = browser.get("/account/").content.decode()
    assert 'data-time-zone="UTC"' in page
    assert "/preferences/time-zone/" in page
    assert "data-time-zone" not in Client().get("/account/login/").content.decode()
