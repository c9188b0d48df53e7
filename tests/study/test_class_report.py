"""What a teacher sees of a class, over HTTP: who is on track, topics, what is not understood, weeks; and who may."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from flashcards.accounts.models import User
from flashcards.classes.models import Event, Membership, Role, StudyClass
from flashcards.decks.models import Card, ClassDeck, Deck
from flashcards.study.answering import Answer, record_offline
from flashcards.study.class_periods import Period
from flashcards.study.class_report.heat_map import heat_map, step
from flashcards.study.class_report.not_understood import lower_bound
from flashcards.study.class_report.on_track import Line
from flashcards.study.class_report.scope import TopicSize
from flashcards.study.models import Assignment, CardDay, ClassCardWeek, ClassWrongWeek, Memory, Rating, Standing, State
from flashcards.study.options import options_for

from .class_life import enrol, make_asking_deck, make_class, share
from .material import make_deck
from .test_constant_work import counted

MOST_QUERIES = 25
NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=100)
TODAY = (NOW - timedelta(hours=4)).toordinal()  # the day begins at four, here and in the class
WEEK = TODAY // 7
Row = dict[str, str]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def person(name: str) -> User:
    return User.objects.create_user(f"{name.lower()}@example.org", "correct horse", name=name)


@pytest.fixture
def teacher(db: None) -> User:
    return person("Tom")


@pytest.fixture
def study_class(teacher: User) -> StudyClass:
    found = make_class("c1")
    enrol(found, teacher, LONG_AGO, Role.OWNER)
    return found


@pytest.fixture
def deck(study_class: StudyClass) -> Deck:
    """A deck of two topics of five cards each, shared with the class long ago."""
    found = make_deck(is_public=False)
    share(study_class, found, LONG_AGO)
    return found


@pytest.fixture
def client(teacher: User) -> Client:
    return client_of(teacher)


def student(study_class: StudyClass, name: str, joined: datetime = LONG_AGO) -> Membership:
    membership = enrol(study_class, person(name), joined)
    Membership.objects.filter(pk=membership.pk).update(name=name)
    return membership


def url(study_class: StudyClass, **query: object) -> str:
    return reverse("study:class", args=[study_class.slug], query=query or None)


def report(client: Client, study_class: StudyClass, **query: object) -> Any:
    response = client.get(url(study_class, **query))
    assert response.status_code == 200
    return response.context["report"]


def lines(client: Client, study_class: StudyClass, **query: object) -> dict[str, Line]:
    return {line.name: line for line in report(client, study_class, **query).lines}


def know(user: User, cards: list[Card], stability: float = 1000, day: int = TODAY) -> None:
    Memory.objects.bulk_create(
        Memory(
            user=user, card=card, note_id=card.note_id, deck_id=card.deck_id, state=State.REVIEW, stability=stability,
            difficulty=5, due_day=day + 9, last_day=day, last_answered_at=NOW, interval_days=9, reps=1,
        )
        for card in cards
    )  # fmt: skip


def studied(user: User, card: Card, day: int, minutes: float = 1, lapses: int = 0) -> None:
    CardDay.objects.create(
        user=user, card=card, deck_id=card.deck_id, day=day, reviews=2, again=lapses, lapses=lapses,
        duration_ms=round(minutes * 60_000),
    )  # fmt: skip


def in_week(study_class: StudyClass, card: Card, reviews: int, lapses: int, week: int = WEEK) -> None:
    ClassCardWeek.objects.create(
        study_class=study_class, card=card, deck_id=card.deck_id, week=week, reviews=reviews, again=lapses,
        lapses=lapses, duration_ms=60_000,
    )  # fmt: skip


def went_wrong(study_class: StudyClass, card: Card, kind: str, what: str, count: int, week: int = WEEK) -> None:
    ClassWrongWeek.objects.create(
        study_class=study_class, card=card, deck_id=card.deck_id, week=week, kind=kind, what=what, count=count
    )


def cards_of(deck: Deck) -> list[Card]:
    return list(deck.cards.order_by("position"))


def text_of(response: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


# who is on track


def test_each_student_has_a_line_with_what_was_done_and_what_is_known(
    client: Client, study_class: StudyClass, deck: Deck
) -> None:
    cards = cards_of(deck)
    ada, ben, cleo = (student(study_class, name) for name in ("Ada", "Ben", "Cleo"))
    know(ada.user, cards[:5])
    studied(ada.user, cards[0], TODAY, minutes=12)
    studied(ada.user, cards[0], TODAY - 7, minutes=90)
    know(ben.user, cards[:1])
    studied(ben.user, cards[0], TODAY - 9)
    found = lines(client, study_class)
    assert list(found) == ["Ada", "Ben", "Cleo"]
    assert (found["Ada"].last_active, found["Ada"].seen, found["Ada"].cards) == ("today", 5, 10)
    assert found["Ada"].recall == pytest.approx(0.5, abs=0.01)
    assert (found["Ada"].minutes, found["Ada"].word) == (12, "on track")
    assert (found["Ben"].last_active, found["Ben"].minutes, found["Ben"].word) == ("9 days ago", 0, "behind")
    assert (found["Cleo"].last_active, found["Cleo"].seen, found["Cleo"].word) == ("", 0, "not begun")
    assert found["Ada"].url == reverse("study:class_student", args=[study_class.slug, ada.pk])
    assert cleo.pk == found["Cleo"].pk


def test_with_an_assignment_it_is_the_part_seen_beside_the_part_of_the_time(
    client: Client, study_class: StudyClass, deck: Deck
) -> None:
    cards = cards_of(deck)
    ada, ben = student(study_class, "Ada"), student(study_class, "Ben")
    made = Assignment.objects.create(
        study_class=study_class, deck=deck, title="Midterm", opens_on=date.fromordinal(TODAY - 5),
        due_on=date.fromordinal(TODAY + 4),
    )  # fmt: skip
    made.topics.set(deck.topics.filter(slug="topic-0"))
    know(ada.user, cards[:3])  # 3 of the 5 that are asked; half of the time is over
    know(ben.user, [*cards[:2], *cards[5:]])
    found = lines(client, study_class)
    assert (found["Ada"].word, found["Ben"].word) == ("on track", "behind")
    assert found["Ada"].recall_due == pytest.approx(0.6, abs=0.01)
    page = text_of(client.get(url(study_class)))
    assert "“Midterm” that is over, 50 % today" in page


def test_an_assignment_that_is_not_open_or_over_is_not_meant(
    client: Client, study_class: StudyClass, deck: Deck
) -> None:
    for ahead in (3, -9):
        first = date.fromordinal(TODAY + ahead)
        Assignment.objects.create(
            study_class=study_class, deck=deck, title="Far", opens_on=first, due_on=first + timedelta(days=2)
        )
    student(study_class, "Ada")
    assert lines(client, study_class)["Ada"].recall_due is None


def test_students_come_forty_a_page_and_are_sorted(client: Client, study_class: StudyClass, deck: Deck) -> None:
    first = cards_of(deck)[0]
    for number in range(52):
        student(study_class, f"S{number:02}")
    last = Membership.objects.get(name="S51").user
    know(last, cards_of(deck)[:4])
    studied(last, first, TODAY - 1)
    assert list(lines(client, study_class))[::39] == ["S00", "S39"]
    assert list(lines(client, study_class, page=2)) == [f"S{number}" for number in range(40, 52)]
    assert list(lines(client, study_class, sort="last"))[:2] == ["S51", "S00"]
    assert list(lines(client, study_class, sort="seen"))[:2] == ["S51", "S00"]
    Standing.objects.filter(user=last).update(is_stale=True, seen=0)
    assert list(lines(client, study_class, sort="seen"))[:2] == ["S51", "S00"]


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99", "sort=x", "weeks=0", "weeks=x", "weeks=99999999999"])
def test_what_makes_no_sense_in_the_address_is_left_out(
    client: Client, study_class: StudyClass, deck: Deck, query: str
) -> None:
    student(study_class, "Ada")
    assert client.get(f"{url(study_class)}?{query}").status_code == 200


def test_former_students_and_staff_are_not_in_the_list(client: Client, study_class: StudyClass, deck: Deck) -> None:
    student(study_class, "Ada")
    gone = student(study_class, "Ben")
    Membership.objects.filter(pk=gone.pk).update(left_at=NOW)
    assert list(lines(client, study_class)) == ["Ada"]


def test_a_deck_is_chosen_and_a_foreign_one_is_not_there(client: Client, study_class: StudyClass, deck: Deck) -> None:
    other = make_deck("zoo", topics=1)
    share(study_class, other, LONG_AGO)
    make_deck("secret")
    ada = student(study_class, "Ada")
    know(ada.user, cards_of(other)[:2])
    assert lines(client, study_class)["Ada"].seen == 0
    assert lines(client, study_class, deck="zoo")["Ada"].seen == 2
    assert client.get(url(study_class, deck="secret")).status_code == 404


def test_without_decks_or_students_it_says_what_comes_first(client: Client, study_class: StudyClass) -> None:
    assert "Share a deck" in text_of(client.get(url(study_class)))
    share(study_class, make_deck())
    assert "Invite your students" in text_of(client.get(url(study_class)))


# what is done outside of membership


def answer(user: User, card: Card, when: datetime, rating: Rating = Rating.GOOD) -> None:
    record_offline(user, options_for(user, card.deck), card, Answer(uuid4(), card.pk, rating, None, 60_000, when))


def test_what_was_done_before_joining_and_after_leaving_is_not_seen(
    client: Client, study_class: StudyClass, deck: Deck
) -> None:
    card = deck.cards.select_related("deck").order_by("position")[0]
    joined = NOW - timedelta(hours=2)
    ada = student(study_class, "Ada", joined)
    for before in (timedelta(minutes=1), timedelta(days=1), timedelta(days=5)):
        answer(ada.user, card, joined - before)
    line = lines(client, study_class)["Ada"]
    assert (line.minutes, line.last_active) == (0, "")
    answer(ada.user, card, joined + timedelta(minutes=1))
    assert lines(client, study_class)["Ada"].minutes == 1
    page = client.get(reverse("study:class_student", args=[study_class.slug, ada.pk])).context["shown"]
    assert (page.reviews, page.minutes) == (1, 1)
    Membership.objects.filter(pk=ada.pk).update(left_at=joined + timedelta(minutes=5))
    answer(ada.user, card, joined + timedelta(minutes=6))
    page = client.get(reverse("study:class_student", args=[study_class.slug, ada.pk])).context["shown"]
    assert (page.reviews, page.line, page.topics) == (1, None, [])


@given(
    st.integers(0, 60 * 24 * 60),
    st.integers(0, 20 * 24 * 60),
    st.integers(-30 * 24 * 60, 30 * 24 * 60),
    st.integers(-12 * 60, 14 * 60),
    st.integers(0, 12),
)
def test_a_whole_day_lies_in_the_membership_whatever_the_zone(
    joined: int, stays: int, answered: int, zone: int, starts_at: int
) -> None:
    begins = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=joined)
    period = Period(begins, begins + timedelta(minutes=stays))
    at = begins + timedelta(minutes=answered)
    day = (at + timedelta(minutes=zone) - timedelta(hours=starts_at)).toordinal()
    is_there = answered >= 0 and answered < stays
    if day in period.whole_days:
        assert is_there
    elif is_there:
        assert any(day in days for days in period.edges(0))
    assert sum(day in days for days in [period.whole_days, *period.edges(0)]) <= 1


# the heat map


def test_the_map_has_a_number_for_each_topic_and_student_and_links(
    client: Client, study_class: StudyClass, deck: Deck
) -> None:
    ada = student(study_class, "Ada <3")
    know(ada.user, cards_of(deck)[:4])
    page = client.get(url(study_class)).content.decode()
    svg = page[page.index('<svg class="heat-picture"') :]
    svg = svg[: svg.index("</svg>")]
    assert re.findall(r"<tspan[^>]*>(\d+)</tspan>", svg) == ["0", "80"]
    assert svg.count('class="h8"') == 1
    assert 'role="img"' in svg
    assert "<title>Topic 0</title>" in svg
    assert "style=" not in page
    link = reverse("study:class_student", args=[study_class.slug, ada.pk])
    assert f'<tr><th scope="row"><a href="{link}">Ada &lt;3</a></th><td>80</td><td>0</td></tr>' in page


def test_what_a_person_or_an_author_writes_is_escaped() -> None:
    evil = '"><script>alert(1)</script>'
    line = Line(1, evil, "/x/", "", 0, 1, 0.0, None, 0, "", {1: 0.5}, {})
    found = heat_map([line], [TopicSize(1, evil, 1)])
    assert "<script" not in found.svg + found.rows + found.head


@pytest.mark.parametrize(("recall", "at"), [(0, 0), (0.0999, 0), (0.1, 1), (0.55, 5), (0.95, 9), (1, 9)])
def test_ten_steps(recall: float, at: int) -> None:
    assert step(recall) == at


# what is not understood


def test_cards_are_ranked_by_what_their_lapses_prove(client: Client, study_class: StudyClass, deck: Deck) -> None:
    once, often, seldom, few, before, never = cards_of(deck)[:6]
    in_week(study_class, once, reviews=5, lapses=3)
    in_week(study_class, often, reviews=50, lapses=25)
    in_week(study_class, often, reviews=50, lapses=25, week=WEEK - 3)
    in_week(study_class, seldom, reviews=100, lapses=5)
    in_week(study_class, few, reviews=4, lapses=4)
    in_week(study_class, before, reviews=50, lapses=50, week=WEEK - 4)
    in_week(study_class, never, reviews=50, lapses=0)
    found = report(client, study_class).misunderstood
    assert [each.pk for each in found] == [often.pk, once.pk, seldom.pk]
    assert (found[0].reviews, found[0].lapses, found[0].rate, found[0].at_least) == (100, 50, "50 %", "40 %")
    assert report(client, study_class, weeks=8).misunderstood[0].pk == before.pk
    assert [each.pk for each in report(client, study_class, weeks=1).misunderstood] == [often.pk, once.pk, seldom.pk]


def test_cards_taken_out_are_left_out_and_another_class_counts_for_itself(
    client: Client, study_class: StudyClass, deck: Deck
) -> None:
    gone, other = cards_of(deck)[:2]
    in_week(study_class, gone, reviews=9, lapses=9)
    Card.objects.filter(pk=gone.pk).update(archived_at=NOW)
    in_week(make_class("c2"), other, reviews=9, lapses=9)
    assert report(client, study_class).misunderstood == []


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_lower_bound_lies_below_the_rate_and_grows_with_evidence(lapses: int, more: int) -> None:
    reviews = lapses + more
    bound = lower_bound(lapses, reviews)
    assert 0 <= bound <= (lapses / reviews if reviews else 0)
    assert lower_bound(2 * lapses, 2 * reviews) >= bound


def test_the_bound_is_wilsons() -> None:
    assert lower_bound(1, 1) == pytest.approx(0.2065, abs=1e-4)
    assert lower_bound(50, 100) == pytest.approx(0.4038, abs=1e-4)


def test_wrong_answers_are_counted_in_words(client: Client, study_class: StudyClass) -> None:
    asking = make_asking_deck()
    share(study_class, asking, LONG_AGO)
    _, choice, typed, numeric = cards_of(asking)
    relu = next(option["key"] for option in choice.data["options"] if "ReLU" in option["html"])
    for card in (choice, typed, numeric):
        in_week(study_class, card, reviews=30, lapses=20)
    went_wrong(study_class, choice, "option", relu, 4)
    went_wrong(study_class, choice, "option", relu, 3, WEEK - 1)
    went_wrong(study_class, choice, "slip", "takes noise for a step", 2)
    went_wrong(study_class, typed, "typed", "momentum", 5)
    went_wrong(study_class, numeric, "slip", "forgot the one", 23)
    found = {
        each.pk: [(wrong.count, wrong.words) for wrong in each.wrong]
        for each in report(client, study_class).misunderstood
    }
    assert found == {
        choice.pk: [(7, "chose “ReLU”"), (2, "takes noise for a step")],
        typed.pk: [(5, "typed “momentum”")],
        numeric.pk: [(23, "forgot the one")],
    }
    page = client.get(url(study_class))
    assert "23 forgot the one" in text_of(page)
    assert reverse("study:class_show", args=[study_class.slug, numeric.pk]) in page.content.decode()
    assert reverse("study:card", args=[numeric.pk]) in page.content.decode()


def test_slips_stand_topic_by_topic(client: Client, study_class: StudyClass, deck: Deck) -> None:
    cards = cards_of(deck)
    went_wrong(study_class, cards[0], "slip", "forgot the padding", 3)
    went_wrong(study_class, cards[1], "slip", "forgot the padding", 4)
    went_wrong(study_class, cards[7], "slip", "forgot the padding", 16)
    went_wrong(study_class, cards[7], "slip", "lost a sign", 2)
    went_wrong(study_class, cards[7], "typed", "dog", 99)
    went_wrong(study_class, cards[7], "slip", "long ago", 99, WEEK - 4)
    slips = report(client, study_class).slips
    assert slips.topics == ["Topic 0", "Topic 1"]
    assert [(row.name, row.counts, row.total) for row in slips.rows] == [
        ("forgot the padding", [7, 16], 23),
        ("lost a sign", [0, 2], 2),
    ]


# week by week


def test_weeks_say_who_was_active_while_in_the_class(client: Client, study_class: StudyClass, deck: Deck) -> None:
    card, *_ = deck.cards.select_related("deck").order_by("position")
    in_week(study_class, card, reviews=10, lapses=3)
    in_week(study_class, card, reviews=4, lapses=0, week=WEEK - 2)
    ada, ben = student(study_class, "Ada"), student(study_class, "Ben", NOW - timedelta(minutes=30))
    studied(ada.user, card, (WEEK - 2) * 7)
    answer(ben.user, card, NOW - timedelta(minutes=50))
    weeks = report(client, study_class).trend.weeks
    assert [week.active for week in weeks] == [0, 0, 0, 0, 0, 1, 0, 0]
    answer(ben.user, card, NOW)
    weeks = report(client, study_class).trend.weeks
    assert [week.active for week in weeks][-3:] == [1, 0, 1]
    assert (weeks[-1].done.reviews, weeks[-1].lapse_words, weeks[-2].lapse_words) == (11, "27 %", "–")


# a student's own page


def own(client: Client, membership: Membership) -> Any:
    return client.get(reverse("study:class_student", args=[membership.study_class.slug, membership.pk]))


def test_a_student_sees_what_the_teacher_sees(client: Client, study_class: StudyClass, deck: Deck) -> None:
    cards = cards_of(deck)
    ada = student(study_class, "Ada")
    know(ada.user, cards[:3])
    studied(ada.user, cards[0], TODAY - 3, minutes=7, lapses=2)
    studied(ada.user, cards[1], TODAY - 20, minutes=5)
    elsewhere = cards_of(make_deck("elsewhere"))[0]
    studied(ada.user, elsewhere, TODAY, minutes=50, lapses=9)
    theirs, mine = own(client, ada).context["shown"], own(client_of(ada.user), ada).context["shown"]
    at_class = client_of(ada.user).get(url(study_class))
    assert theirs == mine == at_class.context["shown"]
    assert mine.line == lines(client, study_class)["Ada"]
    assert (mine.reviews, mine.minutes) == (4, 12)
    assert [(each.pk, each.lapses, each.reviews) for each in mine.lapsed] == [(cards[0].pk, 2, 2)]
    assert [(each.title, each.seen, each.known) for each in mine.topics] == [("Topic 0", 3, 60), ("Topic 1", 0, 0)]
    assert "Your teacher sees" in text_of(at_class)


def test_reading_a_students_page_is_written_down_unless_it_is_ones_own(
    client: Client, teacher: User, study_class: StudyClass, deck: Deck
) -> None:
    ada = student(study_class, "Ada")
    own(client_of(ada.user), ada)
    assert not Event.objects.filter(kind=Event.Kind.READ).exists()
    own(client, ada)
    event = Event.objects.get(kind=Event.Kind.READ)
    assert (event.actor, event.person, event.study_class) == (teacher, ada.user, study_class)


# who may


@pytest.fixture
def everybody(study_class: StudyClass, deck: Deck, teacher: User) -> dict[str, User]:
    """Somebody of each role, of another class, and of none."""
    other = make_class("c2")
    share(other, deck)
    people = {"owner": teacher}
    for name, role in (("teacher", Role.TEACHER), ("assistant", Role.ASSISTANT), ("student", Role.STUDENT)):
        people[name] = person(name)
        enrol(study_class, people[name], LONG_AGO, role)
    people["other teacher"] = person("other")
    enrol(other, people["other teacher"], LONG_AGO, Role.OWNER)
    people["stranger"] = person("stranger")
    people["left"] = person("left")
    enrol(study_class, people["left"], LONG_AGO)
    Membership.objects.filter(user=people["left"]).update(left_at=NOW)
    return people


STAFF = {"owner", "teacher", "assistant"}


def test_who_gets_what(study_class: StudyClass, deck: Deck, everybody: dict[str, User]) -> None:
    ada = student(study_class, "Ada")
    card = cards_of(deck)[0]
    slug = study_class.slug
    pages: dict[str, set[str]] = {
        url(study_class): STAFF | {"student"},
        reverse("study:class_student", args=[slug, ada.pk]): STAFF,
        reverse("study:class_show", args=[slug, card.pk]): STAFF,
        reverse("study:gradebook_csv", args=[slug]): STAFF,
        reverse("study:gradebook_xlsx", args=[slug]): STAFF,
    }
    for page, allowed in pages.items():
        got = {who for who, user in everybody.items() if client_of(user).get(page).status_code == 200}
        assert got == allowed, page
        refused = {client_of(user).get(page).status_code for who, user in everybody.items() if who not in allowed}
        assert refused == {404}
        assert Client().get(page).status_code == 404


@pytest.mark.parametrize("pk", [0, 10**6, 2**63, 10**30])
def test_ids_that_are_none(client: Client, study_class: StudyClass, deck: Deck, pk: int) -> None:
    for name in ("class_student", "class_show"):
        assert (
            client.get(
                f"/classes/{study_class.slug}/{'students' if name == 'class_student' else 'cards'}/{pk}/"
            ).status_code
            == 404
        )


# show in class


def shown(client: Client, study_class: StudyClass, card: Card, **query: object) -> Any:
    return client.get(reverse("study:class_show", args=[study_class.slug, card.pk], query=query or None))


def test_a_card_is_asked_and_told_by_a_link(client: Client, study_class: StudyClass, deck: Deck) -> None:
    card = cards_of(deck)[0]
    page = shown(client, study_class, card).content.decode()
    assert "Question 0.0.1" in page
    hidden = re.search(r'<section id="answer"[^>]*>', page)
    assert hidden
    assert " hidden" in hidden[0]
    link = re.search(r'id="tell"[^>]*href="([^"]+)"', page)
    assert link
    told = client.get(f"/classes/{study_class.slug}/cards/{card.pk}/show/{unescape(link[1])}").content.decode()
    found = re.search(r'<section id="answer"[^>]*>', told)
    assert found
    assert " hidden" not in found[0]
    assert "Because 0.0.1" in told


def test_options_are_lettered_and_numbers_drawn_anew(client: Client, study_class: StudyClass) -> None:
    asking = make_asking_deck()
    share(study_class, asking)
    basic, choice, _, numeric = cards_of(asking)
    letters = shown(client, study_class, choice).context["shown"]
    assert [each.letter for each in letters.options] == ["A", "B", "C", "D"]
    assert len(letters.right) == 2
    assert letters.next_seed is None
    first = shown(client, study_class, numeric).context["shown"]
    other = shown(client, study_class, numeric, seed=first.next_seed).context["shown"]
    assert first.question_html != other.question_html
    assert other.question_html == shown(client, study_class, numeric, seed=other.seed).context["shown"].question_html
    assert shown(client, study_class, basic).context["shown"].next_seed is None
    for seed in ("", "x", "-1", "9" * 4000, "٣", str(2**31 - 1), str(2**64)):
        assert shown(client, study_class, numeric, seed=seed).status_code == 200


def test_only_cards_of_the_classs_decks_are_shown(client: Client, study_class: StudyClass, deck: Deck) -> None:
    elsewhere = cards_of(make_deck("elsewhere"))[0]
    gone = cards_of(deck)[0]
    Card.objects.filter(pk=gone.pk).update(archived_at=NOW)
    assert {shown(client, study_class, card).status_code for card in (elsewhere, gone)} == {404}
    ClassDeck.objects.all().delete()
    assert shown(client, study_class, cards_of(deck)[1]).status_code == 404


# what it costs


def crowd(study_class: StudyClass, deck: Deck, number: int) -> None:
    """Add students who all studied, their sums and standings made in bulk."""
    cards, start = cards_of(deck), User.objects.count()
    users = User.objects.bulk_create(User(email=f"crowd-{start + n}@example.org") for n in range(number))
    Membership.objects.bulk_create(
        Membership(study_class=study_class, user=user, role=Role.STUDENT, name=f"Crowd {n}", joined_at=LONG_AGO)
        for n, user in enumerate(users)
    )
    CardDay.objects.bulk_create(
        CardDay(user=user, card=card, deck=deck, day=TODAY - 1, reviews=2, again=1, lapses=1, duration_ms=9_000)
        for user in users
        for card in cards[:3]
    )


def visits(study_class: StudyClass, deck: Deck) -> Iterator[str]:
    for query in ({}, {"sort": "last"}, {"sort": "seen"}):
        yield url(study_class, **query)


def test_the_page_costs_the_same_for_ten_and_a_thousand_students(
    client: Client, study_class: StudyClass, deck: Deck
) -> None:
    made = Assignment.objects.create(
        study_class=study_class,
        deck=deck,
        title="Exam",
        opens_on=date.fromordinal(TODAY - 1),
        due_on=date.fromordinal(TODAY + 9),
    )
    made.topics.set(deck.topics.all())
    for card in cards_of(deck):
        in_week(study_class, card, reviews=50, lapses=20)
        went_wrong(study_class, card, "slip", "forgot", 20)
    costs: list[list[int]] = []
    for number in (9, 990):
        crowd(study_class, deck, number)
        for page in visits(study_class, deck):
            client.get(page)
        costs.append([])
        for page in visits(study_class, deck):
            with counted() as statements:
                assert client.get(page).status_code == 200
            costs[-1].append(len(statements))
    assert costs[0] == costs[1]
    assert max(costs[0]) <= MOST_QUERIES
    Standing.objects.update(is_stale=True)
    new = student(study_class, "A new one", NOW - timedelta(days=1))  # whose days are looked up in the reviews
    answer(new.user, deck.cards.select_related("deck")[0], NOW)
    with counted() as statements:
        client.get(url(study_class))
    assert len(statements) <= MOST_QUERIES
