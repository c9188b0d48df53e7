"""Cards that do not work are named where the numbers are sure of it, and only there."""

import random
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from flashcards.accounts.models import User
from flashcards.decks import kinds, services
from flashcards.decks.models import Card, Deck, Severity, Suggestion
from flashcards.study.card_health.report import Unwell
from flashcards.study.card_health.tally import Tally, correlation
from flashcards.study.models import Memory, Preset, Review
from flashcards.study.options import options_for

from .material import add_note, make_deck

NOW = timezone.now()
CHOICES = "- [x] Adam\n- [ ] Dropout\n- [ ] Softmax\n"


@pytest.fixture
def owned(bob: User) -> Deck:
    return make_deck(topics=1, notes=4, owner=bob, is_public=False)


@pytest.fixture
def learners(db: None) -> list[User]:
    return [User.objects.create_user(f"learner-{number}@example.org", "a password") for number in range(30)]


@pytest.fixture
def client_of_bob(bob: User) -> Client:
    client = Client()
    client.force_login(bob)
    return client


def preset_of(deck: Deck) -> Preset:
    return options_for(User.objects.get(email="bob@example.org"), deck).preset


def answers(card: Card, user: User, passes: str, **fields: object) -> None:
    """Store predicted answers: "x" is a lapse, anything else a recall."""
    when = fields.pop("at", NOW)
    assert isinstance(when, datetime)
    values = {"recall": 0.9, "state_before": 2, "duration_ms": 5_000, **fields}
    preset = preset_of(card.deck)
    Memory.objects.get_or_create(user=user, card=card, note_id=card.note_id, deck=card.deck, defaults={"reps": 1})
    Review.objects.bulk_create(
        Review(
            id=uuid4(), user=user, card=card, deck=card.deck, rating=1 if sign == "x" else 3,
            answered_at=when + timedelta(seconds=number), day=when.date().toordinal(), day_ends_at=when,
            preset=preset, interval_seconds=60, stability=5.0, difficulty=5.0, **values,
        )
        for number, sign in enumerate(passes)
    )  # fmt: skip


def found(client: Client, deck: Deck, **query: str) -> dict[str, Unwell]:
    response = client.get(reverse("study:health", args=[deck.slug]), query)
    assert response.status_code == 200
    return {str(card.pk): card for card in response.context["report"].cards}


def signs(client: Client, card: Card, **query: str) -> set[str]:
    told = found(client, card.deck, **query).get(str(card.pk))
    return {str(finding.sign) for finding in told.findings} if told else set()


def test_the_gap_is_told_only_when_it_is_sure(owned: Deck, learners: list[User], client_of_bob: Client) -> None:
    bad, unlucky, easy, fine = owned.cards.order_by("position")
    for user in learners[:10]:
        answers(bad, user, "xx..")
        answers(fine, user, "x.........")
        answers(easy, user, ".........", recall=0.7)
    answers(unlucky, learners[0], "xxx.")
    assert signs(client_of_bob, bad) == {"harder"}
    assert signs(client_of_bob, easy) >= {"easier"}
    assert signs(client_of_bob, unlucky) == set()
    assert signs(client_of_bob, fine) == set()
    page = client_of_bob.get(reverse("study:health", args=[owned.slug])).content.decode()
    assert "50 % recalled, 90 % predicted" in page


def test_answers_that_were_not_predicted_do_not_count_for_the_gap(
    owned: Deck, learners: list[User], client_of_bob: Client
) -> None:
    card = owned.cards.earliest("position")
    for user in learners[:10]:
        answers(card, user, "xxxx", state_before=1)
        answers(card, user, "xxxx", recall=None, state_before=0)
    assert signs(client_of_bob, card) == set()


def test_a_card_that_tells_nobody_apart(owned: Deck, learners: list[User], client_of_bob: Client) -> None:
    blind, sharp, other, more = owned.cards.order_by("position")
    chance = random.Random(7)
    for number, user in enumerate(learners):
        knows = number % 2 == 0
        for card in (sharp, other, more):
            answers(card, user, "".join("x" if chance.random() < (0.02 if knows else 0.3) else "." for _ in range(12)))
        answers(blind, user, "x........." if knows else "..........")
    assert "blind" in signs(client_of_bob, blind)
    assert "blind" not in signs(client_of_bob, sharp)


def test_long_never_failed_leech_and_reported(owned: Deck, learners: list[User], client_of_bob: Client) -> None:
    slow, safe, leech, usual = owned.cards.order_by("position")
    for user in learners[:6]:
        answers(slow, user, "x.......", duration_ms=25_000)
        answers(safe, user, "........", recall=0.98)
        answers(leech, user, "x.......")
        answers(usual, user, "x.......")
    Memory.objects.filter(card=leech, user__in=learners[:2]).update(is_leech=True)
    for user in learners[:2]:
        version = leech.note.history.latest().pk
        Suggestion.objects.create(
            note=leech.note, card=leech, author=user, reason="wrong", version=version, made_at=NOW
        )
    assert signs(client_of_bob, slow) == {"slow"}
    assert signs(client_of_bob, safe) == {"never-failed"}
    assert signs(client_of_bob, leech) == {"leech", "reported"}
    assert signs(client_of_bob, usual) == set()


