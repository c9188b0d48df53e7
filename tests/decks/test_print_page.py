"""The page that prints a deck: both sides of every card, and what asking kinds judge answers by."""

from html import escape, unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from flashcards.accounts.models import User
from flashcards.decks.kinds import all_kinds
from flashcards.decks.models import Card, Deck, Topic
from flashcards.decks.services import archive_note, save_deck

from .conftest import make_note, make_topic

MOST_QUERIES = 25

CHOICE = """- [x] Prism
- [ ] Mirror
  slip: reflection for refraction
  why: A mirror reflects every colour alike.
- [ ] Lens cap"""
TYPED = """frequency
number of cycles
! wavelength = length for rate: That is counted in metres."""
NUMERIC = """n = 2 to 9
k = one of 3, 5
answer: n * k
slip: added = n + k
  Multiply, don't add."""
OCCLUSION = """![A prism](/static/icons/icon.svg)
hide: all
1: 10 10 20 20 = entry face
2: 50 50 20 20 = exit face"""


def address(deck: Deck) -> str:
    return reverse("decks:print", args=[deck.slug])


def shown(client: Client, deck: Deck) -> str:
    """Return the page with its white space made single."""
    response = client.get(address(deck))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def of_all_kinds(topic: Topic) -> Topic:
    """A topic with a note of every kind."""
    make_note(topic, "plain", explanation="Because of plain.", reference="Newton, Opticks (1704)", tags=("optics",))
    make_note(topic, "both", kind="reversed", question="Photon", answer="Quantum of light")
    gaps = "Light is a {{c1::wave}} and a {{c2::particle}}."
    make_note(topic, "gaps", kind="cloze", question=gaps, answer="", explanation="Said once.", sources=["S7"])
    make_note(topic, "pick", kind="choice", question="What splits light?", answer=CHOICE)
    make_note(topic, "word", kind="typed", question="What does hertz measure?", answer=TYPED)
    make_note(topic, "sum", kind="numeric", question="What is {{n}} times {{k}}?", answer=NUMERIC)
    make_note(topic, "parts", kind="occlusion", question="What is hidden?", answer=OCCLUSION)
    return topic


def test_it_shows_both_sides_of_every_card_of_every_kind(client: Client, deck: Deck, of_all_kinds: Topic) -> None:
    assert set(Card.objects.values_list("kind", flat=True)) == {kind.name for kind in all_kinds()}
    page = shown(client, deck)
    for card in Card.objects.exclude(kind="choice"):
        assert card.question_html in page
        assert card.answer_html in page
        assert card.explanation_html in page
    for word in ("What splits light?", "Prism", "Mirror", "Lens cap"):
        assert word in page
    assert page.count('class="occlusion"') == 4
    assert page.count("<article") == Card.objects.count() == 10


def test_it_shows_what_answers_are_judged_by(client: Client, deck: Deck, of_all_kinds: Topic) -> None:
    page = shown(client, deck)
    right = page.index("Right:</span></span> Prism")
    assert right < page.index("Wrong:</span></span> Mirror") < page.index("Wrong:</span></span> Lens cap")
    assert "reflection for refraction" in page
    assert "A mirror reflects every colour alike." in page
    assert "number of cycles" in page
    for known in ("wavelength", "length for rate", "That is counted in metres."):
        assert known in page
    numbers = client.get(address(deck)).content.decode().partition("<pre")[2]
    assert NUMERIC in unescape(numbers)


def test_it_says_where_a_note_comes_from(client: Client, deck: Deck, of_all_kinds: Topic) -> None:
    page = shown(client, deck)
    for said in (">plain</h3>", "Newton, Opticks (1704)", "optics", "S7", "Image occlusion"):
        assert said in page


def test_an_explanation_stands_once_under_the_cards_that_share_it(
    client: Client, deck: Deck, of_all_kinds: Topic
) -> None:
    page = shown(client, deck)
    first, second = Card.objects.filter(kind="cloze").order_by("ordinal")
    assert page.count("Said once.") == 1
    assert page.index(first.question_html) < page.index(second.answer_html) < page.index("Said once.")


