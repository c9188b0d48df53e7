"""A deck's page: topics and tags to study, and a table of its cards that is searched, sorted and turned."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck
from flashcards.study.days import moment_for
from flashcards.study.models import State

from .material import make_deck
from .test_home import remember

HTMX = {"HX-Request": "true", "HX-Target": "cards"}


def address(deck: Deck) -> str:
    return reverse("study:deck", args=[deck.slug])


def questions(client: Client, deck: Deck, **query: str) -> list[str]:
    response = client.get(address(deck), query)
    assert response.status_code == 200
    return [row.question.removeprefix("Question ") for row in response.context["rows"]]


@pytest.fixture
def met(alice: User, deck: Deck) -> list[Card]:
    """Alice's first cards: young and due, mature, in steps, suspended, buried, starred but new, a leech due later."""
    cards = list(deck.cards.order_by("position"))
    day = moment_for(alice, timezone.now()).day
    remember(alice, cards[0], due_in=-1, difficulty=3.0, lapses=2)
    remember(alice, cards[1], due_in=30, interval_days=40, stability=40.0, difficulty=1.0)
    remember(alice, cards[2], state=State.LEARNING, due_at=timezone.now(), stability=1.0, difficulty=9.0)
    remember(alice, cards[3], due_in=-2, is_suspended=True)
    remember(alice, cards[4], due_in=-2, buried_until=day + 1)
    remember(alice, cards[5], state=State.NEW, is_starred=True, due_day=None, stability=None, difficulty=None)
    remember(alice, cards[6], due_in=3, is_leech=True, lapses=8)
    return cards


def test_everyone_is_asked_who_they_are_and_strange_decks_do_not_exist(
    client: Client, client_of_alice: Client, bob: User, deck: Deck
) -> None:
    assert client.get(address(deck)).status_code == 302
    strange = make_deck("strange", owner=bob, is_public=False)
    assert client_of_alice.get(address(strange)).status_code == 404
    assert client_of_alice.get("/decks/none/").status_code == 404
    assert client_of_alice.post(address(deck)).status_code == 405


def test_it_leads_to_study_of_the_deck_its_topics_and_tags_and_to_its_cards(
    client_of_alice: Client, deck: Deck
) -> None:
    page = client_of_alice.get(address(deck)).content.decode()
    study = reverse("study:session", args=[deck.slug])
    for link in (
        study,
        f"{study}?topic=topic-1",
        f"{study}?tag=tag-0",
        reverse("study:deck_options", args=[deck.slug]),
    ):
        assert f'href="{link}"' in page
        assert client_of_alice.get(link).status_code == 200
    for card in deck.cards.all():
        assert f'href="{reverse("study:card", args=[card.pk])}"' in page


def test_topics_say_what_studying_them_asks(client_of_alice: Client, deck: Deck, met: list[Card]) -> None:
    first, second = client_of_alice.get(address(deck)).context["topics"]
    assert (first.today.reviews, first.today.learning, first.today.new) == (1, 1, 0)
    assert (second.today.reviews, second.today.learning, second.today.new) == (0, 0, 4)
    assert (first.pile.young, first.pile.mature, first.pile.learning, first.pile.suspended) == (2, 1, 1, 1)


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("new", ["1.0.1", "1.2.1", "1.3.1", "1.4.1"]),
        ("learning", ["0.2.1"]),
        ("young", ["0.0.1", "0.4.1", "1.1.1"]),
        ("mature", ["0.1.1"]),
        ("due", ["0.0.1", "0.2.1"]),
        ("suspended", ["0.3.1"]),
        ("starred", ["1.0.1"]),
        ("leech", ["1.1.1"]),
    ],
)
def test_cards_are_found_by_state(
    client_of_alice: Client, deck: Deck, met: list[Card], state: str, found: list[str]
) -> None:
    assert questions(client_of_alice, deck, state=state) == found


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("", ["0.0.1", "0.1.1", "0.2.1"]),
        ("due", ["0.3.1", "0.4.1", "0.0.1"]),
        ("-due", ["0.1.1", "1.1.1", "0.2.1"]),
        ("-difficulty", ["0.2.1", "0.3.1", "0.4.1"]),
        ("difficulty", ["0.1.1", "0.0.1", "0.3.1"]),
        ("stability", ["0.2.1", "0.0.1", "0.3.1"]),
        ("-stability", ["0.1.1", "0.0.1", "0.3.1"]),
        ("-lapses", ["1.1.1", "0.0.1", "0.1.1"]),
    ],
)
def test_cards_are_sorted_new_ones_last(
    client_of_alice: Client, deck: Deck, met: list[Card], sort: str, first: list[str]
) -> None:
    found = questions(client_of_alice, deck, sort=sort)
    assert found[:3] == first
    assert len(found) == 10


