"""The cast of the decks' tests: Erin edits, Bob owns a private deck, Charlie must see nothing of it."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from flashcards.accounts.models import User
from flashcards.decks.models import Deck, Note, Topic
from flashcards.decks.services import save_deck, save_note, save_topic


def make_topic(deck: Deck, slug: str, position: int) -> Topic:
    topic = Topic(deck=deck, slug=slug, title=slug.title(), position=position)
    save_topic(topic)
    return topic


def make_note(topic: Topic, key: str, *, tags: tuple[str, ...] = (), **fields: object) -> Note:
    values = {"kind": "basic", "question": f"Ask {key}", "answer": f"Say {key}", **fields}
    note = Note(deck=topic.deck, topic=topic, key=key, **values)
    save_note(note, tags=tags)
    return note


@pytest.fixture
def deck(db: None) -> Deck:
    deck = Deck(slug="physics", title="Physics", is_public=True)
    save_deck(deck)
    return deck


@pytest.fixture
def topic(deck: Deck) -> Topic:
    return make_topic(deck, "light", 1)


@pytest.fixture
def erin(db: None) -> User:
    erin = User.objects.create_user("erin@example.org", "correct horse", is_staff=True)
    erin.groups.add(Group.objects.get(name="Editors"))
    return erin


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob@example.org", "correct horse")


@pytest.fixture
def charlie(db: None) -> User:
    return User.objects.create_user("charlie@example.org", "correct horse")


@pytest.fixture
def editor(client: Client, erin: User) -> Client:
    client.force_login(erin)
    return client
