"""Sounds: stored as they are if they are what their first bytes say, from beginning to end."""

import pytest

from flashcards.decks import media
from flashcards.lib.errors import Refused

from .files import SOUNDS, flac, m4a, mp3, ogg, wav


@pytest.mark.parametrize("extension", SOUNDS)
def test_sounds_are_stored_as_they_are(extension: str) -> None:
    prepared = media.prepare("word.png", SOUNDS[extension])
    assert (prepared.extension, prepared.name) == (extension, f"word.{extension}")
    assert (prepared.data, prepared.width, prepared.height) == (SOUNDS[extension], None, None)


def test_what_stands_around_the_sound_of_an_mp3() -> None:
    assert media.prepare("a", mp3(tag=b"TIT2" + b"\0" * 500)).extension == "mp3"
    assert media.prepare("a", mp3(frames=1)).extension == "mp3"


def test_other_codecs_of_ogg() -> None:
    for codec in (b"\x01vorbis", b"\x7fFLAC", b"Speex   "):
        assert media.prepare("a.opus", ogg(codec)).name == "a.opus"


def test_a_wav_ends_where_it_says() -> None:
    assert media.prepare("a.wav", wav() + b"<script>alert(1)</script>").data == wav()


@pytest.mark.parametrize(
    "data",
    [
        b"ID3\4\0\0\0\0\0\0<html>",
        b"ID3",
        b"ID3\4\0\0\xff\xff\xff\xff" + mp3(),
        mp3(tag=b"x" * 400)[:300],
        b"\xff\xfb\x90\0" + b"<html>" * 100,
        ogg()[:-3],
        ogg() + b"<script>",
        ogg(b"\x80theora"),
        ogg()[:20],
        wav()[:-10],
        b"RIFF\x10\0\0\0WAVEhtml<script>alert(1)",
        flac()[:20],
        b"fLaC<html>",
        b"fLaC",
        m4a()[:-10],
        m4a() + b"<html>",
        m4a(b"text"),
        m4a(media=b"vmhd"),
        b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42",
    ],
    ids=range(19),
)
def test_what_only_begins_like_a_sound_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match=r"“word\.mp3” is "):
        media.prepare("word.mp3", data)
