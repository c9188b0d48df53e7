"""Whatever happens in classes, the sums kept beside the log are what the log comes to, and no review counts in a class
that its learner was not in, or that did not have the deck, when they answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from flashcards.accounts.models import User
from flashcards.accounts.services import adopt_guest
from flashcards.classes import services as classes
from flashcards.classes.models import Membership, Role
from flashcards.decks import kinds
from flashcards.decks.models import Card, ClassDeck
from flashcards.study import grading, sessions
from flashcards.study.answering import Answer
from flashcards.study.class_periods import periods_of
from flashcards.study.giving import seed_for
from flashcards.study.models import Memory, Rating, Review
from flashcards.study.standings import standings_of
from flashcards.study.verifying import differences

from .class_life import (
    NOW,
    Wrong,
    answer,
    card_of,
    enrol,
    later,
    make_asking_deck,
    make_class,
    recounted,
    share,
    stored,
    texts_of,
)

WORDS = ["right", "half", "near", "wrong", "slip", "both", "long", "skipped"]


@dataclass
class Period:
    """A stretch of time, `ends` None while it lasts."""

    begins: datetime
    ends: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        return self.begins <= moment and (self.ends is None or moment < self.ends)


people, places = st.integers(0, 1), st.integers(0, 1)


class ClassLife(RuleBasedStateMachine):
    """Two learners, two classes, one deck, and whatever may happen among them."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.deck = make_asking_deck()
        self.users = [User.objects.create_guest(time_zone=zone) for zone in ("UTC", "America/New_York")]
        self.classes = [make_class("c1"), make_class("c2")]
        self.now = NOW
        self.student: dict[tuple[int, int], list[Period]] = {}
        self.shared: dict[int, list[Period]] = {}
        self.wrong: dict[object, Wrong] = {}
        self.owner = User.objects.create_user("owner@example.org")
        for study_class in self.classes:
            enrol(study_class, self.owner, role=Role.OWNER)
        for user, learner in enumerate(self.users):
            joined = later(hours=-20 * user)
            enrol(self.classes[0], learner, joined)
            self.student[user, 0] = [Period(joined)]
        share(self.classes[0], self.deck, later(hours=-10))
        self.shared[0] = [Period(later(hours=-10))]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def counting(self, user: int, moment: datetime) -> list[int] | None:
        """Return the classes in which an answer of that moment counts, by what the model remembers."""
        found = [
            study_class.pk
            for place, study_class in enumerate(self.classes)
            if any(period.holds(moment) for period in self.student.get((user, place), []))
            and any(period.ends is None and period.holds(moment) for period in self.shared.get(place, []))
        ]
        return found or None

    @rule(user=people, what=st.sampled_from(WORDS), rating=st.sampled_from(Rating))
    def study(self, user: int, what: str, rating: Rating) -> None:
        """Answer the card on show on the study page."""
        learner = self.users[user]
        step = grading.look(sessions.open_session(learner, self.deck, None, None, self.now), self.now)
        card = step.shown.card
        if card is None:
            return
        session = sessions.get_session(learner, step.session.pk)
        assert session is not None
        memory = Memory.objects.filter(user=learner, card=card).first()
        reps = memory.reps if memory else 0
        wrong: Wrong = set()
        if kinds.asking(card.kind) is not None:
            seed = seed_for(learner.pk, card, reps)
            texts = texts_of(card, seed)
            text, _ = texts.get(what, (None, set()))
            response = grading.Response(card.pk, seed, card.data["edition"], text, 900, overrules=what == "both")
            session = grading.give(session, response, self.now).session
            given = session.given or {}
            # The first answer to a showing stands, also when undo has brought it back.
            wrong = next((errors for words, errors in texts.values() if words == given["text"]), set())
            if given["overruled"]:
                wrong = set()
            elif given["verdict"] not in {"right", "near"}:
                rating = Rating.AGAIN
        step = grading.grade(session, Answer(uuid4(), card.pk, rating, reps, 1234, self.now), self.now)
        assert step.recorded is not None
        self.check(user, step.recorded.review, wrong)

    @rule(
        user=people, kind=st.sampled_from(["basic", "choice", "typed", "numeric"]), what=st.sampled_from(WORDS),
        hours=st.integers(0, 30) | st.integers(0, 400),
    )  # fmt: skip
    def answer_offline(self, user: int, kind: str, what: str, hours: int) -> None:
        """An answer arrives, perhaps late."""
        card = card_of(self.deck, kind)
        memory = Memory.objects.filter(user=self.users[user], card=card).first()
        seed = seed_for(self.users[user].pk, card, memory.reps if memory else 0)
        if kind != "basic" and what not in texts_of(card, seed):
            what = "skipped"
        wrong = texts_of(card, seed)[what][1] if kind != "basic" and what != "skipped" else set()
        rating = 1 if kind != "basic" and what not in {"right", "near"} else 1 + hours % 4
        when = self.now - timedelta(hours=hours, seconds=len(self.wrong))
        self.check(user, answer(self.users[user], card, rating, when, what).review, wrong)

    def check(self, user: int, review: Review, wrong: Wrong) -> None:
        assert review.classes == self.counting(user, review.answered_at)
        self.wrong[review.pk] = wrong

    @rule(user=people, times=st.integers(1, 2))
    def undo(self, user: int, times: int) -> None:
        for _ in range(times):
            session = sessions.open_session(self.users[user], self.deck, None, None, self.now)
            if session.sequence:
                grading.undo(session, self.now)

    @rule(user=people, place=places)
    def join_or_leave(self, user: int, place: int) -> None:
        periods = self.student.setdefault((user, place), [])
        here = Membership.objects.filter(user=self.users[user], study_class=self.classes[place], left_at=None).first()
        if here is None:
            classes.join(self.classes[place], self.users[user], Role.STUDENT, self.now)
            periods.append(Period(self.now))
        else:
            classes.leave(here, self.owner, self.now)
            periods[-1].ends = self.now

    @rule(place=places)
    def share_or_withdraw(self, place: int) -> None:
        periods = self.shared.setdefault(place, [])
        gone, _ = ClassDeck.objects.filter(study_class=self.classes[place]).delete()
        if gone:
            periods[-1].ends = self.now
        else:
            share(self.classes[place], self.deck, self.now)
            periods.append(Period(self.now))

    @rule()
    def look_at_the_class(self) -> None:
        day = self.now.toordinal()
        for shared in ClassDeck.objects.filter(deck=self.deck).select_related("study_class"):
            periods = periods_of(shared.study_class, [user.pk for user in self.users], shared.shared_at)
            standings = standings_of(shared.study_class, periods, self.deck, day)
            for user in self.users:
                log = Review.objects.filter(user=user, undone_at=None).select_related("card")
                # A review of the very moment in which the deck was shared may lie on either side.
                met = {
                    review.card
                    for review in log
                    if shared.study_class_id in (review.classes or ())
                    or any(period.holds(review.answered_at) for period in periods[user.pk])
                }
                for topic, standing in standings[user.pk].topics.items():
                    of_topic = [card for card in met if card.topic_id == topic]
                    cards = Card.objects.filter(topic=topic, archived_at=None).count()
                    assert standing.seen <= len(of_topic)
                    assert standing.recall <= len(of_topic) / cards + 1e-9

    @rule(hours=st.sampled_from([0.01, 1, 9, 30, 200]))
    def wait(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    @rule(user=people)
    def a_guest_signs_in(self, user: int) -> None:
        """A learner goes on as somebody new, who brings all along and has studied a card already."""
        member = User.objects.create_guest(time_zone=self.users[user].time_zone)
        review = answer(member, card_of(self.deck, "basic"), 4, self.now - timedelta(hours=30)).review
        assert review.classes is None
        self.wrong[review.pk] = set()
        assert adopt_guest(self.users[user].pk, member)
        self.users[user] = member

    @invariant()
    def the_sums_are_what_the_log_comes_to(self) -> None:
        now = stored()
        assert now == recounted(self.wrong)
        assert all(amounts[0] > 0 for amounts in (*now.days.values(), *now.weeks.values()))
        assert all(now.wrong.values())

    @invariant()
    def verify_is_silent(self) -> None:
        assert list(differences()) == []


@pytest.mark.django_db
def test_whatever_happens_in_classes_the_sums_are_true_and_nothing_leaks() -> None:
    run_state_machine_as_test(
        ClassLife,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        ),
    )
