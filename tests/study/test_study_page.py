"""The study page over HTTP: what it shows, what it takes, and what it does with what makes no sense."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck
from flashcards.study.days import moment_for
from flashcards.study.models import Memory, Review, StudySession
from flashcards.study.sessions import get_session, upcoming

from .material import make_deck

HTMX = {"HX-Request": "true"}


def open_page(client: Client, deck: Deck, **query: str) -> Any:
    response = client.get(reverse("study:session", args=[deck.slug], query=query or None))
    assert response.status_code == 200
    return response.context["showing"]


def form(page: Any, **changes: object) -> dict[str, object]:
    """The form that the page would send with Good, with `changes`."""
    return {
        "answer_id": page.answer_id,
        "card": page.card.pk,
        "showing": page.number,
        "preset": page.session.options.preset_id,
        "duration_ms": 2500,
        "rating": 3,
        **changes,
    }


def send(client: Client, showing: Any, data: dict[str, object], what: str = "answer", *, htmx: bool = True) -> Any:
    url = reverse(f"study:{what}", args=[showing.session.pk])
    return client.post(url, data, headers=HTMX if htmx else {})


def test_a_guest_studies_at_once(client: Client, deck: Deck) -> None:
    response = client.post(reverse("study:try"), {"time_zone": "Asia/Tokyo"}, follow=True)
    assert response.redirect_chain == [(reverse("study:session", args=[deck.slug]), 302)]
    showing = response.context["showing"]
    assert (showing.counts.new, showing.counts.learning, showing.counts.due) == (10, 0, 0)
    assert showing.session.user.is_guest
    assert showing.session.user.time_zone == "Asia/Tokyo"


def test_the_answer_is_in_the_page_but_hidden_until_asked_for(client_of_alice: Client, deck: Deck) -> None:
    url = reverse("study:session", args=[deck.slug])
    page = client_of_alice.get(url).content.decode()
    answer = re.search(r'<div id="answer"[^>]*>', page)
    assert answer is not None
    assert "hidden" in answer[0]
    assert "Answer 0.0.1" in page
    revealed = client_of_alice.get(url, {"answer": "1"}).content.decode()
    answer = re.search(r'<div id="answer"[^>]*>', revealed)
    assert answer is not None
    assert "hidden" not in answer[0]


def test_the_answer_stays_hidden_when_a_card_is_graded_without_javascript(client_of_alice: Client, deck: Deck) -> None:
    showing = open_page(client_of_alice, deck, answer="1")
    response = send(client_of_alice, showing, form(showing), htmx=False)
    assert response.status_code == 302
    assert response.url == reverse("study:session", args=[deck.slug])
    assert Review.objects.get().duration_ms == 2500


def test_grading_shows_the_next_card_and_keeps_the_promise_of_the_button(client_of_alice: Client, deck: Deck) -> None:
    showing = open_page(client_of_alice, deck)
    response = send(client_of_alice, showing, form(showing, rating=4))
    assert response.templates[0].name == "study/_showing.html"
    after = response.context["showing"]
    assert after.card.pk != showing.card.pk
    assert (after.counts.new, after.progress.done, after.progress.total) == (9, 1, 10)
    memory = Memory.objects.get(card=showing.card)
    assert f"{memory.interval_days} days" == showing.grades[3].interval_long


def test_a_grade_sent_twice_counts_once_and_answers_the_same(client_of_alice: Client, deck: Deck) -> None:
    showing = open_page(client_of_alice, deck)
    first, second = (send(client_of_alice, showing, form(showing)) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.context["showing"].card == second.context["showing"].card
    assert first.context["showing"].counts == second.context["showing"].counts
    assert Review.objects.count() == 1


def test_a_grade_sent_again_after_it_was_undone_stays_undone(client_of_alice: Client, deck: Deck) -> None:
    showing = open_page(client_of_alice, deck)
    send(client_of_alice, showing, form(showing))
    send(client_of_alice, showing, {}, "undo")
    again = send(client_of_alice, showing, form(showing))
    assert again.status_code == 200
    assert again.context["showing"].card == showing.card
    assert not Review.objects.filter(undone_at=None).exists()


def test_two_tabs_with_the_same_card_count_it_once(client_of_alice: Client, deck: Deck) -> None:
    one, other = open_page(client_of_alice, deck), open_page(client_of_alice, deck)
    assert one.card == other.card
    assert one.answer_id != other.answer_id
    send(client_of_alice, one, form(one, rating=4))
    response = send(client_of_alice, other, form(other, rating=1))
    assert response.status_code == 409
    assert "already graded" in response.content.decode()
    assert Review.objects.get().rating == 4


def test_two_tabs_out_of_order_lose_nothing(client_of_alice: Client, deck: Deck) -> None:
    first = open_page(client_of_alice, deck)
    second = send(client_of_alice, first, form(first, rating=4)).context["showing"]
    send(client_of_alice, first, {}, "undo")
    send(client_of_alice, second, form(second, rating=3))
    send(client_of_alice, first, form(first, rating=2, answer_id=uuid4()))
    reviews = Review.objects.filter(undone_at=None)
    assert dict(reviews.values_list("card", "rating")) == {second.card.pk: 3, first.card.pk: 2}


@pytest.mark.parametrize(
    "changes",
    [
        {"rating": 0},
        {"rating": 5},
        {"rating": "-1"},
        {"rating": "3.0"},
        {"rating": ""},
        {"rating": "٣"},
        {"answer_id": "1"},
        {"answer_id": "\x00"},
        {"card": "x"},
        {"card": 2**70},
        {"card": "9" * 5000},
        {"showing": "-1"},
        {"preset": ""},
        {"showing": 2**40},
        {"duration_ms": "soon"},
    ],
)
def test_a_senseless_form_is_told_and_changes_nothing(
    client_of_alice: Client, deck: Deck, changes: dict[str, object]
) -> None:
    showing = open_page(client_of_alice, deck)
    response = send(client_of_alice, showing, form(showing, **changes))
    assert response.status_code == 422
    assert "Nothing was counted" in response.content.decode()
    assert response.context["showing"].card == showing.card
    assert not Review.objects.exists()


def test_strangers_sessions_and_cards_are_not_there(
    client: Client, client_of_alice: Client, deck: Deck, bob: User, charlie: User
) -> None:
    private = make_deck("private", owner=bob, is_public=False)
    showing = open_page(client_of_alice, deck)
    client.force_login(charlie)
    for what in ("answer", "undo", "suspend", "bury", "star", "more_new", "learn_ahead"):
        assert send(client, showing, form(showing), what).status_code == 404
    assert client.get(reverse("study:session", args=[private.slug])).status_code == 404
    foreign = private.cards.all()[0]
    assert send(client_of_alice, showing, form(showing, card=foreign.pk, showing=0)).status_code == 410
    assert send(client_of_alice, showing, {"card": foreign.pk}, "star").status_code == 410
    assert not Review.objects.exists()
    assert not Memory.objects.exists()


def test_a_withdrawn_deck_takes_no_more_answers(client_of_alice: Client, deck: Deck) -> None:
    showing = open_page(client_of_alice, deck)
    Deck.objects.update(is_public=False)
    assert send(client_of_alice, showing, form(showing)).status_code == 404


def test_an_archived_card_is_told_and_the_session_goes_on(client_of_alice: Client, deck: Deck) -> None:
    showing = open_page(client_of_alice, deck)
    Card.objects.filter(pk=showing.card.pk).update(archived_at=timezone.now())
    response = send(client_of_alice, showing, form(showing))
    assert response.status_code == 410
    assert "taken out of the deck" in response.content.decode()
    assert response.context["showing"].card.pk != showing.card.pk


def test_the_id_of_somebody_elses_answer_is_refused(
    client: Client, client_of_alice: Client, deck: Deck, bob: User
) -> None:
    showing = open_page(client_of_alice, deck)
    send(client_of_alice, showing, form(showing))
    client.force_login(bob)
    theirs = open_page(client, deck)
    response = send(client, theirs, form(theirs, answer_id=showing.answer_id))
    assert response.status_code == 409
    assert Review.objects.count() == 1


@pytest.mark.parametrize("what", ["suspend", "bury"])
def test_a_card_put_away_comes_back_with_undo(client_of_alice: Client, deck: Deck, what: str) -> None:
    showing = open_page(client_of_alice, deck)
    away = send(client_of_alice, showing, {"card": showing.card.pk}, what).context["showing"]
    assert away.card != showing.card
    assert away.counts.new == 9
    back = send(client_of_alice, showing, {}, "undo").context["showing"]
    assert back.card == showing.card
    assert back.counts == showing.counts
    assert not Memory.objects.exists()


def test_nothing_to_undo_is_said(client_of_alice: Client, deck: Deck) -> None:
    showing = open_page(client_of_alice, deck)
    response = send(client_of_alice, showing, {}, "undo")
    assert response.status_code == 409
    assert "nothing left to undo" in response.content.decode()


def test_undo_as_deep_as_the_session(client_of_alice: Client, deck: Deck) -> None:
    start = showing = open_page(client_of_alice, deck)
    seen = []
    for rating in (4, 1, 3, 2, 4):
        seen.append(showing)
        showing = send(client_of_alice, showing, form(showing, rating=rating)).context["showing"]
    for before in reversed(seen):
        showing = send(client_of_alice, showing, {}, "undo").context["showing"]
        assert (showing.card, showing.counts, showing.progress) == (before.card, before.counts, before.progress)
    assert showing.card == start.card
    assert not Memory.objects.exists()


def test_a_whole_session_ends_with_its_summary(client_of_alice: Client, deck: Deck) -> None:
    showing = open_page(client_of_alice, deck)
    response: Any = None
    for _ in range(10):
        response = send(client_of_alice, showing, form(showing, rating=4))
        showing = response.context["showing"]
    assert showing.card is None
    summary = response.context["summary"]
    assert (summary.cards, summary.answers, summary.recalled_percent) == (10, 10, 100)
    assert summary.minutes_text == "25 s"
    assert len(summary.forecast) == 7
    assert showing.progress.percent == 100


def test_limits_hold_and_more_can_be_asked_for(client_of_alice: Client, alice: User) -> None:
    deck = make_deck("big", topics=3, notes=12)
    showing = open_page(client_of_alice, deck)
    assert showing.counts.new == 20
    for _ in range(20):
        response = send(client_of_alice, showing, form(showing, rating=4))
        showing = response.context["showing"]
    assert showing.card is None
    assert response.context["summary"].more_new_count == 10
    assert send(client_of_alice, showing, {}, "more_new").context["showing"].counts.new == 10


def test_one_topic_or_tag_only(client_of_alice: Client, deck: Deck) -> None:
    assert open_page(client_of_alice, deck, topic="topic-1").counts.new == 5
    assert open_page(client_of_alice, deck, tag="tag-0").counts.new == 5
    url = reverse("study:session", args=[deck.slug])
    for query in ({"topic": "nope"}, {"tag": "nope"}, {"tag": "\x00"}, {"topic": "\x00"}):
        assert client_of_alice.get(url, query).status_code == 404


def test_cards_of_one_note_are_kept_apart(client_of_alice: Client) -> None:
    deck = make_deck("siblings", topics=1, notes=4, cards_a_note=3)
    showing = open_page(client_of_alice, deck)
    assert showing.counts.new == 4
    notes = []
    while showing.card is not None:
        notes.append(showing.card.note_id)
        showing = send(client_of_alice, showing, form(showing, rating=4)).context["showing"]
    assert len(notes) == len(set(notes)) == 4


def test_two_button_mode(client_of_alice: Client, alice: User, deck: Deck) -> None:
    User.objects.filter(pk=alice.pk).update(two_buttons=True)
    assert [grade.name for grade in open_page(client_of_alice, deck).grades] == ["Again", "Good"]


def test_the_session_of_yesterday_counts_and_goes_on_today(client_of_alice: Client, deck: Deck) -> None:
    showing = open_page(client_of_alice, deck)
    StudySession.objects.update(day=showing.session.day - 1)
    response = send(client_of_alice, showing, form(showing))
    assert response.status_code == 200
    assert response.context["showing"].session.pk != showing.session.pk
    assert Review.objects.count() == 1


def test_strangers_are_asked_to_sign_in_and_forms_need_their_token(deck: Deck, alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    url = reverse("study:session", args=[deck.slug])
    assert client.get(url).url.startswith(reverse("account_login"))  # type: ignore[attr-defined]
    client.force_login(alice)
    showing = open_page(client, deck)
    assert send(client, showing, form(showing)).status_code == 403
    assert client.get(reverse("study:answer", args=[showing.session.pk])).status_code == 405


def test_a_finished_topic_names_others_that_have_something_to_ask(client_of_alice: Client, deck: Deck) -> None:
    showing = open_page(client_of_alice, deck, topic="topic-0")
    for _ in range(5):
        response = send(client_of_alice, showing, form(showing, rating=4))
        showing = response.context["showing"]
    (other,) = response.context["summary"].other_topics
    assert other.title == "Topic 1"
    assert other.url in response.content.decode()


def test_the_queue_hands_out_the_next_several_cards(client_of_alice: Client, alice: User, deck: Deck) -> None:
    showing = open_page(client_of_alice, deck)
    session = get_session(alice, showing.session.pk)
    assert session is not None
    expected = [card.pk for card, _ in upcoming(session, moment_for(alice, timezone.now()), 6)]
    asked = []
    for _ in range(6):
        asked.append(showing.card.pk)
        showing = send(client_of_alice, showing, form(showing, rating=4)).context["showing"]
    assert asked == expected


def test_a_grade_under_options_changed_meanwhile_is_told_and_shown_anew(
    client_of_alice: Client, alice: User, deck: Deck
) -> None:
    showing = open_page(client_of_alice, deck)
    steps = {"new_per_day": 20, "reviews_per_day": 200, "desired_retention": 90, "relearning_steps": "10m"}
    client_of_alice.post(reverse("study:deck_options", args=[deck.slug]), {**steps, "learning_steps": "5m"})
    response = send(client_of_alice, showing, form(showing))
    assert response.status_code == 409
    assert "changed this deck" in response.content.decode()
    after = response.context["showing"]
    assert (after.card, after.grades[0].interval) == (showing.card, "5 min")
    assert send(client_of_alice, after, form(after)).status_code == 200


def test_undo_of_a_star_leaves_what_was_marked_elsewhere(client_of_alice: Client, alice: User, deck: Deck) -> None:
    showing = open_page(client_of_alice, deck)
    send(client_of_alice, showing, {"card": showing.card.pk}, "star")
    client_of_alice.post(reverse("study:card_mark", args=[showing.card.pk]), {"mark": "suspend"})
    send(client_of_alice, showing, {}, "undo")
    memory = Memory.objects.get(card=showing.card)
    assert (memory.is_starred, memory.is_suspended) == (False, True)


def test_what_a_finished_session_offers_is_what_it_adds(client_of_alice: Client) -> None:
    deck = make_deck("siblings", topics=1, notes=2, cards_a_note=2)
    showing = open_page(client_of_alice, deck)
    for _ in range(2):
        response = send(client_of_alice, showing, form(showing, rating=4))
        showing = response.context["showing"]
    summary = response.context["summary"]
    assert (summary.more_new_count, summary.learn_ahead_count) == (0, 0)
    assert send(client_of_alice, showing, {}, "more_new").context["showing"].card is None
