"""People for the tests of accounts, and what they did."""

import re
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core import mail
from django.test import Client
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck, Note, Topic
from flashcards.study.models import Action, DeckOptions, Memory, Preset, Review, StudySession

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

PASSWORD = "correct horse battery"


def member(email: str = "alice@example.org", **fields: object) -> User:
    return User.objects.create_user(email, PASSWORD, **fields)


def guest_browser(deck: Deck) -> tuple[Client, User]:
    """Return a browser that has just begun to study `deck` as a guest, and the guest."""
    browser = Client()
    before = set(User.objects.values_list("pk", flat=True))
    response = browser.post("/try/", {"time_zone": "Europe/Oslo"})
    assert response.status_code == 302
    return browser, User.objects.exclude(pk__in=before).get()


def user_of(browser: Client) -> User | None:
    """Return who the browser is signed in as."""
    pk = browser.session.get("_auth_user_id")
    return User.objects.filter(pk=pk).first() if pk else None


def sign_in(browser: Client, email: str = "alice@example.org", password: str = PASSWORD) -> "Response":
    return browser.post("/account/login/", {"login": email, "password": password})


def sign_up(browser: Client, email: str = "new@example.org", password: str = PASSWORD) -> "Response":
    return browser.post("/account/signup/", {"email": email, "password1": password})


def make_deck(slug: str = "deck", **fields: object) -> Deck:
    """Return a deck with one card."""
    deck = Deck.objects.create(slug=slug, title=slug.title(), **{"is_public": True, **fields})
    topic = Topic.objects.create(deck=deck, slug="topic", title="Topic")
    note = Note.objects.create(deck=deck, topic=topic, key="note", kind="basic", question="Question", answer="Answer")
    Card.objects.create(
        note=note, deck=deck, topic=topic, ordinal=1, position=1, question_html="Q", answer_html="A", search_text="q a"
    )
    return deck


def study(user: User, deck: Deck) -> Review:
    """Store what a learner leaves behind who answered one card and suspended it."""
    card, now = deck.cards.get(), timezone.now()
    preset, _ = Preset.objects.get_or_create(
        pk=1, defaults={"parameters": [], "desired_retention": 0.9, "learning_steps": [], "relearning_steps": []}
    )
    options = DeckOptions.objects.create(user=user, deck=deck, preset=preset)
    session = StudySession.objects.create(
        user=user, deck=deck, options=options, day=739000, started_at=now, shown_at=now, current_card=card
    )
    Memory.objects.create(
        user=user, card=card, note=card.note, deck=deck, state=2, stability=3.0, difficulty=5.0, reps=1
    )
    Action.objects.create(
        user=user, session=session, sequence=2, cursor=1, revision=0, card=card, kind="suspend", before={},
        done_at=now, was_on_show=True,
    )  # fmt: skip
    return Review.objects.create(
        id=uuid4(), user=user, card=card, deck=deck, session=session, rating=3, answered_at=now, day=739000,
        day_ends_at=now, duration_ms=2500, preset=preset, state_before=0, interval_seconds=600, stability=3.0,
        difficulty=5.0,
    )  # fmt: skip


def link_in_last_mail() -> str:
    """Return the path of the link in the mail sent last."""
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]
