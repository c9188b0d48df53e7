"""The SQLite file in a package: a collection of schema 11, written in batches."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from hashlib import sha1
from html import unescape
from pathlib import Path
from typing import Any

from flashcards.decks.formats.anki.history_rows import DAY_BEGINS, FIRST_DAY, CardRow

SEPARATOR = "\x1f"

_TABLES = """
create table col (
    id integer primary key, crt integer not null, mod integer not null, scm integer not null, ver integer not null,
    dty integer not null, usn integer not null, ls integer not null, conf text not null, models text not null,
    decks text not null, dconf text not null, tags text not null);
create table notes (
    id integer primary key, guid text not null, mid integer not null, mod integer not null, usn integer not null,
    tags text not null, flds text not null, sfld integer not null, csum integer not null, flags integer not null,
    data text not null);
create table cards (
    id integer primary key, nid integer not null, did integer not null, ord integer not null, mod integer not null,
    usn integer not null, type integer not null, queue integer not null, due integer not null, ivl integer not null,
    factor integer not null, reps integer not null, lapses integer not null, left integer not null,
    odue integer not null, odid integer not null, flags integer not null, data text not null);
create table revlog (
    id integer primary key, cid integer not null, usn integer not null, ease integer not null, ivl integer not null,
    lastIvl integer not null, factor integer not null, time integer not null, type integer not null);
create table graves (usn integer not null, oid integer not null, type integer not null);
"""
_INDEXES = """
create index ix_notes_usn on notes (usn);
create index ix_notes_csum on notes (csum);
create index ix_cards_usn on cards (usn);
create index ix_cards_nid on cards (nid);
create index ix_cards_sched on cards (did, queue, due);
create index ix_revlog_usn on revlog (usn);
create index ix_revlog_cid on revlog (cid);
"""
_BATCH = 500
_CHANGED = -1
"""The update number of rows that no server has seen."""

_IMAGE = re.compile(r"""<img\b[^>]*\bsrc=["']?([^"'>]+)["']?[^>]*>""", re.IGNORECASE)
_MARKUP = re.compile(r"<!--.*?-->|<.*?>", re.DOTALL)


class CollectionFile:
    """Takes notes, cards and log rows; `open_collection` makes it."""

    def __init__(self, connection: sqlite3.Connection, now: int) -> None:
        self._connection = connection
        self._now = now
        self._notes: list[tuple[Any, ...]] = []
        self._cards: list[tuple[Any, ...]] = []

    def add_note(self, number: int, guid: str, note_type: int, tags: Iterable[str], fields: list[str]) -> None:
        """Add a note; `fields` are the HTML of all its type's fields in order."""
        written = "".join(f" {tag}" for tag in tags)
        plain = plain_field(fields[0])
        self._notes.append(
            (
                number, guid, note_type, self._now, _CHANGED, f"{written} " if written else "", SEPARATOR.join(fields),
                plain, checksum(plain), 0, "",
            )
        )  # fmt: skip
        if len(self._notes) >= _BATCH:
            self._flush()

    def add_card(self, number: int, note: int, deck: int, place: int, row: CardRow) -> None:
        """Add a card of the note `note`: the one at `place`, from 0, among its type's templates or gaps."""
        self._cards.append(
            (
                number, note, deck, place, self._now, _CHANGED, row.type, row.queue, row.due, row.ivl, row.factor,
                row.reps, row.lapses, row.left, 0, 0, row.flags, row.data,
            )
        )  # fmt: skip

    def add_review(self, moment: int, card: int, columns: tuple[int, ...]) -> int:
        """Add a row of the log and return its id: `moment` in milliseconds, or the first free one after it."""
        insert = "insert or ignore into revlog values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        while not self._connection.execute(insert, (moment, card, _CHANGED, *columns)).rowcount:
            moment += 1
        return moment

    def finish(self, models: dict[str, Any], decks: dict[str, Any], options: dict[str, Any]) -> None:
        """Write what is left and the collection's own row."""
        self._flush()
        created = int(datetime.combine(FIRST_DAY, DAY_BEGINS).timestamp())
        settings = {
            "nextPos": 1, "schedVer": 2, "sched2021": True, "creationOffset": 0, "curDeck": 1, "activeDecks": [1],
            "estTimes": True, "dueCounts": True, "addToCur": True, "collapseTime": 1200, "timeLim": 0,
            "dayLearnFirst": False, "newSpread": 0, "sortType": "noteFld", "sortBackwards": False,
            "curModel": next(iter(models), None),
        }  # fmt: skip
        texts = (json.dumps(each, separators=(",", ":")) for each in (settings, models, decks, options))
        row = (1, created, self._now * 1000, self._now * 1000, 11, 0, 0, 0, *texts, "{}")
        self._connection.execute(f"insert into col values ({', '.join('?' * len(row))})", row)  # noqa: S608 - marks
        for statement in filter(str.strip, _INDEXES.split(";")):
            self._connection.execute(statement)

    def _flush(self) -> None:
        for table, rows in (("notes", self._notes), ("cards", self._cards)):
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                self._connection.executemany(f"insert into {table} values ({marks})", rows)  # noqa: S608 - our names
                rows.clear()


@contextmanager
def open_collection(path: Path, now: int) -> Iterator[CollectionFile]:
    """Make the file at `path`; it is whole when this ends. `now` is in seconds since 1970."""
    with closing(sqlite3.connect(path, autocommit=True)) as connection:
        # Nobody reads this file before it is whole, so nothing has to be undone or to survive.
        connection.execute("pragma journal_mode = off")
        connection.execute("pragma synchronous = off")
        connection.execute("pragma cache_size = -8000")
        connection.executescript(_TABLES)
        connection.execute("begin")
        yield CollectionFile(connection, now)
        connection.execute("commit")


def plain_field(field: str) -> str:
    """Return the text of a field's HTML by which Anki sorts, with the names of its images."""
    text = _MARKUP.sub("", _IMAGE.sub(r" \1 ", field))
    return unescape(text).replace("\xa0", " ") if "&" in text else text


def checksum(plain: str) -> int:
    """Return the number by which Anki finds notes with the same first field."""
    return int(sha1(plain.encode(), usedforsecurity=False).hexdigest()[:8], 16)
