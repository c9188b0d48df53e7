"""A file comes in, is looked at, imported, undone, discarded; whose it is not never hears of it."""

import base64
import json
import re
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from flashcards.accounts.models import User
from flashcards.decks.models import Card, ChangeSet, Deck, MediaFile, Note, Transfer

from ..conftest import make_note, make_topic
from .conftest import TEXT, upload, write

pytestmark = pytest.mark.django_db


def page(browser: Client, transfer: Transfer) -> str:
    answer = browser.get(f"/transfers/{transfer.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_text_is_looked_at_before_anything_is_stored(browser: Client) -> None:
    transfer = upload(browser, TEXT)
    assert (transfer.state, transfer.format) == ("ready", "text")
    assert not Deck.objects.exists()
    shown = page(browser, transfer)
    assert "Which river is the longest" in shown
    assert "Cloze" in shown
    assert 'value="Rivers"' in shown


def test_it_is_imported_into_a_new_private_deck_of_ones_own(browser: Client, bob: User) -> None:
    transfer = write(browser, upload(browser, TEXT), title="My rivers")
    deck = Deck.objects.get()
    assert (transfer.state, transfer.deck) == ("done", deck)
    assert (deck.title, deck.owner, deck.is_public) == ("My rivers", bob, False)
    assert "About rivers" in deck.introduction_html
    assert [topic.title for topic in deck.topics.all()] == ["Europe", "Africa"]
    assert sorted(deck.notes.values_list("key", flat=True)) == ["capitals", "longest", "nile"]
    assert Card.objects.filter(deck=deck).count() == 4
    assert set(Note.objects.get(key="longest").tags.values_list("name", flat=True)) == {"east", "long"}
    shown = page(browser, transfer)
    assert "3 new" in shown
    assert f"/decks/{deck.slug}/" in shown


def test_into_a_deck_that_has_some_already(browser: Client, bob: User) -> None:
    deck = write(browser, upload(browser, TEXT)).deck
    assert deck is not None
    card = Card.objects.get(note__key="nile")
    changed = TEXT.replace(b"In the Mediterranean.", b"In the Mediterranean Sea.")
    transfer = upload(browser, changed, into=deck.slug)
    assert re.search(rf'<option value="{deck.slug}"\s+selected', page(browser, transfer))
    transfer = write(browser, transfer, deck=deck.slug)
    assert transfer.outcome["updated"] == 1
    assert transfer.outcome["unchanged"] == 2
    card.refresh_from_db()
    assert "Sea" in card.answer_html
    assert Deck.objects.count() == 1


def test_a_deck_of_somebody_else_is_no_target(browser: Client, erin: User) -> None:
    theirs = Deck.objects.create(slug="theirs", title="Theirs", owner=erin, is_public=True)
    assert browser.get("/decks/import/?deck=theirs").status_code == 404
    transfer = upload(browser, TEXT)
    answer = browser.post(f"/transfers/{transfer.pk}/", {"do": "write", "deck": "theirs", "title": "X"})
    assert answer.status_code == 422
    assert not theirs.notes.exists()


@pytest.mark.parametrize("title", ["", " ", "x" * 201])
def test_a_new_deck_needs_a_title_and_what_was_chosen_stays(browser: Client, title: str) -> None:
    transfer = upload(browser, TEXT)
    answer = browser.post(f"/transfers/{transfer.pk}/", {"do": "write", "title": title, "deck": ""})
    assert answer.status_code == 422
    assert not Deck.objects.exists()


def test_a_broken_file_says_where_and_changes_nothing(browser: Client) -> None:
    transfer = upload(browser, TEXT.replace(b"kind: cloze", b"kind: clothes"))
    assert transfer.state == "failed"
    shown = page(browser, transfer)
    assert "Line 20" in shown
    assert "clothes" in shown
    assert not Deck.objects.exists()


def test_notes_that_cannot_be_taken_are_left_out_only_if_one_says_so(browser: Client) -> None:
    bad = TEXT.replace(b"In the Mediterranean.", b"$\\frac{1$")
    transfer = upload(browser, bad)
    assert transfer.state == "ready"
    shown = page(browser, transfer)
    assert "Leave out the 1 note" in shown
    assert "Line 33" in shown
    refused = browser.post(f"/transfers/{transfer.pk}/", {"do": "write", "title": "Rivers", "deck": ""})
    assert refused.status_code == 422
    assert not Deck.objects.exists()
    write(browser, transfer, skip="on")
    assert sorted(Note.objects.values_list("key", flat=True)) == ["capitals", "longest"]


def test_pasted_lines_become_cards(browser: Client) -> None:
    answer = browser.post("/decks/import/", {"text": "dog\tHund\ncat\tKatze\nhorse\tPferd\n"})
    transfer = Transfer.objects.get(pk=answer["Location"].split("/")[2])
    assert transfer.format == "list"
    assert "Katze" in page(browser, transfer)
    write(browser, transfer, title="Animals")
    assert Card.objects.count() == 3


def test_the_format_can_be_corrected(browser: Client) -> None:
    transfer = upload(browser, b"question,answer\nWhat is it?,This\nAnd that?,That\n", "words.md")
    assert transfer.state == "failed"
    browser.post(f"/transfers/{transfer.pk}/", {"do": "again", "format": "table"})
    transfer.refresh_from_db()
    assert (transfer.state, transfer.format, transfer.found["notes"]) == ("ready", "table", 2)


def test_a_choice_of_the_readers_own_is_read_again(browser: Client) -> None:
    transfer = upload(browser, b"a - b\nc - d\ne - f\n", "pairs.txt")
    answer = browser.post(
        f"/transfers/{transfer.pk}/",
        {"do": "again", "format": "list", "shape": "pairs", "sides": "dash", "cards": "line", "swapped": "on"},
    )
    assert answer.status_code == 302
    transfer.refresh_from_db()
    assert transfer.found["sample"][0]["question_html"] == "<p>b</p>"


def test_nothing_and_too_much_are_refused(browser: Client, settings: Any, var_folder: Path) -> None:
    assert browser.post("/decks/import/").status_code == 422
    assert browser.post("/decks/import/", {"file": SimpleUploadedFile("x.md", b"")}).status_code == 422
    settings.IMPORT_MAX_MB = 1
    for size in (1_100_000, 3_000_000):
        answer = browser.post("/decks/import/", {"file": SimpleUploadedFile("x.md", b"x" * size)})
        assert answer.status_code == 422
        assert "too big" in answer.content.decode()
    assert not Transfer.objects.exists()
    assert not list((var_folder / "transfers").glob("*"))


def test_no_more_than_three_at_work(browser: Client, bob: User) -> None:
    now = timezone.now()
    for number in range(3):
        Transfer.objects.create(
            user=bob, direction="in", format="text", name=str(number), created_at=now, state="reading", beat_at=now
        )
    answer = browser.post("/decks/import/", {"file": SimpleUploadedFile("x.md", TEXT)})
    assert answer.status_code == 422
    assert Transfer.objects.count() == 3


def test_discarding_forgets_it_with_its_files(browser: Client, var_folder: Path) -> None:
    transfer = upload(browser, TEXT)
    assert list((var_folder / "transfers").iterdir())
    browser.post(f"/transfers/{transfer.pk}/", {"do": "discard"})
    assert not Transfer.objects.exists()
    assert not list((var_folder / "transfers").iterdir())


def test_writing_twice_imports_once(browser: Client) -> None:
    transfer = upload(browser, TEXT)
    write(browser, transfer)
    again = browser.post(f"/transfers/{transfer.pk}/", {"do": "write", "title": "Rivers", "deck": ""})
    assert again.status_code == 422
    assert Deck.objects.count() == 1
    assert Note.objects.count() == 3


def test_undoing_takes_the_deck_away_again(browser: Client) -> None:
    transfer = write(browser, upload(browser, TEXT))
    assert "Undo the import" in page(browser, transfer)
    browser.post(f"/transfers/{transfer.pk}/", {"do": "undo"})
    transfer.refresh_from_db()
    assert transfer.state == "undone"
    assert not Deck.objects.exists()
    assert "3 of 3 put back" in page(browser, transfer)


def test_after_a_day_it_stays(browser: Client) -> None:
    transfer = write(browser, upload(browser, TEXT))
    ChangeSet.objects.update(made_at=timezone.now() - timedelta(days=1, minutes=1))
    assert "Undo the import" not in page(browser, transfer)
    assert browser.post(f"/transfers/{transfer.pk}/", {"do": "undo"}).status_code == 422
    assert Deck.objects.exists()


def test_it_is_nobody_elses(browser: Client, charlie: User, erin: User) -> None:
    transfer = upload(browser, TEXT)
    for other in (charlie, erin):
        theirs = Client()
        theirs.force_login(other)
        for address in ("", "file/", f"media/{'0' * 40}.png"):
            assert theirs.get(f"/transfers/{transfer.pk}/{address}").status_code == 404
        assert theirs.post(f"/transfers/{transfer.pk}/", {"do": "discard"}).status_code == 404
    assert Client().get(f"/transfers/{transfer.pk}/").status_code == 302
    assert browser.get(f"/transfers/{uuid4()}/").status_code == 404
    assert Transfer.objects.exists()


def test_guests_sign_up_first(client: Client) -> None:
    client.force_login(User.objects.create_guest())
    assert client.get("/decks/import/")["Location"] == "/account/signup/"


def test_while_it_is_at_work_the_page_says_how_far_and_asks_again(browser: Client, bob: User) -> None:
    now = timezone.now()
    transfer = Transfer.objects.create(
        user=bob, direction="in", format="text", name="x.md", created_at=now, state="reading", beat_at=now,
        done=1200, total=4000,
    )  # fmt: skip
    shown = page(browser, transfer)
    assert "1,200 of 4,000" in shown
    assert re.search(r'<noscript>\s*<meta http-equiv="refresh"', shown)
    part = browser.get(f"/transfers/{transfer.pk}/", headers={"hx-request": "true"})
    assert "<html" not in part.content.decode()
    Transfer.objects.update(state="ready", found={})
    over = browser.get(f"/transfers/{transfer.pk}/", headers={"hx-request": "true"})
    assert over["HX-Refresh"] == "true"


def test_the_list_asks_the_database_no_more_for_more_files(
    browser: Client, bob: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(2):
        for number in range(5):
            deck = Deck.objects.create(slug=f"d-{uuid4()}", title="D", owner=bob)
            Transfer.objects.create(
                user=bob, deck=deck, direction="in", format="text", name=str(number), created_at=timezone.now(),
                state="done",
            )  # fmt: skip
        with django_assert_max_num_queries(8):
            assert browser.get("/decks/import/").status_code == 200


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    return file.getvalue()


def json_deck(question: str, media: dict[str, bytes]) -> bytes:
    return json.dumps({
        "format": "flashcards-deck", "version": 1, "deck": {"slug": "p", "title": "P"},
        "topics": [{"slug": "t", "title": "T"}],
        "notes": [{"key": "a", "topic": "t", "kind": "basic", "question": question, "answer": "A"}],
        "media": {name: base64.b64encode(data).decode() for name, data in media.items()},
    }).encode()  # fmt: skip


def test_pictures_are_shown_before_and_held_by_the_deck_after(browser: Client, charlie: User) -> None:
    name = f"{'a' * 40}.png"
    transfer = upload(browser, json_deck(f"What? ![it](media:{name})", {name: picture()}), "p.json")
    assert transfer.state == "ready", transfer.problems
    shown = page(browser, transfer)
    found = re.search(rf'src="(/transfers/{transfer.pk}/media/[^"]+)"', shown)
    assert found
    answer = browser.get(found[1])
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not MediaFile.objects.exists()
    write(browser, transfer)
    medium = MediaFile.objects.get()
    assert f"/media/{medium.digest}.png" in Card.objects.get().question_html
    assert transfer.outcome["media"] == 1


def test_what_is_missing_is_told_and_gives_way_to_its_words(browser: Client) -> None:
    transfer = upload(browser, json_deck("What? ![the picture](media:none.png)", {}), "p.json")
    assert transfer.state == "ready", transfer.problems
    shown = page(browser, transfer)
    assert "is not in the file" in shown
    assert "the picture" in transfer.found["sample"][0]["question_html"]


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"nonsense"])
def test_what_is_no_package_is_told_so(browser: Client, content: bytes) -> None:
    transfer = upload(browser, content, "cards.apkg")
    assert (transfer.state, transfer.format) == ("failed", "anki")
    assert "noted" not in page(browser, transfer)
    assert not Deck.objects.exists()


def test_a_zip_that_is_no_package(browser: Client) -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("../../evil", "x")
    transfer = upload(browser, file.getvalue(), "cards.apkg")
    assert transfer.state == "failed"
    assert not Deck.objects.exists()


def test_a_note_changed_meanwhile_by_an_editor_is_still_found_by_its_key(browser: Client, bob: User) -> None:
    deck = Deck.objects.create(slug="mine", title="Mine", owner=bob)
    note = make_note(make_topic(deck, "europe", 1), "longest")
    write(browser, upload(browser, TEXT, into="mine"), deck="mine")
    note.refresh_from_db()
    assert note.answer == "The Volga."
    assert note.topic.slug == "europe"
    assert Note.objects.filter(deck=deck).count() == 3
