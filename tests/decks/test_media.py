"""Who holds, sees and uploads media; how they are served; what goes when nothing shows them."""

import os
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from flashcards.accounts.models import User
from flashcards.classes.models import Membership, Role, StudyClass
from flashcards.decks import kinds, media
from flashcards.decks.media import files as stored_files
from flashcards.decks.media.held import visible
from flashcards.decks.models import ClassDeck, Deck, MediaFile, Note, Suggestion, Topic
from flashcards.decks.services import save_deck, save_note
from flashcards.lib.errors import Refused
from flashcards.lib.markdown import render

from .conftest import make_note, make_topic
from .files import SOUNDS, SVG, as_file, mp3, photo

pytestmark = pytest.mark.django_db

PNG = as_file(photo(30, 20), "PNG")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def bobs(bob: User) -> Deck:
    deck = Deck(slug="bobs", title="Bob's", owner=bob)
    save_deck(deck)
    return deck


@pytest.fixture
def kept(bobs: Deck, bob: User) -> MediaFile:
    return media.keep(bobs, media.prepare("cat.png", PNG), bob)


def path(row: MediaFile) -> str:
    return media.path_of(row.digest, row.extension)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# Storing


def test_a_file_is_stored_under_its_content(kept: MediaFile, bobs: Deck, bob: User, folder: Path) -> None:
    [file] = [place for place in folder.rglob("*") if place.is_file()]
    assert file == folder / kept.digest[:2] / f"{kept.digest}.png"
    assert (kept.name, kept.width, kept.height, kept.size, kept.added_by) == (
        "cat.png",
        30,
        20,
        file.stat().st_size,
        bob,
    )
    assert reverse("decks:media", args=[kept.digest, "png"]) == path(kept)
    assert media.bytes_at(path(kept)) == file.read_bytes() == media.prepare("x", PNG).data


def test_twice_is_once_and_decks_share_the_file(
    kept: MediaFile, deck: Deck, bobs: Deck, erin: User, folder: Path
) -> None:
    prepared = media.prepare("another name.png", PNG)
    assert media.keep(bobs, prepared, None) == kept
    other = media.keep(deck, prepared, erin)
    assert (other.digest, other.name) == (kept.digest, "another name.png")
    assert MediaFile.objects.count() == 2
    assert len([place for place in folder.rglob("*") if place.is_file()]) == 1


