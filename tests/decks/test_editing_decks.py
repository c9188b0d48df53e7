"""Members make decks, say what they are, put their topics in order and delete them."""

import pytest
from django.test import Client
from django.urls import reverse

from flashcards.accounts.models import User
from flashcards.classes.models import Event
from flashcards.decks.models import Card, ClassDeck, Deck, Note, Topic
from flashcards.decks.services import archive_note, save_deck
from tests.classes.people import make_class, member

from .conftest import make_note, make_topic

NEW = "decks:new"


@pytest.fixture
def owned(bob: User) -> Deck:
    deck = Deck(slug="birds", title="Birds", owner=bob)
    save_deck(deck)
    return deck


@pytest.fixture
def owner(bob: User) -> Client:
    client = Client()
    client.force_login(bob)
    return client


def settings_of(deck: Deck) -> str:
    return reverse("decks:settings", args=[deck.slug])


def titles(deck: Deck) -> list[str]:
    return [topic.title for topic in deck.topics.order_by("position", "pk")]


def change_topic(client: Client, deck: Deck, do: str, topic: Topic | None = None, title: str = "") -> int:
    posted = {"do": do, "topic": topic.pk if topic else "", "title": title}
    return client.post(reverse("decks:topics", args=[deck.slug]), posted).status_code


def test_a_member_makes_a_deck_of_their_own(owner: Client, bob: User) -> None:
    response = owner.post(reverse(NEW), {"title": "  Birds of Europe ", "language": "de"})

    deck = Deck.objects.get()
    assert response["Location"] == reverse("decks:notes", args=["birds-of-europe"])
    assert (deck.title, deck.slug, deck.language) == ("Birds of Europe", "birds-of-europe", "de")
    assert (deck.owner, deck.is_public) == (bob, False)
    assert deck.history.get().history_user == bob
    home = owner.get("/").content.decode()
    assert "Birds of Europe" in home
    assert reverse(NEW) in home
    assert "No notes yet" in owner.get(response["Location"]).content.decode()


@pytest.mark.parametrize("title", ["Birds", "new", "import", "鸟", "?"])
def test_any_title_gets_an_address_of_its_own(owner: Client, title: str) -> None:
    for _ in range(2):
        assert owner.post(reverse(NEW), {"title": title, "language": "en"}).status_code == 302

    slugs = list(Deck.objects.values_list("slug", flat=True))
    assert len(set(slugs)) == 2
    assert not {"new", "import"} & set(slugs)


@pytest.mark.parametrize(
    ("title", "language", "field"),
    [("", "en", "title"), ("a\u202eb", "en", "title"), ("x" * 201, "en", "title"), ("Birds", "no tag", "language")],
)
def test_a_deck_that_can_not_be_is_refused(owner: Client, title: str, language: str, field: str) -> None:
    response = owner.post(reverse(NEW), {"title": title, "language": language})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Deck.objects.exists()


def test_guests_sign_up_first_and_strangers_sign_in(db: None) -> None:
    browser = Client()
    assert browser.get(reverse(NEW))["Location"].startswith("/account/login/")
    browser.force_login(User.objects.create_guest())
    assert browser.post(reverse(NEW), {"title": "Birds", "language": "en"})["Location"] == "/account/signup/"
    assert reverse(NEW) not in browser.get("/").content.decode()
    assert not Deck.objects.exists()


def test_settings_are_saved_and_the_address_stays(owner: Client, owned: Deck) -> None:
    posted = {"title": "Birds & bees", "language": "en-GB", "introduction": "See $x$."}

    assert owner.post(settings_of(owned), posted).status_code == 302
    owned.refresh_from_db()
    assert (owned.title, owned.slug, owned.language) == ("Birds & bees", "birds", "en-GB")
    assert "<math" in owned.introduction_html


def test_what_is_wrong_in_the_introduction_is_said_with_its_line(owner: Client, owned: Deck) -> None:
    response = owner.post(settings_of(owned), {"title": "", "language": "en", "introduction": "a\n\n$\\foo$"})
    assert list(response.context["form"].errors) == ["title"]
    response = owner.post(settings_of(owned), {"title": "New", "language": "en", "introduction": "a\n\n$\\foo$"})

    assert response.status_code == 422
    assert "Line 3" in response.context["form"].errors["introduction"][0]
    assert "Edit Birds" in response.content.decode()
    owned.refresh_from_db()
    assert (owned.title, owned.introduction) == ("Birds", "")


