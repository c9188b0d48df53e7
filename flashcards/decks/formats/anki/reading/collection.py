"""A collection's database, read by a child process (`child.py`): this one never opens it."""

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flashcards.decks.formats.anki.reading.limits import refusal

CHILD = Path(__file__).with_name("child.py")
LONGEST_LINE = 64_000_000
PATIENCE = 20.0
"""Seconds without a word from the child. Its own clock, of processor time, is much shorter."""

_READ = 1 << 16


class Collection:
    """The database at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def head(self) -> dict[str, Any]:
        """Return what `child.head` says; raises Refused."""
        with closing(self._lines("head")) as lines:
            for line in lines:
                if isinstance(line.get("head"), dict):
                    head: dict[str, Any] = line["head"]
                    return head
        raise refusal("The package's database can't be read.")

    def notes(self, *, history: bool) -> Iterator[list[Any]]:
        """Yield the rows of `child.notes`; raises Refused at the first that can't be read."""
        with closing(self._lines("history" if history else "notes")) as lines:
            for line in lines:
                yield from line.get("notes", ())

    def _lines(self, what: str) -> Generator[dict[str, Any]]:
        command = [sys.executable, "-I", "-S", str(CHILD), quote(str(self._path)), what]
        environment = {"SQLITE_TMPDIR": str(self._path.parent), "LC_ALL": "C.UTF-8"}
        if libraries := os.environ.get("LD_LIBRARY_PATH"):
            environment["LD_LIBRARY_PATH"] = libraries
        child = subprocess.Popen(  # noqa: S603 - our own file, by the interpreter that runs this
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        try:
            for data in _split(child):
                line = json.loads(data)
                if "refused" in line:
                    raise refusal(f"The package's collection can't be read. {line['refused']}")
                if "end" in line:
                    return
                yield line
            raise refusal("The package's collection can't be read: that takes too long, or too much memory.")
        finally:
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()


def _split(child: "subprocess.Popen[bytes]") -> Iterator[bytes]:
    """Yield the lines that the child prints, until it ends; raises Refused if one is too long or does not come."""
    if child.stdout is None:
        return
    pipe = child.stdout.fileno()
    pending: list[bytes] = []
    size = 0
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            asked = time.monotonic()
            if not selector.select(PATIENCE) and time.monotonic() - asked >= PATIENCE:
                raise refusal("The package's collection can't be read: that takes too long.")
            data = os.read(pipe, _READ)
            if not data:
                return
            *lines, rest = data.split(b"\n")
            for line in lines:
                yield b"".join([*pending, line])
                pending, size = [], 0
            if rest:
                pending.append(rest)
                size += len(rest)
            if size > LONGEST_LINE:
                raise refusal("The package's collection can't be read: one note of it is too big.")
