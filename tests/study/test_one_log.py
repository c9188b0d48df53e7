"""The log is the truth: late answers take their place, a guest's log joins a member's, `verify` tells what differs."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from flashcards.accounts.models import User
from flashcards.accounts.services import adopt_guest
from flashcards.decks.models import Deck
from flashcards.study.answering import Answer, record_offline
from flashcards.study.models import DeckOptions, Memory, Rating, Review
from flashcards.study.options import DEFAULT_POLICY, options_for, preset_for
from flashcards.study.replay import state_of
from flashcards.study.scheduling import Policy
from flashcards.study.sessions import open_session
from flashcards.study.verifying import differences

from .material import make_deck

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def study(user: User, deck: Deck, card: int, rating: int, when: datetime) -> None:
    answer = Answer(uuid4(), card, Rating(rating), None, 1000, when)
    record_offline(user, options_for(user, deck), deck.cards.get(pk=card), answer)


class LateAnswers(TestCase):
    """Answers in whatever order they arrive come to the memory that their order in time gives."""

    @settings(max_examples=30, deadline=None)
    @given(
        st.lists(
            st.tuples(st.integers(0, 60 * 86_400), st.sampled_from(Rating)),
            min_size=1,
            max_size=8,
            unique_by=lambda x: x[0],
        ),
        st.randoms(use_true_random=False),
    )
    def test_arrival_does_not_matter(self, answers: list[tuple[int, Rating]], random: "object") -> None:
        deck = make_deck(topics=1, notes=1)
        card = deck.cards.get().pk
        shuffled = sorted(answers, key=lambda _: random.random())  # type: ignore[attr-defined]
        memories = []
        for name, order in (("a", sorted(answers)), ("b", shuffled)):
            user = User.objects.create_user(f"{name}@example.org", time_zone="America/New_York")
            for seconds, rating in order:
                study(user, deck, card, rating, NOW + timedelta(seconds=seconds))
            memories.append(state_of(Memory.objects.get(user=user)))
        assert memories[0] == memories[1]
        assert list(differences()) == []


def test_verify_is_silent_when_all_is_well_and_names_what_is_not(alice: User, deck: Deck) -> None:
    cards = list(deck.cards.values_list("pk", flat=True))
    for days, card in enumerate(cards[:3]):
        study(alice, deck, card, 3, NOW + timedelta(days=days))
    call_command("verify", stdout=StringIO())
    Memory.objects.filter(card=cards[0]).update(stability=99)
    Memory.objects.filter(card=cards[1]).delete()
    Review.objects.filter(card=cards[2]).update(undone_at=NOW)
    Memory.objects.create(user=alice, card_id=cards[3], note=deck.notes.all()[3], deck=deck, due_day=7)
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("verify", stdout=said)
    lines = said.getvalue().splitlines()
    assert len(lines) == 6
    for card, words in zip(cards, ["stability is 99", "no memory", "no reviews", "due_day is 7"], strict=False):
        assert any(f"card {card}:" in line and words in line for line in lines), lines
    for words in ("reviews is 1", "duration_ms is 1000"):
        assert any(f"card {cards[2]} day 2026-05-06: {words}, the log says 0" in line for line in lines), lines


def test_a_guest_who_signs_in_brings_everything_along(alice: User, deck: Deck) -> None:
    guest = User.objects.create_guest()
    both, only_guest, only_member = deck.cards.values_list("pk", flat=True)[:3]
    study(alice, deck, both, 4, NOW)
    study(alice, deck, only_member, 3, NOW)
    study(guest, deck, both, 1, NOW + timedelta(days=3))
    study(guest, deck, only_guest, 3, NOW + timedelta(days=3))
    Memory.objects.filter(user=guest, card=both).update(is_starred=True)
    session = open_session(guest, deck, None, None, NOW + timedelta(days=3))
    assert adopt_guest(guest.pk, alice)
    assert not User.objects.filter(is_guest=True).exists()
    assert Review.objects.filter(user=alice).count() == 4
    memory = Memory.objects.get(user=alice, card=both)
    assert (memory.reps, memory.lapses, memory.is_starred) == (2, 1, True)
    session.refresh_from_db()
    assert session.user == alice
    assert session.options == DeckOptions.objects.get(user=alice)
    assert list(differences()) == []


def test_changing_the_steps_or_the_retention_leaves_every_memory_alone(alice: User, deck: Deck) -> None:
    for days, card in enumerate(deck.cards.values_list("pk", flat=True)):
        study(alice, deck, card, 1 + days % 4, NOW + timedelta(days=days))
    before = [state_of(memory) for memory in Memory.objects.order_by("pk")]
    options = options_for(alice, deck)
    options.preset = preset_for(Policy(DEFAULT_POLICY.parameters, 0.95, (30, 3600), ()))
    options.save()
    assert [state_of(memory) for memory in Memory.objects.order_by("pk")] == before
    study(alice, deck, deck.cards.all()[0].pk, 3, NOW + timedelta(days=30))
    assert list(differences()) == []


def test_equal_settings_are_one_preset(db: None) -> None:
    assert preset_for(DEFAULT_POLICY) == preset_for(DEFAULT_POLICY)
    assert preset_for(DEFAULT_POLICY) != preset_for(Policy(DEFAULT_POLICY.parameters, 0.91, (60, 600), (600,)))
