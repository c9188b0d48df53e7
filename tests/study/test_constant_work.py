"""A grade costs the same for ever: its queries do not grow with the deck or with what was studied before."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle, islice
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.decks.models import Deck
from flashcards.study.models import DeckOptions, Memory, Review, State
from flashcards.study.options import options_for
from tests.study.class_life import enrol, make_asking_deck, make_class, share, stand
from tests.study.material import make_deck
from tests.study.test_asking import give
from tests.study.test_study_page import form, open_page

pytestmark = pytest.mark.django_db
MOST = 10
# In a class: its sums, wrong answers, and what is kept of the learner's standing.
MOST_IN_CLASSES = MOST + 3
NO_QUERY = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@contextmanager
def counted() -> Iterator[list[str]]:
    """Give the list of statements run meanwhile, those that only begin or end a transaction left out."""
    statements: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        if not sql.startswith(NO_QUERY):
            statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield statements


def learner_of(deck: Deck, reviews_a_card: int) -> User:
    """Return somebody who has studied all but five cards of the deck, and is due to review the others."""
    user = User.objects.create_user(f"learner-{deck.slug}@example.org")
    options = options_for(user, deck)
    DeckOptions.objects.filter(pk=options.pk).update(new_per_day=5)
    before = timezone.now() - timedelta(days=30)
    for card in deck.cards.order_by("position")[5:]:
        Memory.objects.create(
            user=user, card=card, note_id=card.note_id, deck=deck, state=State.REVIEW, stability=20, difficulty=5,
            due_day=before.toordinal() + 20, last_day=before.toordinal(), last_answered_at=before, interval_days=20,
            reps=reviews_a_card,
        )  # fmt: skip
        Review.objects.bulk_create(
            Review(
                user=user, card=card, deck=deck, rating=3, answered_at=before - timedelta(days=n), duration_ms=1,
                day=before.toordinal() - n, day_ends_at=before, preset_id=options.preset_id,
                state_before=State.REVIEW, interval_seconds=1, stability=20, difficulty=5,
            )
            for n in range(reviews_a_card)
        )  # fmt: skip
    return user


def queries_of_grades(deck: Deck, user: User, query: str = "", count: int = 25) -> list[int]:
    """Return how many queries each of `count` grades takes, the first of which ask what a process then remembers."""
    client = Client(headers={"HX-Request": "true"})
    client.force_login(user)
    page = client.get(f"/study/{deck.slug}/{query}")
    numbers = []
    for rating in islice(cycle([3, 1, 3, 4, 2]), count):
        showing = page.context["showing"]
        assert showing.card is not None
        with counted() as statements:
            page = client.post(
                f"/study/session/{showing.session.pk}/answer/",
                {"answer_id": str(uuid4()), "card": showing.card.pk, "showing": showing.number, "rating": rating},
            )
        assert page.status_code == 200
        numbers.append(len(statements))
    return numbers


def test_a_grade_takes_as_many_queries_in_a_large_collection_as_in_a_small_one() -> None:
    small, large = make_deck("small", notes=20), make_deck("large", notes=100)
    of_small = queries_of_grades(small, learner_of(small, reviews_a_card=1))
    of_large = queries_of_grades(large, learner_of(large, reviews_a_card=10))
    assert max(of_small) == max(of_large) <= MOST


@pytest.mark.parametrize("query", ["?topic=topic-0", "?tag=tag-1"])
def test_nor_does_it_take_more_in_a_topic_or_a_tag(query: str) -> None:
    deck = make_deck(notes=30)
    assert max(queries_of_grades(deck, learner_of(deck, reviews_a_card=2), query, count=15)) <= MOST


@pytest.mark.parametrize("classes", [1, 5])
def test_in_classes_it_takes_a_few_more_however_many_there_are(classes: int) -> None:
    deck = make_deck("small", notes=20)
    user = learner_of(deck, reviews_a_card=1)
    for number in range(classes):
        study_class = make_class(f"class-{number}")
        share(study_class, deck)
        enrol(study_class, user)
    queries = queries_of_grades(deck, user)
    assert max(queries) == MOST + 1
    assert len(Review.objects.order_by("-answered_at")[0].classes or ()) == classes
    stand([user], deck, timezone.now().toordinal())
    assert max(queries_of_grades(deck, user)) == MOST + 2


def test_a_wrong_answer_takes_one_query_more_however_much_was_wrong() -> None:
    deck, study_class = make_asking_deck(), make_class()
    deck.notes.exclude(kind="choice").delete()
    user = User.objects.create_user("learner@example.org")
    share(study_class, deck)
    enrol(study_class, user)
    stand([user], deck, timezone.now().toordinal())
    client = Client()
    client.force_login(user)
    numbers = []
    for wrong in (1, 2):
        showing = open_page(client, deck)
        options = [option["key"] for option in showing.card.data["options"] if not option["right"]]
        told = give(client, showing, options[:wrong]).context["showing"]
        data = form(told, rating=1)
        with counted() as statements:
            client.post(f"/study/session/{told.session.pk}/answer/", data, headers={"HX-Request": "true"})
        numbers.append(len(statements))
    assert Review.objects.filter(verdict="wrong", classes=[study_class.pk]).count() == 2
    assert max(numbers) <= MOST_IN_CLASSES
