"""The demo class: what is stored agrees with the log, its people differ, and it goes without a trace."""

import re
from io import StringIO
from statistics import pstdev

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.classes.models import Membership, Role, StudyClass
from flashcards.decks.models import ClassDeck, Deck, Topic
from flashcards.study.class_periods import periods_of
from flashcards.study.class_sums import wrong_of
from flashcards.study.models import Assignment, ClassCardWeek, Preset, Review, State
from flashcards.study.standings import standings_of

from .material import add_note, make_deck

CONVOLUTION = """n = 16 to 64 step 4
f = one of 3, 5, 7
answer: n - f + 1
slip: forgot the one = n - f
  The first position counts as well."""
CHOICE = """- [x] ReLU
- [ ] Softmax
  slip: a layer's end for its middle
  why: It is for the last layer.
- [ ] Argmax"""
TYPED = """momentum
! inertia = a word of physics: That is what it is named after."""


@pytest.fixture(autouse=True)
def deck(db: None, settings: LazySettings) -> Deck:
    settings.DEBUG = True
    deck = make_deck("deep-learning", topics=3, notes=12)
    for topic in Topic.objects.filter(deck=deck):
        add_note(deck, topic, f"n-{topic.pk}", "numeric", 20, question="{{n}}, {{f}}?", answer=CONVOLUTION)
        add_note(deck, topic, f"c-{topic.pk}", "choice", 21, question="Which?", answer=CHOICE)
        add_note(deck, topic, f"t-{topic.pk}", "typed", 22, question="What?", answer=TYPED)
    return deck


def seed(*more: str) -> str:
    said = StringIO()
    call_command("seed_demo", "--students=4", "--weeks=2", *more, stdout=said)
    return said.getvalue()


def rows() -> dict[str, int]:
    """Return how many rows each table holds; presets, which never change, stay."""
    return {model.__name__: model._default_manager.count() for model in apps.get_models() if model is not Preset}


def answers() -> list[tuple[object, ...]]:
    """Return all that was answered, without the moment, which depends on now."""
    fields = ("user__name", "card", "day", "rating", "duration_ms", "verdict")
    return list(Review.objects.order_by("user", "answered_at").values_list(*fields))


def test_what_is_stored_agrees_with_the_log() -> None:
    seed()

    call_command("verify")
    assert Review.objects.count() > 200
    assert sum(ClassCardWeek.objects.values_list("reviews", flat=True)) == Review.objects.count()


def test_it_is_a_class_with_a_teacher_students_and_assignments() -> None:
    seed()

    study_class = StudyClass.objects.get()
    students = Membership.objects.filter(study_class=study_class, role=Role.STUDENT).order_by("pk")
    assert students.values_list("name", "student_number")[0] == ("Student 01", "10001")
    assert len(students) == 4
    assert list(Assignment.objects.values_list("is_exam", flat=True)) == [False, True]
    first = Review.objects.order_by("answered_at")[0]
    assert students.get(user=first.user_id).joined_at < first.answered_at
    assert Review.objects.filter(answered_at__gt=timezone.now()).count() == 0


def test_learners_differ(deck: Deck) -> None:
    seed()

    shared = ClassDeck.objects.select_related("study_class").get(deck=deck)
    users = list(User.objects.filter(name__startswith="Student").values_list("pk", flat=True))
    periods = periods_of(shared.study_class, users, shared.shared_at)
    found = standings_of(shared.study_class, periods, deck, timezone.now().date().toordinal())
    recall = [sum(topic.recall for topic in standing.topics.values()) / 3 for standing in found.values()]
    assert pstdev(recall) > 0.02
    assert len(set(recall)) == 4


def test_cards_that_ask_are_answered_with_named_errors_and_forgotten_in_review() -> None:
    seed()

    assert {"right", "wrong"} <= set(Review.objects.values_list("verdict", flat=True))
    kinds = {kind for review in Review.objects.filter(verdict="wrong") for kind, _ in wrong_of(review)}
    assert kinds == {"slip", "option", "typed"}
    assert Review.objects.filter(card__kind="numeric", slip="forgot the one").exists()
    assert Review.objects.filter(state_before=State.REVIEW, rating=1).exists()
    assert not Review.objects.filter(card__kind="basic", given__isnull=False).exists()


def test_its_people_can_sign_in_with_the_password_that_was_said() -> None:
    password = re.search(r"password is (\S+)", seed())
    assert password is not None

    for email in ("demo-teacher@example.org", "demo-student-01@example.org"):
        assert Client().login(email=email, password=password[1])


def test_the_same_seed_makes_the_same_class_and_another_one_another() -> None:
    seed()
    first = [row[1:] for row in answers() if row[0] == "Student 01"]
    seed("--remove")
    seed()
    assert [row[1:] for row in answers() if row[0] == "Student 01"][:20] == first[:20]
    seed("--remove")
    seed("--seed=2")
    assert [row[1:] for row in answers() if row[0] == "Student 01"][:20] != first[:20]


def test_removal_leaves_nothing() -> None:
    somebody = User.objects.create_user("ana@example.org")
    before = rows()
    seed()
    Membership.objects.create(study_class=StudyClass.objects.get(), user=somebody, joined_at=timezone.now())

    seed("--remove")

    assert rows() == before
    assert User.objects.get() == somebody


def test_it_refuses_to_run_twice_and_says_how_to_remove_it() -> None:
    seed()
    before = rows()

    with pytest.raises(CommandError, match="--remove"):
        seed()

    assert rows() == before


def test_a_real_site_is_left_alone_unless_told(settings: LazySettings) -> None:
    settings.DEBUG = False

    with pytest.raises(CommandError, match="--yes"):
        seed()

    assert not StudyClass.objects.exists()
    seed("--yes")
    assert StudyClass.objects.exists()


def test_without_a_built_in_deck_it_says_what_to_do() -> None:
    Deck.objects.update(owner=User.objects.create_user("ana@example.org"))

    with pytest.raises(CommandError, match="prepare"):
        seed()
