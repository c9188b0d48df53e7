"""Somebody is deleted for good: what is theirs goes, the sums of classes stay or go, a line names nobody."""

from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.accounts.services import delete_person
from flashcards.classes.models import Event, Membership, Role, StudyClass
from flashcards.decks.models import ClassDeck, Deck
from flashcards.study import class_sums
from flashcards.study.answering import Answer, record_offline
from flashcards.study.models import ClassCardWeek, ClassWrongWeek, Rating, Review
from flashcards.study.options import options_for
from tests.accounts import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root@example.org", people.PASSWORD)


@pytest.fixture
def study_class(deck: Deck) -> StudyClass:
    study_class = StudyClass.objects.create(slug="abc", join_code="ABCDEFGH", name="Class")
    ClassDeck.objects.create(study_class=study_class, deck=deck)
    ClassDeck.objects.update(shared_at=timezone.now() - timedelta(days=9))
    return study_class


def join(study_class: StudyClass, user: User, role: Role = Role.STUDENT, days_ago: int = 9) -> Membership:
    joined = timezone.now() - timedelta(days=days_ago)
    return Membership.objects.create(study_class=study_class, user=user, role=role, joined_at=joined)


def fail(user: User, deck: Deck, typed: str) -> None:
    """Let somebody answer the deck's card with a wrong word."""
    card = deck.cards.get()
    answer = Answer(uuid4(), card.pk, Rating.AGAIN, None, 1000, timezone.now())
    review = record_offline(user, options_for(user, deck), card, answer).review
    class_sums.take_away([review])
    review.verdict = "wrong"
    review.given = {
        "card": card.pk, "seed": 1, "edition": "e", "text": typed, "duration_ms": 900, "verdict": "wrong", "slip": "",
        "overruled": False, "wrong": [["typed", typed]],
    }  # fmt: skip
    review.save()
    class_sums.add(review)


def sums() -> tuple[int, set[str]]:
    """Return how many reviews the class's sums count, and the wrong words that they know."""
    return sum(ClassCardWeek.objects.values_list("reviews", flat=True)), set(
        ClassWrongWeek.objects.values_list("what", flat=True)
    )  # fmt: skip


@pytest.mark.parametrize(("keep", "left"), [(True, (3, {"shared"})), (False, (1, {"shared"}))])
def test_sums_of_classes_stay_or_go_and_typed_words_go(
    keep: bool, left: tuple[int, set[str]], alice: User, root: User, deck: Deck, study_class: StudyClass, settings: Any
) -> None:
    settings.KEEP_SUMS_OF_DELETED = keep
    bob = people.member("bob@example.org")
    for user, words in ((alice, ["shared", "my secret"]), (bob, ["shared"])):
        join(study_class, user)
        for typed in words:
            fail(user, deck, typed)
    assert sums() == (3, {"shared", "my secret"})
    delete_person(alice, by=root)
    assert sums() == left
    assert set(Review.objects.values_list("user", flat=True)) == {bob.pk}
    call_command("verify", stdout=StringIO())


def test_a_line_stays_that_names_nobody(alice: User, root: User) -> None:
    delete_person(alice, by=root)
    line = Event.objects.get()
    assert (line.kind, line.actor, line.person, line.study_class) == (Event.Kind.DELETED, root, None, None)
    assert "alice" not in line.words.lower()
    browser = Client()
    bob = people.member("bob@example.org")
    browser.force_login(bob)
    browser.post("/account/delete/", {"password": people.PASSWORD})
    assert Event.objects.filter(kind=Event.Kind.DELETED, actor=None, words="by themselves").count() == 1


def test_a_guest_who_goes_leaves_no_line(deck: Deck) -> None:
    _, guest = people.guest_browser(deck)
    delete_person(guest)
    assert not Event.objects.exists()


@pytest.mark.parametrize("keep", [True, False])
def test_the_page_that_asks_once_more_says_what_goes_and_what_stays(
    keep: bool, alice: User, root: User, deck: Deck, study_class: StudyClass, settings: Any
) -> None:
    settings.KEEP_SUMS_OF_DELETED = keep
    join(study_class, alice)
    fail(alice, deck, "x")
    browser = Client()
    browser.force_login(root)
    chosen = {"action": "delete_selected", "_selected_action": [str(alice.pk)]}
    for answer in (
        browser.get(f"/admin/accounts/user/{alice.pk}/delete/"),
        browser.post("/admin/accounts/user/", chosen),
    ):
        page = answer.content.decode()
        assert "1 review" in page
        assert "student of the class “Class”" in page
        assert ("stays there as numbers" in page) is keep
        assert ("is taken out of them" in page) is not keep
    browser.post("/admin/accounts/user/", {**chosen, "post": "yes"})
    assert not User.objects.filter(pk=alice.pk).exists()
    assert Event.objects.get(kind=Event.Kind.DELETED).actor == root


def test_a_class_without_its_owner_goes_to_the_teacher_who_was_there_first(
    alice: User, root: User, study_class: StudyClass
) -> None:
    join(study_class, alice, Role.OWNER)
    heir = join(study_class, people.member("t1@example.org"), Role.TEACHER, days_ago=5)
    join(study_class, people.member("t2@example.org"), Role.TEACHER, days_ago=3)
    delete_person(alice, by=root)
    assert Membership.objects.get(study_class=study_class, role=Role.OWNER) == heir


def test_a_class_with_students_alone_is_locked(alice: User, root: User, study_class: StudyClass) -> None:
    join(study_class, alice, Role.OWNER)
    join(study_class, people.member("s@example.org"))
    delete_person(alice, by=root)
    study_class.refresh_from_db()
    assert study_class.locked_at is not None
    assert study_class.locked_because == "It has no owner any more."


def test_a_class_with_nobody_goes(alice: User, root: User, study_class: StudyClass) -> None:
    join(study_class, alice, Role.OWNER)
    delete_person(alice, by=root)
    assert not StudyClass.objects.exists()


def test_a_class_with_another_owner_stays_as_it_is(alice: User, root: User, study_class: StudyClass) -> None:
    other = join(study_class, people.member("o@example.org"), Role.OWNER)
    join(study_class, alice, Role.OWNER)
    delete_person(alice, by=root)
    assert Membership.objects.get() == other
    study_class.refresh_from_db()
    assert study_class.locked_at is None