def test_a_write_that_fails_leaves_nothing(bobs: Deck, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        media.keep(bobs, media.prepare("cat.png", PNG), None)
    assert [place for place in folder.rglob("*") if place.is_file()] == []
    assert not MediaFile.objects.exists()


def test_a_deck_has_room_for_so_much(bobs: Deck, bob: User, deck: Deck, settings: Any) -> None:
    settings.MEDIA_MAX_MB_PER_DECK = 0.001
    small = media.prepare("a.svg", SVG)
    row = media.keep(bobs, small, bob)
    assert media.room_in(bobs) == 1000 - row.size
    with pytest.raises(Refused, match="would take more than"):
        media.keep(bobs, media.prepare("a.mp3", mp3()), bob)
    assert media.keep(bobs, small, bob) == row
    assert media.keep(deck, small, bob).deck == deck
    assert MediaFile.objects.count() == 2


def test_paths_in_texts() -> None:
    first, second = "a" * 40, "b" * 40
    markdown = (
        f'![x](/media/{first}.png) <audio src="/media/{second}.mp3"> ![y](/static/figures/x-1.svg "t") '
        f"/media/{first}.png. https://elsewhere.example/media/{first}.png /media/short.png /static/js/page.js "
        f"![](/media/{'c' * 41}.png)"
    )
    assert media.paths_in(markdown, f"<img src='/static/a.webp'>/media/{second}.mp3") == [
        f"/media/{first}.png", f"/media/{second}.mp3", "/static/figures/x-1.svg", "/static/a.webp",
    ]  # fmt: skip


def test_bytes_at_other_places() -> None:
    icon = media.bytes_at("/static/icons/icon.svg")
    assert icon is not None
    assert icon.startswith(b"<svg")
    for nowhere in (
        "/static/../flashcards/settings.py", "/static/no.png", "/static/icons", "/static//etc/passwd", "/etc/passwd",
        f"/media/{'a' * 40}.png", f"/media/{'a' * 40}.py", "/media/../settings.py", "", "https://example.org/x.png",
    ):  # fmt: skip
        assert media.bytes_at(nowhere) is None, nowhere


# Copied from deck to deck


def test_text_copied_from_another_deck_takes_its_pictures_along(
    kept: MediaFile, deck: Deck, bob: User, charlie: User, erin: User
) -> None:
    texts = [f"![a cat]({path(kept)})", "nothing"]
    media.claim(deck, texts, charlie)  # Charlie must not see Bob's deck
    assert media.held_by(deck, texts) == []
    media.claim(deck, texts, bob)
    media.claim(deck, texts, erin)
    [row] = media.held_by(deck, texts)
    assert (row.digest, row.name, row.width, row.size, row.added_by) == (kept.digest, "cat.png", 30, kept.size, bob)
    assert Client().get(path(kept)).status_code == 200


def test_claiming_keeps_within_the_room(kept: MediaFile, deck: Deck, bob: User, settings: Any) -> None:
    settings.MEDIA_MAX_MB_PER_DECK = 0.0001
    with pytest.raises(Refused):
        media.claim(deck, [path(kept)], bob)
    assert not deck.media.exists()


# Served


def test_who_sees_it(kept: MediaFile, bobs: Deck, bob: User, charlie: User, erin: User) -> None:
    student = User.objects.create_user("sam@example.org", "correct horse")
    study_class = StudyClass.objects.create(slug="c", name="C", join_code="CCCCCCCC")
    ClassDeck.objects.create(study_class=study_class, deck=bobs, keeps_memory=False)
    member = Membership.objects.create(
        study_class=study_class, user=student, role=Role.STUDENT, name="Sam", joined_at=timezone.now()
    )

    def seen() -> list[int]:
        browsers = [signed_in(person) for person in (bob, erin, student, charlie)] + [Client()]
        return [browser.get(path(kept)).status_code for browser in browsers]

    assert seen() == [200, 200, 200, 404, 404]
    Deck.objects.update(is_public=True)
    assert seen() == [200, 200, 200, 200, 200]
    Deck.objects.update(is_public=False)
    Membership.objects.filter(pk=member.pk).update(left_at=timezone.now())
    assert seen() == [200, 200, 404, 404, 404]
    kept.delete()
    assert seen() == [404, 404, 404, 404, 404]


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [("c.png", PNG, "image/png"), ("c.svg", SVG, "image/svg+xml"), ("c.mp3", mp3(), "audio/mpeg")],
)
def test_how_it_is_served(name: str, data: bytes, content_type: str, bobs: Deck, bob: User) -> None:
    row = media.keep(bobs, media.prepare(name, data), bob)
    answer = signed_in(bob).get(path(row), headers={"accept-encoding": "br"})
    assert answer.content == media.prepare(name, data).data
    assert {header: answer.headers.get(header) for header in HEADERS} == {
        **HEADERS,
        "Content-Type": content_type,
        "Content-Disposition": f'inline; filename="{name}"',
        "Content-Length": str(row.size),
        "ETag": f'"{row.digest}"',
    }
    assert answer.headers.get("Accept-Ranges") == ("bytes" if name == "c.mp3" else None)


HEADERS = {
    "Content-Type": "",
    "Content-Disposition": "",
    "Content-Length": "",
    "ETag": "",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Frame-Options": "DENY",
}


def test_a_name_is_no_header(bobs: Deck, bob: User) -> None:
    row = media.keep(bobs, media.prepare('a"\r\nX-Evil: 1; ü.png', PNG), bob)
    answer = signed_in(bob).get(path(row))
    assert "X-Evil" not in answer.headers
    assert answer["Content-Disposition"] == "inline; filename*=utf-8''a%22X-Evil%3A%201%3B%20%C3%BC.png"


def test_browsers_ask_again_for_nothing(kept: MediaFile, bob: User, charlie: User) -> None:
    same = {"if-none-match": f'"{kept.digest}"'}
    answer = signed_in(bob).get(path(kept), headers=same)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    assert answer["Cache-Control"] == HEADERS["Cache-Control"]
    assert signed_in(bob).get(path(kept), headers={"if-none-match": '"other"'}).status_code == 200
    assert signed_in(charlie).get(path(kept), headers=same).status_code == 404


def test_only_drawings_are_compressed(kept: MediaFile, bobs: Deck, bob: User) -> None:
    drawing = media.keep(
        bobs, media.prepare("a.svg", b"<svg viewBox='0 0 9 9'>" + b"<path d='M0 0'/>" * 99 + b"</svg>"), bob
    )
    sound = media.keep(bobs, media.prepare("a.mp3", mp3()), bob)
    bare = {"accept-encoding": "gzip"}
    encodings = [
        signed_in(bob).get(path(row), headers=bare).headers.get("Content-Encoding") for row in (drawing, sound, kept)
    ]
    assert encodings == ["gzip", None, None]


