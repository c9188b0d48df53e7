"""The history of a note: what each version changed, any two side by side, back to one of them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.decks import versions
from flashcards.decks.models import Card, Deck, Note, Severity, Tag, Topic
from flashcards.decks.services import Edit, archive_note, move_notes, retag_notes, save_note

from .conftest import make_note, make_topic


def edit(note: Note, by: User | None = None, said: Edit | None = None, **changes: Any) -> int:
    """Change a note as `by` and return the id of the version that this made."""
    tags = changes.pop("tags", note.tags.values_list("name", flat=True))
    for name, value in changes.items():
        setattr(note, name, value)
    note._history_user = by  # type: ignore[attr-defined]
    save_note(note, tags=tags, edit=said)
    return versions.latest_version(note)


def page_of(note: Note) -> str:
    return reverse("decks:note_history", args=[note.deck.slug, note.pk])


def words(html: str) -> str:
    """Return the words of a page's main part, removed ones as [-…-], added ones as [+…+]."""
    main = html.split('id="main"')[1].split("</main>", maxsplit=1)[0]
    marked = main.replace("<del>", "[-").replace("</del>", "-]").replace("<ins>", "[+").replace("</ins>", "+]")
    return " ".join(re.sub(r"<[^>]*>", " ", marked).split())


@pytest.fixture
def note(topic: Topic) -> Note:
    return make_note(topic, "photon", question="What is a photon?", answer="A quantum of light.", tags=("basics",))


def test_every_version_says_when_who_why_and_what(editor: Client, erin: User, note: Note) -> None:
    edit(note, erin, Edit(Severity.WORDING, "A clearer word"), answer="A particle of light.")
    edit(note, erin, Edit(Severity.MEANING, "It was wrong"), answer="A particle of the field.")

    shown = editor.get(page_of(note)).content.decode()
    text = words(shown)

    assert [int(number) for number in re.findall(r"Version (\d+)\s+(?:now|Meaning|Wording|\d)", text)][:3] == [3, 2, 1]
    assert text.count("by erin@example.org") == 2
    assert "It was wrong" in text
    assert "A clearer word" in text
    assert "Before A particle of [-light-]. After A particle of [+the field+]." in text
    assert "Before A [-quantum-] of light. After A [+particle+] of light." in text
    assert re.search(r'chip hard">\s*Meaning', shown)
    assert re.search(r'chip">\s*Wording', shown)
    assert text.count("What is a photon?") == 2, "in the head and at the beginning: an unchanged field is left out"


def test_fields_besides_the_texts_are_told_as_words(editor: Client, note: Note, deck: Deck) -> None:
    sound = make_topic(deck, "sound", 2)
    edit(note, sources=["S01"], reference="Einstein (1905)", kind="reversed")
    retag_notes([note], add=["quantum"])
    move_notes([note], sound)
    archive_note(note)

    text = words(editor.get(page_of(note)).content.decode())

    for told in (
        "Kind Before [-Basic-] After [+Reversed+]",
        "Sources Before nothing After [+S01+]",
        "Reference Before nothing After [+Einstein (1905)+]",
        "Tags Before basics After basics[+, quantum+]",
        "Topic Before [-Light-] After [+Sound+]",
        "State Before [-in use-] After [+archived+]",
    ):
        assert told in text
    assert text.count("Tags Before") == text.count("Topic Before") == text.count("Kind Before") == 1


def test_who_is_gone_and_whose_idea_it_was(editor: Client, bob: User, charlie: User, deck: Deck, note: Note) -> None:
    Deck.objects.filter(pk=deck.pk).update(owner=User.objects.create_user("owner@example.org"))
    edit(note, bob, Edit(credit_id=charlie.pk), answer="Light.")
    assert "by bob@example.org, as charlie@example.org suggested" in words(editor.get(page_of(note)).content.decode())

    bob.delete()

    assert "by a former editor, as charlie@example.org" in words(editor.get(page_of(note)).content.decode())


