"""A note that was saved ends its draft: the site says so in a cookie, and only then."""

import pytest
from django.test import Client
from django.urls import reverse

from flashcards.decks.models import Note, Topic
from flashcards.decks.saved_drafts import COOKIE, MOST

from .conftest import make_note

ADD = reverse("admin:decks_note_add")


def fields(topic: Topic, key: str, **more: str) -> dict[str, str]:
    return {
        "topic": str(topic.pk), "key": key, "kind": "basic", "question": "Ask", "answer": "Say", "explanation": "",
        "tag_names": "", "source_ids": "", "reference": "", "draft": f"draft0{key}", **more,
    }  # fmt: skip


def told(client: Client) -> list[str]:
    cookie = client.cookies.get(COOKIE)
    return cookie.value.split(".") if cookie else []


def test_the_admin_tells_which_draft_is_saved_and_none_that_is_refused(editor: Client, topic: Topic) -> None:
    assert editor.post(ADD, fields(topic, "one", answer="")).status_code == 200
    assert told(editor) == []
    assert editor.post(ADD, fields(topic, "one")).status_code == 302
    note = Note.objects.get(key="one")
    change = reverse("admin:decks_note_change", args=[note.pk])
    assert editor.post(change, fields(topic, "one", answer="Else", draft="draft0two")).status_code == 302
    assert told(editor) == ["draft0one", "draft0two"]


def test_so_do_the_decks_own_pages(editor: Client, topic: Topic) -> None:
    new = reverse("decks:note_new", args=[topic.deck.slug])
    assert editor.post(new, fields(topic, "one", question="")).status_code == 422
    assert told(editor) == []
    assert editor.post(new, fields(topic, "one", do="another")).status_code == 302
    note = make_note(topic, "two")
    page = reverse("decks:note", args=[topic.deck.slug, note.pk])
    assert editor.post(page, fields(topic, "two")).status_code == 302
    assert told(editor) == ["draft0one", "draft0two"]


@pytest.mark.parametrize("draft", ["", "short", "a" * 41, "with;sign0", "with space", "UPPERCASE", "nul\0nul0000"])
def test_what_is_no_draft_is_not_told(editor: Client, topic: Topic, draft: str) -> None:
    assert editor.post(ADD, fields(topic, "one", draft=draft)).status_code == 302
    assert told(editor) == []


def test_the_cookie_stays_small(editor: Client, topic: Topic) -> None:
    editor.cookies[COOKIE] = ".".join([*(f"draft{number:04}" for number in range(100)), "<b>"])
    editor.post(ADD, fields(topic, "one"))
    assert len(told(editor)) == MOST
    assert told(editor)[-1] == "draft0one"
    assert "<b>" not in told(editor)