def test_an_option_that_nobody_chooses(owned: Deck, learners: list[User], client_of_bob: Client) -> None:
    topic = owned.topics.get()
    note = add_note(owned, topic, "optimiser", "choice", 9, question="Which is an optimiser?", answer=CHOICES)
    card = note.cards.get()
    kind = kinds.asking("choice")
    assert kind is not None
    keys = {option["html"]: option["key"] for option in card.data["options"]}
    for number, user in enumerate(learners):
        key = keys["Dropout"] if number % 3 == 0 else keys["Adam"]
        given_answer = {
            "card": card.pk, "seed": 1, "edition": card.data["edition"], "text": key, "duration_ms": 1, "verdict": "",
        }  # fmt: skip
        answers(card, user, "." if number % 9 else "x", given=given_answer)
    told = found(client_of_bob, owned)[str(card.pk)]
    assert [finding.words for finding in told.findings if finding.sign == "idle-option"] == ["“Softmax”"]


def test_an_edit_is_seen_before_and_after(owned: Deck, learners: list[User], client_of_bob: Client) -> None:
    card = owned.cards.earliest("position")
    note = card.note
    note.question, note.answer = "What is it?", "This"
    services.save_note(note, tags=[])
    note.history.update(history_date=NOW - timedelta(days=9))
    for user in learners[:3]:
        answers(card, user, "xxx", at=NOW - timedelta(days=3))
    note.answer = "That"
    services.save_note(note, tags=[], edit=services.Edit(Severity.MEANING, "It was wrong"))
    note.history.filter(answer="That").update(history_date=NOW - timedelta(days=2))
    for user in learners[:4]:
        answers(card, user, "...", at=NOW - timedelta(days=1))
    response = client_of_bob.get(reverse("study:health_card", args=[owned.slug, card.pk]))
    after, before = response.context["spans"][:2]
    assert (before.tally.asked, before.tally.recalled, before.tally.learners) == (9, 0, 3)
    assert (after.tally.asked, after.tally.recalled, after.tally.learners) == (12, 12, 4)
    assert (after.severity, after.reason) == ("meaning", "It was wrong")
    assert "<del>This</del>" in response.content.decode()


def test_the_numbers_of_one_or_two_are_theirs_alone(
    owned: Deck, learners: list[User], bob: User, client_of_bob: Client
) -> None:
    card = owned.cards.earliest("position")
    for user in learners[:2]:
        answers(card, user, "x" * 40)
    assert found(client_of_bob, owned) == {}
    page = client_of_bob.get(reverse("study:health_card", args=[owned.slug, card.pk]))
    assert page.context["spans"] == []
    Review.objects.all().delete()
    Memory.objects.all().delete()
    answers(card, bob, "x" * 40)
    assert "harder" in signs(client_of_bob, card)


def test_only_those_who_may_edit(owned: Deck, client_of_alice: Client, client_of_bob: Client) -> None:
    card = owned.cards.earliest("position")
    other = make_deck("other").cards.earliest("position")
    for url in (reverse("study:health", args=[owned.slug]), reverse("study:health_card", args=[owned.slug, card.pk])):
        assert client_of_alice.get(url).status_code == 404
        assert client_of_bob.get(url).status_code == 200
    assert client_of_bob.get(reverse("study:health_card", args=[owned.slug, other.pk])).status_code == 404


def test_what_was_long_ago_or_undone_is_left_out(owned: Deck, learners: list[User], client_of_bob: Client) -> None:
    card = owned.cards.earliest("position")
    for user in learners[:5]:
        answers(card, user, "x" * 10, at=NOW - timedelta(days=200))
    assert signs(client_of_bob, card, days="90") == set()
    assert signs(client_of_bob, card) == {"harder"}
    Review.objects.update(undone_at=NOW)
    assert signs(client_of_bob, card) == set()


def test_queries_do_not_grow(owned: Deck, learners: list[User], client_of_bob: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            found(client_of_bob, owned)
        return len(captured)

    cards = list(owned.cards.order_by("position"))
    for user in learners[:3]:
        answers(cards[0], user, "x" * 10)
    queries()  # the first page of a session stores it as well
    few = queries()
    for card in cards:
        for user in learners:
            answers(card, user, "x" * 5)
    assert queries() == few


POINTS = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=4, max_size=30)


@given(POINTS, st.integers(1, 5), st.integers(-5, 5))
def test_a_correlation_minds_neither_scale_nor_place(points: list[tuple[int, int]], scale: int, shift: int) -> None:
    once = correlation([(float(x), float(y)) for x, y in points])
    moved = correlation([(float(scale * x + shift), float(y)) for x, y in points])
    assert once == pytest.approx(moved, abs=1e-9)
    assert once is None or -1.000001 <= once <= 1.000001


def test_the_margin_is_that_of_answers_that_come_true_as_predicted() -> None:
    tally = Tally(reviews=100, asked=100, recalled=80, predicted=90.0, spread=9.0)
    assert tally.gap == pytest.approx(-0.1)
    assert tally.margin == pytest.approx(1.96 * 0.03)