def test_names_that_are_gone_are_left_out(editor: Client, note: Note, topic: Topic, deck: Deck) -> None:
    sound = make_topic(deck, "sound", 2)
    move_notes([note], sound)
    edit(note, tags=[])
    Tag.objects.all().delete()
    Topic.objects.filter(pk=topic.pk).delete()

    text = words(editor.get(page_of(note)).content.decode())

    assert "Before [-a topic that is gone-] After [+Sound+]" in text


def test_twenty_a_page_in_a_fixed_number_of_queries(editor: Client, erin: User, note: Note) -> None:
    edit(note, erin, answer="Number 0.")
    editor.get(page_of(note))
    with CaptureQueriesContext(connection) as few:
        editor.get(page_of(note))
    for number in range(1, 40):
        edit(note, erin, answer=f"Number {number}.", tags=[f"tag-{number % 5}"])
    with CaptureQueriesContext(connection) as many:
        first = editor.get(page_of(note))
    assert len(many) == len(few)

    numbers = [[each.number for each in first.context["versions"]]]
    numbers += [
        [each.number for each in editor.get(page_of(note), {"page": page}).context["versions"]] for page in (2, 3)
    ]
    assert numbers == [list(range(41, 21, -1)), list(range(21, 1, -1)), [1]]
    last = editor.get(page_of(note), {"page": 2}).context["versions"][-1]
    assert [change.label for change in last.changes] == ["Answer"], "the last of a page is compared with the next one"


def test_back_to_a_version_is_a_new_version(editor: Client, erin: User, note: Note, deck: Deck) -> None:
    first = versions.latest_version(note)
    before = Note.history.get(history_id=first)
    card = Card.objects.get(note=note)
    sound = make_topic(deck, "sound", 2)
    edit(note, kind="cloze", question="A {{c2::wave}}", answer="", tags=["waves"], sources=["S9"], reference="X")
    move_notes([note], sound)
    newest = versions.latest_version(note)

    response = editor.post(page_of(note), {"back": first, "version": newest}, follow=True)

    assert "is as it was on" in response.content.decode()
    note = Note.objects.get()
    assert (note.kind, note.question, note.answer) == ("basic", "What is a photon?", "A quantum of light.")
    assert (note.topic.slug, note.sources, note.reference) == ("light", [], "")
    assert list(note.tags.values_list("name", flat=True)) == ["basics"]
    version = Note.history.filter(id=note.pk).latest()
    assert version.history_id > newest
    assert version.history_user == erin
    assert version.history_change_reason == f"Back to the version of {versions.words_of(before.history_date)}"
    assert version.severity == Severity.MEANING
    card.refresh_from_db()
    assert (card.archived_at, card.topic.slug, card.meaning_changed_at) == (None, "light", version.history_date)
    assert Note.history.filter(id=note.pk).count() == 4


def test_back_to_other_words_is_wording(editor: Client, note: Note) -> None:
    first = versions.latest_version(note)
    edit(note, answer="A quantum of  *light*.")

    editor.post(page_of(note), {"back": first})

    assert Note.history.filter(id=note.pk).latest().severity == Severity.WORDING
    assert Card.objects.get().meaning_changed_at is None


def test_a_topic_that_is_gone_stays_the_one_it_is(editor: Client, note: Note, deck: Deck, topic: Topic) -> None:
    first = versions.latest_version(note)
    move_notes([note], make_topic(deck, "sound", 2))
    edit(note, answer="Other")
    topic.delete()

    editor.post(page_of(note), {"back": first})

    note.refresh_from_db()
    assert (note.answer, note.topic.slug) == ("A quantum of light.", "sound")


def test_going_back_leaves_an_archived_note_archived(editor: Client, note: Note) -> None:
    first = versions.latest_version(note)
    edit(note, answer="Other")
    archive_note(note)

    editor.post(page_of(note), {"back": first})

    note.refresh_from_db()
    assert note.answer == "A quantum of light."
    assert note.archived_at is not None
    assert not Card.objects.filter(archived_at=None).exists()


