"""The sums kept beside the log, of learners by day and of classes by week: what counts where, what becomes of it."""

from importlib import import_module

import pytest
from django.db import connection
from django.test import override_settings

from flashcards.accounts.models import User
from flashcards.accounts.services import adopt_guest, delete_person
from flashcards.classes import services as classes
from flashcards.classes.models import Role, StudyClass
from flashcards.decks.models import ClassDeck, Deck
from flashcards.study.giving import seed_for
from flashcards.study.keeping import clear_class
from flashcards.study.models import CardDay, ClassCardWeek, ClassWrongWeek, Review
from flashcards.study.verifying import differences

from .class_life import (
    NOW,
    answer,
    card_of,
    enrol,
    later,
    make_asking_deck,
    make_class,
    recounted,
    share,
    stand,
    stored,
    texts_of,
)
from .material import make_deck


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
    stand([alice], asking, later(days=11).toordinal())
    assert adopt_guest(guest.pk, alice)
    assert set(CardDay.objects.values_list("user", flat=True)) == {alice.pk}
    assert CardDay.objects.get(card=both, reviews=1, lapses=1)
    assert ClassCardWeek.objects.get(card=both).lapses == 1
    assert list(differences()) == []
    assert stand([alice], asking, later(days=11).toordinal())[alice.pk].seen == 2


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


def test_the_days_of_logs_from_before_are_filled_in(alice: User, bob: User, asking: Deck) -> None:
    for number in range(12):
        user, kind = (alice, "basic") if number % 3 else (bob, "typed")
        answer(user, card_of(asking, kind), 1 + 3 * (number % 2), later(hours=40 * number))
    Review.objects.filter(pk=Review.objects.earliest("answered_at").pk).update(undone_at=NOW)
    CardDay.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(import_module("flashcards.study.migrations.0004_sums").FILL)
    assert stored() == recounted({})
    assert CardDay.objects.filter(lapses=1).exists()


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
