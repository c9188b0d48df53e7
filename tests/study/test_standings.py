"""Where learners stand in a deck: what is kept says what their memories say, and looking costs the same for all."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck, Topic
from flashcards.study import standings
from flashcards.study.class_periods import Period
from flashcards.study.models import DeckOptions, Memory, Standing, State
from flashcards.study.options import DEFAULT_POLICY, preset_for
from flashcards.study.scheduling import Policy
from flashcards.study.standings import HORIZONS, DeckStanding

from .class_life import NOW, answer, later, mean_recall, stand
from .material import make_deck
from .test_constant_work import counted

DAY = NOW.toordinal()
# As of somebody who forgets more steeply than most.
STEEP = Policy((*DEFAULT_POLICY.parameters[:20], 0.4), 0.85, (60,), (600,))


def remember(user: User, card: Card, stability: float, last_day: int) -> None:
    Memory.objects.create(
        user=user, card=card, note_id=card.note_id, deck_id=card.deck_id, state=State.REVIEW, stability=stability,
        difficulty=5, due_day=last_day, last_day=last_day, last_answered_at=NOW, interval_days=1, reps=1,
    )  # fmt: skip


def recall_of(standing: DeckStanding) -> dict[int, float]:
    return {topic: found.recall for topic, found in standing.topics.items()}


class Predicted(TestCase):
    """For any memories and any day within the horizons, what is told is near what is worked out plainly."""

    @settings(max_examples=25, deadline=None)
    @given(
        seed=st.integers(0, 2**32), ahead=st.integers(0, HORIZONS[-1]), worked_out_before=st.integers(0, 40),
        steep=st.booleans(),
    )  # fmt: skip
    def test_recall_is_that_of_the_memories(
        self, seed: int, ahead: int, worked_out_before: int, steep: bool
    ) -> None:  # fmt: skip
        random = Random(seed)
        deck = make_deck(topics=2, notes=30)
        user = User.objects.create_guest()
        if steep:
            DeckOptions.objects.create(user=user, deck=deck, preset=preset_for(STEEP))
        for card in deck.cards.all():
            if random.random() < 0.8:
                stability = min(max(random.lognormvariate(2, 1.5), 0.1), 3000)
                remember(user, card, stability, DAY - worked_out_before - random.randrange(90))
        stand([user], deck, DAY - worked_out_before)
        with counted() as statements:
            standing = stand([user], deck, DAY, of=DAY + ahead)[user.pk]
        assert len(statements) == 1 + 2 or ahead + worked_out_before > HORIZONS[-1]
        for topic, recall in recall_of(standing).items():
            assert recall == pytest.approx(mean_recall(user, topic, DAY + ahead), abs=0.005)


def test_it_takes_as_many_queries_for_one_as_for_two_hundred(deck: Deck) -> None:
    people = [User.objects.create_guest() for _ in range(200)]
    for number, user in enumerate(people):
        remember(user, deck.cards.all()[number % 10], 5, DAY - 3)
    DeckOptions.objects.bulk_create(
        DeckOptions(user=user, deck=deck, preset=preset_for(Policy(STEEP.parameters, 0.8, (n + 1,), ())))
        for n, user in enumerate(people[:100])
    )
    stand([], deck, DAY)
    taken = []
    for some in (people[:1], people[1:]):
        for _ in range(2):
            with counted() as statements:
                stand(some, deck, DAY)
            taken.append(len(statements))
    assert taken == [1 + 6, 1 + 2, 1 + 6, 1 + 2]  # the first is for the class


def test_everybody_stands_somewhere_and_every_topic_with_cards_is_there(alice: User, bob: User, deck: Deck) -> None:
    first, second = Topic.objects.order_by("position")
    empty = Topic.objects.create(deck=deck, slug="empty", title="Empty")
    remember(alice, first.cards.all()[0], 10, DAY)
    standings = stand([alice, bob], deck, DAY)
    assert (standings[alice.pk].seen, standings[bob.pk].seen) == (1, 0)
    assert recall_of(standings[alice.pk]) == {first.pk: pytest.approx(0.2), second.pk: 0}
    assert recall_of(standings[bob.pk]) == {first.pk: 0, second.pk: 0}
    assert empty.pk not in standings[alice.pk].topics
    assert stand([], deck, DAY) == {}


def test_suspended_cards_count_as_any_other(alice: User, deck: Deck) -> None:
    card = deck.cards.all()[0]
    remember(alice, card, 10, DAY)
    Memory.objects.update(is_suspended=True)
    assert stand([alice], deck, DAY)[alice.pk].topics[card.topic_id].seen == 1


def test_a_review_before_or_after_somebody_looked_is_seen(alice: User, deck: Deck) -> None:
    first, second = deck.cards.all()[:2]
    for minutes, (card, seen) in enumerate([(first, 1), (second, 2), (first, 2)]):
        answer(alice, card, 4, later(minutes=minutes))
        assert stand([alice], deck, DAY)[alice.pk].seen == seen
    answer(alice, first, 1, later(days=20))
    now = DAY + 20
    recall = stand([alice], deck, now)[alice.pk].topics[first.topic_id].recall
    assert recall == pytest.approx(mean_recall(alice, first.topic_id, now), abs=0.005)


def test_cards_taken_out_and_added_are_seen(alice: User, deck: Deck) -> None:
    card = deck.cards.all()[0]
    remember(alice, card, 10, DAY)
    assert stand([alice], deck, DAY)[alice.pk].topics[card.topic_id].recall == pytest.approx(1 / 5)
    Card.objects.filter(pk=deck.cards.all()[1].pk).update(archived_at=NOW)
    assert stand([alice], deck, DAY)[alice.pk].topics[card.topic_id].recall == pytest.approx(1 / 4)
    Card.objects.filter(pk=card.pk).update(archived_at=NOW)
    standing = stand([alice], deck, DAY)[alice.pk]
    assert (standing.seen, standing.topics[card.topic_id].recall) == (0, 0)


def test_an_answer_that_comes_while_standings_are_worked_out_is_not_lost(
    alice: User, deck: Deck, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = deck.cards.all()[:2]
    answer(alice, first, 3, NOW)
    sums = standings._sums

    def answered_meanwhile(*asked: object) -> object:
        found = sums(*asked)  # type: ignore[arg-type]
        answer(alice, second, 3, later(minutes=1))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(standings, "_sums", answered_meanwhile)
        assert stand([alice], deck, DAY)[alice.pk].seen == 1
    assert Standing.objects.get().is_stale
    assert stand([alice], deck, DAY)[alice.pk].seen == 2


def test_a_day_earlier_or_beyond_the_horizons_is_told_as_the_nearest_that_is_known(alice: User, deck: Deck) -> None:
    card = deck.cards.all()[0]
    remember(alice, card, 10, DAY)
    told = [stand([alice], deck, DAY, of=DAY + ahead)[alice.pk] for ahead in (-5, 0, HORIZONS[-1], 999)]
    assert (told[0], told[2]) == (told[1], told[3])


def test_what_was_learnt_before_and_after_is_not_the_classs_to_see(alice: User, deck: Deck) -> None:
    before, during, after = deck.cards.all()[:3]
    for days, card in enumerate((before, during, after)):
        answer(alice, card, 4, later(days=days))
    stay = {alice.pk: [Period(later(days=1), later(days=2))]}
    standing = stand([alice], deck, DAY + 3, periods=stay)[alice.pk]
    assert (standing.seen, sum(each.seen for each in standing.topics.values())) == (1, 1)
    answer(alice, during, 3, later(days=5))
    Standing.objects.update(is_stale=True)
    assert stand([alice], deck, DAY + 5, periods=stay)[alice.pk].seen == 0
