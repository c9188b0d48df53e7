"""Reads a foreign SQLite file in a process of its own, with little memory and time: `python -I -S child.py FILE WHAT`.

WHAT is `head`, `notes` or `history` (notes with reviews). Prints JSON lines: {"head": …}, {"notes": […]},
{"end": true} or {"refused": sentence}. Imports nothing but the standard library, and trusts nothing the file says.
"""

import json
import resource
import signal
import sqlite3
import sys
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Any

MEMORY = 200 << 20
LARGEST_FILE = 512 << 20
"""Of what SQLite may write: a sort that does not fit in memory."""
SECONDS = 1.2
"""Of processor time for the head, and for each batch of notes; the kernel ends the process at half as much again."""
MOST_NOTES = 100_000
MOST_CARDS = 500_000
MOST_REVIEWS = 3_000_000
MOST_CARDS_OF_A_NOTE = 1_000
MOST_DECKS = 5_000
MOST_OBJECTS = 1_000
LONGEST_VALUE = 8 << 20
LONGEST_NOTE = 1_000_000
BATCH_NOTES = 200
BATCH_CHARACTERS = 500_000

COLUMNS = {
    "col": {"crt", "models", "decks"},
    "notes": {"id", "guid", "mid", "tags", "flds"},
    "cards": {"id", "nid", "did", "ord", "type", "queue", "due", "ivl", "odue", "odid", "flags", "data"},
    "revlog": {"id", "cid", "ease", "time", "type", "factor"},
    "notetypes": {"id", "name", "config"},
    "fields": {"ntid", "ord", "name"},
    "templates": {"ntid", "ord", "name", "config"},
    "decks": {"id", "name", "kind"},
}
ALWAYS = ("col", "notes", "cards", "revlog")
NEW = ("notetypes", "fields", "templates", "decks")
FUNCTIONS = {"count", "min", "sum"}

type Row = tuple[Any, ...]


class RefusedFile(Exception):
    """The file can't be read; the message says why, as a sentence."""


class Clock:
    """Counts processor time since `start`; the kernel has a longer clock, for what never comes back to ask."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin anew."""
        self.began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS * 1.5)

    def is_over(self) -> bool:
        """Return whether the time is used up; SQLite asks every few thousand steps, and stops if so."""
        return time.process_time() - self.began > SECONDS


def confine() -> None:
    """Take away memory, files and time from this process, before it opens anything."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CPU, (300, 300))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def opened(path: str, clock: Clock) -> tuple[sqlite3.Connection, bool]:
    """Return the file, of which nothing but the expected tables can be read, and whether it is of the new form."""
    database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, isolation_level=None, cached_statements=8)
    database.text_factory = bytes
    database.set_progress_handler(clock.is_over, 5_000)
    for option in (
        sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER,
        sqlite3.SQLITE_DBCONFIG_ENABLE_VIEW,
        sqlite3.SQLITE_DBCONFIG_TRUSTED_SCHEMA,
        sqlite3.SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
        sqlite3.SQLITE_DBCONFIG_WRITABLE_SCHEMA,
    ):
        database.setconfig(option, False)
    database.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
    for limit, value in (
        (sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE),
        (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 100_000),
        (sqlite3.SQLITE_LIMIT_COLUMN, 100),
        (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 50),
        (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
        (sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0),
        (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1),
    ):
        database.setlimit(limit, value)
    for pragma in ("query_only=ON", "cell_size_check=ON", "mmap_size=0", "temp_store=FILE", "cache_size=-8000"):
        database.execute(f"PRAGMA {pragma}")
    database.create_collation("unicase", _by_folded_case)
    is_new = check_schema(database)
    allowed = {name: COLUMNS[name] for name in (ALWAYS + NEW if is_new else ALWAYS)}

    def allow(action: int, first: str | None, second: str | None, _database: str | None, _by: str | None) -> int:
        if (
            action == sqlite3.SQLITE_SELECT
            or (action == sqlite3.SQLITE_FUNCTION and second in FUNCTIONS)
            or (action == sqlite3.SQLITE_READ and (second == "" or second in allowed.get(str(first), ())))
        ):
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    database.set_authorizer(allow)
    return database, is_new


def _by_folded_case(a: str, b: str) -> int:
    return (a.casefold() > b.casefold()) - (a.casefold() < b.casefold())


def check_schema(database: sqlite3.Connection) -> bool:
    """Refuse what Anki never writes; return whether the note types have tables of their own (the new form)."""
    tables: set[str] = set()
    objects = database.execute("SELECT type, name, sql FROM sqlite_schema").fetchmany(MOST_OBJECTS + 1)
    if len(objects) > MOST_OBJECTS:
        raise RefusedFile(f"Its database has more than {MOST_OBJECTS:,} tables and indexes.")
    for row in objects:
        kind, name, sql = (_text(value) for value in row)
        if kind in {"view", "trigger"}:
            raise RefusedFile(f"Its database has a {kind} (“{name[:40]}”), which Anki never makes.")
        if kind == "table":
            if sql.lstrip().lower().startswith("create virtual"):
                raise RefusedFile(f"Its database has a virtual table (“{name[:40]}”), which Anki never makes.")
            tables.add(name)
    is_new = "notetypes" in tables
    for name in ALWAYS + NEW if is_new else ALWAYS:
        if name not in tables:
            raise RefusedFile(f"Its database has no table “{name}”: this is no collection of Anki's.")
        columns = database.execute(f"PRAGMA table_xinfo({name})").fetchall()
        if any(column[6] for column in columns):
            raise RefusedFile(f"The table “{name}” has a generated column, which Anki never makes.")
        if missing := COLUMNS[name] - {_text(column[1]) for column in columns}:
            raise RefusedFile(f"The table “{name}” has no column “{min(missing)}”: this is no collection of Anki's.")
    return is_new


def _text(value: object, where: str = "its list of tables") -> str:
    """Return a text as SQLite gave it; refuse one that is not UTF-8."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError as error:
            raise RefusedFile(f"In {where}, byte 0x{value[error.start]:02x} is not UTF-8.") from None
    return "" if value is None else str(value)


