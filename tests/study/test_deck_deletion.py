"""A deck goes with what everybody remembers of it, and its owner is told how much that is before."""

from datetime import timedelta
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.decks.models import Deck
from flashcards.study.models import Memory, Review

from .material import make_deck
from .test_study_page import form, open_page


def answer_one(client: Client, deck: Deck) -> None:
    showing = open_page(client, deck)
    client.post(f"/study/session/{showing.session.pk}/answer/", {**form(showing, rating=3), "answer_id": str(uuid4())})


def test_reviews_of_learners_are_told_and_go_with_the_deck(client_of_alice: Client, bob: User, charlie: User) -> None:
    deck, other = make_deck(owner=bob), make_deck("other")
    browsers = {user: Client() for user in (bob, charlie)}
    for user, browser in browsers.items():
        browser.force_login(user)
    for browser in (client_of_alice, client_of_alice, browsers[charlie]):
        answer_one(browser, deck)
    answer_one(client_of_alice, other)
    undone = Review.objects.filter(deck=deck).order_by("answered_at")[0]
    Review.objects.filter(pk=undone.pk).update(undone_at=timezone.now() + timedelta(seconds=1))

    assert "2 reviews by 2 learners" in browsers[bob].get("/decks/deck/delete/").content.decode()
    assert browsers[bob].post("/decks/deck/delete/", {"title": deck.title}).status_code == 302

    assert not Deck.objects.filter(pk=deck.pk).exists()
    assert set(Review.objects.values_list("deck", flat=True)) == {other.pk}
    assert set(Memory.objects.values_list("deck", flat=True)) == {other.pk}
