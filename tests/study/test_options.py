"""A deck's options: what is stored, what is refused and why, and that no card is rescheduled by a choice."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.decks.models import Deck
from flashcards.lib.errors import Refused
from flashcards.study.answering import Answer, record_offline
from flashcards.study.models import DeckOptions, Memory, Preset, Rating, Review, StudySession
from flashcards.study.options import DEFAULT_POLICY, options_for, policy_of
from flashcards.study.steps import parse_steps, write_steps

from .material import make_deck
from .test_home import remember

FORM = {
    "new_per_day": "20",
    "reviews_per_day": "200",
    "desired_retention": "90",
    "learning_steps": "1m 10m",
    "relearning_steps": "10m",
}


def address(deck: Deck) -> str:
    return reverse("study:deck_options", args=[deck.slug])


def save(client: Client, deck: Deck, **changes: str) -> None:
    response = client.post(address(deck), FORM | changes)
    assert response.status_code == 302, response.context["form"].errors


def refusals(client: Client, deck: Deck, **changes: str) -> dict[str, list[str]]:
    response = client.post(address(deck), FORM | changes)
    assert response.status_code == 422
    errors: dict[str, list[str]] = response.context["form"].errors
    assert all(message in response.text.replace("&#x27;", "'") for messages in errors.values() for message in messages)
    return errors


def showing(client: Client, deck: Deck) -> Any:
    return client.get(reverse("study:session", args=[deck.slug])).context["showing"]


def grade(client: Client, page: Any, rating: Rating = Rating.EASY) -> None:
    form = {"answer_id": uuid4(), "card": page.card.pk, "showing": page.number, "duration_ms": 9, "rating": rating}
    assert client.post(reverse("study:answer", args=[page.session.pk]), form).status_code == 302


def test_strangers_are_asked_who_they_are_and_strange_decks_do_not_exist(
    client: Client, client_of_alice: Client, bob: User, deck: Deck
) -> None:
    assert client.get(address(deck)).status_code == 302
    strange = make_deck("strange", owner=bob, is_public=False)
    assert client_of_alice.get(address(strange)).status_code == 404
    assert client_of_alice.post(address(strange), FORM).status_code == 404
    assert not DeckOptions.objects.exists()


def test_looking_stores_no_options(client_of_alice: Client, deck: Deck) -> None:
    response = client_of_alice.get(address(deck))
    assert response.status_code == 200
    assert 'value="1m 10m"' in response.text
    assert not DeckOptions.objects.exists()


def test_options_are_stored_and_shown_again(client_of_alice: Client, alice: User, deck: Deck) -> None:
    save(
        client_of_alice,
        deck,
        new_per_day="0",
        reviews_per_day="9999",
        desired_retention="92.5",
        learning_steps="30S, 5m 2h 1d",
        relearning_steps="",
    )
    options = options_for(alice, deck)
    policy = policy_of(options.preset_id)
    assert (options.new_per_day, options.reviews_per_day) == (0, 9999)
    assert policy.desired_retention == 0.925
    assert policy.learning_steps == (30, 300, 7200, 86400)
    assert policy.relearning_steps == ()
    assert policy.parameters == DEFAULT_POLICY.parameters
    page = client_of_alice.get(address(deck)).text
    assert 'value="92.5"' in page
    assert 'value="30s 5m 2h 1d"' in page


def test_they_are_one_learners_and_one_decks_alone(
    client_of_alice: Client, alice: User, bob: User, deck: Deck
) -> None:
    other = make_deck("other")
    save(client_of_alice, deck, new_per_day="3")
    assert options_for(bob, deck).new_per_day == 20
    assert options_for(alice, other).new_per_day == 20


def test_a_preset_is_made_anew_and_old_ones_never_change(client_of_alice: Client, alice: User, deck: Deck) -> None:
    before = options_for(alice, deck).preset_id
    stored = Preset.objects.filter(pk=before).values().get()
    save(client_of_alice, deck, desired_retention="80")
    assert options_for(alice, deck).preset_id != before
    assert Preset.objects.filter(pk=before).values().get() == stored


def test_retention_and_steps_change_no_memory_no_review_and_make_no_backlog(
    client_of_alice: Client, alice: User, deck: Deck
) -> None:
    options = options_for(alice, deck)
    for card in deck.cards.all()[:6]:
        for rating in (Rating.GOOD, Rating.GOOD, Rating.AGAIN):
            record_offline(alice, options, card, Answer(uuid4(), card.pk, rating, None, 900, timezone.now()))
    remember(alice, deck.cards.all()[7], due_in=4)
    memories, reviews = list(Memory.objects.order_by("pk").values()), list(Review.objects.order_by("pk").values())
    asked = client_of_alice.get(reverse("study:home")).context["shelf"].mine[0].today
    save(client_of_alice, deck, desired_retention="97", learning_steps="1s", relearning_steps="1s 2s")
    assert list(Memory.objects.order_by("pk").values()) == memories
    assert list(Review.objects.order_by("pk").values()) == reviews
    assert client_of_alice.get(reverse("study:home")).context["shelf"].mine[0].today == asked


def test_the_next_review_heeds_the_new_retention(client_of_alice: Client, alice: User, deck: Deck) -> None:
    card = deck.cards.all()[0]
    remember(alice, card)
    save(client_of_alice, deck, new_per_day="0")
    before = [grade.interval for grade in showing(client_of_alice, deck).grades]
    save(client_of_alice, deck, new_per_day="0", desired_retention="70")
    after = showing(client_of_alice, deck)
    assert after.card == card
    assert [grade.interval for grade in after.grades] != before


def test_retention_leaves_todays_session_as_it_is(client_of_alice: Client, deck: Deck) -> None:
    page = showing(client_of_alice, deck)
    grade(client_of_alice, page)
    before = StudySession.objects.values().get()
    save(client_of_alice, deck, desired_retention="85")
    assert StudySession.objects.values().get() == before


def test_higher_limits_reach_todays_session_which_keeps_its_place_and_undo(
    client_of_alice: Client, alice: User, deck: Deck
) -> None:
    save(client_of_alice, deck, new_per_day="3")
    first = showing(client_of_alice, deck)
    grade(client_of_alice, first)
    place = showing(client_of_alice, deck)
    assert (place.counts.new, place.progress.done) == (2, 1)
    save(client_of_alice, deck, new_per_day="8")
    after = showing(client_of_alice, deck)
    assert after.session.pk == place.session.pk
    assert after.card == place.card
    assert (after.counts.new, after.progress.done, after.progress.total) == (7, 1, 8)
    assert client_of_alice.post(reverse("study:undo", args=[after.session.pk])).status_code == 302
    undone = showing(client_of_alice, deck)
    assert undone.card == first.card
    assert (undone.counts.new, undone.progress.done) == (8, 0)
    assert not Memory.objects.filter(user=alice).exists()


def test_lower_limits_reach_todays_session(client_of_alice: Client, deck: Deck) -> None:
    assert showing(client_of_alice, deck).counts.new == 10
    save(client_of_alice, deck, new_per_day="4")
    assert showing(client_of_alice, deck).counts.new == 4
    save(client_of_alice, deck, new_per_day="0")
    assert showing(client_of_alice, deck).card is None


def test_a_card_in_steps_stays_on_show(client_of_alice: Client, deck: Deck) -> None:
    save(client_of_alice, deck, new_per_day="1")
    page = showing(client_of_alice, deck)
    grade(client_of_alice, page, Rating.AGAIN)
    assert showing(client_of_alice, deck).card == page.card
    save(client_of_alice, deck, new_per_day="9")
    assert showing(client_of_alice, deck).card == page.card


def test_a_session_of_a_topic_stays_one(client_of_alice: Client, deck: Deck) -> None:
    url = reverse("study:session", args=[deck.slug])
    client_of_alice.get(url, {"topic": "topic-1"})
    save(client_of_alice, deck, new_per_day="3")
    page = client_of_alice.get(url, {"topic": "topic-1"}).context["showing"]
    assert (page.scope, page.counts.new) == ("Topic 1", 3)
    assert StudySession.objects.count() == 1


def test_reset_brings_the_defaults_back(client_of_alice: Client, alice: User, deck: Deck) -> None:
    save(client_of_alice, deck, new_per_day="1", reviews_per_day="2", desired_retention="75", learning_steps="1d")
    assert client_of_alice.post(address(deck), {"reset": "1"}).status_code == 302
    options = options_for(alice, deck)
    assert (options.new_per_day, options.reviews_per_day) == (20, 200)
    assert policy_of(options.preset_id) == DEFAULT_POLICY


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[
            (name, value)
            for name in ("new_per_day", "reviews_per_day")
            for value in ("", "-1", "10000", "x", "9" * 5000)
        ],
        *[("desired_retention", value) for value in ("", "69.9", "97.1", "0.9", "nan", "inf", "1e400", "\x00")],
        *[
            (name, value)
            for name in ("learning_steps", "relearning_steps")
            for value in ("\x00", "1m " * 11, "x" * 999)
        ],
    ],
)
def test_what_is_out_of_range_is_refused_at_its_field_and_nothing_is_stored(
    client_of_alice: Client, deck: Deck, field: str, value: str
) -> None:
    assert list(refusals(client_of_alice, deck, **{field: value, "new_per_day": "5"} | {field: value})) == [field]
    assert not DeckOptions.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("10", "“10” has no unit"),
        ("1m ten", "“ten” is no step"),
        ("1.5h", "“1.5h” is no step"),
        ("-1m", "“-1m” is no step"),
        ("٣m", "“٣m” is no step"),
        ("0s", "“0s” is out of range"),
        ("8d", "“8d” is out of range"),
        ("604801s", "out of range"),
        ("1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 11m", "These are 11 steps; at most 10"),
    ],
)
def test_wrong_steps_say_what_is_wrong(client_of_alice: Client, deck: Deck, text: str, said: str) -> None:
    for field in ("learning_steps", "relearning_steps"):
        assert said in refusals(client_of_alice, deck, **{field: text})[field][0]
    with pytest.raises(Refused, match=re.escape(said)):
        parse_steps("learning_steps", text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("", ()), ("1m 10m", (60, 600)), ("90s", (90,)), ("7d", (604800,)), ("24h,60m", (86400, 3600))],
)
def test_steps_are_read_and_written_back(text: str, seconds: tuple[int, ...]) -> None:
    assert parse_steps("learning_steps", text) == seconds
    assert parse_steps("learning_steps", write_steps(seconds)) == seconds


def test_without_any_steps_every_grade_gives_days(client_of_alice: Client, deck: Deck) -> None:
    save(client_of_alice, deck, learning_steps="", relearning_steps="")
    for rating in Rating:
        page = showing(client_of_alice, deck)
        assert all(shown.interval.split()[1] in ("d", "mo", "y") for shown in page.grades)
        grade(client_of_alice, page, rating)
    assert not Memory.objects.exclude(due_at=None).exists()


def test_what_retention_costs_is_beside_it(client_of_alice: Client, deck: Deck) -> None:
    save(client_of_alice, deck, desired_retention="93")
    costs = client_of_alice.get(address(deck)).context["costs"]
    assert [cost.retention for cost in costs] == ["80 %", "85 %", "90 %", "93 %", "95 %"]
    assert [cost.is_chosen for cost in costs] == [False, False, False, True, False]
    assert [cost.reviews for cost in costs if cost.retention in ("90 %", "95 %")] == ["1.0 ×", "2.5 ×"]