@pytest.mark.parametrize(
    ("asked", "status", "expected"),
    [
        ("bytes=0-1", 206, slice(0, 2)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=5-99999999", 206, slice(5, None)),
        ("bytes=99999999-", 416, slice(0, 0)),
        ("bytes=-0", 416, slice(0, 0)),
        ("bytes=-", 200, slice(None)),
        ("bytes=5-2", 200, slice(None)),
        ("bytes=0-1,5-6", 200, slice(None)),
        ("lines=0-1", 200, slice(None)),
    ],
)
def test_players_ask_for_pieces(asked: str, status: int, expected: slice, bobs: Deck, bob: User) -> None:
    row = media.keep(bobs, media.prepare("a.mp3", mp3()), bob)
    answer = signed_in(bob).get(path(row), headers={"range": asked, "accept-encoding": "gzip"})
    assert (answer.status_code, answer.content) == (status, mp3()[expected])
    assert answer["Content-Length"] == str(len(answer.content))
    if status == 206:
        begin, end, _ = expected.indices(len(mp3()))
        assert answer["Content-Range"] == f"bytes {begin}-{end - 1}/{len(mp3())}"
    if status == 416:
        assert answer["Content-Range"] == f"bytes */{len(mp3())}"
    other = signed_in(bob).get(path(row), headers={"range": asked, "if-range": '"older"'})
    assert (other.status_code, other.content) == (200, mp3())


def test_addresses_that_are_none(kept: MediaFile, bob: User) -> None:
    browser = signed_in(bob)
    for wrong in (
        f"/media/{kept.digest}.svg", f"/media/{kept.digest}", f"/media/{kept.digest}.png/", f"/media/{'0' * 40}.png",
        f"/media/{kept.digest.upper()}.png", f"/media/..%2f{kept.digest}.png", "/media/x%00.png", "/media/",
    ):  # fmt: skip
        assert browser.get(wrong).status_code in {404, 405}, wrong
    assert browser.post(path(kept)).status_code == 405
    MediaFile.objects.filter(pk=kept.pk).update(digest="1" * 40)
    assert browser.get(f"/media/{'1' * 40}.png").status_code == 404  # the file is gone


def test_a_picture_costs_the_same_in_any_number_of_decks(
    kept: MediaFile, bob: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        deck = Deck.objects.create(slug=f"d{number}", title="D", owner=bob)
        media.keep(deck, media.prepare("x", PNG), bob)
    browser = signed_in(bob)
    browser.get(path(kept))  # the session's first visit of the day writes
    with django_assert_max_num_queries(3):  # the session, the person, the file
        assert browser.get(path(kept)).status_code == 200


# Uploaded


def upload(browser: Client, name: str = "cat.png", data: bytes = PNG, **where: object) -> Any:
    return browser.post("/media/", {"file": SimpleUploadedFile(name, data), **where})


def test_who_edits_uploads(bobs: Deck, deck: Deck, topic: Topic, bob: User, charlie: User, erin: User) -> None:
    answer = upload(signed_in(bob), deck="bobs")
    row = MediaFile.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {"markdown": f"![]({path(row)})", "path": path(row), "width": 30, "height": 20}
    assert (row.deck, row.added_by, row.name) == (bobs, bob, "cat.png")
    assert upload(signed_in(erin), deck="bobs").status_code == 201
    assert upload(signed_in(erin), topic=topic.pk).status_code == 201
    assert deck.media.count() == 1
    for browser in (signed_in(charlie), Client()):
        assert upload(browser, deck="bobs").status_code == 404
    for where in ({"deck": "physics"}, {"topic": topic.pk}, {"deck": "none"}, {"topic": "x"}, {"deck": "a\0"}, {}):
        assert upload(signed_in(bob), **where).status_code == 404
    assert MediaFile.objects.count() == 2


def test_a_sound_is_shown_by_a_player_that_survives(bobs: Deck, bob: User) -> None:
    answer = upload(signed_in(bob), "a.mp3", SOUNDS["mp3"], deck="bobs").json()
    assert (answer["width"], answer["height"]) == (None, None)
    assert (
        render(answer["markdown"]).html == f'<p><audio src="{answer["path"]}" controls="" preload="none"></audio></p>'
    )


def test_what_can_not_be_stored_says_why(bobs: Deck, bob: User) -> None:
    browser = signed_in(bob)
    bad = upload(browser, "cat.png", b"<html>", deck="bobs")
    assert bad.status_code == 422
    assert bad.json()["problems"][0]["message"].startswith("“cat.png” is no picture")
    large = upload(browser, "large.png", b"\x89PNG" + b"\0" * 11_000_000, deck="bobs")
    assert (large.status_code, "at most 10 MB" in large.content.decode()) == (422, True)
    none = browser.post("/media/", {"deck": "bobs", "file": "words"})
    assert (none.status_code, none.json()) == (
        422,
        {"problems": [{"message": "No file arrived. Choose a picture or a sound."}]},
    )
    assert not MediaFile.objects.exists()


def test_many_uploads_wait(bobs: Deck, bob: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"media": "2/m/user"}
    browser = signed_in(bob)
    assert [upload(browser, deck="bobs").status_code for _ in range(3)] == [201, 201, 429]
    assert "problems" in upload(browser, deck="bobs").json()


def test_a_form_needs_its_token(bobs: Deck, bob: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bob)
    assert upload(strict, deck="bobs").status_code == 403


# Shown by notes


def test_an_occlusion_note_shows_an_uploaded_picture(kept: MediaFile, bobs: Deck) -> None:
    topic = make_topic(bobs, "t", 1)
    note = make_note(
        topic, "n", kind="occlusion", question="What?", answer=f"![a cat]({path(kept)})\n1: 10 10 20 20 = ear"
    )
    assert note.cards.get().data["src"] == path(kept)


def test_an_option_may_show_a_picture_but_no_player() -> None:
    def faces(option: str) -> list[kinds.Face]:
        return kinds.get("choice").faces(kinds.Draft("Q", f"- [x] {option}\n- [ ] no", ""))

    assert faces(f"![cat](/media/{'a' * 40}.png)")
    with pytest.raises(Refused):
        faces(f'word <audio src="/media/{"a" * 40}.mp3" controls></audio>')


# Cleared


def age(row: MediaFile, days: float, folder: Path) -> None:
    then = timezone.now() - timedelta(days=days)
    MediaFile.objects.filter(pk=row.pk).update(added_at=then)
    os.utime(folder / row.digest[:2] / f"{row.digest}.{row.extension}", (then.timestamp(), then.timestamp()))


def cleared() -> str:
    said = StringIO()
    call_command("clear_media", stdout=said)
    return said.getvalue()


def test_what_is_shown_anywhere_stays(bobs: Deck, bob: User, folder: Path) -> None:
    topic = make_topic(bobs, "t", 1)
    rows = {
        name: media.keep(bobs, media.prepare(f"{name}.png", as_file(photo(number + 9, 9), "PNG")), bob)
        for number, name in enumerate(
            ["question", "explanation", "archived", "earlier", "once", "intro", "idea", "none"]
        )
    }
    shown = {name: f"![x]({path(row)})" for name, row in rows.items()}
    make_note(topic, "q", question=shown["question"], explanation=shown["explanation"])
    archived = make_note(topic, "a", answer=shown["archived"])
    Note.objects.filter(pk=archived.pk).update(archived_at=timezone.now())
    earlier = make_note(topic, "e", question=shown["earlier"])
    earlier.question = "Another"
    save_note(earlier, tags=())
    for introduction in (shown["once"], shown["intro"]):
        bobs.introduction = introduction
        save_deck(bobs)
    Suggestion.objects.create(note=earlier, version=1, made_at=timezone.now(), proposed={"answer": shown["idea"]})
    for row in rows.values():
        age(row, 8, folder)

    assert "1 no longer shown; 1 file" in cleared()
    assert set(MediaFile.objects.values_list("name", flat=True)) == {f"{name}.png" for name in rows if name != "none"}
    assert media.bytes_at(path(rows["none"])) is None
    assert all(media.bytes_at(path(row)) for name, row in rows.items() if name != "none")
    assert cleared() == ""


def test_what_is_new_waits_for_its_note(kept: MediaFile, bobs: Deck, folder: Path) -> None:
    age(kept, 6.9, folder)
    assert cleared() == ""
    age(kept, 7.1, folder)
    assert "1 no longer shown; 1 file" in cleared()


def test_a_deleted_decks_files_follow_after_a_day(
    kept: MediaFile, bobs: Deck, deck: Deck, erin: User, folder: Path
) -> None:
    sound = media.keep(bobs, media.prepare("a.mp3", mp3()), None)
    shared = media.keep(deck, media.prepare("x", PNG), erin)
    for row in (shared, sound):
        age(row, 2, folder)
    stored_files.store("f" * 40, "png", b"written just now, its row is on its way")
    bobs.delete()

    assert "0 no longer shown; 1 file" in cleared()
    assert media.bytes_at(path(sound)) is None
    assert media.bytes_at(path(shared)) is not None
    assert media.bytes_at(f"/media/{'f' * 40}.png") is not None
    # Stored anew it counts as new again.
    media.keep(deck, media.prepare("a.mp3", mp3()), None)
    assert cleared() == ""


def test_strangers_see_public_decks_only(kept: MediaFile, deck: Deck, erin: User) -> None:
    assert list(visible(AnonymousUser())) == []
    media.keep(deck, media.prepare("x", PNG), erin)
    assert [row.deck for row in visible(AnonymousUser())] == [deck]


def test_the_policy_lets_pages_play_sounds(client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert re.search(r"media-src 'self'(;|$)", policy)
