"""The sums kept beside the log are what the log comes to, whoever answers, undoes, comes, leaves, or is deleted; and
no review counts in a class that its learner was not in, or that did not have the deck, when they answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from flashcards.accounts.models import User
from flashcards.accounts.services import adopt_guest, delete_person
from flashcards.classes import services as classes
from flashcards.classes.models import Membership, Role, StudyClass
from flashcards.decks import kinds
from flashcards.decks.models import Card, ClassDeck, Deck
from flashcards.study import grading, sessions
from flashcards.study.answering import Answer
from flashcards.study.giving import seed_for
from flashcards.study.keeping import clear_class
from flashcards.study.models import CardDay, ClassCardWeek, ClassWrongWeek, Memory, Rating, Review
from flashcards.study.standings import standings_of
from flashcards.study.verifying import differences

from .class_life import (
    NOW,
    Wrong,
    answer,
    enrol,
    later,
    make_asking_deck,
    make_class,
    mean_recall,
    recounted,
    share,
    stored,
    texts_of,
)
from .material import make_deck

WORDS = ["right", "half", "near", "wrong", "slip", "both", "long", "skipped"]


def card_of(deck: Deck, kind: str) -> Card:
    return deck.cards.get(kind=kind)


@pytest.fixture
def asking(db: None) -> Deck:
    return make_asking_deck()


@pytest.fixture
def study_class(asking: Deck) -> StudyClass:
    made = make_class()
    share(made, asking)
    return made


def test_days_are_summed_and_classes_named_while_one_is_a_student(
    alice: User, asking: Deck, study_class: StudyClass
) -> None:
    card = card_of(asking, "basic")
    before = answer(alice, card, 3, later(hours=-1)).review
    member = enrol(study_class, alice)
    during = answer(alice, card, 3, later(hours=1)).review
    classes.leave(member, alice, later(hours=2))
    after = answer(alice, card, 3, later(hours=3)).review
    late = answer(alice, card, 1, later(minutes=90)).review
    assert [review.classes for review in (before, during, after, late)] == [
        None,
        [study_class.pk],
        None,
        [study_class.pk],
    ]  # fmt: skip
    (day,) = CardDay.objects.all()
    assert (day.reviews, day.again, day.lapses, day.duration_ms) == (4, 1, 1, 4010)
    (week,) = ClassCardWeek.objects.all()
    assert (week.reviews, week.again, week.duration_ms, week.week) == (2, 1, 2004, day.day // 7)


@pytest.mark.parametrize("role", [Role.OWNER, Role.TEACHER, Role.ASSISTANT])
def test_staff_do_not_count(role: Role, alice: User, asking: Deck, study_class: StudyClass) -> None:
    enrol(study_class, alice, role=role)
    assert answer(alice, card_of(asking, "basic"), 3, later(hours=1)).review.classes is None


def test_a_deck_shared_later_and_a_locked_class_do_not_count(
    alice: User, asking: Deck, study_class: StudyClass
) -> None:  # fmt: skip
    enrol(study_class, alice)
    card = card_of(asking, "basic")
    ClassDeck.objects.update(shared_at=later(hours=2))
    assert answer(alice, card, 3, later(hours=1)).review.classes is None
    assert answer(alice, card, 3, later(hours=2)).review.classes == [study_class.pk]
    StudyClass.objects.update(locked_at=later(hours=3))
    assert answer(alice, card, 3, later(hours=4)).review.classes is None


def test_a_review_counts_in_all_of_the_learners_classes_that_have_the_deck(
    alice: User, asking: Deck, study_class: StudyClass
) -> None:
    others = [make_class("c2"), make_class("c3"), make_class("c4")]
    share(others[0], asking)
    share(others[1], make_deck("other"))
    share(others[2], asking)
    for one in (study_class, *others[:2]):
        enrol(one, alice)
    review = answer(alice, card_of(asking, "choice"), 1, later(hours=1), "both").review
    assert review.classes == [study_class.pk, others[0].pk]
    assert ClassCardWeek.objects.count() == 2
    assert ClassWrongWeek.objects.filter(count=1).count() == ClassWrongWeek.objects.count() == 6


@pytest.mark.parametrize("kind", ["choice", "typed", "numeric"])
def test_wrong_answers_are_counted_by_what_was_wrong(
    kind: str, alice: User, asking: Deck, study_class: StudyClass
) -> None:
    enrol(study_class, alice)
    card = card_of(asking, kind)
    for minutes, what in enumerate(texts_of(card, 1), start=1):
        wrong = texts_of(card, seed_for(alice.pk, card, minutes - 1))[what][1]
        ClassWrongWeek.objects.all().delete()
        answer(alice, card, 1, later(minutes=minutes), what)
        assert set(ClassWrongWeek.objects.values_list("kind", "what")) == wrong


def test_what_the_learner_overrules_or_does_not_know_is_not_counted_as_wrong(
    alice: User, asking: Deck, study_class: StudyClass
) -> None:
    enrol(study_class, alice)
    answer(alice, card_of(asking, "typed"), 3, later(minutes=1), "slip", overruled=True)
    answer(alice, card_of(asking, "typed"), 1, later(minutes=2), "skipped")
    assert not ClassWrongWeek.objects.exists()
    assert sum(ClassCardWeek.objects.values_list("reviews", flat=True)) == 2


def test_a_late_answer_moves_lapses_of_other_days_and_weeks(
    alice: User, asking: Deck, study_class: StudyClass
) -> None:  # fmt: skip
    enrol(study_class, alice)
    card = card_of(asking, "basic")
    answer(alice, card, 1, later(days=10))
    assert sum(CardDay.objects.values_list("lapses", flat=True)) == 0
    answer(alice, card, 4, later(days=1))
    assert CardDay.objects.get(lapses=1).day == later(days=10).toordinal()
    assert ClassCardWeek.objects.get(lapses=1).week == later(days=10).toordinal() // 7
    assert stored() == recounted({})


def test_a_guest_brings_days_along_and_the_sums_of_classes_stay(
    alice: User, asking: Deck, study_class: StudyClass
) -> None:
    guest = User.objects.create_guest()
    enrol(study_class, guest)
    both, only_guest = card_of(asking, "basic"), card_of(asking, "typed")
    answer(guest, both, 1, later(days=10))
    answer(guest, only_guest, 1, later(days=10), "wrong")
    answer(alice, both, 4, later(days=1))
    standings_of([alice.pk], asking, later(days=11).toordinal())
    assert adopt_guest(guest.pk, alice)
    assert set(CardDay.objects.values_list("user", flat=True)) == {alice.pk}
    assert CardDay.objects.get(card=both, reviews=1, lapses=1)
    assert ClassCardWeek.objects.get(card=both).lapses == 1
    assert list(differences()) == []
    assert standings_of([alice.pk], asking, later(days=11).toordinal())[alice.pk].seen == 2


@pytest.mark.parametrize("keep", [True, False])
def test_a_deleted_persons_part_of_the_sums_stays_or_goes_as_the_school_chooses(
    keep: bool, alice: User, bob: User, asking: Deck, study_class: StudyClass
) -> None:
    for user in (alice, bob):
        enrol(study_class, user)
        answer(user, card_of(asking, "numeric"), 1, later(hours=1), "slip")
    with override_settings(KEEP_SUMS_OF_DELETED=keep):
        delete_person(bob)
    left = 2 if keep else 1
    assert ClassCardWeek.objects.get().reviews == left
    assert ClassWrongWeek.objects.get(kind="slip").count == left
    assert list(differences()) == []
    answer(alice, card_of(asking, "numeric"), 1, later(hours=2), "slip")
    assert ClassCardWeek.objects.get().reviews == left + 1
    assert list(differences()) == []


def test_sums_outlive_the_ties_that_a_class_cuts(alice: User, asking: Deck, study_class: StudyClass) -> None:
    enrol(study_class, alice)
    answer(alice, card_of(asking, "typed"), 1, later(hours=1), "wrong")
    clear_class(study_class)
    assert not Review.objects.filter(classes__isnull=False).exists()
    assert (ClassCardWeek.objects.get().reviews, ClassWrongWeek.objects.get().count) == (1, 1)
    assert list(differences()) == []


def test_verify_names_sums_that_differ(alice: User, asking: Deck, study_class: StudyClass) -> None:
    enrol(study_class, alice)
    card = card_of(asking, "typed")
    answer(alice, card, 1, later(hours=1), "slip")
    answer(alice, card_of(asking, "basic"), 3, later(hours=1))
    assert list(differences()) == []
    CardDay.objects.filter(card=card).update(again=0)
    ClassCardWeek.objects.filter(card=card).delete()
    ClassWrongWeek.objects.filter(kind="slip").update(count=7)
    ClassWrongWeek.objects.filter(kind="typed").update(what="else")
    lines = list(differences())
    week = f"class {study_class.pk} card {card.pk} week of 2026-03-01"
    assert lines == [
        f"user {alice.pk} card {card.pk} day 2026-03-06: again is 0, the log says 1",
        f"{week}: reviews is 0, the log says 1",
        f"{week}: again is 0, the log says 1",
        f"{week}: duration_ms is 0, the log says 1001",
        f"{week} slip speed for size: count is 7, the log says 1",
        f"{week} typed else: count is 1, the log says 0",
        f"{week} typed momentum: count is 0, the log says 1",
    ]


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
            text, wrong = texts_of(card, seed).get(what, (None, set()))
            response = grading.Response(card.pk, seed, card.data["edition"], text, 900, overrules=what == "both")
            session = grading.give(session, response, self.now).session
            given = session.given or {}
            if given["overruled"]:
                wrong = set()
            elif given["verdict"] not in {"right", "near"}:
                rating = Rating.AGAIN
        step = grading.grade(session, Answer(uuid4(), card.pk, rating, reps, 1234, self.now), self.now)
        assert step.recorded is not None
        self.check(user, step.recorded.review, wrong)

    @rule(
        user=people, kind=st.sampled_from(["basic", "choice", "typed", "numeric"]), what=st.sampled_from(WORDS),
        hours=st.integers(0, 400),
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

    @rule(user=people)
    def undo(self, user: int) -> None:
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
        standings = standings_of([user.pk for user in self.users], self.deck, day)
        for user in self.users:
            assert standings[user.pk].seen == Memory.objects.filter(user=user, reps__gt=0).count()
            for topic, standing in standings[user.pk].topics.items():
                assert standing.recall == pytest.approx(mean_recall(user, topic, day), abs=0.03)

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
