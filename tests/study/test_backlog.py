"""After days away: today's session takes what fits the limit, most worth saving first, and says how long it takes."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck
from flashcards.study import queue
from flashcards.study.days import moment_for
from flashcards.study.models import DeckOptions, Memory, State
from flashcards.study.options import options_for
from flashcards.study.queue import Entry, Scope
from flashcards.study.sessions import open_session
from flashcards.study.summary import backlog_text

from .material import make_deck

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def big(alice: User) -> Deck:
    """A deck of 60 cards, 50 of them due since ten days, each with a stability of its own."""
    deck = make_deck("big", topics=3, notes=20)
    day = moment_for(alice, NOW).day
    for place, card in enumerate(deck.cards.order_by("pk")[:50]):
        Memory.objects.create(
            user=alice,
            card=card,
            note_id=card.note_id,
            deck=deck,
            state=State.REVIEW,
            stability=1 + place,
            difficulty=5,
            due_day=day - 10,
            last_day=day - 20,
            last_answered_at=NOW - timedelta(days=20),
            interval_days=10,
            reps=3,
        )
    return deck


def limit(user: User, deck: Deck, *, reviews: int, new: int = 20) -> DeckOptions:
    options = options_for(user, deck)
    options.reviews_per_day, options.new_per_day = reviews, new
    options.save()
    return options


def test_the_session_takes_what_fits_and_what_is_most_worth_saving(alice: User, big: Deck) -> None:
    options = limit(alice, big, reviews=20)
    plan = queue.make_plan(Scope(alice.pk, big.pk), options, moment_for(alice, NOW))
    assert len(plan) == 20
    taken = set(Memory.objects.filter(card__in=[card for card, _ in plan]).values_list("stability", flat=True))
    assert taken == {float(stability) for stability in range(31, 51)}


def test_new_cards_wait_until_the_pile_fits(alice: User, big: Deck) -> None:
    few, many = (
        queue.make_plan(Scope(alice.pk, big.pk), limit(alice, big, reviews=reviews), moment_for(alice, NOW))
        for reviews in (40, 55)
    )
    assert [entry for _, entry in few].count(Entry.NEW) == 0
    assert [entry for _, entry in many].count(Entry.NEW) == 5


def test_it_says_how_many_days_catching_up_takes(alice: User, big: Deck) -> None:
    limit(alice, big, reviews=20)
    session = open_session(alice, big, None, None, NOW)
    moment = moment_for(alice, NOW)
    assert queue.catch_up_days(Scope(alice.pk, big.pk), session.options, moment) == 3
    assert "50 cards waiting" in backlog_text(session, moment)
    assert "3 days" in backlog_text(session, moment)
    limit(alice, big, reviews=200)
    session.options.refresh_from_db()
    assert backlog_text(session, moment) == ""


def test_reviews_are_mixed_across_topics(alice: User, big: Deck) -> None:
    plan = queue.make_plan(Scope(alice.pk, big.pk), limit(alice, big, reviews=200), moment_for(alice, NOW))
    topics = dict(Card.objects.values_list("pk", "topic_id"))
    asked = [topics[card] for card, entry in plan if entry == Entry.REVIEW]
    longest = run = 1
    for before, after in itertools.pairwise(asked):
        run = run + 1 if before == after else 1
        longest = max(longest, run)
    assert longest <= 2
    new_places = [place for place, (_, entry) in enumerate(plan) if entry == Entry.NEW]
    assert max(b - a for a, b in itertools.pairwise(new_places)) <= 8
