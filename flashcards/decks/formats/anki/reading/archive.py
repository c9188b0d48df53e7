"""The zip that a package is, opened without trusting it: names, sizes, links and the number of entries."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

import zstandard

from flashcards.decks.formats.anki.reading.limits import (
    HIGHEST_RATIO,
    LARGEST_DIRECTORY,
    MOST_ENTRIES,
    UNSUSPICIOUS,
    refusal,
)

_CHUNK = 256 * 1024
_LARGEST_WINDOW = 2**25
_ENDING = b"PK\x05\x06"
_ENTRY = b"PK\x01\x02"
_ENDING_64 = b"PK\x06\x07"
_UNSAFE = re.compile(r"\A[/\\]|\A[A-Za-z]:|(?:\A|[/\\])\.\.(?:[/\\]|\Z)|[\x00-\x1f\x7f\\]")
_ZSTD = b"\x28\xb5\x2f\xfd"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, OSError)


class Archive:
    """An open package; `names` are those of its files."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self._entries = _checked(file.infolist())
        self.names = frozenset(self._entries)

    def read(self, name: str, limit: int, *, zstd: bool) -> bytes:
        """Return the bytes of an entry, at most `limit`; raises Refused."""
        parts: list[bytes] = []
        self._copy(name, parts.append, limit, zstd=zstd)
        return b"".join(parts)

    def extract(self, name: str, target: Path, limit: int, *, zstd: bool) -> None:
        """Write the bytes of an entry to `target`, at most `limit`; raises Refused."""
        with target.open("wb") as out:
            self._copy(name, out.write, limit, zstd=zstd)

    def _copy(self, name: str, write: Callable[[bytes], object], limit: int, *, zstd: bool) -> None:
        entry = self._entries[name]
        try:
            with self._file.open(entry) as packed:
                chunks = _unpacked(cast("zipfile.ZipExtFile", packed), name) if zstd else _chunks(packed)
                for chunk in _bounded(chunks, entry, limit):
                    write(chunk)
        except _BROKEN:
            raise refusal(f"“{name}” in the package is damaged or cut off.") from None
        except zstandard.ZstdError:
            raise refusal(
                f"“{name}” in the package can't be unpacked: it is damaged, or made to fill memory."
            ) from None
        except RuntimeError:
            raise refusal(f"“{name}” in the package is locked with a password.") from None


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open the zip at `path`; raises Refused if it is none, or not one that is safe to read."""
    with path.open("rb") as file:
        _look_at_directory(file)
        try:
            archive = zipfile.ZipFile(file)
        except (*_BROKEN, ValueError, UnicodeDecodeError):
            raise refusal("The file is damaged or cut off: its list of contents can't be read.") from None
        with archive:
            yield Archive(archive)


def _look_at_directory(file: BinaryIO) -> None:
    """Refuse a file without a zip's ending, or one whose list is too long to be read at all."""
    size = file.seek(0, 2)
    file.seek(0)
    if file.read(2) != b"PK":
        raise refusal("The file is no Anki package: packages are zip files, and this is none.")
    start = file.seek(max(0, size - 66_000))
    tail = file.read()
    at = tail.rfind(_ENDING)
    if at < 0 or len(tail) - at < 22:
        raise refusal("The file is cut off: the end of the package is missing. Copy or export it again.")
    entries, length, offset = struct.unpack("<HII", tail[at + 10 : at + 20])
    if tail.rfind(_ENDING_64, 0, at) >= 0 or entries == 0xFFFF or entries > MOST_ENTRIES or length > LARGEST_DIRECTORY:
        raise refusal(f"The package holds more than {MOST_ENTRIES:,} files, or is bigger than 4 GB.")
    if offset + length > start + at:
        raise refusal("The file is damaged or cut off: its list of contents can't be read.")
    file.seek(start + at - length)
    if file.read(length).count(_ENTRY) > MOST_ENTRIES:
        raise refusal(f"The package holds more than {MOST_ENTRIES:,} files.")
    file.seek(0)


def _checked(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        name = entry.orig_filename
        shown = name[:60].encode("unicode_escape", "replace").decode() if not name.isprintable() else name[:60]
        if _UNSAFE.search(name):
            raise refusal(f"The package holds a file with the unsafe name “{shown}”.")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise refusal(f"“{shown}” in the package is a link instead of a file.")
        if name in found:
            raise refusal(f"The package holds “{shown}” twice.")
        if entry.header_offset < end:
            raise refusal(f"“{shown}” in the package overlaps with another file.")
        end = entry.header_offset + 30 + len(name) + entry.compress_size
        found[name] = entry
    return {name: entry for name, entry in found.items() if not name.endswith("/")}


def _chunks(packed: IO[bytes]) -> Iterator[bytes]:
    while chunk := packed.read(_CHUNK):
        yield chunk


def _unpacked(packed: zipfile.ZipExtFile, name: str) -> Iterator[bytes]:
    start = packed.peek(18)[:18]
    if start[:4] != _ZSTD:
        raise refusal(f"“{name}” in the package is not packed as the package says it is (zstd).")
    size = zstandard.get_frame_parameters(start).content_size
    total = 0
    with zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).stream_reader(
        cast("IO[bytes]", packed)
    ) as unpacked:
        while chunk := unpacked.read(_CHUNK):
            total += len(chunk)
            yield chunk
    if size not in {zstandard.CONTENTSIZE_UNKNOWN, total}:
        raise refusal(f"“{name}” in the package is damaged or cut off.")


def _bounded(chunks: Iterator[bytes], entry: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > limit:
            raise refusal(f"“{entry.filename}” in the package is bigger than {limit:,} bytes when unpacked.")
        if total > UNSUSPICIOUS and total > HIGHEST_RATIO * max(1, entry.compress_size):
            raise refusal(f"“{entry.filename}” in the package unpacks to far more than it can be: a zip bomb.")
        yield chunk
