"""The media of a package: numbered files in the zip, and their names in a JSON list."""

import json
import re
import unicodedata
from collections.abc import Callable
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import unquote

_DIGEST = re.compile(r"[0-9a-f]{40}")
_UNSAFE = re.compile(r"[^A-Za-z0-9-]+")
_EXTENSION = re.compile(r"\.[a-z0-9]{1,5}")


class Writes(Protocol):
    """What files are put into."""

    def write(self, name: str, data: bytes) -> None:
        """Put a file of this name in."""


class PackedMedia:
    """Asks for each path once and packs what it gets; equal bytes are one file."""

    def __init__(self, read: Callable[[str], bytes | None], package: Writes) -> None:
        self._read = read
        self._package = package
        self._names: dict[str, str | None] = {}
        self._packed: list[str] = []
        self._known: set[str] = set()

    @property
    def count(self) -> int:
        """How many files were packed."""
        return len(self._packed)

    def name_of(self, path: str) -> str | None:
        """Return the name in the package of the file at `path`, None if there is none."""
        if path not in self._names:
            data = self._read(path)
            self._names[path] = None if data is None else self._pack(path, data)
        return self._names[path]

    def listed(self) -> bytes:
        """Return the package's list of names."""
        return json.dumps({str(number): name for number, name in enumerate(self._packed)}).encode()

    def _pack(self, path: str, data: bytes) -> str:
        name = _name(path, data)
        if name not in self._known:
            self._known.add(name)
            self._package.write(str(len(self._packed)), data)
            self._packed.append(name)
        return name


def _name(path: str, data: bytes) -> str:
    """Return a name that only these bytes have: Anki keeps the media of all decks in one folder."""
    file = PurePosixPath(unquote(path))
    stem = unicodedata.normalize("NFKD", file.stem)
    extension = file.suffix.lower() if _EXTENSION.fullmatch(file.suffix.lower()) else ""
    if _DIGEST.fullmatch(stem):
        return f"{stem}{extension}"
    readable = _UNSAFE.sub("-", stem).strip("-")[:60] or "file"
    return f"{readable}-{sha256(data).hexdigest()[:12]}{extension}"
