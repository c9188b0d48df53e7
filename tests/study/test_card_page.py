"""A card's own page: what it shows, to whom, and what can be marked on it."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck
from flashcards.study.answering import Answer, record_offline
from flashcards.study.models import Memory, Rating, Review
from flashcards.study.options import options_for

from .material import make_deck

FIRST = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def review(user: User, card: Card, rating: int, when: datetime, duration_ms: int = 4200) -> Review:
    answer = Answer(uuid4(), card.pk, Rating(rating), None, duration_ms, when)
    return record_offline(user, options_for(user, card.deck), card, answer).review


def learn(user: User, card: Card, days: Sequence[int], first: datetime = FIRST) -> None:
    """Two same-day reviews at `first`, then one Good on each of the days after it."""
    review(user, card, Rating.AGAIN, first)
    review(user, card, Rating.EASY, first + timedelta(minutes=1))
    for day in days:
        review(user, card, Rating.GOOD, first + timedelta(days=day))


def open_card(client: Client, card: Card) -> Any:
    response = client.get(reverse("study:card", args=[card.pk]))
    assert response.status_code == 200
    return response


def mark(client: Client, card: Card, what: str) -> Any:
    return client.post(reverse("study:card_mark", args=[card.pk]), {"mark": what})


@pytest.fixture
def card(deck: Deck) -> Card:
    return deck.cards.select_related("deck").earliest("position")


def test_both_sides_and_where_it_comes_from(client_of_alice: Client, card: Card) -> None:
    card.note.reference, card.note.sources = "Attention, 2017", ["S12", "S13"]
    card.note.save()
    text = open_card(client_of_alice, card).content.decode()
    shown = ("Question 0.0.1", "Answer 0.0.1", "Because 0.0.1", "Attention, 2017", "S12, S13", "Topic 0", "tag-0")
    for words in shown:
        assert words in text
    assert text.index("hx-disable") < text.index("<p>Question 0.0.1</p>")


def test_a_new_card_says_that_it_is_new(client_of_alice: Client, card: Card) -> None:
    response = open_card(client_of_alice, card)
    page = response.context["page"]
    assert (page.state, page.rows, page.curve, page.facts) == ("New", [], None, [])
    assert "no reviews of it yet" in response.content.decode()
    assert not Memory.objects.exists()


def test_the_state_of_a_reviewed_card(client_of_alice: Client, alice: User, card: Card) -> None:
    learn(alice, card, [10], first=timezone.now() - timedelta(days=10))
    memory = Memory.objects.get()
    page = open_card(client_of_alice, card).context["page"]
    facts = {fact.name: fact.value for fact in page.facts}
    assert page.state == "Review"
    assert facts["Due"] == f"in {memory.interval_days} days"
    assert facts["Recall today"] == "100 %"
    assert (facts["Reviews"], facts["Lapses"]) == ("3", "0")
    assert facts["Difficulty"] == f"{memory.difficulty:.1f}"


def test_a_card_in_steps_is_due_at_a_time_in_the_learners_zone(
    client_of_alice: Client, alice: User, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    review(alice, card, Rating.GOOD, FIRST)
    monkeypatch.setattr(timezone, "now", lambda: FIRST + timedelta(minutes=2))
    facts = {fact.name: fact for fact in open_card(client_of_alice, card).context["page"].facts}
    assert facts["Due"].value == "today, 10:40"
    monkeypatch.setattr(timezone, "now", lambda: FIRST + timedelta(minutes=12))
    facts = {fact.name: fact for fact in open_card(client_of_alice, card).context["page"].facts}
    assert facts["Due"].value == "now"


def test_each_review_is_a_row_and_undone_ones_are_not(client_of_alice: Client, alice: User, card: Card) -> None:
    learn(alice, card, [9, 40])
    taken_back = review(alice, card, Rating.AGAIN, FIRST + timedelta(days=41))
    Review.objects.filter(pk=taken_back.pk).update(undone_at=timezone.now())
    rows = open_card(client_of_alice, card).context["page"].rows
    assert [row.grade for row in rows] == ["Good", "Good", "Easy", "Again"]
    assert (rows[-1].day, rows[-1].clock, rows[-1].recall, rows[-1].seconds) == ("2 Mar 2026", "10:30", "–", "4.2 s")
    assert rows[-2].recall == "100 %"


def test_the_curve_falls_between_reviews_and_rises_at_each(client_of_alice: Client, alice: User, card: Card) -> None:
    learn(alice, card, [9, 40])
    response = open_card(client_of_alice, card)
    curve = response.context["page"].curve
    points = [tuple(map(float, point)) for point in re.findall(r"([\d.]+) ([\d.]+)", curve.past)]
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    rises = [after for before, after in pairwise(points) if after[1] < before[1]]
    dots = {dot.x for dot in curve.dots}
    assert len(rises) == 2
    assert {x for x, _ in rises} <= dots
    assert {y for _, y in rises} == {curve.top}
    assert [dot.grade for dot in curve.dots] == ["again", "easy", "good", "good"]
    assert curve.dots[0].x == curve.dots[1].x
    assert curve.dots[0].y != curve.dots[1].y
    assert "<title>Easy, 2 Mar, recall predicted 100 %</title>" in response.content.decode()


@pytest.mark.parametrize("same_day", [1, 2, 30])
def test_many_reviews_on_one_day_stay_in_the_picture(
    client_of_alice: Client, alice: User, card: Card, same_day: int
) -> None:
    start = timezone.now() - timedelta(minutes=same_day + 1)
    for minute in range(same_day):
        review(alice, card, Rating.AGAIN, start + timedelta(minutes=minute))
    curve = open_card(client_of_alice, card).context["page"].curve
    assert len(curve.dots) == same_day
    assert all(0 < dot.y < curve.height and 0 < dot.x < curve.width for dot in curve.dots)
    assert "nan" not in curve.past + curve.ahead


def test_a_card_long_overdue_still_has_its_picture(client_of_alice: Client, alice: User, card: Card) -> None:
    learn(alice, card, [9], first=FIRST - timedelta(days=2000))
    page = open_card(client_of_alice, card).context["page"]
    assert page.curve.due.x < page.curve.today_x < page.curve.right
    assert next(fact for fact in page.facts if fact.name == "Due").value == "now"


@pytest.mark.parametrize(("do", "undo"), [("suspend", "resume"), ("bury", "unbury"), ("star", "unstar")])
def test_a_new_card_can_be_marked_and_leaves_no_trace_when_that_is_taken_back(
    client_of_alice: Client, card: Card, do: str, undo: str
) -> None:
    for _ in range(2):
        response = mark(client_of_alice, card, do)
        assert (response.status_code, response.url) == (302, reverse("study:card", args=[card.pk]))
    assert Memory.objects.count() == 1
    marks = [choice.mark.value for choice in open_card(client_of_alice, card).context["page"].choices]
    assert undo in marks
    assert do not in marks
    mark(client_of_alice, card, undo)
    assert not Memory.objects.exists()


def test_marks_leave_the_memory_of_a_reviewed_card_alone(client_of_alice: Client, alice: User, card: Card) -> None:
    learn(alice, card, [9])
    before = Memory.objects.values().get()
    mark(client_of_alice, card, "star")
    mark(client_of_alice, card, "suspend")
    assert Memory.objects.values().get() == before | {"is_starred": True, "is_suspended": True}
    mark(client_of_alice, card, "unstar")
    mark(client_of_alice, card, "resume")
    assert Memory.objects.values().get() == before


def test_the_open_session_notices_that_its_card_was_suspended(client_of_alice: Client, card: Card, deck: Deck) -> None:
    url = reverse("study:session", args=[deck.slug])
    shown = client_of_alice.get(url).context["showing"]
    assert shown.card == card
    mark(client_of_alice, card, "suspend")
    after = client_of_alice.get(url).context["showing"]
    assert after.card not in (None, card)
    assert after.counts.new == shown.counts.new - 1


@pytest.mark.parametrize("what", ["", "burn", "\0", "SUSPEND"])
def test_a_senseless_mark_is_refused(client_of_alice: Client, card: Card, what: str) -> None:
    assert mark(client_of_alice, card, what).status_code == 400
    assert not Memory.objects.exists()


def test_strangers_decks_and_numbers_without_cards_are_not_found(client_of_alice: Client, bob: User) -> None:
    private = make_deck("private", is_public=False, owner=bob).cards.earliest("position")
    for pk in (private.pk, 0, 10**9, 10**30):
        assert client_of_alice.get(f"/cards/{pk}/").status_code == 404
        assert client_of_alice.post(f"/cards/{pk}/mark/", {"mark": "star"}).status_code == 404
    assert not Memory.objects.exists()


def test_another_learners_reviews_are_not_shown(client_of_alice: Client, bob: User, card: Card) -> None:
    learn(bob, card, [9])
    mark(client_of_alice, card, "star")
    page = open_card(client_of_alice, card).context["page"]
    assert (page.rows, page.facts) == ([], [])
    assert Memory.objects.get(user=bob).is_starred is False


def test_a_card_taken_out_is_shown_only_to_who_reviewed_it(
    client_of_alice: Client, alice: User, bob: User, card: Card
) -> None:
    learn(alice, card, [9])
    Card.objects.filter(pk=card.pk).update(archived_at=timezone.now())
    response = open_card(client_of_alice, card)
    assert "taken out of the deck" in response.content.decode()
    assert response.context["page"].choices == []
    assert mark(client_of_alice, card, "suspend").status_code == 404
    other = Client()
    other.force_login(bob)
    assert other.get(reverse("study:card", args=[card.pk])).status_code == 404


def test_who_is_not_signed_in_is_asked_to(client: Client, card: Card) -> None:
    url = reverse("study:card", args=[card.pk])
    assert client.get(url)["Location"] == f"{reverse('account_login')}?next={url}"
    assert mark(client, card, "star").status_code == 302
    assert not Memory.objects.exists()


def test_who_may_edit_finds_the_way(client_of_alice: Client, alice: User, card: Card) -> None:
    url = reverse("decks:note", args=[card.deck.slug, card.note_id])
    assert url not in open_card(client_of_alice, card).content.decode()
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    assert url in open_card(client_of_alice, card).content.decode()


def test_queries_do_not_grow_with_reviews(client_of_alice: Client, alice: User, card: Card) -> None:
    learn(alice, card, [9])
    open_card(client_of_alice, card)
    with CaptureQueriesContext(
        connection,
    ) as few:
        open_card(client_of_alice, card)
    for day in range(10, 50):
        review(alice, card, Rating.GOOD, FIRST + timedelta(days=day))
    with CaptureQueriesContext(connection) as many:
        open_card(client_of_alice, card)
    assert len(many) == len(few)
