"""The gradebook as CSV and as a workbook: what it says, goals and their days, harmless cells, and what it costs."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from flashcards.accounts.models import User
from flashcards.classes.models import Event, Membership, Role, StudyClass
from flashcards.decks.models import Deck
from flashcards.study import gradebook
from flashcards.study.models import Assignment, CardDay, Memory, Rating, Review

from .class_life import answer, enrol, make_class, share
from .material import make_deck
from .test_constant_work import counted

NOW = timezone.now()
TODAY = (NOW - timedelta(hours=4)).toordinal()
LONG_AGO = NOW - timedelta(days=100)
Row = dict[str, str]


@pytest.fixture
def teacher(db: None) -> User:
    return User.objects.create_user("tom@example.org", "correct horse", name="Tom")


@pytest.fixture
def study_class(teacher: User) -> StudyClass:
    found = make_class("c1")
    enrol(found, teacher, LONG_AGO, Role.OWNER)
    return found


@pytest.fixture
def deck(study_class: StudyClass) -> Deck:
    found = make_deck(topics=2, notes=2)
    share(study_class, found, LONG_AGO)
    return found


@pytest.fixture
def client(teacher: User) -> Client:
    client = Client()
    client.force_login(teacher)
    return client


def student(study_class: StudyClass, name: str, **fields: Any) -> Membership:
    user = User.objects.create_user(f"student-{User.objects.count()}@example.org", "correct horse")
    return Membership.objects.create(
        **{
            "study_class": study_class,
            "user": user,
            "role": Role.STUDENT,
            "name": name,
            "joined_at": LONG_AGO,
            **fields,
        }
    )


def assign(study_class: StudyClass, deck: Deck, title: str, goal: str, due: int) -> Assignment:
    """Assign the first topic, two cards, due on that day from today."""
    made = Assignment.objects.create(
        study_class=study_class, deck=deck, title=title, goal=goal, opens_on=date.fromordinal(TODAY - 50),
        due_on=date.fromordinal(TODAY + due),
    )  # fmt: skip
    made.topics.set(deck.topics.filter(slug="topic-0"))
    return made


def at(days_ago: int) -> datetime:
    return NOW - timedelta(days=days_ago)


def day(days_ago: int) -> str:
    return date.fromordinal(TODAY - days_ago).isoformat()


def rows_of(client: Client, study_class: StudyClass) -> list[Row]:
    response = client.get(reverse("study:gradebook_csv", args=[study_class.slug]))
    assert isinstance(response, StreamingHttpResponse)
    return list(csv.DictReader(io.StringIO(b"".join(response).decode(), newline="")))


def test_a_row_for_each_student_by_name(client: Client, study_class: StudyClass, deck: Deck) -> None:
    cards = list(deck.cards.select_related("deck").order_by("position"))
    ben = student(study_class, "Ben", student_number="77")
    guest = User.objects.create_guest()
    student(study_class, "Ada", user=guest)
    student(study_class, "Gone", left_at=NOW)
    answer(ben.user, cards[0], Rating.GOOD, at(3))
    answer(ben.user, cards[1], Rating.GOOD, at(3))
    CardDay.objects.filter(user=ben.user, card=cards[0]).update(duration_ms=300_000)
    ada_row, ben_row = rows_of(client, study_class)
    assert ada_row == {
        "Student number": "", "Name": "Ada", "E-mail": "",
        "Recall now": "0.0", "Cards seen": "0", "Reviews": "0", "Minutes": "0",
    }  # fmt: skip
    recall = float(ben_row.pop("Recall now"))
    assert 0.3 < recall < 0.5
    assert ben_row == {
        "Student number": "77", "Name": "Ben", "E-mail": ben.user.email, "Cards seen": "2", "Reviews": "2",
        "Minutes": "5",
    }  # fmt: skip


def test_every_card_seen_is_reached_on_the_day_of_the_last(
    client: Client, study_class: StudyClass, deck: Deck
) -> None:
    cards = list(deck.cards.select_related("deck").order_by("position"))
    assign(study_class, deck, "Read", Assignment.Goal.SEEN, due=-5)
    ada, ben, late = (student(study_class, name) for name in ("Ada", "Ben", "Late"))
    for user in (ada.user, late.user):
        answer(user, cards[0], Rating.GOOD, at(20))
    answer(ada.user, cards[1], Rating.AGAIN, at(9))
    answer(ada.user, cards[1], Rating.GOOD, at(8))
    answer(ben.user, cards[2], Rating.GOOD, at(9))
    answer(late.user, cards[1], Rating.GOOD, at(4))
    found = [(row["Read: goal reached"], row["Read: on"]) for row in rows_of(client, study_class)]
    assert found == [("yes", day(9)), ("no", ""), ("no", "")]


def test_what_was_learnt_before_joining_counts_for_nothing(
    client: Client, study_class: StudyClass, deck: Deck
) -> None:
    assign(study_class, deck, "Read", Assignment.Goal.SEEN, due=5)
    ada = student(study_class, "Ada", joined_at=at(3))
    for card in deck.cards.select_related("deck"):
        answer(ada.user, card, Rating.GOOD, at(30))
    (row,) = rows_of(client, study_class)
    assert (row["Read: goal reached"], row["Read: on"]) == ("no", "")
    assert row["Reviews"] == "0"
    for card in deck.cards.select_related("deck"):
        answer(ada.user, card, Rating.GOOD, at(1))
    (row,) = rows_of(client, study_class)
    assert (row["Read: goal reached"], row["Read: on"]) == ("yes", day(1))


def test_recalled_is_what_the_log_predicts_for_the_due_day(
    client: Client, study_class: StudyClass, deck: Deck
) -> None:
    cards = list(deck.cards.select_related("deck").order_by("position"))
    assign(study_class, deck, "Exam", Assignment.Goal.RECALLED, due=-1)
    ada, ben = student(study_class, "Ada"), student(study_class, "Ben")
    for user in (ada.user, ben.user):
        for card in cards[:2]:
            answer(user, card, Rating.EASY, at(40))
    for card in cards[:2]:
        answer(ada.user, card, Rating.GOOD, at(10))
        answer(ben.user, card, Rating.GOOD, at(0))  # too late
    found = [(row["Exam: goal reached"], row["Exam: on"]) for row in rows_of(client, study_class)]
    assert found == [("yes", day(10)), ("no", "")]


def test_a_goal_lost_again_is_not_reached(client: Client, study_class: StudyClass, deck: Deck) -> None:
    cards = list(deck.cards.select_related("deck").order_by("position"))
    assign(study_class, deck, "Exam", Assignment.Goal.RECALLED, due=3)
    ada = student(study_class, "Ada")
    for ago in (30, 20):
        for card in cards[:2]:
            answer(ada.user, card, Rating.EASY, at(ago))
    assert rows_of(client, study_class)[0]["Exam: goal reached"] == "yes"
    review = answer(ada.user, cards[0], Rating.AGAIN, at(5)).review
    assert rows_of(client, study_class)[0]["Exam: goal reached"] == "no"
    Review.objects.filter(pk=review.pk).update(undone_at=NOW)
    assert rows_of(client, study_class)[0]["Exam: goal reached"] == "yes"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cells_are_harmless_in_both_files(client: Client, study_class: StudyClass, deck: Deck, start: str) -> None:
    evil = f"{start}1+1"
    assign(study_class, deck, evil, Assignment.Goal.SEEN, due=5)
    student(study_class, evil, student_number=evil)
    for row in (*csv_cells(client, study_class), *sheet_cells(client, study_class)):
        assert not any(str(cell).startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def csv_cells(client: Client, study_class: StudyClass) -> list[list[str]]:
    response = client.get(reverse("study:gradebook_csv", args=[study_class.slug]))
    assert isinstance(response, StreamingHttpResponse)
    return list(csv.reader(io.StringIO(b"".join(response).decode(), newline="")))


def sheet_cells(client: Client, study_class: StudyClass) -> list[list[Any]]:
    response: Any = client.get(reverse("study:gradebook_xlsx", args=[study_class.slug]))
    sheet: Any = load_workbook(io.BytesIO(b"".join(response))).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_workbook_says_the_same_with_numbers_as_numbers(
    client: Client, study_class: StudyClass, deck: Deck
) -> None:
    ada = student(study_class, "Ada \x01\x07of β", student_number="007")
    answer(ada.user, deck.cards.select_related("deck")[0], Rating.GOOD, at(1))
    head, row = sheet_cells(client, study_class)
    assert head == csv_cells(client, study_class)[0]
    assert row[:3] == ["007", "Ada   of β", ada.user.email]
    assert row[4:] == [1, 1, 0]


def test_each_export_stands_in_the_record(client: Client, teacher: User, study_class: StudyClass, deck: Deck) -> None:
    rows_of(client, study_class)
    sheet_cells(client, study_class)
    events = Event.objects.filter(kind=Event.Kind.EXPORTED)
    assert [(event.actor, event.study_class) for event in events] == [(teacher, study_class)] * 2


def test_a_class_without_decks_or_students_has_a_heading(client: Client, study_class: StudyClass) -> None:
    assert csv_cells(client, study_class) == [[*gradebook.WHO, *gradebook.SUMS]]


def test_work_grows_by_the_batch_not_by_the_student(
    study_class: StudyClass, deck: Deck, monkeypatch: pytest.MonkeyPatch
) -> None:
    assign(study_class, deck, "Read", Assignment.Goal.SEEN, due=5)
    monkeypatch.setattr(gradebook, "BATCH", 10)
    costs = []
    for number in (10, 10, 10):
        for each in range(number):
            student(study_class, f"S{each}")
        list(gradebook.rows(study_class, NOW))  # standings are worked out once
        with counted() as statements:
            assert len(list(gradebook.rows(study_class, NOW))) == 1 + Membership.objects.exclude(role="owner").count()
        costs.append(len(statements))
    assert costs[1] - costs[0] == costs[2] - costs[1] <= 12
    assert Memory.objects.count() == 0
