"""After its keeping time a class doesn't know its students; its sums stay. Guests who stayed away go, too."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.classes.keeping import classes_to_forget
from flashcards.classes.models import Event, Invitation, Membership, Role, RosterUpload, StudyClass
from flashcards.decks.models import ClassDeck, Deck
from flashcards.study.answering import Answer, record_offline
from flashcards.study.models import ClassCardWeek, Rating, Review, Standing
from flashcards.study.options import options_for

pytestmark = pytest.mark.django_db

GIVEN = {
    "card": 1, "seed": 1, "edition": "e", "text": "typed", "duration_ms": 9, "verdict": "wrong", "slip": "",
    "overruled": False, "wrong": [],
}  # fmt: skip


def make_class(slug: str, ends_on: date | None, **fields: object) -> StudyClass:
    return StudyClass.objects.create(slug=slug, join_code=slug, name=f"Class {slug}", ends_on=ends_on, **fields)


@pytest.fixture
def over(deck: Deck, alice: User, bob: User) -> StudyClass:
    """Return a class that ended long ago, with Alice as a student, Bob as its owner, and what it left behind."""
    over = make_class("over", date(2024, 6, 30))
    share(over, deck)
    Membership.objects.create(study_class=over, user=bob, role=Role.OWNER, name="Bob", joined_at=LONG_AGO)
    join(over, alice)
    Invitation.objects.create(study_class=over, email="carol@example.org", name="Carol")
    RosterUpload.objects.create(
        study_class=over, uploaded_by=bob, uploaded_at=LONG_AGO, lines=["x"], columns={}, unread=[]
    )
    return over


LONG_AGO = timezone.now() - timedelta(days=900)


def share(study_class: StudyClass, deck: Deck) -> None:
    ClassDeck.objects.create(study_class=study_class, deck=deck)
    ClassDeck.objects.update(shared_at=LONG_AGO)


def join(study_class: StudyClass, user: User) -> Membership:
    return Membership.objects.create(
        study_class=study_class, user=user, name="Alice", student_number="17", joined_at=LONG_AGO
    )


def study(user: User, deck: Deck, minutes_ago: int = 1) -> Review:
    card = deck.cards.order_by("pk")[0]
    answer = Answer(uuid4(), card.pk, Rating.AGAIN, None, 1000, timezone.now() - timedelta(minutes=minutes_ago))
    review = record_offline(user, options_for(user, deck), card, answer).review
    review.given = GIVEN
    review.save(update_fields=["given"])
    return review


def forget(*arguments: str) -> str:
    said = StringIO()
    call_command("forget", *arguments, stdout=said)
    return said.getvalue()


def test_the_class_forgets_its_students_and_keeps_its_sums(
    over: StudyClass, alice: User, bob: User, deck: Deck
) -> None:
    review = study(alice, deck)
    assert review.classes == [over.pk]
    Standing.objects.create(study_class=over, user=alice, deck=deck, day=1, seen=1, topics={})
    before = list(ClassCardWeek.objects.values("card", "week", "reviews", "again"))
    assert before
    said = forget()
    assert said == f"Class {over.pk}: 1 student, 1 invitation, 1 review, 1 standing, 0 budgets forgotten.\n"
    student = Membership.objects.get(user=alice)
    assert (student.name, student.student_number) == ("", "")
    assert student.left_at is not None
    owner = Membership.objects.get(user=bob)
    assert (owner.name, owner.left_at) == ("Bob", None)
    review.refresh_from_db()
    assert (review.classes, review.given) == (None, None)
    assert not Invitation.objects.exists()
    assert not RosterUpload.objects.exists()
    assert not Standing.objects.exists()
    assert list(ClassCardWeek.objects.values("card", "week", "reviews", "again")) == before
    call_command("verify", stdout=StringIO())


def test_twice_is_once(over: StudyClass, alice: User, deck: Deck) -> None:
    study(alice, deck)
    assert forget() != ""
    lines = Event.objects.count()
    assert forget() == ""
    assert Event.objects.count() == lines
    assert study(alice, deck, minutes_ago=0).classes is None


def test_what_another_class_needs_stays(over: StudyClass, alice: User, deck: Deck) -> None:
    another = make_class("another", None)
    share(another, deck)
    join(another, alice)
    review = study(alice, deck)
    assert review.classes == sorted([over.pk, another.pk])
    forget()
    review.refresh_from_db()
    assert review.classes == [another.pk]
    assert review.given == GIVEN
    kept = Membership.objects.get(study_class=another)
    assert (kept.name, kept.left_at) == ("Alice", None)


def test_a_review_that_another_class_counted_alone_is_left_alone(
    over: StudyClass, alice: User, deck: Deck, bob: User
) -> None:
    another = make_class("another", None)
    share(another, deck)
    Membership.objects.filter(user=alice).update(left_at=LONG_AGO + timedelta(days=1))
    join(another, alice)
    review = study(alice, deck)
    forget()
    review.refresh_from_db()
    assert (review.classes, review.given) == ([another.pk], GIVEN)


@pytest.mark.parametrize(
    ("ends_on", "months", "zone", "now", "is_over"),
    [
        (date(2025, 6, 30), 12, "UTC", datetime(2026, 6, 30, 23, tzinfo=UTC), False),
        (date(2025, 6, 30), 12, "UTC", datetime(2026, 7, 1, 0, tzinfo=UTC), True),
        (date(2025, 8, 31), 6, "UTC", datetime(2026, 2, 28, 12, tzinfo=UTC), False),
        (date(2025, 8, 31), 6, "UTC", datetime(2026, 3, 1, 0, tzinfo=UTC), True),
        (date(2025, 12, 31), 0, "UTC", datetime(2026, 1, 1, 0, tzinfo=UTC), True),
        (date(2025, 6, 30), 12, "Pacific/Auckland", datetime(2026, 6, 30, 13, tzinfo=UTC), True),
        (date(2025, 6, 30), 12, "America/New_York", datetime(2026, 7, 1, 3, tzinfo=UTC), False),
        (None, 0, "UTC", datetime(2099, 1, 1, tzinfo=UTC), False),
    ],
)
def test_when_the_keeping_time_is_over(
    ends_on: date | None, months: int, zone: str, now: datetime, is_over: bool
) -> None:
    study_class = make_class("any", ends_on, keep_months=months, time_zone=zone)
    assert list(classes_to_forget(now)) == ([study_class] if is_over else [])


def test_guests_who_stayed_away_go(deck: Deck) -> None:
    for days in (91, 89):
        User.objects.create_guest(date_joined=timezone.now() - timedelta(days=days))
    assert forget("--guest-days", "0") == ""
    assert forget() == "1 guest removed.\n"
    assert User.objects.filter(is_guest=True).count() == 1
