"""The cast of the accounts' tests."""

import pytest

from flashcards.accounts.models import User
from flashcards.decks.models import Deck
from tests.accounts import people


@pytest.fixture
def deck(db: None) -> Deck:
    """Return a public deck with one card."""
    return people.make_deck()


@pytest.fixture
def alice(db: None) -> User:
    """Return a member."""
    return people.member()