def test_only_editors_of_the_site_make_a_deck_public(owner: Client, editor: Client, owned: Deck) -> None:
    posted = {"title": "Birds", "language": "en", "introduction": "", "is_public": "on"}

    owner.post(settings_of(owned), posted)
    assert "is_public" not in owner.get(settings_of(owned)).context["form"].fields
    assert not Deck.objects.get().is_public
    editor.post(settings_of(owned), posted)
    assert Deck.objects.get().is_public
    owner.post(settings_of(owned), {"title": "Birds", "language": "en", "introduction": ""})
    assert Deck.objects.get().is_public


def test_topics_are_added_renamed_and_put_in_order(owner: Client, owned: Deck) -> None:
    for title in ("Songs", "Nests", "Eggs & chicks"):
        assert change_topic(owner, owned, "add", title=title) == 302
    songs, nests, eggs = owned.topics.order_by("position")
    for topic, key in ((songs, "wren"), (nests, "owl"), (eggs, "egg")):
        make_note(topic, key)

    change_topic(owner, owned, "down", songs)
    change_topic(owner, owned, "up", eggs)
    change_topic(owner, owned, "up", nests)
    change_topic(owner, owned, "rename", eggs, "Eggs")

    assert titles(owned) == ["Nests", "Eggs", "Songs"]
    assert [card.note.key for card in Card.objects.order_by("position")] == ["owl", "egg", "wren"]
    assert Topic.objects.get(pk=eggs.pk).slug == "eggs-chicks"


def test_topics_with_one_position_are_put_in_order_as_well(owner: Client, owned: Deck) -> None:
    first, second, third = (make_topic(owned, slug, 5) for slug in ("one", "two", "three"))

    change_topic(owner, owned, "up", third)

    assert titles(owned) == ["One", "Three", "Two"]
    assert change_topic(owner, owned, "up", first) == 302
    assert titles(owned) == ["One", "Three", "Two"]
    assert second in owned.topics.all()


@pytest.mark.parametrize("title", ["", "  ", "songs", "a\x00b", "x" * 201])
def test_a_title_that_can_not_be_is_refused_where_it_is_typed(owner: Client, owned: Deck, title: str) -> None:
    topic, other = make_topic(owned, "songs", 0), make_topic(owned, "nests", 1)

    for do, posted in (("add", None), ("rename", other)):
        address = reverse("decks:topics", args=["birds"])
        response = owner.post(address, {"do": do, "title": title, "topic": posted.pk if posted else ""})
        assert response.status_code == 422
        assert response.context["problems"]
        assert 'topic-problem" role="alert"' in response.content.decode()
    assert titles(owned) == [topic.title, other.title]


def test_only_an_empty_topic_is_removed(owner: Client, owned: Deck) -> None:
    songs, nests = make_topic(owned, "songs", 0), make_topic(owned, "nests", 1)
    archive_note(make_note(songs, "wren"))

    assert change_topic(owner, owned, "remove", songs) == 422
    assert change_topic(owner, owned, "remove", nests) == 302
    assert titles(owned) == ["Songs"]
    assert change_topic(owner, owned, "burn", songs) == 404


def test_a_topic_of_another_deck_is_none_of_this_one(owner: Client, owned: Deck, topic: Topic) -> None:
    for do in ("rename", "up", "remove"):
        assert change_topic(owner, owned, do, topic, "Mine") == 404
    assert titles(topic.deck) == ["Light"]


def test_deleting_says_what_goes_and_needs_the_title(owner: Client, bob: User, owned: Deck, deck: Deck) -> None:
    make_note(make_topic(owned, "songs", 0), "wren", kind="reversed")
    make_note(make_topic(deck, "light", 0), "photon")
    study_class = make_class(member("Anna")).study_class
    ClassDeck.objects.create(study_class=study_class, deck=owned)
    address = reverse("decks:delete", args=["birds"])

    html = owner.get(address).content.decode()
    for said in ("1 note", "2 cards", "1 class that it is shared with"):
        assert said in html
    for typed in ("", "Bird"):
        assert owner.post(address, {"title": typed}).status_code == 422
        assert Deck.objects.filter(slug="birds").exists()
    assert owner.post(address, {"title": " birds "})["Location"] == "/"
    assert list(Deck.objects.all()) == [deck]
    assert Note.objects.get().key == "photon"
    assert set(Note.history.values_list("key", flat=True)) == {"photon"}
    event = Event.objects.filter(study_class=study_class, kind=Event.Kind.SHARED).get()
    assert (event.actor, event.words) == (bob, "withdrew: Birds")


def test_only_the_owner_deletes_a_deck(editor: Client, client: Client, owned: Deck) -> None:
    address = reverse("decks:delete", args=["birds"])

    assert editor.get(settings_of(owned)).status_code == 200
    assert address not in editor.get(settings_of(owned)).content.decode()
    assert editor.post(address, {"title": "Birds"}).status_code == 404
    assert Deck.objects.exists()