def _whole(value: object, where: str) -> int:
    if isinstance(value, int):
        return value
    raise RefusedFile(f"In {where}, a number is missing.")


def count(database: sqlite3.Connection, table: str, most: int, what: str) -> int:
    """Return how many rows there are; refuse more than `most`. Counts step by step, so that the clock is asked."""
    found = int(database.execute(f"SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT {most + 1})").fetchone()[0])  # noqa: S608 - names of our own
    if found > most:
        raise RefusedFile(f"It has more than {most:,} {what}; at most that many can be read from one file.")
    return found


def head(database: sqlite3.Connection, *, is_new: bool) -> dict[str, Any]:
    """Return counts, note types and decks as the file has them, and the first note of each deck in use."""
    counts = {
        "notes": count(database, "notes", MOST_NOTES, "notes"),
        "cards": count(database, "cards", MOST_CARDS, "cards"),
        "reviews": count(database, "revlog", MOST_REVIEWS, "reviews"),
    }
    col = database.execute("SELECT crt, models, decks FROM col").fetchone()
    if col is None:
        raise RefusedFile("Its table “col” is empty: this is no collection of Anki's.")
    answers = "SELECT count(*) FROM revlog WHERE type < 4 AND ease BETWEEN 1 AND 4"
    counts["answers"] = int(database.execute(answers).fetchone()[0])
    again = database.execute("SELECT guid FROM notes GROUP BY guid HAVING count(*) > 1").fetchmany(10_001)
    if len(again) > 10_000:
        raise RefusedFile("More than 10,000 of its notes have the same id as another.")
    decks = database.execute(
        "SELECT CASE WHEN odid THEN odid ELSE did END AS home, min(nid), count(*) FROM cards GROUP BY home"
    ).fetchmany(MOST_DECKS + 1)
    if len(decks) > MOST_DECKS:
        raise RefusedFile(f"It has more than {MOST_DECKS:,} decks.")
    used = []
    for did, nid, cards in decks:
        note = database.execute("SELECT mid, flds FROM notes WHERE id = ?", (nid,)).fetchone()
        fields = _text(note[1], f"note {nid}") if note else ""
        last = fields.rsplit("\x1f", 1)[-1]
        used.append([did, nid, cards, note[0] if note else 0, last if len(last) < LONGEST_NOTE else ""])
    return {
        "created": _whole(col[0], "the table “col”"),
        "counts": counts,
        "again": [_text(guid, "the notes' ids") for (guid,) in again],
        "used": used,
        **(_new_tables(database) if is_new else {"models": _text(col[1], "col"), "decks": _text(col[2], "col")}),
    }


def _new_tables(database: sqlite3.Connection) -> dict[str, Any]:
    queries = {
        "notetypes": "SELECT id, name, config FROM notetypes",
        "fields": "SELECT ntid, ord, name FROM fields",
        "templates": "SELECT ntid, ord, name, config FROM templates",
        "decks": "SELECT id, name, kind FROM decks",
    }
    tables: dict[str, Any] = {}
    size = 0
    for table, query in queries.items():
        tables[table] = rows = []
        for row in database.execute(query):
            # The last column is a message of bytes, but in `fields`; the name is the text before it.
            values = [
                value
                if not isinstance(value, bytes)
                else b64encode(value).decode()
                if table != "fields" and index == len(row) - 1
                else _text(value, f"the table “{table}”")
                for index, value in enumerate(row)
            ]
            size += sum(len(value) for value in values if isinstance(value, str))
            if size > LONGEST_VALUE:
                raise RefusedFile("Its note types and decks are bigger than 8 MB.")
            rows.append(values)
    return tables