def test_it_begins_with_the_introduction_and_leads_to_topics_in_order(client: Client, deck: Deck) -> None:
    deck.introduction = "Here $c$ is the *speed of light*."
    save_deck(deck)
    later, sooner, _bare = make_topic(deck, "sound", 2), make_topic(deck, "heat", 1), make_topic(deck, "bare", 3)
    make_note(later, "second", position=2)
    make_note(later, "first", position=1)
    make_note(sooner, "warm")
    page = shown(client, deck)
    pieces = [deck.introduction_html, '"#topic-heat"', '"#topic-sound"', "Say warm", "Say first", "Say second"]
    places = [page.index(piece) for piece in pieces]
    assert places == sorted(places)
    for target in ('id="topic-heat"', 'id="topic-sound"'):
        assert page.count(target) == 1
    assert "topic-bare" not in page


def test_what_is_archived_is_not_shown(client: Client, deck: Deck, topic: Topic) -> None:
    archive_note(make_note(topic, "gone"))
    note = make_note(topic, "gaps", kind="cloze", question="{{c1::One}} and {{c2::two}}.", answer="")
    card = note.cards.get(ordinal=2)
    card.archived_at = card.note.created_at
    card.save()
    page = shown(client, deck)
    assert "Say gone" not in page
    assert "1 note, 1 card" in page
    assert card.question_html not in page


def test_a_deck_without_cards_says_so(client: Client, deck: Deck) -> None:
    assert "This deck has no cards yet." in shown(client, deck)


def test_who_may_see_it(client: Client, deck: Deck, topic: Topic, bob: User, charlie: User, erin: User) -> None:
    private = Deck.objects.create(slug="bobs", title="Bob's", owner=bob)
    assert client.get(address(deck)).status_code == 200
    assert client.get(address(private)).status_code == 404
    for user, status in ((charlie, 404), (bob, 200), (erin, 200)):
        client.force_login(user)
        assert client.get(address(private)).status_code == status
        assert client.get(address(deck)).status_code == 200
    assert client.get("/decks/none/print").status_code == 404


@pytest.mark.parametrize("end", ["", "/"])
def test_it_is_read_only_at_its_address_with_or_without_the_last_slash(client: Client, deck: Deck, end: str) -> None:
    assert client.get(f"/decks/physics/print{end}").status_code == 200
    assert client.post(f"/decks/physics/print{end}").status_code == 405


def test_search_engines_leave_it_alone(client: Client, deck: Deck) -> None:
    assert client.get(address(deck))["X-Robots-Tag"] == "noindex"


def test_titles_are_text(client: Client, deck: Deck) -> None:
    title = "<script>alert(1)</script> & more"
    deck.title = title
    save_deck(deck)
    topic = make_topic(deck, "sly", 1)
    Topic.objects.filter(pk=topic.pk).update(title="<img src=x onerror=alert(2)>")
    make_note(topic, "sly", reference="<b>bold</b>", tags=("<i>tag</i>",))
    page = shown(client, deck)
    assert escape(title) in page
    for raw in ("<script>alert", "<img src=x", "<b>bold", "<i>tag"):
        assert raw not in page


def test_queries_do_not_grow_with_the_deck(client: Client, charlie: User, deck: Deck, of_all_kinds: Topic) -> None:
    client.force_login(charlie)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(client, deck)
        return len(captured)

    queries()
    small = queries()
    for number in range(5):
        topic = make_topic(deck, f"more-{number}", number + 2)
        for note in range(4):
            gaps = "{{c1::One}}, {{c2::two}}."
            make_note(topic, f"n{number}-{note}", kind="cloze", question=gaps, answer="", tags=(f"t{note}", "all"))
    assert queries() == small < MOST_QUERIES


def test_a_decks_page_leads_to_it(client: Client, charlie: User, deck: Deck) -> None:
    client.force_login(charlie)
    assert f'href="{address(deck)}"' in client.get(reverse("study:deck", args=[deck.slug])).content.decode()
