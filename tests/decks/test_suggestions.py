"""A learner says what is wrong with a card; editors look, answer, and the learner hears back."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck, Note, Suggestion, Topic

from .conftest import make_note

MINE = reverse("decks:my_suggestions")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def card(topic: Topic) -> Card:
    return make_note(topic, "speed", question="How fast is light?", answer="300 km/s", tags=("light",)).cards.get()


def say(user: User, card: Card, **data: str) -> int:
    return client_of(user).post(reverse("decks:suggest", args=[card.pk]), data).status_code


def queue(client: Client, deck: Deck, show: str = "") -> str:
    return client.get(reverse("decks:suggestions", args=[deck.slug]), {"show": show}).content.decode()


def answer(client: Client, one: Suggestion, **data: str) -> int:
    url = reverse("decks:suggestion", args=[one.note.deck.slug, one.pk])
    version = str(client.get(url).context["version"])
    return client.post(url, {"version": version, **data}).status_code


def test_one_press_says_it_and_leads_back(card: Card, bob: User, editor: Client, deck: Deck) -> None:
    response = client_of(bob).post(
        reverse("decks:suggest", args=[card.pk]), {"reason": "wrong", "next": "/study/physics/"}
    )
    assert (response.status_code, response["Location"]) == (302, "/study/physics/")
    assert "How fast is light?" in queue(editor, deck)
    one = Suggestion.objects.get()
    assert (one.author, one.card, one.note, one.reason, one.state) == (bob, card, card.note, "wrong", "open")


def test_another_site_is_no_way_back(card: Card, bob: User) -> None:
    response = client_of(bob).post(
        reverse("decks:suggest", args=[card.pk]), {"reason": "wrong", "next": "https://example.org/"}
    )
    assert response["Location"] == f"/cards/{card.pk}/"


def test_saying_it_again_is_said_once(card: Card, bob: User) -> None:
    say(bob, card, reason="wrong")
    say(bob, card, reason="wrong", comment="It is 300,000 km/s.")
    say(bob, card, reason="typo")
    assert Suggestion.objects.get(reason="wrong").comment == "It is 300,000 km/s."
    assert Suggestion.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"reason": "perhaps"}, "Say what is wrong"),
        ({"reason": "other"}, "in a few words"),
        ({"reason": "wrong", "comment": "x" * 1001}, "1,000"),
        ({"reason": "wrong", "answer": "$\\frac{1}$"}, "Formula"),
        ({"reason": "wrong", "answer": ""}, "Answer is missing"),
    ],
)
def test_what_cannot_be_taken_is_said_and_kept(card: Card, bob: User, data: dict[str, str], words: str) -> None:
    response = client_of(bob).post(reverse("decks:suggest", args=[card.pk]), data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert data.get("comment", "") in response.content.decode()
    assert not Suggestion.objects.exists()


def test_the_same_from_many_comes_first_and_is_answered_in_one(
    card: Card, topic: Topic, deck: Deck, bob: User, charlie: User, editor: Client
) -> None:
    other = make_note(topic, "other").cards.get()
    say(bob, other, reason="unclear")
    for user in (bob, charlie):
        say(user, card, reason="wrong", answer="300,000 km/s")
    page = queue(editor, deck)
    assert page.index("How fast is light?") < page.index("Ask other")
    assert "2 learners" in page
    assert answer(editor, Suggestion.objects.filter(note=card.note)[0], do="accept", answer="300,000 km/s") == 302
    assert set(Suggestion.objects.filter(note=card.note).values_list("state", flat=True)) == {"accepted"}
    assert Suggestion.objects.get(note=other.note).state == "open"


def test_accepting_changes_the_note_and_keeps_the_credit(card: Card, bob: User, erin: User, editor: Client) -> None:
    say(bob, card, reason="wrong", answer="300,000 km/s", comment="A factor of 1000.")
    answer(
        editor, Suggestion.objects.get(), do="accept", answer="300,000 km/s", severity="meaning", reply="Well seen."
    )
    card.refresh_from_db()
    version = Note.history.filter(id=card.note_id).latest()
    assert version.answer == "300,000 km/s"
    assert "300,000" in card.answer_html
    assert (version.credit, version.history_user, version.severity) == (bob, erin, "meaning")
    assert [tag.name for tag in card.note.tags.all()] == ["light"]
    page = client_of(bob).get(MINE).content.decode()
    assert "Well seen." in page
    assert "Accepted" in page


def test_an_editor_may_write_it_otherwise(card: Card, bob: User, editor: Client) -> None:
    say(bob, card, reason="wrong", answer="3e5 km/s")
    answer(editor, Suggestion.objects.get(), do="accept", answer="About 300,000 km/s")
    assert Suggestion.objects.get().state == "changed"
    assert Note.objects.get(pk=card.note_id).answer == "About 300,000 km/s"


def test_refusing_takes_a_word(card: Card, bob: User, editor: Client) -> None:
    say(bob, card, reason="wrong")
    assert answer(editor, Suggestion.objects.get(), do="refuse") == 422
    assert answer(editor, Suggestion.objects.get(), do="refuse", reply="In glass it is.") == 302
    one = Suggestion.objects.get()
    assert (one.state, one.reply) == ("refused", "In glass it is.")
    assert Note.history.filter(id=card.note_id).count() == 1


def test_a_word_too_many_changes_nothing(card: Card, bob: User, editor: Client) -> None:
    say(bob, card, reason="wrong", answer="300,000 km/s")
    assert answer(editor, Suggestion.objects.get(), do="accept", answer="$\\frac{1}$") == 422
    assert Suggestion.objects.get().state == "open"
    assert Note.objects.get(pk=card.note_id).answer == "300 km/s"


def test_two_editors_do_not_overwrite_each_other(card: Card, bob: User, editor: Client, erin: User) -> None:
    say(bob, card, reason="wrong", answer="300,000 km/s")
    one = Suggestion.objects.get()
    url = reverse("decks:suggestion", args=["physics", one.pk])
    version = str(editor.get(url).context["version"])
    say(bob, card, reason="typo", question="How fast does light go?")
    typo = Suggestion.objects.get(reason="typo")
    answer(editor, typo, do="accept", question="How fast does light go?", answer="300 km/s")
    late = editor.post(url, {"version": version, "do": "accept", "answer": "300,000 km/s", "question": "How fast?"})
    assert late.status_code == 422
    assert "changed while you looked" in late.content.decode()
    assert Note.objects.get(pk=card.note_id).question == "How fast does light go?"
    assert answer(editor, typo, do="refuse", reply="No.") == 422
    typo.refresh_from_db()
    assert typo.state == "accepted"


def test_the_learner_is_told_once(card: Card, bob: User, editor: Client) -> None:
    say(bob, card, reason="wrong")
    learner = client_of(bob)
    home = reverse("study:home")
    assert "An editor has answered" not in learner.get(home).content.decode()
    answer(editor, Suggestion.objects.get(), do="refuse", reply="It is right.")
    assert "An editor has answered" in learner.get(home).content.decode()
    assert "It is right." in learner.get(MINE).content.decode()
    assert "An editor has answered" not in learner.get(home).content.decode()


def test_who_may(card: Card, deck: Deck, bob: User, charlie: User) -> None:
    deck.is_public = False
    deck.owner = bob
    deck.save()
    assert say(charlie, card, reason="wrong") == 404
    assert say(bob, card, reason="wrong") == 302
    one = Suggestion.objects.get()
    for url in (reverse("decks:suggestions", args=["physics"]), reverse("decks:suggestion", args=["physics", one.pk])):
        assert client_of(charlie).get(url).status_code == 404
        assert client_of(bob).get(url).status_code == 200
    assert "Physics" in client_of(bob).get(MINE).content.decode()


def test_a_card_taken_out_is_not_spoken_of(card: Card, bob: User) -> None:
    Card.objects.filter(pk=card.pk).update(archived_at="2026-01-01T00:00Z")
    assert say(bob, card, reason="wrong") == 404


def count_queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_queries_do_not_grow(card: Card, topic: Topic, deck: Deck, bob: User, editor: Client) -> None:
    learner, pages = client_of(bob), [(editor, reverse("decks:suggestions", args=[deck.slug]))]
    say(bob, card, reason="wrong", comment="No.")
    answered = make_note(topic, "answered").cards.get()
    say(bob, answered, reason="wrong")
    answer(editor, Suggestion.objects.get(note=answered.note), do="refuse", reply="No.")
    pages += [(editor, f"{pages[0][1]}?show=answered"), (learner, MINE)]
    learner.get(MINE)
    few = [count_queries(*page) for page in pages]
    for number in range(5):
        more = make_note(topic, f"more-{number}").cards.get()
        say(bob, more, reason="wrong", comment="No.")
        if number % 2:
            answer(editor, Suggestion.objects.get(note=more.note), do="refuse", reply="No.")
    learner.get(MINE)
    assert [count_queries(*page) for page in pages] == few