def notes(database: sqlite3.Connection, *, history: bool) -> Iterator[list[Any]]:
    """Yield [id, guid, mid, tags, fields, cards] in the order of ids; `fields` is null where a note is too big.

    A card is [id, ord, deck, type, queue, due, interval, flags, data, reviews],
    a review [id, ease, milliseconds, type, factor].
    """
    cards = _Group(
        database.execute(
            "SELECT nid, id, ord, CASE WHEN odid THEN odid ELSE did END, type, queue,"
            " CASE WHEN odid AND odue THEN odue ELSE due END, ivl, flags, data FROM cards ORDER BY nid"
        ),
        MOST_CARDS,
    )
    query = (
        "SELECT c.nid, r.cid, r.id, r.ease, r.time, r.type, r.factor"
        " FROM cards AS c CROSS JOIN revlog AS r ON r.cid = c.id ORDER BY c.nid"
    )
    reviews = _Group(database.execute(query) if history else iter(()), MOST_REVIEWS)
    before: int | None = None
    for row in database.execute("SELECT id, guid, mid, tags, flds FROM notes ORDER BY id"):
        nid = _whole(row[0], "the notes")
        if before is not None and nid <= before:
            raise RefusedFile(f"Its database is damaged: note {nid} comes after note {before}.")
        before = nid
        where = f"note {nid}"
        of_card: dict[Any, list[Any]] = {}
        for review in reviews.of(nid):
            of_card.setdefault(review[1], []).append(
                [_whole(value, f"the reviews of {where}") for value in review[2:]]
            )
        made = [
            [*(_whole(value, f"the cards of {where}") for value in card[1:9]), _text(card[9], f"the cards of {where}")]
            for card in cards.of(nid)
        ]
        if len(made) > MOST_CARDS_OF_A_NOTE:
            raise RefusedFile(f"Note {nid} has more than {MOST_CARDS_OF_A_NOTE:,} cards.")
        made.sort(key=lambda card: (card[1], card[0]))
        fields = _text(row[4], where)
        yield [
            nid,
            _text(row[1], where),
            _whole(row[2], where),
            _text(row[3], where),
            fields if len(fields) <= LONGEST_NOTE else None,
            [[*card, sorted(of_card.get(card[0], []))] for card in made],
        ]


class _Group:
    """Rows sorted by their first column, handed out by it; those that belong to nobody are left out."""

    def __init__(self, rows: Iterable[Row], most: int) -> None:
        self._rows = iter(rows)
        self._left = most
        self._next: Row | None = next(self._rows, None)

    def of(self, key: int) -> Iterator[Row]:
        while self._next is not None and _whole(self._next[0], "the cards") <= key:
            if self._next[0] == key:
                yield self._next
            self._left -= 1
            if self._left < 0:
                raise RefusedFile("Its database is damaged: rows come more than once.")
            self._next = next(self._rows, None)


def say(line: dict[str, Any]) -> None:
    """Print one line of the answer."""
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    sys.stdout.buffer.flush()


def answer(path: str, what: str) -> None:
    """Print the whole answer; raises RefusedFile, sqlite3.Error or MemoryError."""
    clock = Clock()
    database, is_new = opened(path, clock)
    if what == "head":
        say({"head": head(database, is_new=is_new)})
    else:
        batch: list[Any] = []
        size = 0
        for note in notes(database, history=what == "history"):
            batch.append(note)
            size += len(note[4] or "") + 100 * sum(len(card[9]) + 1 for card in note[5])
            if len(batch) == BATCH_NOTES or size > BATCH_CHARACTERS:
                say({"notes": batch})
                batch, size = [], 0
                clock.start()
        say({"notes": batch})
    say({"end": True})


def main() -> None:
    """Answer, or say in a sentence why not."""
    confine()
    try:
        answer(*sys.argv[1:3])
    except RefusedFile as error:
        say({"refused": str(error)})
    except MemoryError:
        say({"refused": "Reading its database needs too much memory."})
    except sqlite3.Error as error:
        slow = error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT if hasattr(error, "sqlite_errorcode") else False
        say({"refused": "Reading its database takes too long." if slow else f"Its database is damaged: {error}."})


if __name__ == "__main__":
    main()
