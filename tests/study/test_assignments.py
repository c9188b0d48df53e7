"""Assignments over HTTP: who sees and changes them, what their form refuses, and studying them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.classes import services
from flashcards.classes.models import Event, Role, StudyClass
from flashcards.decks.models import Card, ClassDeck, Deck
from flashcards.study import assignments
from flashcards.study.answering import Answer, record_offline
from flashcards.study.assignment_lines import lines_for
from flashcards.study.days import moment_for
from flashcards.study.models import Assignment, Budget, Memory, Rating, Review, State
from flashcards.study.options import options_for
from flashcards.study.queue import Entry

from .material import make_deck
from .test_constant_work import MOST, counted, learner_of, queries_of_grades
from .test_study_page import form, send

TODAY = timezone.now().date()
SOON = TODAY + timedelta(days=10)


@pytest.fixture
def teacher(db: None) -> User:
    return User.objects.create_user("teacher@example.org", "correct horse")


@pytest.fixture
def study_class(teacher: User, alice: User, deck: Deck) -> StudyClass:
    """A class in which the teacher has shared the deck and Alice is a student."""
    found = StudyClass(name="Deep Learning", time_zone="UTC")
    services.create_class(teacher, found, timezone.now())
    Deck.objects.filter(pk=deck.pk).update(is_public=False)
    ClassDeck.objects.create(study_class=found, deck=deck)
    services.join(found, alice, Role.STUDENT, timezone.now())
    return found


@pytest.fixture
def assign(study_class: StudyClass, deck: Deck) -> Callable[..., Assignment]:
    """Return a function that makes an assignment of the class; with `topics` and `tags` as named."""

    def make(*, topics: list[str] = [], tags: list[str] = [], **values: Any) -> Assignment:  # noqa: B006
        usual = {"title": "Midterm", "opens_on": TODAY - timedelta(days=1), "due_on": SOON}
        made = Assignment.objects.create(study_class=study_class, deck=deck, **{**usual, **values})
        made.topics.set(deck.topics.filter(slug__in=topics))
        made.tags.set(deck.tags.filter(name__in=tags))
        return made

    return make


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(of: Deck, **changes: object) -> dict[str, object]:
    """The form of an assignment as a browser sends it."""
    usual = {"title": "Midterm", "deck": of.pk, "opens_on": "2026-11-01", "due_on": "2026-12-04", "goal": "recalled"}
    return {**usual, **changes}


def study_url(assignment: Assignment) -> str:
    return reverse("study:session", args=[assignment.deck.slug], query={"assignment": str(assignment.pk)})


def remember(user: User, card: Card, ago: int, stability: float, due_in: int, **values: Any) -> Memory:
    """Store what `user` holds of a card, last asked so many days ago."""
    now = timezone.now()
    day = moment_for(user, now).day
    return Memory.objects.create(
        user=user, card=card, note_id=card.note_id, deck_id=card.deck_id, state=State.REVIEW, stability=stability,
        difficulty=5, due_day=day + due_in, last_day=day - ago, last_answered_at=now - timedelta(days=ago),
        interval_days=ago + due_in, reps=3, **values,
    )  # fmt: skip


def planned(user: User, url: str) -> list[int]:
    """Open the study page at `url` and return the cards it has planned."""
    response = client_of(user).get(url)
    assert response.status_code == 200
    return [card for card, _ in response.context["showing"].session.plan]


# Teachers


def test_a_teacher_assigns_topics_and_tags_of_a_deck(teacher: User, study_class: StudyClass, deck: Deck) -> None:
    topic, tag = deck.topics.first(), deck.tags.last()
    assert topic is not None
    assert tag is not None
    url = reverse("study:assignment_new", args=[study_class.slug])
    response = client_of(teacher).post(url, sent(deck, topics=[topic.pk], tags=[tag.pk], is_exam="on"), follow=True)
    made = Assignment.objects.get()
    assert (made.title, made.due_on, made.is_exam) == ("Midterm", date(2026, 12, 4), True)
    assert (list(made.topics.all()), list(made.tags.all())) == ([topic], [tag])
    assert "Midterm" in response.content.decode()
    assert Event.objects.filter(kind=Event.Kind.ASSIGNED, study_class=study_class, actor=teacher).count() == 1


def test_and_changes_and_deletes_it_again(teacher: User, assign: Callable[..., Assignment], deck: Deck) -> None:
    made = assign(topics=["topic-0"])
    client, url = client_of(teacher), reverse("study:assignment", args=[made.study_class.slug, made.pk])
    assert b'value="Midterm"' in client.get(url).content
    client.post(url, sent(deck, title="Final", goal="seen"))
    made.refresh_from_db()
    assert (made.title, made.goal, made.topics.count()) == ("Final", "seen", 0)
    client.post(url, {"delete": "1"})
    assert not Assignment.objects.exists()
    words = Event.objects.filter(kind=Event.Kind.ASSIGNED).values_list("words", flat=True)
    assert set(words) == {"changed: Final", "deleted: Final"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"title": "a\u202eb"}, "title"),
        ({"title": "a" * 201}, "title"),
        ({"due_on": "2026-10-31"}, "due_on"),
        ({"due_on": "soon"}, "due_on"),
        ({"opens_on": ""}, "opens_on"),
        ({"deck": "0"}, "deck"),
        ({"deck": "9" * 30}, "deck"),
        ({"deck": "x\0"}, "deck"),
        ({"topics": ["0"]}, "topics"),
        ({"topics": ["9" * 30]}, "topics"),
        ({"topics": ["\0"]}, "topics"),
        ({"tags": ["-1"]}, "tags"),
        ({"goal": "all"}, "goal"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(
    teacher: User, study_class: StudyClass, deck: Deck, changes: dict[str, object], field: str
) -> None:
    response = client_of(teacher).post(reverse("study:assignment_new", args=[study_class.slug]), sent(deck, **changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Assignment.objects.exists()


def test_a_deck_of_others_and_topics_of_another_deck_are_refused(
    teacher: User, study_class: StudyClass, deck: Deck
) -> None:
    client, url = client_of(teacher), reverse("study:assignment_new", args=[study_class.slug])
    other = make_deck("other")
    refused = client.post(url, sent(other))
    assert list(refused.context["form"].errors) == ["deck"]
    ClassDeck.objects.create(study_class=study_class, deck=other)
    wrong = {"topics": [other.topics.all()[0].pk], "tags": [other.tags.all()[0].pk]}
    refused = client.post(url, sent(deck, **wrong))
    assert list(refused.context["form"].errors) == ["topics", "tags"]


def test_a_class_without_a_deck_is_told_to_share_one(teacher: User, study_class: StudyClass) -> None:
    ClassDeck.objects.all().delete()
    page = client_of(teacher).get(reverse("study:assignment_new", args=[study_class.slug])).content.decode()
    assert reverse("decks:class_decks", args=[study_class.slug]) in page


# Who may


def test_each_role_gets_what_it_may(
    teacher: User, alice: User, bob: User, charlie: User, assign: Callable[..., Assignment], deck: Deck
) -> None:
    made, later = assign(), assign(opens_on=TODAY + timedelta(days=3))
    slug = made.study_class.slug
    services.join(made.study_class, bob, Role.ASSISTANT, timezone.now())
    pages = {
        "list": reverse("study:assignments", args=[slug]),
        "new": reverse("study:assignment_new", args=[slug]),
        "page": reverse("study:assignment", args=[slug, made.pk]),
        "later": reverse("study:assignment", args=[slug, later.pk]),
        "budget": reverse("study:budget", args=[made.pk]),
        "budget later": reverse("study:budget", args=[later.pk]),
        "study": study_url(made),
        "study later": study_url(later),
    }
    seen = {
        user.email: {name for name, url in pages.items() if client_of(user).get(url).status_code == 200}
        for user in (teacher, bob, alice, charlie)
    }
    assert seen == {
        teacher.email: set(pages),
        bob.email: set(pages) - {"new"},
        alice.email: {"list", "page", "budget", "study"},
        charlie.email: set(),
    }
    for user in (bob, alice, charlie):
        for data in (sent(deck, title="Mine"), {"delete": "1"}):
            assert client_of(user).post(pages["page"], data).status_code == 404
        assert client_of(user).post(pages["new"], sent(deck)).status_code == 404
    assert Assignment.objects.filter(title="Midterm").count() == 2
    for name, url in pages.items():
        assert Client().get(url).status_code == (302 if name.startswith(("budget", "study")) else 404)


def test_an_assignment_of_another_class_or_of_no_number_is_not_there(
    alice: User, bob: User, assign: Callable[..., Assignment], deck: Deck
) -> None:
    made = assign()
    other = StudyClass(name="Other", time_zone="UTC")
    services.create_class(bob, other, timezone.now())
    assert client_of(bob).get(reverse("study:assignment", args=[other.slug, made.pk])).status_code == 404
    huge = "/".join([reverse("study:assignments", args=[made.study_class.slug]).rstrip("/"), "9" * 30, ""])
    client = client_of(alice)
    assert client.get(huge).status_code == 404
    assert client.get(f"/assignments/{'9' * 30}/budget/").status_code == 404
    for pk in ("x", "", "-1", "²", "9" * 30, str(made.pk + 1)):
        assert client.get(reverse("study:session", args=[deck.slug]), {"assignment": pk}).status_code == 404
    public = make_deck("public")
    assert client.get(reverse("study:session", args=[public.slug]), {"assignment": made.pk}).status_code == 404


def test_a_withdrawn_deck_a_locked_class_and_leaving_end_it(alice: User, assign: Callable[..., Assignment]) -> None:
    made, now = assign(), timezone.now()
    assert assignments.for_student(alice, now) == [made]
    shared = ClassDeck.objects.get()
    shared.delete()
    assert assignments.for_student(alice, now) == []
    ClassDeck.objects.create(study_class=made.study_class, deck=made.deck)
    StudyClass.objects.update(locked_at=now)
    assert assignments.for_student(alice, now) == []
    StudyClass.objects.update(locked_at=None)
    services.leave(alice.memberships.get(), alice, now)
    assert assignments.for_student(alice, now) == []
    assert client_of(alice).get(study_url(made)).status_code == 404


def test_it_opens_with_the_day_of_the_classs_own_zone(alice: User, assign: Callable[..., Assignment]) -> None:
    StudyClass.objects.update(time_zone="Pacific/Auckland")
    made = assign(opens_on=date(2026, 11, 25), due_on=date(2026, 12, 4))
    just_before = datetime(2026, 11, 24, 10, 59, tzinfo=UTC)
    assert assignments.for_student(alice, just_before) == []
    assert assignments.for_student(alice, just_before + timedelta(minutes=1)) == [made]


# How a learner stands


def test_home_says_what_is_due_and_how_the_learner_stands(alice: User, assign: Callable[..., Assignment]) -> None:
    made = assign(topics=["topic-0"], is_exam=True)
    first, second = made.deck.cards.order_by("position")[:2]
    remember(alice, first, ago=5, stability=5, due_in=0)
    remember(alice, second, ago=1, stability=50, due_in=49)
    page = client_of(alice).get(reverse("study:home"))
    line = page.context["assignments"][0]
    assert (line.progress.cards, line.progress.seen) == (5, 2)
    assert 0.3 < line.progress.recall_now < 0.4
    assert line.progress.recall_due < line.progress.recall_now
    text = page.content.decode()
    assert "2 of 5 cards seen" in text
    assert "if you keep to 12 minutes a day" in text
    assert study_url(made) in text


def test_an_assignment_by_tag_holds_the_tags_cards_once(alice: User, assign: Callable[..., Assignment]) -> None:
    made = assign(topics=["topic-0"], tags=["tag-0", "tag-1"])
    line = lines_for(alice, [made], moment_for(alice, timezone.now()))[0]
    assert line.progress.cards == 10
    assert len(planned(alice, study_url(made))) == 10
    assert line.what == "Deck: Topic 0, tag-0, tag-1"


def test_goals_are_reached_when_they_are(alice: User, assign: Callable[..., Assignment]) -> None:
    seen, recalled = assign(goal="seen"), assign(goal="recalled")
    moment = moment_for(alice, timezone.now())

    def reached() -> list[bool]:
        return [line.is_reached for line in lines_for(alice, [seen, recalled], moment)]

    cards = list(seen.deck.cards.all())
    for card in cards[1:]:
        remember(alice, card, ago=1, stability=500, due_in=100)
    assert reached() == [False, False]
    last = remember(alice, cards[0], ago=1, stability=1, due_in=0)
    assert reached() == [True, True]
    Memory.objects.exclude(pk=last.pk).update(stability=5)
    assert reached() == [True, False]


def test_what_is_past_leaves_home_but_not_the_class(alice: User, assign: Callable[..., Assignment]) -> None:
    made = assign(opens_on=TODAY - timedelta(days=9), due_on=TODAY - timedelta(days=3), is_exam=True)
    client = client_of(alice)
    assert client.get(reverse("study:home")).context["assignments"] == []
    page = client.get(reverse("study:assignments", args=[made.study_class.slug])).content.decode()
    assert "Was due" in page
    assert "Ready" not in page


def test_home_takes_as_many_queries_with_many_assignments_as_with_two(
    alice: User, assign: Callable[..., Assignment]
) -> None:
    client = client_of(alice)
    assign(is_exam=True, tags=["tag-0"])
    assign(topics=["topic-0"])
    client.get(reverse("study:home"))
    with counted() as few:
        client.get(reverse("study:home"))
    for _ in range(6):
        assign(is_exam=True, tags=["tag-0"], topics=["topic-1"])
    with counted() as many:
        client.get(reverse("study:home"))
    assert len(few) == len(many)


# Minutes


def test_a_learner_sets_the_minutes_they_have(alice: User, assign: Callable[..., Assignment]) -> None:
    made = assign(is_exam=True)
    client, url = client_of(alice), reverse("study:budget", args=[made.pk])
    first = client.get(url)
    assert [minutes for minutes, _ in first.context["choices"]] == [6, 12, 24]
    assert client.post(url, {"minutes": "30"}).status_code == 302
    assert client.post(url, {"minutes": "45"}).status_code == 302
    assert Budget.objects.get().minutes == 45
    assert "if you keep to 45 minutes a day" in client.get(url).content.decode()


@pytest.mark.parametrize("minutes", ["0", "601", "-3", "", "many", "1.5", "9" * 30, "\0"])
def test_minutes_that_make_no_sense_are_refused(alice: User, assign: Callable[..., Assignment], minutes: str) -> None:
    made = assign(is_exam=True)
    response = client_of(alice).post(reverse("study:budget", args=[made.pk]), {"minutes": minutes})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["minutes"]
    assert not Budget.objects.exists()


def test_new_minutes_hold_for_the_session_under_way_and_no_answer_is_lost(
    alice: User, assign: Callable[..., Assignment]
) -> None:
    made = assign(is_exam=True)
    Budget.objects.create(user=alice, assignment=made, minutes=1)
    client = client_of(alice)
    before = client.get(study_url(made)).context["showing"]
    assert len(before.session.plan) == 2
    client.post(reverse("study:budget", args=[made.pk]), {"minutes": "60"})
    after = send(client, before, form(before, duration_ms=30_000)).context["showing"]
    assert Review.objects.get().card_id == before.card.pk
    assert after.session.pk != before.session.pk
    assert after.session.assignment == made
    assert len(after.session.plan) == 9


# Studying


def test_a_session_asks_what_is_assigned_and_nothing_else(alice: User, assign: Callable[..., Assignment]) -> None:
    made = assign(topics=["topic-1"])
    cards = planned(alice, study_url(made))
    assert sorted(cards) == sorted(made.deck.cards.filter(topic__slug="topic-1").values_list("pk", flat=True))
    page = client_of(alice).get(study_url(made))
    assert page.context["showing"].scope == "Midterm"
    assert len(planned(alice, reverse("study:session", args=[made.deck.slug]))) == 10


def test_a_card_of_another_topic_in_steps_waits_for_its_own_session(
    alice: User, assign: Callable[..., Assignment]
) -> None:
    made, now = assign(topics=["topic-1"]), timezone.now()
    inside, outside = made.deck.cards.order_by("-position")[0], made.deck.cards.order_by("position")[0]
    for card in (inside, outside):
        memory = remember(alice, card, ago=0, stability=1, due_in=0)
        Memory.objects.filter(pk=memory.pk).update(state=State.RELEARNING, step=0, due_at=now)
    showing = client_of(alice).get(study_url(made)).context["showing"]
    assert showing.card == inside
    assert showing.counts.learning == 1


def exam_cards(alice: User, deck: Deck) -> dict[str, Card]:
    """Give Alice cards of every sort and return them by what they are."""
    names = ("fragile", "firm", "suspended", "archived", "buried", "today")
    cards = dict(zip(names, deck.cards.order_by("position"), strict=False))
    remember(alice, cards["fragile"], ago=3, stability=8, due_in=5)
    remember(alice, cards["firm"], ago=3, stability=900, due_in=300)
    remember(alice, cards["suspended"], ago=9, stability=5, due_in=-4, is_suspended=True)
    remember(alice, cards["archived"], ago=9, stability=5, due_in=-4)
    remember(alice, cards["buried"], ago=9, stability=5, due_in=-4, buried_until=TODAY.toordinal() + 9)
    remember(alice, cards["today"], ago=0, stability=5, due_in=5)
    Card.objects.filter(pk=cards["archived"].pk).update(archived_at=timezone.now())
    return cards


def test_aiming_asks_what_gains_and_leaves_out_what_may_not_be_asked(
    alice: User, assign: Callable[..., Assignment]
) -> None:
    made = assign(is_exam=True, due_on=TODAY + timedelta(days=2))
    cards = exam_cards(alice, made.deck)
    session = client_of(alice).get(study_url(made)).context["showing"].session
    entries = dict(session.plan)
    unseen = set(made.deck.cards.values_list("pk", flat=True)) - {card.pk for card in cards.values()}
    assert set(entries) == {cards["fragile"].pk, *unseen}
    assert entries[cards["fragile"].pk] == Entry.AHEAD
    assert {entries[card] for card in unseen} == {Entry.NEW}


def test_after_the_exam_day_the_usual_plan_is_back(alice: User, assign: Callable[..., Assignment]) -> None:
    made = assign(is_exam=True, opens_on=TODAY - timedelta(days=9), due_on=TODAY - timedelta(days=2))
    cards = exam_cards(alice, made.deck)
    assert cards["fragile"].pk not in planned(alice, study_url(made))


def test_cards_of_one_note_come_last(alice: User, assign: Callable[..., Assignment]) -> None:
    made = assign(is_exam=True)
    for card in made.deck.cards.all():
        card.pk, card.ordinal, card.position = None, 2, card.position + 1
        card.save(force_insert=True)
    notes = list(map(dict(Card.objects.values_list("pk", "note_id")).get, planned(alice, study_url(made))))
    assert len(notes) > 10
    assert len(set(notes[:10])) == 10


def test_what_was_studied_today_counts_against_the_minutes(alice: User, assign: Callable[..., Assignment]) -> None:
    made = assign(is_exam=True)
    Budget.objects.create(user=alice, assignment=made, minutes=3)
    client = client_of(alice)
    showing = client.get(study_url(made)).context["showing"]
    assert len(showing.session.plan) == 5
    send(client, showing, form(showing, rating=4, duration_ms=170_000))
    client.get(reverse("study:session", args=[made.deck.slug]))
    assert len(planned(alice, study_url(made))) == 1


def test_the_plan_survives_a_reload(alice: User, assign: Callable[..., Assignment]) -> None:
    made = assign(is_exam=True)
    exam_cards(alice, made.deck)
    client = client_of(alice)
    first = client.get(study_url(made)).context["showing"]
    after = send(client, first, form(first, rating=4)).context["showing"]
    again = client.get(study_url(made)).context["showing"]
    assert (again.session.pk, again.session.plan, again.card) == (first.session.pk, first.session.plan, after.card)
    assert again.session.revision == first.session.revision


@pytest.mark.parametrize("is_planned_anew", [False, True])
def test_undo_brings_a_card_asked_ahead_back(
    alice: User, assign: Callable[..., Assignment], is_planned_anew: bool
) -> None:
    made = assign(is_exam=True, due_on=TODAY + timedelta(days=2))
    earlier = timezone.now() - timedelta(days=3)
    for card in made.deck.cards.all():
        easy = Answer(uuid4(), card.pk, Rating.EASY, None, 5000, earlier)
        record_offline(alice, options_for(alice, made.deck), card, easy)
    client = client_of(alice)
    before = client.get(study_url(made)).context["showing"]
    known = Memory.objects.filter(card=before.card).values().get()
    graded = send(client, before, form(before, rating=4)).context["showing"]
    if is_planned_anew:
        Card.objects.filter(pk=graded.card.pk).update(archived_at=timezone.now())
        graded = client.get(study_url(made)).context["showing"]
        assert graded.session.revision > before.session.revision
        Memory.objects.filter(card=made.deck.cards.last()).update(stability=4)  # so that it would come first
    undone = send(client, graded, {}, "undo").context["showing"]
    assert undone.card == before.card
    assert undone.session.plan[undone.session.cursor] == [before.card.pk, Entry.AHEAD]
    assert Memory.objects.filter(card=before.card).values().get() == known
    assert client.get(study_url(made)).context["showing"].card == before.card


def test_a_grade_costs_the_same_in_an_assignment(alice: User, teacher: User) -> None:
    numbers = []
    for slug, notes in (("small", 20), ("large", 80)):
        deck = make_deck(slug, notes=notes)
        found = StudyClass(name=slug, time_zone="UTC")
        services.create_class(teacher, found, timezone.now())
        ClassDeck.objects.create(study_class=found, deck=deck)
        learner = learner_of(deck, reviews_a_card=1)
        services.join(found, learner, Role.STUDENT, timezone.now())
        made = Assignment.objects.create(
            study_class=found, deck=deck, title="Exam", opens_on=TODAY, due_on=SOON, is_exam=True
        )
        made.topics.set(deck.topics.all())
        numbers.append(max(queries_of_grades(deck, learner, f"?assignment={made.pk}", count=12)))
    assert numbers[0] == numbers[1] <= MOST + 2


def test_deleting_it_under_way_loses_no_answer(alice: User, teacher: User, assign: Callable[..., Assignment]) -> None:
    made = assign(is_exam=True)
    client = client_of(alice)
    showing = client.get(study_url(made)).context["showing"]
    client_of(teacher).post(reverse("study:assignment", args=[made.study_class.slug, made.pk]), {"delete": "1"})
    response = send(client, showing, form(showing))
    assert response.status_code == 200
    assert Review.objects.get().card_id == showing.card.pk
    assert response.context["showing"].session.assignment_id is None
