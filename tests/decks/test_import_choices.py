"""Tables, lists and JSON through the import's pages: what was guessed is shown, corrected, and then imported."""

import io
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from flashcards.accounts.models import User
from flashcards.decks.formats import json_deck, tables
from flashcards.decks.formats.records import DeckHead, NoteRecord, TopicRecord
from flashcards.decks.models import Deck, Note, Topic, Transfer
from flashcards.decks.transfers import exporting

from .conftest import make_note

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def upload(client: Client, data: str | bytes, name: str) -> str:
    file = SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)
    return str(client.post(reverse("decks:import"), {"file": file})["Location"])


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def form_of(page: str) -> dict[str, str]:
    """Return what the form on a page would send as it stands."""
    values = {}
    for select in re.finditer(r'<select[^>]*name="([^"]+)"(.*?)</select>', page, re.DOTALL):
        options = re.findall(r"<option([^>]*)>", select[2])
        chosen = next((option for option in options if "selected" in option), options[0])
        values[select[1]] = attribute(chosen, "value")
    for field in re.findall(r"<input[^>]*>", page):
        kind, name, value = (attribute(field, each) for each in ("type", "name", "value"))
        if name and (kind not in {"checkbox", "radio"} or "checked" in field):
            values[name] = value or "on"
    values.pop("own_sides", None)
    return values


def send(client: Client, address: str, do: str, **changes: str) -> str:
    """Send the form of a page with some fields changed ("" takes one out), and return the page after it."""
    values = {**form_of(shown(client, address)), "do": do, **changes}
    response = client.post(address, {name: value for name, value in values.items() if value or name == "deck"})
    assert response.status_code == 302, response.content.decode()
    return shown(client, address)


def notes() -> list[tuple[str, str]]:
    return list(Note.objects.order_by("position").values_list("question", "answer"))


def test_a_table_is_shown_as_it_was_read_and_imported(client: Client) -> None:
    address = upload(client, "Begriff;Bedeutung\nHund;dog\nKatze;cat\n;nothing\n", "my_words.csv")
    page = shown(client, address)
    form = form_of(page)
    assert (form["separator"], form["encoding"], form["has_header"]) == ("semicolon", "utf-8", "on")
    assert (form["column-0"], form["column-1"], form["title"]) == ("question", "answer", "my words")
    assert "Row 4" in page
    assert "The question is missing." in page
    send(client, address, "write", skip="on", deck="")
    assert notes() == [("Hund", "dog"), ("Katze", "cat")]


def test_a_tables_columns_can_be_corrected_and_nothing_is_imported_unseen(client: Client) -> None:
    address = upload(client, "dog;Hund\ncat;Katze\n", "words.csv")
    page = send(client, address, "write", deck="", **{"column-0": "answer", "column-1": "question"})
    assert "read again as you said" in page
    assert notes() == []
    send(client, address, "write", deck="")
    assert notes() == [("Hund", "dog"), ("Katze", "cat")]


def test_another_separator_gives_other_columns(client: Client) -> None:
    address = upload(client, "a,b;c,d\ne,f;g,h\n", "words.csv")
    page = send(client, address, "again", separator="semicolon")
    assert form_of(page)["column-1"] == "answer"
    assert "column-2" not in page
    assert ">c,d<" in page


def test_a_pasted_list_of_pairs_is_cut_as_the_person_says(client: Client) -> None:
    response = client.post(reverse("decks:import"), {"text": "a ~ b\nc ~ d\n"})
    address = response["Location"]
    assert form_of(shown(client, address))["shape"] == "lines"
    send(client, address, "again", shape="pairs")
    page = send(client, address, "again", sides="own", own_sides="~")
    assert form_of(page)["sides"] == "own"
    send(client, address, "write", deck="", own_sides="~")
    assert notes() == [("a", "b"), ("c", "d")]


def test_lines_of_notes_are_marked_and_the_marks_can_be_corrected(client: Client) -> None:
    text = "What is light?\nA wave\nColour\nWhat the eye makes of it\n"
    address = client.post(reverse("decks:import"), {"text": text})["Location"]
    form = form_of(shown(client, address))
    assert [form[f"line-{number}"] for number in (1, 2)] == ["q", "a"]
    marks = {"line-1": "q", "line-2": "a", "line-3": "q", "line-4": "a"}
    page = send(client, address, "again", **marks)
    assert {name: form_of(page)[name] for name in marks} == marks
    send(client, address, "write", deck="")
    assert notes() == [("What is light?", "A wave"), ("Colour", "What the eye makes of it")]


def test_nonsense_in_the_form_is_left_out(client: Client) -> None:
    address = client.post(reverse("decks:import"), {"text": "What is light?\nA wave\n"})["Location"]
    nonsense = {"line-1": "x", "line-99999999999999999999": "q", "line-a": "q", "encoding": "rot13", "shape": "round"}
    page = send(client, address, "again", **nonsense)
    assert form_of(page)["line-1"] == "q"
    address = upload(client, "Hund;dog\nKatze;cat\n", "words.csv")
    nonsense = {"separator": "x", "encoding": "punycode", "kind": "riddle", "sheet": "x" * 500, "column-0": "pk"}
    page = send(client, address, "again", **nonsense)
    assert form_of(page)["separator"] == "semicolon"


@pytest.mark.parametrize("name", ["xlsx", "csv", "tsv", "json"])
def test_what_is_taken_away_comes_back_the_same(client: Client, bob: User, topic: Topic, name: str) -> None:
    Deck.objects.update(owner=bob)
    first = make_note(topic, "first", tags=("a", "b c"), question="=1+1", answer="- two\n- zwei", reference="Euler")
    make_note(topic, "gap", kind="cloze", question="{{c1::x}}", answer="", sources=["S01"])
    before = list(Note.objects.order_by("pk").values_list("key", "kind", "question", "answer", "reference", "sources"))
    client.post(reverse("decks:export", args=["physics"]), {"format": name})
    made = Transfer.objects.get(direction="out")
    response = client.get(reverse("decks:transfer_file", args=[made.pk]))
    data = b"".join(response) if response.streaming else response.content
    address = upload(client, data, exporting.file_name(topic.deck, exporting.writer_of(name)))
    page = send(client, address, "write", deck="physics")
    after = list(Note.objects.order_by("pk").values_list("key", "kind", "question", "answer", "reference", "sources"))
    assert after == before
    assert [tag.name for tag in first.tags.order_by("name")] == ["a", "b c"]
    assert "What can’t be taken" not in page


def test_a_foreign_json_is_refused_with_its_place(client: Client) -> None:
    page = shown(
        client, upload(client, '{"format": "flashcards-deck", "version": 1,\n"deck": {}, "notes": []}', "a.json")
    )
    assert "Line 2" in page
    assert "“title” is missing" in page


def test_ten_thousand_notes_of_each_format_stay_within_their_limits() -> None:
    records = [NoteRecord(f"k{n}", question=f"Question {n}?", answer="x" * 200, topic="t") for n in range(10_000)]
    deck = tables.TableDeck(DeckHead("Many", "many", topics=[TopicRecord("t", "T")]), records)
    for form in ("csv", "xlsx"):
        out = io.BytesIO()
        assert tables.write(out, deck, form) == 10_000
        assert len(tables.read(out.getvalue(), "many", {})[0].records) == 10_000
    out = io.BytesIO()
    assert json_deck.write(out, deck) == 10_000
    assert len(json_deck.read(out.getvalue()).records) == 10_000
