"""A learner's history goes into files and comes back: nothing lost, nothing twice, and it can be taken back."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from flashcards.accounts.models import User
from flashcards.decks.formats.records import CardRecord, ReviewRecord
from flashcards.decks.models import Card, Deck
from flashcards.study.answering import Answer, record_offline
from flashcards.study.carrying import bring, cards_of, take_back
from flashcards.study.models import CardDay, Memory, Rating, Review
from flashcards.study.options import options_for
from flashcards.study.replay import state_of
from flashcards.study.scheduling import MemoryState
from flashcards.study.verifying import differences

from . import class_life
from .material import make_deck

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def study(user: User, card: Card, rating: int, when: datetime) -> None:
    record_offline(
        user, options_for(user, card.deck), card, Answer(uuid4(), card.pk, Rating(rating), None, 1000, when)
    )


def records(user: User, deck: Deck) -> list[tuple[int, list[CardRecord]]]:
    return list(cards_of(user, list(deck.notes.all())).items())


def brought(user: User, deck: Deck, pairs: list[tuple[int, list[CardRecord]]], path: Path) -> int:
    return bring(user, deck, iter(pairs), path).reviews


def stands(user: User) -> dict[int, MemoryState]:
    return {memory.card_id: state_of(memory) for memory in Memory.objects.filter(user=user)}


def rows(user: User) -> list[Any]:
    """Everything stored of a learner's studying, in comparable form."""
    kept: list[Any] = []
    for model in (Review, Memory, CardDay):
        names = [each.attname for each in model._meta.concrete_fields if each.name != "id" or model is Review]
        kept += sorted(tuple(map(str, row)) for row in model.objects.filter(user=user).values_list(*names))
    return kept


ANSWERS = st.lists(
    st.tuples(st.integers(0, 90 * 86_400_000), st.integers(0, 2), st.sampled_from(Rating), st.booleans()),
    min_size=1,
    max_size=14,
    unique_by=lambda each: each[0],
)


class Carried(TestCase):
    """Whatever was studied: the record of it brings the same to somebody else, and nothing to the one who did it."""

    def prepared(self) -> tuple[Deck, list[Card], Path]:
        deck = make_deck(topics=1, notes=3)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return deck, list(deck.cards.order_by("position")), Path(folder.name) / "brought"

    def learner(self, name: str) -> User:
        user, _ = User.objects.get_or_create(email=f"{name}@example.org", time_zone="Europe/Berlin")
        return user

    @settings(max_examples=30, deadline=None)
    @given(ANSWERS)
    def test_the_same_for_another_and_nothing_for_oneself(self, answers: list[tuple[int, int, Rating, bool]]) -> None:
        deck, cards, path = self.prepared()
        alice, bob = self.learner("a"), self.learner("b")
        for at, card, rating, _ in answers:
            study(alice, cards[card], rating, NOW + timedelta(milliseconds=at))
        before = rows(alice)
        said = records(alice, deck)
        assert brought(alice, deck, said, path) == 0
        assert rows(alice) == before
        assert brought(bob, deck, said, path) == len(answers)
        assert stands(bob) == stands(alice)
        assert brought(bob, deck, said, path) == 0
        assert list(differences()) == []

    @settings(max_examples=30, deadline=None)
    @given(ANSWERS)
    def test_what_is_there_and_what_comes_are_one_log(self, answers: list[tuple[int, int, Rating, bool]]) -> None:
        deck, cards, path = self.prepared()
        whole, other, partly = self.learner("a"), self.learner("b"), self.learner("c")
        for at, card, rating, is_elsewhere in answers:
            when = NOW + timedelta(milliseconds=at)
            study(whole, cards[card], rating, when)
            study(other if is_elsewhere else partly, cards[card], rating, when)
        before = rows(partly)
        brought(partly, deck, records(other, deck), path)
        assert stands(partly) == stands(whole)
        assert list(differences()) == []
        take_back(partly, path)
        assert rows(partly) == before
        assert list(differences()) == []


@pytest.fixture
def ids(tmp_path: Path) -> Path:
    return tmp_path / "brought"


@pytest.fixture
def card(deck: Deck) -> Card:
    return deck.cards.earliest("position")


def test_marks_come_along_and_go_again(deck: Deck, card: Card, alice: User, ids: Path) -> None:
    said = [(card.note_id, [CardRecord(card.ordinal, is_suspended=True, is_starred=True)])]
    brought(alice, deck, said, ids)
    memory = Memory.objects.get(user=alice)
    assert (memory.is_suspended, memory.is_starred, memory.reps) == (True, True, 0)
    take_back(alice, ids)
    assert not Memory.objects.exists()


def test_own_marks_stay_when_a_file_is_taken_back(deck: Deck, card: Card, alice: User, ids: Path) -> None:
    Memory.objects.create(user=alice, card=card, note_id=card.note_id, deck=deck, is_starred=True)
    brought(alice, deck, [(card.note_id, [CardRecord(card.ordinal, is_starred=True)])], ids)
    take_back(alice, ids)
    assert Memory.objects.get().is_starred


def test_what_can_not_have_been_is_left_out(deck: Deck, card: Card, alice: User, ids: Path) -> None:
    now = timezone.now()
    said = CardRecord(
        card.ordinal,
        [
            ReviewRecord(now + timedelta(days=2), 3, 1000),
            ReviewRecord(datetime(1970, 1, 1, tzinfo=UTC), 3, 1000),
            ReviewRecord(now - timedelta(days=2), 9, 1000),
            ReviewRecord(
                now - timedelta(days=1), 3, -5, {"id": "no id", "day": 7, "given": {"x": 1}, "preset_id": []}
            ),
        ],
    )
    assert brought(alice, deck, [(card.note_id, [said]), (card.note_id, [CardRecord(99, said.reviews)])], ids) == 1
    review = Review.objects.get()
    assert (review.duration_ms, review.given, review.verdict) == (0, None, "")
    assert list(differences()) == []


def test_somebody_elses_package_brings_reviews_of_ones_own(
    deck: Deck, card: Card, alice: User, bob: User, ids: Path
) -> None:
    study(alice, card, 3, NOW)
    assert brought(bob, deck, records(alice, deck), ids) == 1
    mine, theirs = Review.objects.get(user=alice), Review.objects.get(user=bob)
    assert mine.pk != theirs.pk
    assert mine.answered_at == theirs.answered_at


def answered_cards(user: User, deck: Deck) -> Iterator[Card]:
    for kind in ("choice", "typed", "basic"):
        yield class_life.card_of(deck, kind)


def test_what_was_answered_comes_along_and_no_class_counts_it(alice: User, bob: User, ids: Path) -> None:
    deck = class_life.make_asking_deck()
    study_class = class_life.make_class()
    class_life.share(study_class, deck)
    class_life.enrol(study_class, alice)
    class_life.enrol(study_class, bob)
    for card in answered_cards(alice, deck):
        class_life.answer(alice, card, 1, class_life.later(days=1), "wrong")
    before = class_life.stored()
    brought(bob, deck, records(alice, deck), ids)
    after = class_life.stored()
    assert (after.weeks, after.wrong) == (before.weeks, before.wrong)
    told = [
        list(Review.objects.filter(user=user).order_by("card").values_list("verdict", "slip", "given"))
        for user in (alice, bob)
    ]
    assert told[0] == told[1]
    assert list(differences()) == []