def test_what_no_longer_renders_is_refused_with_the_reason(editor: Client, note: Note) -> None:
    first = versions.latest_version(note)
    newest = edit(note, answer="Other", tags=["kept"])
    Note.history.filter(history_id=first).update(answer="$\\nosuch$")
    card = Card.objects.values().get()

    response = editor.post(page_of(note), {"back": first, "version": newest})

    assert response.status_code == 422
    text = words(response.content.decode())
    assert "Nothing was changed." in text
    assert "Formula:" in text
    note.refresh_from_db()
    assert note.answer == "Other"
    assert list(note.tags.values_list("name", flat=True)) == ["kept"]
    assert versions.latest_version(note) == newest
    assert Card.objects.values().get() == card


def test_a_note_changed_meanwhile_is_not_overwritten(editor: Client, note: Note) -> None:
    first = versions.latest_version(note)
    seen = edit(note, answer="Second")
    newest = edit(note, answer="Third")

    response = editor.post(page_of(note), {"back": first, "version": seen})

    assert response.status_code == 409
    assert "changed while you looked at it" in response.content.decode()
    assert versions.latest_version(note) == newest


def test_back_to_what_it_is_already_adds_nothing(editor: Client, note: Note) -> None:
    newest = versions.latest_version(note)

    response = editor.post(page_of(note), {"back": newest, "version": newest}, follow=True)

    assert "Nothing changed" in response.content.decode()
    assert versions.latest_version(note) == newest


def test_any_two_versions_are_compared(editor: Client, note: Note) -> None:
    first = versions.latest_version(note)
    second = edit(note, answer="A quantum of sound.")
    third = edit(note, answer="A particle of sound.")

    forward = words(editor.get(page_of(note), {"from": first, "to": third}).content.decode())
    backward = words(editor.get(page_of(note), {"from": third, "to": second}).content.decode())
    same = words(editor.get(page_of(note), {"from": second, "to": second}).content.decode())

    assert "A [-quantum-] of [-light-]. After A [+particle+] of [+sound+]." in forward
    assert "A [-particle-] of sound. After A [+quantum+] of sound." in backward
    assert "one and the same version" in same


@pytest.mark.parametrize("version", ["0", "x", "", "-1", "9" * 30, "1\0"])
def test_a_version_that_the_note_does_not_have_is_not_there(editor: Client, note: Note, version: str) -> None:
    newest = str(versions.latest_version(note))
    assert editor.post(page_of(note), {"back": version}).status_code == 404
    assert editor.get(page_of(note), {"from": version, "to": newest}).status_code == 404


def test_nor_is_one_of_another_note(editor: Client, note: Note, topic: Topic) -> None:
    other = make_note(topic, "wave")
    assert editor.post(page_of(note), {"back": versions.latest_version(other)}).status_code == 404
    assert Note.objects.get(pk=note.pk).question == "What is a photon?"


def test_the_history_is_there_for_those_who_may_edit(client: Client, bob: User, charlie: User, note: Note) -> None:
    Deck.objects.update(owner=bob)
    other = Deck.objects.create(slug="other", title="Other", owner=bob)
    for user, status in ((charlie, 404), (bob, 200)):
        client.force_login(user)
        assert client.get(page_of(note)).status_code == status
        assert client.post(page_of(note), {"back": versions.latest_version(note)}).status_code in {status, 302}
    for slug, pk in ((other.slug, note.pk), (note.deck.slug, 987654), (note.deck.slug, 10**30)):
        assert client.get(f"/decks/{slug}/notes/{pk}/history/").status_code == 404


def test_the_admins_history_leads_there(editor: Client, note: Note) -> None:
    assert page_of(note) in editor.get(reverse("admin:decks_note_history", args=[note.pk])).content.decode()


def test_a_version_of_a_moment(note: Note) -> None:
    first = Note.history.filter(id=note.pk).latest()
    edit(note, answer="Light")
    now = timezone.now()

    def text(moment: Any) -> str:
        row = versions.version_at(note, moment)
        assert row is not None
        return versions.texts_of(row).answer

    assert text(now) == "Light"
    assert text(first.history_date) == "A quantum of light."
    assert text(first.history_date - timedelta(days=9)) == "A quantum of light.", "before the first, the first"
