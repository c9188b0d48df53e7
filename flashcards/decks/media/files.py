"""Where media lie: a file is named by its content and extension, its address is that name."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

CONTENT_TYPES: Final = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
    "flac": "audio/flac",
}
"""What is stored, by extension, and what it is served as."""

SOUNDS: Final = frozenset(name for name, what in CONTENT_TYPES.items() if what.startswith("audio/"))

_MEDIA = re.compile(r"/media/(?P<digest>[0-9a-f]{40})\.(?P<extension>[a-z0-9]{2,5})")
_STATIC_FILE = r"/static/[^\s\"'<>()\\?#]{1,200}\.(?:png|jpe?g|gif|webp|avif|svg|mp3|ogg|oga|opus|wav|m4a|flac)"
_PATH = re.compile(rf"(?<![\w./:-])(?:{_MEDIA.pattern}|{_STATIC_FILE})(?![\w.-]*\w)")


def digest_of(data: bytes) -> str:
    """Return what names a file: the first 160 bits of SHA-256, in hex."""
    return sha256(data).hexdigest()[:40]


def path_of(digest: str, extension: str) -> str:
    """Return the address that texts show a stored file by."""
    return f"/media/{digest}.{extension}"


def paths_in(*texts: str) -> list[str]:
    """Return the /media/… and /static/… addresses of pictures and sounds in Markdown or HTML, each once, in order."""
    return list(dict.fromkeys(found[0] for text in texts for found in _PATH.finditer(text)))


def media_in(*texts: str) -> dict[str, str]:
    """Return digest and extension of each stored file that Markdown or HTML mentions, anywhere in it."""
    return {found["digest"]: found["extension"] for text in texts for found in _MEDIA.finditer(text)}


def place_of(digest: str, extension: str) -> str:
    """Return the name of a file within the storage: a folder takes a 256th of them."""
    return f"{digest[:2]}/{digest}.{extension}"


def is_stored(digest: str, extension: str) -> bool:
    """Return whether the storage has the file, whoever's it is."""
    return default_storage.exists(place_of(digest, extension))


def store(digest: str, extension: str, data: bytes) -> None:
    """Write the file, whole or not at all. One that is there is written anew, so that it counts as fresh."""
    default_storage.save(place_of(digest, extension), ContentFile(data))


def read(digest: str, extension: str) -> bytes | None:
    """Return a stored file's bytes; None if it is not there."""
    try:
        with default_storage.open(place_of(digest, extension)) as file:
            data: bytes = file.read()
    except FileNotFoundError:
        return None
    return data


def bytes_at(path: str) -> bytes | None:
    """Return what lies at a /media/… or /static/… address; None if nothing does.

    Asks nobody's rights: whoever hands it on looks first whether the deck holds it (`held_by`).
    """
    if found := _MEDIA.fullmatch(path):
        return read(found["digest"], found["extension"]) if found["extension"] in CONTENT_TYPES else None
    if not path.startswith(settings.STATIC_URL):
        return None
    try:
        place = finders.find(path.removeprefix(settings.STATIC_URL))
    except SuspiciousFileOperation:  # it climbs out of the folder
        return None
    return Path(place).read_bytes() if isinstance(place, str) and Path(place).is_file() else None
