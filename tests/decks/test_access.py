import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from flashcards.accounts.models import User
from flashcards.decks.access import can_edit, deck_or_404, may_study, visible_decks
from flashcards.decks.models import Deck


@pytest.fixture
def private(bob: User) -> Deck:
    return Deck.objects.create(slug="bobs", title="Bob's", owner=bob)


@pytest.fixture
def hidden(db: None) -> Deck:
    return Deck.objects.create(slug="draft", title="Draft")


def test_who_sees_which_deck(deck: Deck, private: Deck, hidden: Deck, bob: User, charlie: User, erin: User) -> None:
    seen: dict[str, User | AnonymousUser] = {
        "nobody": AnonymousUser(),
        "charlie": charlie,
        "bob": bob,
        "erin": erin,
    }
    expected = {
        "nobody": {deck},
        "charlie": {deck},
        "bob": {deck, private},
        "erin": {deck, private, hidden},
    }
    for name, user in seen.items():
        assert set(visible_decks(user)) == expected[name]
        assert {each for each in (deck, private, hidden) if may_study(user, each)} == expected[name]
        for each in (deck, private, hidden):
            if each in expected[name]:
                assert deck_or_404(user, each.slug) == each
            else:
                with pytest.raises(Http404):
                    deck_or_404(user, each.slug)


def test_editors_and_owners_may_edit(deck: Deck, private: Deck, bob: User, charlie: User, erin: User) -> None:
    assert can_edit(erin, deck)
    assert can_edit(erin, private)
    assert can_edit(bob, private)
    for user in (bob, charlie, AnonymousUser()):
        assert not can_edit(user, deck)
        assert user == bob or not can_edit(user, private)


def test_learners_rights_are_not_asked_for(
    deck: Deck, charlie: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert may_study(charlie, deck)
        assert not can_edit(charlie, deck)
