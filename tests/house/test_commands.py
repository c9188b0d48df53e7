"""The commands behind `make run` do their work once, and say in a line what they can't."""

import socket
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from fontTools.ttLib import TTFont

from flashcards.accounts.models import User
from flashcards.decks.models import Note
from flashcards.study.management.commands import prepare


def said(command: str, *arguments: str, **options: Any) -> str:
    output = StringIO()
    call_command(command, *arguments, stdout=output, **options)
    return output.getvalue()


@pytest.fixture(scope="session")
def font_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generated")


@pytest.fixture
def places(settings: Any, tmp_path: Path, font_folder: Path) -> Path:
    settings.VAR_DIR = tmp_path
    settings.GENERATED_DIR = font_folder
    settings.STATIC_ROOT = tmp_path / "static"
    settings.DEBUG = True
    return tmp_path


def test_the_math_font_is_small_whole_and_licensed(places: Path, font_folder: Path) -> None:
    said("math_font")
    path = font_folder / "fonts" / "STIXTwoMath.woff2"
    assert path.stat().st_size <= 600_000
    with TTFont(path) as font:
        assert "MATH" in font
        assert len(font.getGlyphOrder()) > 5000
        assert "SIL Open Font License" in font["name"].getDebugName(13)
    made = path.stat().st_mtime_ns
    assert said("math_font") == ""
    assert path.stat().st_mtime_ns == made


def test_a_font_that_cannot_be_written_is_one_sentence(places: Path, settings: Any) -> None:
    (places / "file").touch()
    settings.GENERATED_DIR = places / "file"
    with pytest.raises(CommandError, match="can't be written"):
        said("math_font")


@pytest.mark.django_db
def test_the_administrator_is_made_once_and_can_sign_in(client: Client) -> None:
    words = said("administrator").split()
    address, password = words[1].rstrip(","), words[3]
    assert said("administrator", email="another@example.org") == ""
    assert User.objects.filter(is_superuser=True).count() == 1
    client.post("/account/login/", {"login": address, "password": password})
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_no_member_becomes_administrator_by_their_address() -> None:
    User.objects.create_user("ada@example.org", "a password")
    with pytest.raises(CommandError, match="already"):
        said("administrator", email="ada@example.org")
    with pytest.raises(CommandError, match="no e-mail address"):
        said("administrator", email="nonsense")


@pytest.mark.django_db
def test_preparing_again_finds_nothing_to_do_and_keeps_edits(places: Path) -> None:
    first = said("prepare")
    assert "Built-in deck:" in first
    assert "Administrator:" in first
    Note.objects.filter(key=Note.objects.earliest("pk").key).update(reference="an editor's own")
    assert said("prepare") == ""
    assert Note.objects.filter(reference="an editor's own").exists()


@pytest.mark.django_db
def test_a_changed_deck_file_is_imported_again(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said("prepare")
    copy = places / "deck.md"
    copy.write_bytes(prepare.BUILT_IN_DECK.read_bytes() + b"\n")
    monkeypatch.setattr(prepare, "BUILT_IN_DECK", copy)
    assert "Built-in deck:" in said("prepare")
    assert said("prepare") == ""


def test_a_taken_port_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CommandError, match="PORT=8001"):
        said("serve", port=taken.getsockname()[1])
    with pytest.raises(CommandError, match="no port"):
        said("serve", port=70_000)
