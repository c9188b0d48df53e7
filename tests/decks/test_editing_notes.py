"""A deck's owner and editors look through its notes and write them, outside the admin and without JavaScript."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck, MediaFile, Note, Severity, Topic
from flashcards.decks.services import archive_note, save_deck, version_of

from .conftest import make_note, make_topic


@pytest.fixture
def owned(bob: User) -> Deck:
    deck = Deck(slug="birds", title="Birds", owner=bob)
    save_deck(deck)
    return deck


@pytest.fixture
def songs(owned: Deck) -> Topic:
    return make_topic(owned, "songs", 0)


@pytest.fixture
def owner(bob: User) -> Client:
    client = Client()
    client.force_login(bob)
    return client


@pytest.fixture
def media_folder(settings: object, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def texts(topic: Topic | None, /, **changed: object) -> dict[str, object]:
    return {
        "kind": "basic",
        "topic": topic.pk if topic else "",
        "new_topic": "",
        "question": "Which bird sings *at night*?",
        "answer": "The nightingale.",
        "explanation": "",
        "tag_names": "song, night",
        "source_ids": "",
        "reference": "",
        "key": "",
        "do": "save",
        **changed,
    }


def page(note: Note) -> str:
    return reverse("decks:note", args=[note.deck.slug, note.pk])


def new(deck: Deck) -> str:
    return reverse("decks:note_new", args=[deck.slug])


def picture(name: str = "wren.png") -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (8, 6), "teal").save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue(), "image/png")


def test_an_owner_writes_a_note_and_its_cards_are_there(owner: Client, bob: User, songs: Topic) -> None:
    make_note(songs, "wren", position=4)

    response = owner.post(new(songs.deck), texts(songs))

    note = Note.objects.get(key="which-bird-sings-at-night")
    assert response.status_code == 302
    assert response["Location"] == page(note)
    assert (note.topic, note.position) == (songs, 5)
    assert sorted(tag.name for tag in note.tags.all()) == ["night", "song"]
    assert "<em>at night</em>" in Card.objects.get(note=note).question_html
    assert note.history.get().history_user == bob
    assert "The nightingale." in owner.get(page(note)).content.decode()


def test_two_notes_with_one_question_get_two_keys(owner: Client, songs: Topic) -> None:
    for _ in range(3):
        owner.post(new(songs.deck), texts(songs))

    keys = set(Note.objects.values_list("key", flat=True))
    assert keys == {"which-bird-sings-at-night", "which-bird-sings-at-night-2", "which-bird-sings-at-night-3"}


@pytest.mark.parametrize("question", ["鸟儿", "$$x$$", "{{c1::Wrens}} sing.", "?" * 300, "a" * 300])
def test_any_question_makes_a_key(owner: Client, songs: Topic, question: str) -> None:
    kind = "cloze" if "{{" in question else "basic"
    changed = {"question": question, "kind": kind, "answer": "" if kind == "cloze" else "a"}

    assert owner.post(new(songs.deck), texts(songs, **changed)).status_code == 302
    assert re.fullmatch(r"[-\w]{1,80}", Note.objects.get().key)
    assert "c1" not in Note.objects.get().key


def test_save_and_add_another_goes_on_with_topic_kind_and_tags(owner: Client, songs: Topic) -> None:
    response = owner.post(new(songs.deck), texts(songs, do="another", kind="reversed"), follow=True)

    form = response.context["form"]
    assert (form["kind"].value(), form["tag_names"].value()) == ("reversed", "night, song")
    assert str(form["topic"].value()) == str(songs.pk)
    assert not form["question"].value()
    assert Note.objects.count() == 1


def test_a_typed_topic_is_made_and_found_again(owner: Client, owned: Deck, songs: Topic) -> None:
    owner.post(new(owned), texts(songs, new_topic="Nests & eggs"))
    owner.post(new(owned), texts(None, new_topic="nests & EGGS"))
    owner.post(new(owned), texts(None, new_topic="Songs"))

    assert [topic.title for topic in owned.topics.order_by("position")] == ["Songs", "Nests & eggs"]
    assert [note.topic.title for note in Note.objects.order_by("pk")] == ["Nests & eggs", "Nests & eggs", "Songs"]


def test_a_refused_note_makes_no_topic(owner: Client, owned: Deck) -> None:
    response = owner.post(new(owned), texts(None, new_topic="Nests", answer="$\\foo$"))

    assert response.status_code == 422
    assert not owned.topics.exists()
    assert response.context["form"]["new_topic"].value() == "Nests"


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"answer": "a\n\n$\\foo$"}, "answer", "Line 3: Formula"),
        ({"answer": ""}, "answer", "Answer is missing"),
        ({"kind": "cloze", "answer": ""}, "question", "There is no gap"),
        ({"question": "a\x00"}, "question", "ull character"),
        ({"explanation": "x" * 60_000}, "explanation", "at most 50,000"),
        ({"key": "not a key"}, "key", ""),
        ({"key": "taken"}, "key", "Another note"),
        ({"tag_names": "x" * 61}, "tag_names", "at most 60"),
        ({"source_ids": "S 1"}, "source_ids", "no source id"),
        ({"topic": ""}, "topic", "Choose a topic"),
        ({"topic": "987654"}, "topic", ""),
        ({"topic": "x"}, "topic", ""),
        ({"new_topic": "a\tb"}, "topic", "one line"),
        ({"kind": "chess"}, "kind", ""),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_the_text_is_kept(
    owner: Client, songs: Topic, changed: dict[str, object], field: str, said: str
) -> None:
    make_note(songs, "taken")

    response = owner.post(new(songs.deck), texts(songs, **changed))

    form = response.context["form"]
    assert response.status_code == 422
    assert list(form.errors) == [field]
    assert said in " ".join(form.errors[field])
    assert Note.objects.count() == 1
    for name, value in changed.items():
        assert str(form[name].value()) == str(value)


def test_a_topic_of_another_deck_is_none_of_this_one(owner: Client, owned: Deck, topic: Topic) -> None:
    assert owner.post(new(owned), texts(topic)).status_code == 422
    assert not Note.objects.exists()


def test_a_change_says_how_grave_it_is_and_why(owner: Client, songs: Topic) -> None:
    note = make_note(songs, "wren", question="Which bird sings?", answer="The wren.", tags=("song",))

    def change(**changed: object) -> tuple[str, str | None]:
        stored = Note.objects.get(pk=note.pk)
        values = {"question": stored.question, "answer": stored.answer, "key": "wren", "version": version_of(note)}
        assert owner.post(page(note), texts(songs, **{**values, **changed})).status_code == 302
        latest = note.history.latest()
        return latest.severity, latest.history_change_reason

    assert change(question="Which bird sings!", severity="", reason="") == (Severity.WORDING, "")
    assert Card.objects.get(note=note).meaning_changed_at is None
    assert change(answer="The owl hoots 12 times.", severity="", reason="") == (Severity.MEANING, "")
    assert Card.objects.get(note=note).meaning_changed_at is not None
    assert change(answer="The crow.", severity="wording", reason="as Bob said") == (Severity.WORDING, "as Bob said")
    assert change(answer="The crow", severity="meaning", reason="") == (Severity.MEANING, "")


@pytest.mark.parametrize("changed", [{"severity": "worst"}, {"reason": "x" * 101}, {"reason": "a\x07b"}])
def test_a_change_that_says_nonsense_of_itself_is_refused(
    owner: Client, songs: Topic, changed: dict[str, object]
) -> None:
    note = make_note(songs, "wren")

    assert owner.post(page(note), texts(songs, key="wren", **changed)).status_code == 422
    assert note.history.count() == 1


def test_a_note_keeps_its_place_until_it_moves_to_another_topic(owner: Client, owned: Deck, songs: Topic) -> None:
    note, nests = make_note(songs, "wren", position=7), make_topic(owned, "nests", 1)
    make_note(nests, "egg", position=3)

    owner.post(page(note), texts(songs, key="wren"))
    assert (Note.objects.get(pk=note.pk).topic, Note.objects.get(pk=note.pk).position) == (songs, 7)
    owner.post(page(note), texts(nests, key="wren"))
    assert (Note.objects.get(pk=note.pk).topic, Note.objects.get(pk=note.pk).position) == (nests, 4)


def test_a_note_is_archived_and_restored(owner: Client, songs: Topic) -> None:
    note = make_note(songs, "wren")

    assert "Archived" in owner.post(page(note), {"do": "archive"}, follow=True).content.decode()
    assert Card.objects.get().archived_at is not None
    assert "Restored" in owner.post(page(note), {"do": "restore"}, follow=True).content.decode()
    assert Card.objects.get().archived_at is None
    assert owner.post(page(note), {"do": "burn"}).status_code == 404
    assert owner.post(new(songs.deck), {"do": "archive"}).status_code == 404


def test_a_duplicate_begins_with_everything_but_the_key(owner: Client, songs: Topic) -> None:
    note = make_note(songs, "wren", explanation="*Because*", tags=("song",), sources=["S01"], reference="A book")

    form = owner.get(f"{new(songs.deck)}?from={note.pk}").context["form"]

    assert form["question"].value() == "Ask wren"
    assert (form["explanation"].value(), form["tag_names"].value()) == ("*Because*", "song")
    assert (form["source_ids"].value(), form["reference"].value()) == ("S01", "A book")
    assert not form["key"].value()
    assert owner.get(f"{new(songs.deck)}?from=987654").status_code == 404


def test_another_kind_shows_its_fields_without_saving(owner: Client, songs: Topic) -> None:
    response = owner.post(new(songs.deck), texts(songs, kind="cloze", answer="", do="show"))

    html = response.content.decode()
    assert response.status_code == 200
    assert not Note.objects.exists()
    assert re.search(r'field-answer"\s+hidden', html)
    assert "Which bird sings *at night*?" in html


def test_a_picture_is_added_without_javascript(owner: Client, songs: Topic, media_folder: Path, owned: Deck) -> None:
    posted = texts(songs, do="picture", picture=picture(), picture_words="A [wren]", picture_field="answer")

    response = owner.post(new(owned), posted)

    media = MediaFile.objects.get(deck=owned)
    answer = str(response.context["form"]["answer"].value())
    assert response.status_code == 200
    assert not Note.objects.exists()
    assert answer.startswith("The nightingale.\n\n![A ")
    assert f"](/media/{media.digest}.{media.extension})" in answer
    owner.post(new(owned), texts(songs, answer=answer))
    assert f'src="/media/{media.digest}' in Card.objects.get().answer_html


def test_a_picture_is_saved_with_the_note_in_one_go(
    owner: Client, songs: Topic, media_folder: Path, owned: Deck
) -> None:
    owner.post(new(owned), texts(songs, picture=picture(), picture_words="A wren", picture_field="question"))

    assert "![A wren](/media/" in Note.objects.get().question


def test_what_is_no_picture_is_refused_and_the_text_is_kept(
    owner: Client, songs: Topic, media_folder: Path, owned: Deck
) -> None:
    file = SimpleUploadedFile("wren.png", b"no picture", "image/png")

    for posted in (texts(songs, picture=file), texts(songs, do="picture")):
        response = owner.post(new(owned), posted)
        assert response.status_code == 422
        assert "nightingale" in response.content.decode()
        assert response.context["picture_problem"]
    assert not Note.objects.exists()


def test_the_preview_is_the_admins_and_knows_how_grave_a_change_seems(
    owner: Client, editor: Client, songs: Topic
) -> None:
    note = make_note(songs, "wren", question="Which bird sings?", answer="The wren.")
    posted = {"kind": "basic", "question": "Which bird sings?", "answer": "The owl hoots 12 times."}
    address = reverse("decks:note_preview", args=["birds"])

    answer = owner.post(address, posted).json()

    assert answer == editor.post(reverse("admin:decks_note_preview"), posted).json()
    assert "severity" not in answer
    assert owner.post(address, {**posted, "note": note.pk}).json()["severity"] == "meaning"
    assert owner.post(address, {**posted, "answer": "The  wren!", "note": note.pk}).json()["severity"] == "wording"


def test_the_preview_tells_nothing_of_another_decks_note(owner: Client, songs: Topic, topic: Topic) -> None:
    note = make_note(topic, "photon")
    posted = {"kind": "basic", "question": "a", "answer": "b", "note": note.pk}

    assert "severity" not in owner.post(reverse("decks:note_preview", args=["birds"]), posted).json()


def test_nobody_else_comes_near(client: Client, charlie: User, owned: Deck, songs: Topic) -> None:
    note = make_note(songs, "wren")
    pages = [reverse(f"decks:{name}", args=["birds"]) for name in ("notes", "note_new", "settings")]
    client.force_login(charlie)

    for address in [*pages, page(note)]:
        assert client.get(address).status_code == 404
    assert client.post(new(owned), texts(songs)).status_code == 404
    assert client.post(page(note), {"do": "archive"}).status_code == 404
    assert Client().get(page(note)).status_code == 302
    assert Note.objects.get().archived_at is None


def test_a_note_is_reached_in_its_own_deck_alone(editor: Client, songs: Topic, topic: Topic) -> None:
    note = make_note(songs, "wren")

    assert editor.get(page(note)).status_code == 200
    assert editor.get(reverse("decks:note", args=[topic.deck.slug, note.pk])).status_code == 404
    assert editor.get(f"/decks/birds/notes/{10**30}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("", ["Ask wren", "Ask owl"]),
        ("q=WREN", ["Ask wren"]),
        ("q=ask+owl", ["Ask owl"]),
        ("q=ÜBER", ["Ask owl"]),
        ("q=%00", ["Ask wren", "Ask owl"]),
        ("topic=nests", ["Ask owl"]),
        ("tag=song", ["Ask wren"]),
        ("kind=reversed", ["Ask owl"]),
        ("kind=chess", ["Ask wren", "Ask owl"]),
        ("state=archived", ["Ask gone"]),
        ("state=all&topic=songs", ["Ask wren", "Ask gone"]),
        ("q=nothing+of+that", []),
    ],
)
def test_notes_are_looked_for(owner: Client, owned: Deck, songs: Topic, query: str, lines: list[str]) -> None:
    make_note(songs, "wren", tags=("song",))
    archive_note(make_note(songs, "gone", position=1))
    make_note(make_topic(owned, "nests", 1), "owl", kind="reversed", answer="Über")

    response = owner.get(f"{reverse('decks:notes', args=['birds'])}?{query}")

    assert [row.line for row in response.context["rows"]] == lines


def test_a_row_says_who_changed_the_note_last(owner: Client, editor: Client, songs: Topic) -> None:
    note = make_note(songs, "wren", kind="reversed")
    editor.post(page(note), texts(songs, key="wren", kind="reversed"))

    (row,) = owner.get(reverse("decks:notes", args=["birds"])).context["rows"]

    assert (row.changed_by, row.cards, row.tags) == ("erin@example.org", 2, ["night", "song"])


def test_the_list_takes_as_many_queries_for_any_number_of_notes(owner: Client, owned: Deck, songs: Topic) -> None:
    address = f"{reverse('decks:notes', args=['birds'])}?q=ask&tag=song"
    owner.get(address)  # the first request of a process asks what it then remembers
    counts = []
    for batch in range(2):
        for number in range(batch * 3, 3 + batch * 60):
            topic = make_topic(owned, f"topic-{number}", number + 1)
            make_note(topic, f"bird-{number}", tags=("song", f"tag-{number}"))
        with CaptureQueriesContext(connection) as queries:
            response = owner.get(address)
        counts.append(len(queries))
        assert len(response.context["rows"]) == min(Note.objects.count(), 50)
    assert counts[0] == counts[1]


def test_learners_who_may_edit_are_led_to_the_note(owner: Client, client: Client, charlie: User, songs: Topic) -> None:
    Deck.objects.update(is_public=True)
    note = make_note(songs, "wren")
    card = Card.objects.get(note=note)
    client.force_login(charlie)

    for address in (f"/cards/{card.pk}/", "/study/birds/"):
        assert page(note) in owner.get(address).content.decode()
        assert page(note) not in client.get(address).content.decode()
    assert reverse("decks:notes", args=["birds"]) in owner.get("/decks/birds/").content.decode()
    assert reverse("decks:notes", args=["birds"]) not in client.get("/decks/birds/").content.decode()
