"""The cast of the study tests: Alice learns, Bob owns a private deck, Charlie must see nothing of either."""

import pytest
from django.test import Client

from flashcards.accounts.models import User
from flashcards.decks.models import Deck

from .material import make_deck


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice@example.org", "correct horse", time_zone="Europe/Berlin")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob@example.org", "correct horse")


@pytest.fixture
def charlie(db: None) -> User:
    return User.objects.create_user("charlie@example.org", "correct horse")


@pytest.fixture
def deck(db: None) -> Deck:
    return make_deck()


@pytest.fixture
def client_of_alice(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client
