import re

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck, Note, Topic
from flashcards.decks.services import archive_note

from .conftest import make_note, make_topic

LIST = "admin:decks_note_changelist"


def fields(topic: Topic, /, **changed: object) -> dict[str, object]:
    return {
        "topic": topic.pk,
        "key": "photon",
        "kind": "basic",
        "position": "",
        "question": "What is a **photon**?",
        "answer": "A $\\gamma$.",
        "explanation": "",
        "tag_names": "light, basics",
        "source_ids": "S01, S02",
        "reference": "",
        **changed,
    }


def test_the_editors_have_just_these_rights(db: None) -> None:
    expected = {
        f"{right}_{model}" for right in ("add", "change", "view") for model in ("deck", "topic", "tag", "note")
    }

    assert set(Group.objects.get(name="Editors").permissions.values_list("codename", flat=True)) == expected


def test_migrating_again_leaves_the_group_as_the_administrator_made_it(db: None) -> None:
    editors = Group.objects.get(name="Editors")
    editors.permissions.clear()

    call_command("migrate", verbosity=0)

    assert Group.objects.get(name="Editors").permissions.count() == 0


@pytest.mark.parametrize("model", ["deck", "topic", "tag", "note"])
def test_lists_and_forms_open_for_editors_only(editor: Client, charlie: User, topic: Topic, model: str) -> None:
    make_note(topic, "wave", tags=("light",))
    row = {"deck": Deck, "topic": Topic, "note": Note}.get(model)
    pages = [reverse(f"admin:decks_{model}_changelist"), reverse(f"admin:decks_{model}_add")]
    if row is not None:
        pk = row._default_manager.get().pk
        pages += [reverse(f"admin:decks_{model}_{page}", args=[pk]) for page in ("change", "history")]
    stranger = Client()
    stranger.force_login(charlie)
    for page in pages:
        response = editor.get(page)
        assert response.status_code == 200, page
        assert not re.search(r'\sstyle="|\son[a-z]+="', response.content.decode()), page
        assert stranger.get(page).status_code in {302, 403, 404}


def test_an_editor_writes_a_note(editor: Client, topic: Topic, erin: User) -> None:
    response = editor.post(reverse("admin:decks_note_add"), fields(topic))

    assert response.status_code == 302
    note = Note.objects.get()
    assert (note.deck, note.topic, note.position, note.sources) == (topic.deck, topic, 0, ["S01", "S02"])
    assert sorted(tag.name for tag in note.tags.all()) == ["basics", "light"]
    assert "<strong>photon</strong>" in Card.objects.get().question_html
    assert note.history.get().history_user == erin


def test_saving_renders_again_and_an_empty_position_is_the_end(editor: Client, topic: Topic) -> None:
    make_note(topic, "first", position=4)
    note = make_note(topic, "photon", position=1)
    card = Card.objects.get(note=note).pk

    editor.post(reverse("admin:decks_note_change", args=[note.pk]), fields(topic, question="New?", tag_names=""))

    note.refresh_from_db()
    assert note.position == 5
    assert Card.objects.get(note=note).pk == card
    assert Card.objects.get(note=note).question_html == "<p>New?</p>"
    assert not note.tags.exists()


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"answer": "a\n\n$\\foo$"}, "answer", "Line 3: Formula: Unknown command"),
        ({"answer": "a\n$\\def\\a{\\a\\a}\\a$"}, "answer", "Line 2: Formula: \\def"),
        ({"answer": "$" + "{" * 3000 + "$"}, "answer", "nests more than"),
        ({"kind": "cloze", "answer": "", "question": "no gap"}, "question", "There is no gap"),
        ({"kind": "cloze", "answer": "", "question": "a\n{{c1::b"}, "question", "Line 2: A gap is opened"),
        ({"kind": "cloze", "answer": "", "question": "{{c1::a}} " * 1000}, "question", "1,000 gaps"),
        ({"kind": "cloze", "question": "{{c1::a}}"}, "answer", "has no answer"),
        ({"question": "a\nb\u202e"}, "question", "Line 2: U+202E"),
        ({"question": "a\x00"}, "question", "ull character"),
        ({"explanation": "x" * 10_000_000}, "explanation", "at most 50,000"),
        ({"answer": ""}, "answer", "Answer is missing"),
        ({"key": "not a key"}, "key", ""),
        ({"tag_names": "x" * 61}, "tag_names", "at most 60"),
        ({"source_ids": "S 1"}, "source_ids", "no source id"),
        ({"reference": "a\tb"}, "reference", "one line"),
        ({"topic": 0}, "topic", ""),
        ({"kind": "chess"}, "kind", ""),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(
    editor: Client, topic: Topic, changed: dict[str, object], field: str, said: str
) -> None:
    response = editor.post(reverse("admin:decks_note_add"), fields(topic, **changed))

    assert response.status_code == 200
    form = response.context["adminform"].form
    assert list(form.errors) == [field]
    assert said in " ".join(form.errors[field])
    assert not Note.objects.exists()


