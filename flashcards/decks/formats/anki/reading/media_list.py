"""Which file in a package is which picture or sound: the list `media`, JSON in the old form, protobuf in the new."""

import json
import re

from flashcards.decks.formats.anki.reading import wire
from flashcards.decks.formats.anki.reading.archive import Archive
from flashcards.decks.formats.anki.reading.limits import LARGEST_LIST, LARGEST_MEDIUM, refusal

_NAME = re.compile(r"(?!\.{1,2}\Z)[^/\\\x00-\x1f\x7f]{1,255}")
_NUMBER = re.compile(r"[0-9]{1,6}")


class MediaList:
    """The media of a package by the names that notes use."""

    def __init__(self, archive: Archive, *, is_new: bool) -> None:
        self._archive = archive
        self._is_new = is_new
        self._entries: dict[str, str] = {}
        if "media" in archive.names:
            data = archive.read("media", LARGEST_LIST, zstd=is_new)
            for name, entry in (_new(data) if is_new else _old(data)).items():
                if not _NAME.fullmatch(name):
                    raise refusal(f"The list of media has the unsafe name “{name[:60]!a}”.")
                if entry in archive.names:
                    self._entries[name] = entry

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def data(self, name: str) -> bytes | None:
        """Return the bytes of a medium, None if the package does not hold it; raises Refused."""
        entry = self._entries.get(name)
        return self._archive.read(entry, LARGEST_MEDIUM, zstd=self._is_new) if entry is not None else None


def _old(data: bytes) -> dict[str, str]:
    try:
        listed = json.loads(data)
    except (ValueError, RecursionError):
        raise refusal("The package's list of media can't be read: it is no JSON.") from None
    if not isinstance(listed, dict) or not all(
        isinstance(name, str) and _NUMBER.fullmatch(entry) for entry, name in listed.items()
    ):
        raise refusal("The package's list of media is not a map from numbers to names.")
    return {name: entry for entry, name in listed.items()}


def _new(data: bytes) -> dict[str, str]:
    entries: dict[str, str] = {}
    try:
        for index, (number, value) in enumerate(wire.fields(data)):
            if number != 1:
                continue
            parts = dict(wire.fields(wire.message(value)))
            entries[wire.text(parts.get(1, b""))] = str(parts.get(255, index))
    except wire.BrokenMessage:
        raise refusal("The package's list of media is damaged or cut off.") from None
    return entries
