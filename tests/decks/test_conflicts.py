"""Two editors at once: the second never overwrites silently, in the admin and outside it."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier

import pytest
from django.db import connection, connections
from django.forms import BaseForm
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flashcards.accounts.models import User
from flashcards.decks import note_saving
from flashcards.decks.conflicts import Comparison, compare
from flashcards.decks.forms import NoteForm
from flashcards.decks.models import Deck, Note, Topic
from flashcards.decks.note_forms import DeckNoteForm
from flashcards.decks.services import Conflict, archive_note, save_deck, save_note, version_of

from .conftest import make_note, make_topic

Save = Callable[..., HttpResponse]
PLACES = ("admin", "site")


@pytest.fixture
def owned(bob: User) -> Deck:
    deck = Deck(slug="birds", title="Birds", owner=bob)
    save_deck(deck)
    return deck


@pytest.fixture
def songs(owned: Deck) -> Topic:
    return make_topic(owned, "songs", 0)


@pytest.fixture
def note(songs: Topic) -> Note:
    return make_note(songs, "wren", question="Which bird sings?", answer="The wren.", tags=("song",))


@pytest.fixture
def second(bob: User) -> Client:
    """The browser of a second editor."""
    bob.is_staff = bob.is_superuser = True
    bob.save()
    client = Client()
    client.force_login(bob)
    return client


def address(note: Note, place: str) -> str:
    if place == "admin":
        return reverse("admin:decks_note_change", args=[note.pk])
    return reverse("decks:note", args=[note.deck.slug, note.pk])


def open_form(client: Client, note: Note, place: str) -> dict[str, object]:
    """What the form of a note posts if nothing is changed."""
    response = client.get(address(note, place))
    form = response.context["adminform"].form if place == "admin" else response.context["form"]
    return {**values_of(form), "do": "save"}


def values_of(form: BaseForm) -> dict[str, object]:
    """What a form shows, to be posted."""
    return {field.html_name: "" if field.value() is None else field.value() for field in form}


def form_of(response: HttpResponse, place: str) -> NoteForm:
    context = response.context  # type: ignore[attr-defined]
    form: NoteForm = context["adminform"].form if place == "admin" else context["form"]
    return form


def conflict_of(response: HttpResponse, place: str) -> Comparison:
    found = form_of(response, place).conflict
    assert found is not None
    return found


def save(client: Client, note: Note, place: str, posted: dict[str, object]) -> HttpResponse:
    response: HttpResponse = client.post(address(note, place), posted)  # type: ignore[assignment]
    return response


def again(html: str) -> dict[str, str]:
    """What "Save mine over it" posts, as a browser without JavaScript reads it from the page."""
    (form,) = re.findall(r'<form method="post" enctype="multipart/form-data">(.*?)</form>', html, re.DOTALL)
    texts = re.findall(r'<textarea name="(\w+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL)
    version = re.search(r'name="version"\s+value="(\d+)"', form)
    assert version
    return {**{name: unescape(text) for name, text in texts}, "version": version[1]}


@pytest.mark.parametrize("place", PLACES)
def test_the_second_to_save_overwrites_nothing_and_sees_both(
    editor: Client, second: Client, note: Note, place: str
) -> None:
    hers, his = open_form(editor, note, place), open_form(second, note, place)
    assert save(editor, note, place, {**hers, "answer": "The small wren."}).status_code == 302

    response = save(second, note, place, {**his, "answer": "The loud wren."})

    assert response.status_code == 409
    stored = Note.objects.get()
    assert (stored.answer, stored.history.count()) == ("The small wren.", 2)
    conflict = conflict_of(response, place)
    (side,) = conflict.sides
    assert (side.name, side.by, conflict.who) == ("answer", "both", "erin@example.org")
    html = response.content.decode()
    assert "<ins>small</ins>" in html or "<del>small</del>" in html
    assert "<ins>loud</ins>" in html or "<del>loud</del>" in html
    assert "changed by both of you" in html


@pytest.mark.parametrize("place", PLACES)
def test_mine_can_be_saved_over_theirs(editor: Client, second: Client, note: Note, place: str) -> None:
    hers, his = open_form(editor, note, place), open_form(second, note, place)
    save(editor, note, place, {**hers, "answer": "The small wren.", "explanation": "Hers"})
    his |= {"answer": "The <loud> wren & co.\r\n\r\nIndeed.", "question": "\r\nWhich?"}

    posted = again(save(second, note, place, his).content.decode())
    assert save(second, note, place, dict(posted)).status_code == 302

    stored = Note.objects.get()
    assert (stored.answer, stored.explanation) == ("The <loud> wren & co.\n\nIndeed.", "")
    assert stored.question == "Which?"
    assert [tag.name for tag in stored.tags.all()] == ["song"]


@pytest.mark.parametrize("place", PLACES)
def test_theirs_is_taken_by_opening_the_note_again(editor: Client, second: Client, note: Note, place: str) -> None:
    hers, his = open_form(editor, note, place), open_form(second, note, place)
    save(editor, note, place, {**hers, "answer": "The small wren."})
    html = save(second, note, place, {**his, "answer": "The loud wren."}).content.decode()

    assert f'href="{address(note, place)}">Take theirs</a>' in html
    assert open_form(second, note, place)["answer"] == "The small wren."


@pytest.mark.parametrize("place", PLACES)
def test_changes_of_different_fields_are_put_together(
    editor: Client, second: Client, note: Note, owned: Deck, place: str
) -> None:
    nests = make_topic(owned, "nests", 1)
    hers, his = open_form(editor, note, place), open_form(second, note, place)
    hers |= {"explanation": "Hers", "tag_names": "song, small", "topic": nests.pk}
    save(editor, note, place, hers)

    response = save(second, note, place, {**his, "answer": "His"})

    by = {side.name: side.by for side in conflict_of(response, place).sides}
    assert response.status_code == 409
    assert by == {"topic": "them", "answer": "you", "explanation": "them", "tag_names": "them"}
    assert save(second, note, place, {**values_of(form_of(response, place)), "do": "save"}).status_code == 302
    stored = Note.objects.get()
    assert (stored.explanation, stored.answer, stored.topic) == ("Hers", "His", nests)
    assert sorted(tag.name for tag in stored.tags.all()) == ["small", "song"]


@pytest.mark.parametrize("place", PLACES)
def test_the_same_change_twice_is_no_conflict(editor: Client, second: Client, note: Note, place: str) -> None:
    posted = {**open_form(editor, note, place), "answer": "The small wren."}

    assert save(editor, note, place, posted).status_code == 302
    assert save(editor, note, place, posted).status_code == 302
    assert save(second, note, place, posted).status_code == 302
    assert note.history.count() == 2


def test_ones_own_other_tab_is_called_that(editor: Client, note: Note) -> None:
    first, other = open_form(editor, note, "site"), open_form(editor, note, "site")
    save(editor, note, "site", {**first, "answer": "The small wren."})

    html = save(editor, note, "site", {**other, "answer": "The loud wren."}).content.decode()

    assert "Changed by you elsewhere" in html


def test_a_note_archived_meanwhile_stays_archived(editor: Client, second: Client, note: Note) -> None:
    his = open_form(second, note, "site")
    archive_note(Note.objects.get())

    response = save(second, note, "site", {**his, "answer": "The loud wren."})

    assert response.status_code == 409
    assert "The note is archived by now." in response.content.decode()
    save(second, note, "site", dict(again(response.content.decode())))
    stored = Note.objects.get()
    assert stored.archived_at is not None
    assert stored.answer == "The loud wren."


@pytest.mark.parametrize("version", ["", "x", "-1", str(10**40), "987654"])
def test_a_version_that_is_none_breaks_nothing(editor: Client, note: Note, version: str) -> None:
    posted = {**open_form(editor, note, "site"), "answer": "The loud wren.", "version": version}

    assert save(editor, note, "site", posted).status_code in {302, 409, 422}
    assert Note.objects.get().answer in {"The wren.", "The loud wren."}


def test_a_conflict_shows_what_was_typed_as_text(editor: Client, second: Client, note: Note) -> None:
    hers, his = open_form(editor, note, "site"), open_form(second, note, "site")
    save(editor, note, "site", {**hers, "reference": "</textarea><script>alert(1)</script>"})

    html = save(second, note, "site", {**his, "reference": "<img onerror=x>"}).content.decode()

    assert "<script>alert" not in html
    assert "<img onerror" not in html


def test_the_check_is_made_again_where_it_is_written(note: Note) -> None:
    opened = version_of(note)
    first, other = (Note.objects.select_related("topic").get() for _ in range(2))
    first.answer, other.answer = "The small wren.", "The loud wren."
    save_note(first, tags=["song"], expected_version=opened)

    with pytest.raises(Conflict) as conflict:
        save_note(other, tags=["song"], expected_version=opened)

    assert conflict.value.version == version_of(note)
    assert Note.objects.get().answer == "The small wren."
    save_note(other, tags=["song"], expected_version=conflict.value.version)
    assert Note.objects.get().answer == "The loud wren."


def test_somebody_who_saves_between_the_look_and_the_write_is_seen(
    editor: Client, note: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = {**open_form(editor, note, "site"), "answer": "The loud wren."}
    write = note_saving.save

    def somebody_first(form: DeckNoteForm, user: User) -> Note:
        monkeypatch.setattr(note_saving, "save", write)
        theirs = Note.objects.select_related("topic").get(pk=note.pk)
        theirs.answer = "The small wren."
        save_note(theirs, tags=["song"])
        return write(form, user)

    monkeypatch.setattr(note_saving, "save", somebody_first)
    response = save(editor, note, "site", posted)

    assert response.status_code == 409
    assert [side.by for side in conflict_of(response, "site").sides] == ["both"]
    assert Note.objects.get().answer == "The small wren."


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", PLACES)
def test_of_many_who_save_at_once_one_wins_and_the_others_are_told(place: str) -> None:
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("threads share one connection to a database in memory")
    deck = Deck(slug="birds", title="Birds")
    save_deck(deck)
    note = make_note(make_topic(deck, "songs", 0), "wren")
    root = User.objects.create_superuser("root@example.org", "correct horse")
    browsers = [Client() for _ in range(4)]
    for browser in browsers:
        browser.force_login(root)
    forms = [open_form(browser, note, place) for browser in browsers]
    together = Barrier(len(browsers))

    def send(number: int) -> int:
        together.wait(timeout=10)
        try:
            posted = {**forms[number], "answer": f"Answer {number}"}
            return save(browsers[number], note, place, posted).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(browsers)) as pool:
        statuses = list(pool.map(send, range(len(browsers))))
    assert sorted(statuses) == [302, 409, 409, 409]
    assert Note.objects.get().answer == f"Answer {statuses.index(302)}"
    assert note.history.count() == 2


WORDS = st.sampled_from(["a", "b", "c"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(base=st.tuples(WORDS, WORDS), theirs=st.tuples(WORDS, WORDS), mine=st.tuples(WORDS, WORDS))
def test_merging_loses_nobodys_change(
    songs: Topic, base: tuple[str, str], theirs: tuple[str, str], mine: tuple[str, str]
) -> None:
    names = ("question", "answer")
    Note.objects.all().delete()
    note = make_note(songs, "owl", question=base[0], answer=base[1])
    opened = version_of(note)
    note.question, note.answer = theirs
    save_note(note, tags=[])
    note.question, note.answer = mine

    found = compare(note, [], names, opened, None)

    if base == theirs or theirs == mine:
        assert found is None
        return
    assert found is not None
    for index, name in enumerate(names):
        merged = found.merged.get(name, mine[index])
        clash = name in {side.name for side in found.clashes}
        if mine[index] != base[index]:
            assert merged == mine[index]
        elif theirs[index] != base[index]:
            assert merged == theirs[index]
        both_changed = base[index] not in {mine[index], theirs[index]} and mine[index] != theirs[index]
        assert clash == both_changed