def test_a_refused_change_leaves_the_note(editor: Client, topic: Topic) -> None:
    note = make_note(topic, "photon", tags=("light",))

    editor.post(reverse("admin:decks_note_change", args=[note.pk]), fields(topic, answer="$\\foo$"))

    note.refresh_from_db()
    assert (note.answer, note.history.count()) == ("Say photon", 1)


def test_the_form_shows_tags_and_sources_as_text(editor: Client, topic: Topic) -> None:
    note = make_note(topic, "photon", tags=("light", "basics"), sources=["S01", "S02"])

    form = editor.get(reverse("admin:decks_note_change", args=[note.pk])).context["adminform"].form

    assert form.initial["tag_names"] == "basics, light"
    assert form.initial["source_ids"] == "S01, S02"


def preview(client: Client, **posted: str) -> dict[str, object]:
    response = client.post(reverse("admin:decks_note_preview"), posted)
    assert response.status_code == 200
    answer: dict[str, object] = response.json()
    return answer


def test_the_preview_shows_every_card_as_it_will_be(editor: Client, topic: Topic) -> None:
    text = "{{c1::One}} and {{c2::$x$}}"
    shown = str(preview(editor, kind="cloze", question=text, answer="", explanation="*Why*")["html"])
    make_note(topic, "wave", kind="cloze", question=text, answer="", explanation="*Why*")

    for card in Card.objects.all():
        for html in (card.question_html, card.answer_html, card.explanation_html):
            assert html in shown
    assert not preview(editor, kind="cloze", question=text)["problems"]


def test_the_preview_names_field_and_line(editor: Client) -> None:
    assert preview(editor, kind="basic", question="a\n$\\foo$", answer="") == {
        "html": "",
        "problems": [{"field": "answer", "line": None, "message": "Answer is missing."}],
    }
    assert preview(editor, kind="basic", question="a\n$\\foo$", answer="b") == {
        "html": "",
        "problems": [{"field": "question", "line": 2, "message": 'Formula: Unknown command "\\foo".'}],
    }


def test_the_preview_is_for_editors(client: Client, charlie: User, editor: Client) -> None:
    stranger = Client()
    stranger.force_login(charlie)

    assert stranger.post(reverse("admin:decks_note_preview"), {"kind": "basic"}).status_code in {302, 403, 404}
    assert editor.get(reverse("admin:decks_note_preview")).status_code == 405


def test_who_changed_what_and_back_again(editor: Client, topic: Topic, erin: User) -> None:
    note = make_note(topic, "photon", question="Old?", tags=("old",))
    editor.post(reverse("admin:decks_note_change", args=[note.pk]), fields(topic, question="New?", tag_names="new"))

    history = editor.get(reverse("admin:decks_note_history", args=[note.pk])).content.decode()
    assert "erin@example.org" in history
    assert "Old?" in history
    assert "New?" in history

    first = note.history.last()
    assert first is not None
    version = reverse("admin:decks_note_simple_history", args=[note.pk, first.pk])
    initial = editor.get(version).context["adminform"].form.initial
    assert (initial["question"], initial["tag_names"]) == ("Old?", "old")
    response = editor.post(version, {**fields(topic), **{name: initial[name] or "" for name in fields(topic)}})

    assert response.status_code == 302
    note.refresh_from_db()
    assert note.question == "Old?"
    assert [tag.name for tag in note.tags.all()] == ["old"]
    assert Card.objects.get().question_html == "<p>Old?</p>"
    latest = note.history.first()
    assert latest is not None
    assert latest.history_user == erin


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", {"photon", "wave"}),
        ("q=photon", {"photon"}),
        ("kind=cloze", {"wave"}),
        ("state=archived", {"gone"}),
        ("state=all", {"photon", "wave", "gone"}),
        ("tags__name=light", {"wave"}),
        ("q=light", {"wave"}),
    ],
)
def test_search_and_filters(editor: Client, topic: Topic, query: str, keys: set[str]) -> None:
    make_note(topic, "photon")
    wave = make_note(topic, "wave", kind="cloze", question="{{c1::a}}", answer="", tags=("light",))
    archive_note(make_note(topic, "gone"))
    query = query.replace("tags__name=light", f"tags__id__exact={wave.tags.get().pk}")

    listed = editor.get(f"{reverse(LIST)}?{query}").context["cl"].queryset

    assert {note.key for note in listed} == keys


