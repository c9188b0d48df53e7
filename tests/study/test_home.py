"""The first page: strangers see what this is, learners what each deck asks today, in numbers that are true."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck
from flashcards.study import grading, sessions
from flashcards.study.days import moment_for
from flashcards.study.models import Memory, State, StudySession
from flashcards.study.options import options_for
from flashcards.study.shelf import DeckLine, Shelf

from .material import make_deck

HOME = reverse("study:home")


def remember(user: User, card: Card, *, due_in: int = 0, state: State = State.REVIEW, **fields: object) -> Memory:
    """Give the learner a memory of the card, due in so many days."""
    now = timezone.now()
    day = moment_for(user, now).day
    values: dict[str, object] = {
        "state": state,
        "stability": 10.0,
        "difficulty": 5.0,
        "due_day": day + due_in,
        "last_day": day - 10,
        "last_answered_at": now - timedelta(days=10),
        "interval_days": 10,
        "reps": 3,
    }
    return Memory.objects.create(
        user=user, card=card, note_id=card.note_id, deck_id=card.deck_id, **{**values, **fields}
    )


def limit(user: User, deck: Deck, *, reviews: int = 200, new: int = 20) -> None:
    options = options_for(user, deck)
    options.reviews_per_day, options.new_per_day = reviews, new
    options.save()


def shelf(client: Client) -> Shelf:
    response = client.get(HOME)
    assert response.status_code == 200
    found: Shelf = response.context["shelf"]
    return found


def line(client: Client, deck: Deck) -> DeckLine:
    return next(line for line in shelf(client).mine if line.deck == deck)


def session_asks(user: User, deck: Deck) -> tuple[int, int]:
    """Return what a session begun now would ask: reviews and new cards."""
    step = grading.look(sessions.open_session(user, deck, None, None, timezone.now()), timezone.now())
    new = sum(entry == 1 for _, entry in step.session.plan)
    asked = (len(step.session.plan) - new, new)
    step.session.delete()
    return asked


def test_strangers_see_a_card_of_the_first_public_deck(client: Client, deck: Deck) -> None:
    make_deck("hidden", is_public=False)
    response = client.get(HOME)
    assert "study/landing.html" in [template.name for template in response.templates]
    assert response.context["example"].deck_id == deck.pk
    assert "Question 0.0.1" in response.content.decode()


def test_strangers_see_the_page_without_any_deck(client: Client, db: None) -> None:
    make_deck("hidden", is_public=False)
    response = client.get(HOME)
    assert response.status_code == 200
    assert response.context["example"] is None


def test_decks_are_those_studied_or_owned_then_others_to_begin(
    client_of_alice: Client, alice: User, bob: User
) -> None:
    studied, own, public = make_deck("studied"), make_deck("own", owner=alice, is_public=False), make_deck("public")
    make_deck("strange", owner=bob, is_public=False)
    limit(alice, studied)
    found = shelf(client_of_alice)
    assert {line.deck for line in found.mine} == {studied, own}
    assert [line.deck for line in found.others] == [public]
    page = client_of_alice.get(HOME).content.decode()
    assert "Strange" not in page
    assert page.count(reverse("study:session", args=["studied"])) == 1


def test_a_deck_that_is_private_again_is_gone(client_of_alice: Client, alice: User, deck: Deck, bob: User) -> None:
    limit(alice, deck)
    Deck.objects.filter(pk=deck.pk).update(is_public=False, owner=bob)
    assert shelf(client_of_alice).mine == []


def test_the_bar_counts_new_learning_young_and_mature_and_leaves_suspended_out(
    client_of_alice: Client, alice: User, deck: Deck
) -> None:
    cards = list(deck.cards.all())
    remember(alice, cards[0], due_in=5, interval_days=20)
    remember(alice, cards[1], due_in=5, interval_days=21)
    remember(alice, cards[2], due_in=5, state=State.RELEARNING)
    remember(alice, cards[3], due_in=5, is_suspended=True)
    remember(alice, cards[4], state=State.NEW, is_starred=True, due_day=None, stability=None)
    Card.objects.filter(pk=cards[5].pk).update(archived_at=timezone.now())
    remember(alice, cards[6], due_in=5, interval_days=50)
    Card.objects.filter(pk=cards[6].pk).update(archived_at=timezone.now())
    pile = line(client_of_alice, deck).pile
    assert (pile.new, pile.learning, pile.young, pile.mature, pile.suspended) == (4, 1, 1, 1, 1)
    assert [(part.kind, part.count) for part in pile.segments] == [
        ("mature", 1),
        ("young", 1),
        ("learning", 1),
        ("new", 4),
    ]
    assert sum(part.width for part in pile.segments) == pytest.approx(100, abs=0.01)
    assert "1 mature, 1 young, 1 learning, 4 new" in client_of_alice.get(HOME).content.decode()


def test_numbers_are_what_a_session_asks(client_of_alice: Client, alice: User, deck: Deck) -> None:
    for card in deck.cards.all()[:4]:
        remember(alice, card, due_in=-2)
    for reviews, new in ((200, 20), (3, 20), (5, 4), (0, 20), (200, 2)):
        limit(alice, deck, reviews=reviews, new=new)
        today = line(client_of_alice, deck).today
        assert (today.reviews, today.new) == session_asks(alice, deck)


def test_cards_of_one_note_count_once_as_in_a_session(client_of_alice: Client, alice: User) -> None:
    deck = make_deck("siblings", cards_a_note=3)
    for card in deck.cards.all()[:5]:
        remember(alice, card, due_in=-1)
    today = line(client_of_alice, deck).today
    assert (today.reviews, today.new) == session_asks(alice, deck) == (2, 8)
    assert today.words == "2 of 5 to review, 8 new"


def test_suspended_and_buried_cards_are_not_asked(client_of_alice: Client, alice: User, deck: Deck) -> None:
    day = moment_for(alice, timezone.now()).day
    cards = list(deck.cards.all())
    remember(alice, cards[0], due_in=-1, is_suspended=True)
    remember(alice, cards[1], due_in=-1, buried_until=day + 1)
    remember(alice, cards[2], due_in=-1, buried_until=day)
    remember(alice, cards[3], state=State.NEW, buried_until=day + 1, due_day=None, stability=None)
    today = line(client_of_alice, deck).today
    assert (today.reviews, today.new) == session_asks(alice, deck) == (1, 6)


def test_an_open_session_tells_what_is_left_of_it(client_of_alice: Client, alice: User, deck: Deck) -> None:
    client_of_alice.get(reverse("study:session", args=[deck.slug]))
    StudySession.objects.update(cursor=3)
    assert line(client_of_alice, deck).today.new == 7


def test_a_session_of_yesterday_or_of_a_topic_tells_nothing_of_today(
    client_of_alice: Client, alice: User, deck: Deck
) -> None:
    client_of_alice.get(reverse("study:session", args=[deck.slug]), {"topic": "topic-0"})
    assert line(client_of_alice, deck).today.new == 10
    client_of_alice.get(reverse("study:session", args=[deck.slug]))
    StudySession.objects.update(cursor=3, day=1)
    assert line(client_of_alice, deck).today.new == 10


def test_a_backlog_says_the_pile_and_how_long_it_takes(client_of_alice: Client, alice: User, deck: Deck) -> None:
    limit(alice, deck, reviews=3)
    for card in deck.cards.all()[:8]:
        remember(alice, card, due_in=-2)
    found = line(client_of_alice, deck)
    assert found.today.words == "3 of 8 to review"
    assert "8 cards waiting" in found.note
    assert "3 days" in found.note


def test_nothing_due_says_when_the_next_is(client_of_alice: Client, alice: User, deck: Deck) -> None:
    limit(alice, deck, new=0)
    for place, card in enumerate(deck.cards.all()[:3]):
        remember(alice, card, due_in=2 if place else 5)
    found = line(client_of_alice, deck)
    assert not found.is_ready
    assert found.today.words == ""
    assert found.note == "Nothing more is due. Next: 2 cards in 2 days."
    limit(alice, deck, new=1)
    assert line(client_of_alice, deck).is_ready


def test_a_buried_card_comes_back_when_it_is_unburied(client_of_alice: Client, alice: User, deck: Deck) -> None:
    limit(alice, deck, new=0)
    day = moment_for(alice, timezone.now()).day
    remember(alice, deck.cards.all()[0], due_in=-3, buried_until=day + 1)
    assert line(client_of_alice, deck).note == "Nothing more is due. Next: 1 card tomorrow."


def test_a_card_in_steps_says_its_time(client_of_alice: Client, alice: User, deck: Deck) -> None:
    limit(alice, deck, new=0)
    now = timezone.now()
    memory = remember(alice, deck.cards.all()[0], state=State.LEARNING, due_at=now + timedelta(hours=1))
    found = line(client_of_alice, deck)
    assert not found.is_ready
    assert found.note.startswith("Nothing due now. Next: 1 card from ")
    Memory.objects.filter(pk=memory.pk).update(due_at=now + timedelta(minutes=15))
    found = line(client_of_alice, deck)
    assert found.is_ready
    assert found.today.words == "1 learning"


def test_a_deck_without_cards_says_so(client_of_alice: Client, alice: User) -> None:
    deck = make_deck("bare", topics=0, owner=alice)
    found = line(client_of_alice, deck)
    assert found.note == "This deck has no cards yet."
    assert not found.is_ready


def test_another_learner_changes_no_number(client_of_alice: Client, alice: User, bob: User, deck: Deck) -> None:
    limit(alice, deck)
    for card in deck.cards.all():
        remember(bob, card, due_in=-1)
    found = line(client_of_alice, deck)
    assert (found.today.reviews, found.today.new, found.pile.new) == (0, 10, 10)


def test_queries_do_not_grow_with_the_decks(client_of_alice: Client, alice: User) -> None:
    def queries(decks: range) -> int:
        for number in decks:
            deck = make_deck(f"deck-{number}", topics=1, notes=3)
            limit(alice, deck, reviews=1)
            for card in deck.cards.all()[:2]:
                remember(alice, card, due_in=-1)
            if number % 2:
                sessions.open_session(alice, deck, None, None, timezone.now())
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client_of_alice.get(HOME).status_code == 200
        return len(captured)

    client_of_alice.get(HOME)
    few = queries(range(5))
    assert queries(range(5, 50)) == few
