"""One's account, all one's data in a file, and leaving without a trace."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client

from flashcards.accounts.models import Session, User
from flashcards.decks.models import Deck, Note, Topic
from flashcards.study.models import Review
from tests.accounts import people

pytestmark = pytest.mark.django_db


def rows_naming(user_id: int) -> list[str]:
    """Return every column of every table that still names the person."""
    found = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            names_people = isinstance(field, models.ForeignKey) and field.related_model is User
            if names_people and model._base_manager.filter(**{f"{field.name}_id": user_id}).exists():
                found.append(f"{model._meta.label}.{field.name}")
    return found


@pytest.fixture
def browser(alice: User, deck: Deck) -> Client:
    """Return a browser of a member who has left traces on every floor."""
    browser = Client()
    people.sign_in(browser)
    people.sign_in(Client())
    browser.get("/account/email/")
    own = people.make_deck("own", owner=alice, is_public=False)
    own.title = "My own"
    own.save()
    Note.history.filter(deck_id=own.pk).update(history_user=alice)
    people.study(alice, deck)
    people.study(alice, own)
    for about, by in ((alice, alice), (own, alice)):
        LogEntry.objects.create(
            user=by,
            content_type=ContentType.objects.get_for_model(type(about)),
            object_id=str(about.pk),
            object_repr=str(about),
            action_flag=CHANGE,
        )
    return browser


def test_the_page_says_who_i_am(browser: Client) -> None:
    page = browser.get("/account/").content.decode()
    for part in ("alice@example.org", "/account/email/", "/account/password/change/", "/account/data.json"):
        assert part in page


def test_the_page_tells_a_guest_to_sign_up(deck: Deck) -> None:
    guest_browser, _ = people.guest_browser(deck)
    page = guest_browser.get("/account/").content.decode()
    assert "Sign up and keep it" in page
    assert "/account/password/change/" not in page


def test_the_export_holds_everything_and_no_password(browser: Client, alice: User) -> None:
    response = browser.get("/account/data.json")
    assert response["Content-Disposition"] == 'attachment; filename="flashcards-data.json"'
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]
    text = response.getvalue().decode()
    data = json.loads(text)
    assert data["account"]["email"] == "alice@example.org"
    assert data["account"]["addresses"][0]["email"] == "alice@example.org"
    assert [deck["title"] for deck in data["decks"]] == ["My own"]
    assert data["decks"][0]["notes"][0]["question"] == "Question"
    assert alice.password not in text


def test_the_export_of_somebody_else_holds_nothing_of_mine(browser: Client) -> None:
    stranger = Client()
    stranger.force_login(people.member("bob@example.org"))
    text = stranger.get("/account/data.json").getvalue().decode()
    assert "alice" not in text
    assert json.loads(text)["decks"] == []


@pytest.mark.parametrize("path", ["/account/", "/account/data.json", "/account/delete/"])
def test_strangers_have_no_account(db: None, path: str) -> None:
    assert Client().get(path)["Location"] == f"/account/login/?next={path}"


def test_deleting_leaves_nothing_of_the_person(browser: Client, alice: User, deck: Deck) -> None:
    bob = people.member("bob@example.org")
    theirs = people.study(bob, deck)
    kept = people.make_deck("kept", owner=bob)
    assert len(rows_naming(alice.pk)) > 8
    page = browser.get("/account/delete/").content.decode()
    assert "every answer you gave" in page
    response = browser.post("/account/delete/", {"password": people.PASSWORD}, follow=True)
    assert "Everything of yours is deleted" in response.content.decode()
    assert rows_naming(alice.pk) == []
    assert not User.objects.filter(pk=alice.pk).exists()
    assert not EmailAddress.objects.exists()
    assert not LogEntry.objects.filter(object_repr__contains="alice").exists()
    assert not Session.objects.filter(user__isnull=False).exists()
    assert list(Deck.objects.order_by("pk")) == [deck, kept]
    assert set(Deck.history.values_list("id", flat=True)) == {deck.pk, kept.pk}
    assert set(Topic.history.values_list("deck_id", flat=True)) == {deck.pk, kept.pk}
    assert set(Note.history.values_list("deck_id", flat=True)) == {deck.pk, kept.pk}
    assert list(Review.objects.all()) == [theirs]


@pytest.mark.parametrize("password", ["", "wrong", "nul\0"])
def test_deleting_asks_for_the_password(browser: Client, alice: User, password: str) -> None:
    response = browser.post("/account/delete/", {"password": password})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["password"]
    assert Review.objects.filter(user=alice).count() == 2


def test_guessing_the_password_there_is_limited(browser: Client, alice: User) -> None:
    for _ in range(10):
        browser.post("/account/delete/", {"password": "wrong"})
    assert browser.post("/account/delete/", {"password": people.PASSWORD}).status_code == 429
    assert User.objects.filter(pk=alice.pk).exists()


def test_a_guest_types_a_word(deck: Deck) -> None:
    guest_browser, guest = people.guest_browser(deck)
    people.study(guest, deck)
    for wrong in ("", "no", "x" * 100):
        assert guest_browser.post("/account/delete/", {"confirmation": wrong}).status_code == 422
    assert Review.objects.filter(user=guest).exists()
    guest_browser.post("/account/delete/", {"confirmation": "Delete"})
    assert rows_naming(guest.pk) == []
    assert not User.objects.exists()


def test_the_last_administrator_stays(deck: Deck) -> None:
    User.objects.create_superuser("root@example.org", people.PASSWORD)
    browser = Client()
    browser.force_login(User.objects.get())
    response = browser.post("/account/delete/", {"password": people.PASSWORD})
    assert "the only administrator" in response.content.decode()
    assert User.objects.exists()
    people.member("other@example.org", is_superuser=True, is_staff=True)
    browser.post("/account/delete/", {"password": people.PASSWORD})
    assert User.objects.get().email == "other@example.org"


def test_deleting_needs_the_token_of_the_page(alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    assert browser.post("/account/delete/", {"password": people.PASSWORD}).status_code == 403
    assert User.objects.filter(pk=alice.pk).exists()