def test_the_lists_queries_do_not_grow_with_its_rows(editor: Client, topic: Topic) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            editor.get(reverse(LIST))
        return len(captured)

    make_note(topic, "first", tags=("light",))
    queries()
    few = queries()
    for number in range(10):
        make_note(topic, f"note-{number}", tags=("light", f"tag-{number}"))

    assert queries() == few


def act(client: Client, action: str, notes: list[Note], **answer: object) -> list[Note]:
    """Choose the action, see the page that asks, answer it; return the notes as they are then."""
    chosen = {"action": action, "_selected_action": [note.pk for note in notes]}
    asked = client.post(f"{reverse(LIST)}?state=all", chosen)
    assert asked.status_code == 200
    for note in notes:
        assert note.key in asked.content.decode()
    client.post(f"{reverse(LIST)}?state=all", {**chosen, "apply": "Do it", **answer})
    return [Note.objects.get(pk=note.pk) for note in notes]


def test_notes_are_moved_together(editor: Client, topic: Topic, deck: Deck) -> None:
    other = make_topic(deck, "matter", 2)
    notes = [make_note(topic, "a"), make_note(topic, "b", position=1)]

    assert [note.topic for note in act(editor, "move_to_topic", notes, topic=other.pk)] == [other, other]


def test_notes_of_two_decks_do_not_move_together(editor: Client, topic: Topic) -> None:
    elsewhere = make_topic(Deck.objects.create(slug="other", title="Other"), "elsewhere", 1)
    notes = [make_note(topic, "a"), make_note(elsewhere, "b")]

    assert [note.topic for note in act(editor, "move_to_topic", notes, topic=elsewhere.pk)] == [topic, elsewhere]


def test_notes_are_tagged_together(editor: Client, topic: Topic) -> None:
    notes = [make_note(topic, "a", tags=("x",)), make_note(topic, "b")]

    for note in act(editor, "add_tags", notes, tag_names="y, z"):
        assert {tag.name for tag in note.tags.all()} >= {"y", "z"}
    tagged = act(editor, "remove_tags", notes, tag_names="x, y")
    assert [[tag.name for tag in note.tags.all()] for note in tagged] == [["z"], ["z"]]


def test_notes_are_archived_and_restored_together(editor: Client, topic: Topic) -> None:
    notes = [make_note(topic, "a"), make_note(topic, "b")]

    assert all(note.archived_at for note in act(editor, "archive", notes))
    assert not Card.objects.filter(archived_at=None).exists()
    assert not any(note.archived_at for note in act(editor, "restore", notes))
    assert Card.objects.filter(archived_at=None).count() == 2


def test_nobody_deletes_notes_or_decks(client: Client, topic: Topic) -> None:
    note = make_note(topic, "a")
    client.force_login(User.objects.create_superuser("root@example.org", "correct horse"))

    assert client.post(reverse("admin:decks_note_delete", args=[note.pk]), {"post": "yes"}).status_code == 403
    assert client.post(reverse("admin:decks_deck_delete", args=[note.deck_id]), {"post": "yes"}).status_code == 403
    assert client.post(reverse("admin:decks_topic_delete", args=[topic.pk]), {"post": "yes"}).status_code == 403
    assert Note.objects.exists()


def test_a_decks_introduction_is_checked_and_rendered(editor: Client, deck: Deck) -> None:
    page = reverse("admin:decks_deck_change", args=[deck.pk])
    posted = {"title": "Light", "slug": "physics", "language": "en", "is_public": "on", "introduction": "See $x$."}

    assert editor.post(page, posted).status_code == 302
    deck.refresh_from_db()
    assert (deck.title, "<math" in deck.introduction_html) == ("Light", True)

    response = editor.post(page, {**posted, "introduction": "a\n$\\foo$", "language": "no tag"})
    assert set(response.context["adminform"].form.errors) == {"introduction", "language"}
    assert "Line 2" in str(response.context["adminform"].form.errors["introduction"])


def test_topics_are_put_in_order_in_the_list(editor: Client, deck: Deck) -> None:
    first, second = make_topic(deck, "one", 1), make_topic(deck, "two", 2)
    make_note(first, "a")
    make_note(second, "b")

    editor.post(
        reverse("admin:decks_topic_changelist"),
        {
            "form-TOTAL_FORMS": 2,
            "form-INITIAL_FORMS": 2,
            "form-0-id": first.pk,
            "form-0-position": 5,
            "form-1-id": second.pk,
            "form-1-position": 2,
            "_save": "Save",
        },
    )

    assert [card.note.key for card in Card.objects.order_by("position")] == ["b", "a"]