def test_cards_are_found_by_words_tag_and_topic(client_of_alice: Client, deck: Deck) -> None:
    assert questions(client_of_alice, deck, q="ANSWER 0.3") == ["0.3.1"]
    assert questions(client_of_alice, deck, q="answer nowhere") == []
    assert len(questions(client_of_alice, deck, tag="tag-1")) == 5
    assert len(questions(client_of_alice, deck, topic="topic-0", tag="tag-0")) == 5
    assert questions(client_of_alice, deck, topic="topic-0", tag="tag-1") == []


def test_signs_of_patterns_are_words_like_others(client_of_alice: Client, deck: Deck) -> None:
    assert questions(client_of_alice, deck, q="%") == []
    assert questions(client_of_alice, deck, q="_") == []
    Card.objects.filter(position=1).update(search_text="a 50% share of l_2")
    assert len(questions(client_of_alice, deck, q="50%")) == 1
    assert len(questions(client_of_alice, deck, q="l_2")) == 1


def test_archived_cards_are_not_listed(client_of_alice: Client, deck: Deck) -> None:
    Card.objects.filter(search_text__contains="0.0.1").update(archived_at=timezone.now())
    assert "0.0.1" not in questions(client_of_alice, deck)


def test_the_table_has_pages_of_fifty(client_of_alice: Client) -> None:
    deck = make_deck("long", topics=2, notes=30)
    assert len(questions(client_of_alice, deck)) == 50
    assert len(questions(client_of_alice, deck, page="2")) == 10
    assert len(questions(client_of_alice, deck, page="99")) == 10
    page = client_of_alice.get(address(deck), {"sort": "due", "tag": "tag-0", "q": "ques"}).content.decode()
    assert "Page 1" not in page
    page = client_of_alice.get(address(deck), {"sort": "-lapses", "q": "ques"}).content.decode()
    assert "?q=ques&amp;sort=-lapses&amp;page=2" in page


NONSENSE = ["\x00", "a\x00b", "9" * 5000, "-1", "1e999", "%", "' OR 1=1 --", "\u202e", "☃" * 300, "{}"]


@pytest.mark.parametrize("nonsense", NONSENSE)
@pytest.mark.parametrize("name", ["q", "tag", "topic", "state", "sort", "page", "other"])
def test_nonsense_in_the_address_is_no_error(client_of_alice: Client, deck: Deck, name: str, nonsense: str) -> None:
    assert client_of_alice.get(address(deck), {name: nonsense}).status_code == 200


def test_htmx_gets_the_table_alone_and_history_the_whole_page(client_of_alice: Client, deck: Deck) -> None:
    part = client_of_alice.get(address(deck), {"q": "0.3"}, headers=HTMX).content.decode()
    assert "<html" not in part
    assert "Question 0.3.1" in part
    back: dict[str, Any] = {**HTMX, "HX-History-Restore-Request": "true"}
    assert "<html" in client_of_alice.get(address(deck), {"q": "0.3"}, headers=back).content.decode()


def test_questions_are_one_line_of_plain_text(client_of_alice: Client, deck: Deck) -> None:
    html = "<p>What is <math><mi>x</mi></math>\n<b>&lt;here&gt;</b>?</p><p>And then?</p>"
    Card.objects.filter(search_text__contains="0.0.1").update(question_html=html)
    assert questions(client_of_alice, deck)[0] == "What is x <here>? And then?"
    assert "&lt;here&gt;" in client_of_alice.get(address(deck)).content.decode()


def test_a_long_introduction_is_folded_after_its_first_paragraph(client_of_alice: Client, deck: Deck) -> None:
    deck.introduction_html = "<p>Short.</p><p>Second.</p>"
    deck.save()
    assert "Read on" not in client_of_alice.get(address(deck)).content.decode()
    deck.introduction_html = "<p>First.</p><ul><li>" + "word " * 300 + "</li></ul>"
    deck.save()
    page = client_of_alice.get(address(deck)).content.decode()
    assert page.index("<p>First.</p>") < page.index("Read on") < page.index("<ul><li>word")


def test_a_deck_without_cards_says_so(client_of_alice: Client) -> None:
    page = client_of_alice.get(address(make_deck("bare", topics=0))).content.decode()
    assert "This deck has no cards yet." in page


def test_queries_do_not_grow_with_topics_and_cards(client_of_alice: Client, alice: User) -> None:
    def queries(deck: Deck) -> int:
        for card in deck.cards.all():
            remember(alice, card, due_in=-1)
        with CaptureQueriesContext(connection) as captured:
            assert client_of_alice.get(address(deck)).status_code == 200
        return len(captured)

    client_of_alice.get(address(make_deck("warm")))
    assert queries(make_deck("small", topics=1, notes=5)) == queries(make_deck("large", topics=10, notes=5))
