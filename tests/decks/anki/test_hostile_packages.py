"""Packages made to break a reader: refused with a sentence that says what is wrong, before time or memory is gone."""

import io
import json
import os
import sqlite3
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import zstandard

from flashcards.decks.formats.anki.reading import open_package
from flashcards.decks.formats.records import NoteRecord
from flashcards.lib.errors import Refused
from tests.decks.anki.judge import collection
from tests.decks.anki.packages import add, changed, copy_with, old_collection, packed, write_form

GOOD = {"media": b"{}"}
MEMORY = 256 << 20


def refusal(path: Path) -> str:
    """Read all of a package; return why it was refused."""
    with pytest.raises(Refused) as caught, open_package(path, history=True) as source:
        for _ in source.notes():
            pass
    (problem,) = caught.value.problems
    assert problem.field == "file"
    assert problem.message.endswith(".")
    return problem.message


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Return a package of the new form with one note and one picture."""
    with collection(tmp_path / "anki") as anki:
        anki.media.write_data("cat.png", b"\x89PNG" + bytes(1000))
        add(anki, "Basic", '<img src="cat.png">', "x")
        write_form(anki, tmp_path / "good.apkg", "new")
    return tmp_path / "good.apkg"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is no Anki package"),
        (b"Front\tBack\n" * 100, "is no Anki package"),
        (b"PK\x03\x04" + bytes(1000), "is cut off"),
        (b"PK\x05\x06" + bytes(18), "no collection in it"),
        (b"PK" + b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 9, 9, 5_000, 0, 0), "damaged or cut off"),
    ],
)
def test_what_is_no_zip(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.apkg"
    path.write_bytes(data)
    assert message in refusal(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_truncated(share: float, good: Path) -> None:
    data = good.read_bytes()
    good.write_bytes(data[: int(len(data) * share)])
    assert "is cut off" in refusal(good)


@pytest.mark.parametrize("at", range(40, 900, 43))
def test_a_flipped_byte_is_refused_or_harmless(at: int, good: Path) -> None:
    data = bytearray(good.read_bytes())
    data[at] ^= 0xFF
    good.write_bytes(data)
    notes: list[NoteRecord] = []
    with suppress(Refused), open_package(good, history=True) as source:
        notes += source.notes()
        source.media("cat.png")
    assert len(notes) <= 1


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "a/../../b", "..\\evil", "C:\\evil", "\\\\host\\x", "a\x00b", "a\nb", ".."]
)
def test_unsafe_names(name: str, tmp_path: Path) -> None:
    file = old_collection(tmp_path / "c.anki2")
    target = packed(tmp_path / "x.apkg", {"collection.anki2": file})
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(info, b"x")
    assert "unsafe name" in refusal(target)


def test_a_link(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.apkg", {"collection.anki2": old_collection(tmp_path / "c"), **GOOD})
    info = zipfile.ZipInfo("0")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "is a link instead of a file" in refusal(path)


def test_a_name_twice(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.apkg", {"collection.anki2": old_collection(tmp_path / "c"), **GOOD})
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("media", b"{}")
    assert "holds “media” twice" in refusal(path)


def test_entries_that_overlap(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "x.apkg", {"collection.anki2": old_collection(tmp_path / "c"), "0": b"a" * 9, "1": b"b" * 9}
    )
    data = path.read_bytes()
    first = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 1)
    second = data.find(b"PK\x01\x02", first + 1)
    path.write_bytes(data[: second + 42] + data[first + 42 : first + 46] + data[second + 46 :])
    assert "overlaps" in refusal(path)


@pytest.mark.parametrize("count", [31_000, 65_000])
def test_too_many_entries(count: int, tmp_path: Path) -> None:
    one = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    for told in (count, 5):
        path = tmp_path / f"{told}.apkg"
        ending = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, told, told, len(one) * count, 0, 0)
        path.write_bytes(one * count + ending)
        assert "more than 30,000 files" in refusal(path)


def test_a_password(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.apkg", {"collection.anki2": old_collection(tmp_path / "c")})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert "locked with a password" in refusal(path)


def test_a_zip_bomb(tmp_path: Path) -> None:
    path = tmp_path / "x.apkg"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("collection.anki2", "w") as out,
    ):
        out.write(b"SQLite format 3\x00")
        for _ in range(200):
            out.write(bytes(1 << 20))
    assert "a zip bomb" in refusal(path)


def test_a_zip_bomb_that_says_it_is_small(tmp_path: Path) -> None:
    path = tmp_path / "x.apkg"
    packed(path, {"collection.anki2": bytes(50 << 20)})
    data = bytearray(path.read_bytes())
    entry = data.find(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<L", 200)
    path.write_bytes(data)
    assert refusal(path)


@pytest.mark.parametrize("name", ["collection.anki21b", "media"])
def test_a_zstd_bomb(name: str, good: Path, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zstandard.ZstdCompressor(level=3).stream_writer(out, closefd=False) as writer:
        writer.write(b"SQLite format 3\x00")
        for _ in range(600):
            writer.write(bytes(1 << 20))
    message = refusal(copy_with(good, tmp_path / "x.apkg", {name: out.getvalue()}))
    assert "a zip bomb" in message or "bigger than" in message


def test_a_zstd_bomb_among_the_media(good: Path, tmp_path: Path) -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(100 << 20))
    with (
        open_package(copy_with(good, tmp_path / "x.apkg", {"0": bomb}), history=False) as source,
        pytest.raises(Refused, match="a zip bomb"),
    ):
        source.media("cat.png")


@pytest.mark.parametrize("name", ["collection.anki21b", "media"])
@pytest.mark.parametrize("data", [b"", b"no zstd at all", zstandard.ZstdCompressor().compress(b"x" * 5000)[:12]])
def test_broken_zstd(name: str, data: bytes, good: Path, tmp_path: Path) -> None:
    assert f"“{name}”" in refusal(copy_with(good, tmp_path / "x.apkg", {name: data}))


def test_a_window_that_would_fill_memory(good: Path, tmp_path: Path) -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27, compression_level=1)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    data = packer.compress(bytes(1000)) + packer.flush()
    assert "made to fill memory" in refusal(copy_with(good, tmp_path / "x.apkg", {"collection.anki21b": data}))


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


def _instead(table: str, select: str) -> str:
    return f"ALTER TABLE {table} RENAME TO old_{table}; CREATE VIEW {table} AS {select}"


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (_instead("notes", f"{ENDLESS} SELECT i AS id, '' AS guid, 1 AS mid, '' AS tags, 'x' AS flds FROM n"), "view"),
        (f"CREATE VIEW v AS {ENDLESS} SELECT i FROM n", "a view"),
        ("CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM notes; END", "a trigger"),
        ("CREATE VIRTUAL TABLE v USING fts5(x)", "a virtual table"),
        ("DROP TABLE revlog; CREATE VIRTUAL TABLE revlog USING fts5(id, cid, ease, time, type, factor)", "virtual"),
        ("ALTER TABLE notes ADD COLUMN more TEXT AS (hex(zeroblob(900000000)))", "a generated column"),
        ("DROP TABLE cards", "no table “cards”"),
        ("ALTER TABLE notes DROP COLUMN flds", "no column “flds”"),
        ("DELETE FROM col", "is empty"),
        ("UPDATE col SET models = '[]'", "note types can't be read"),
        ("UPDATE col SET models = '{\"1\": {\"name\": 1}}'", "note types can't be read"),
        ("UPDATE col SET models = '{\"1\": ' || replace(hex(zeroblob(50000)), '0', '[')", "note types can't be read"),
        ("UPDATE col SET decks = '{\"1\": 1}'", "decks can't be read"),
        ("UPDATE col SET decks = NULL, crt = 'yesterday'", "a number is missing"),
        ("UPDATE notes SET flds = CAST(x'4672fc6874' AS TEXT) WHERE id = 3", "In note 3, byte 0xfc is not UTF-8"),
        ("UPDATE notes SET mid = 'x' WHERE id = 3", "In note 3, a number is missing"),
        ("UPDATE cards SET ord = NULL WHERE nid = 3", "the cards of note 3, a number is missing"),
        ("INSERT INTO cards SELECT 100 + i, 3, 1, i, 0, 0, 0, 0, 0, 0, 0, '' FROM"
         " (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100) SELECT i FROM n)",
         "Note 3 has more than 1,000 cards"),
        ("UPDATE notes SET flds = zeroblob(20000000) WHERE id = 3", "damaged: string or blob too big"),
        ("INSERT INTO notes SELECT 10 + i, 'h', 1, '', 'x' FROM"
         " (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120000) SELECT i FROM n)",
         "more than 100,000 notes"),
    ],
)  # fmt: skip
def test_a_database_that_is_none_of_ankis(sql: str, message: str, tmp_path: Path) -> None:
    assert message in refusal(changed(tmp_path, lambda database: database.executescript(sql)))


def _damage(file: Path, change: Callable[[bytearray], None]) -> bytes:
    data = bytearray(file.read_bytes())
    change(data)
    return bytes(data)


def _self_reference(data: bytearray) -> None:
    """Let an inner page be its own child, as often as it has children."""
    page = int.from_bytes(data[16:18])
    for start in range(page, len(data), page):
        if data[start] == 5:
            number = struct.pack(">L", start // page + 1)
            data[start + 8 : start + 12] = number
            for cell in range(int.from_bytes(data[start + 3 : start + 5])):
                at = start + int.from_bytes(data[start + 12 + 2 * cell : start + 14 + 2 * cell])
                data[at : at + 4] = number


def _zeros(data: bytearray) -> None:
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)


def _same_child(data: bytearray) -> None:
    """Let all children of an inner page be one and the same."""
    page = int.from_bytes(data[16:18])
    for start in range(page, len(data), page):
        if data[start] == 5:
            first = start + int.from_bytes(data[start + 12 : start + 14])
            for cell in range(int.from_bytes(data[start + 3 : start + 5])):
                at = start + int.from_bytes(data[start + 12 + 2 * cell : start + 14 + 2 * cell])
                data[at : at + 4] = data[first : first + 4]


@pytest.mark.parametrize("change", [_self_reference, _zeros, _same_child])
def test_corrupt_pages(change: Callable[[bytearray], None], tmp_path: Path) -> None:
    data = _damage(old_collection(tmp_path / "c", notes=5_000), change)
    assert "damaged" in refusal(packed(tmp_path / "x.apkg", {"collection.anki2": data, **GOOD}))


def test_a_database_that_is_cut_off(tmp_path: Path) -> None:
    data = old_collection(tmp_path / "c", notes=5_000).read_bytes()
    assert "cut off" in refusal(packed(tmp_path / "x.apkg", {"collection.anki2": data[: len(data) // 2], **GOOD}))
    assert "no database" in refusal(packed(tmp_path / "y.apkg", {"collection.anki2": b"x" * 5000, **GOOD}))


@pytest.mark.parametrize(
    "media",
    [b"", b"[]", b"\xff\xfe", b'{"0": 5}', b'{"0": ["a"]}', b'{"x": "a.png"}', b"[" * 100_000, b'{"0": "a"} {}'],
)
def test_a_list_of_media_of_a_wrong_type(media: bytes, tmp_path: Path) -> None:
    file = old_collection(tmp_path / "c")
    assert "list of media" in refusal(packed(tmp_path / "x.apkg", {"collection.anki2": file, "media": media}))


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/b.png", "a\\b.png", "..", "", "a\nb", "x" * 300])
def test_media_with_unsafe_names(name: str, good: Path, tmp_path: Path) -> None:
    file = old_collection(tmp_path / "c")
    listed = json.dumps({"0": name}).encode()
    old = packed(tmp_path / "x.apkg", {"collection.anki2": file, "media": listed, "0": b"x"})
    assert "unsafe name" in refusal(old)
    entry = b"\x0a" + _varint(len(name.encode())) + name.encode()
    message = zstandard.ZstdCompressor().compress(b"\x0a" + _varint(len(entry)) + entry)
    assert "unsafe name" in refusal(copy_with(good, tmp_path / "y.apkg", {"media": message}))


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


@pytest.mark.parametrize(
    "message", [b"\x0a\xff", b"\x0b", b"\x0a\x05\x0a\x10ab", b"\xff" * 20, b"\x0a\x04\x0a\x02\xff\xfe"]
)
def test_a_broken_protobuf_list(message: bytes, good: Path, tmp_path: Path) -> None:
    data = zstandard.ZstdCompressor().compress(message)
    assert "list of media is damaged" in refusal(copy_with(good, tmp_path / "x.apkg", {"media": data}))


def test_a_note_that_is_too_big_or_of_no_type_is_left_out_and_told(tmp_path: Path) -> None:
    def change(database: sqlite3.Connection) -> None:
        database.execute("UPDATE notes SET flds = ? WHERE id = 2", ("x" * 1_000_001,))
        database.execute("UPDATE notes SET mid = 77 WHERE id = 3")

    with open_package(changed(tmp_path, change), history=True) as source:
        assert [note.question for note in source.notes()] == ["Ask 1", "Ask 4", "Ask 5"]
        assert [problem.message for problem in source.problems] == [
            "Note 2 was left out: it is longer than 1,000,000 characters.",
            "Note 3 was left out: its note type is missing.",
        ]


WORST: list[str] = [
    f"ALTER TABLE notes RENAME TO o; CREATE VIEW notes AS {ENDLESS} SELECT i AS id, '' AS guid, 1 AS mid, '' AS tags,"
    " hex(zeroblob(400000000)) AS flds FROM n",
    "INSERT INTO notes SELECT 10 + i, 'h', 1, '', 'x' FROM"
    " (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT i FROM n)",
]


@pytest.mark.parametrize("sql", WORST, ids=["endless view", "a million notes"])
def test_refused_within_256_mb(sql: str, tmp_path: Path) -> None:
    path = changed(tmp_path, lambda database: database.executescript(sql))
    script = (
        "import re, resource, sys; from pathlib import Path\n"
        "from flashcards.decks.formats.anki.reading import open_package\n"
        "from flashcards.lib.errors import Refused\n"
        "try:\n"
        "    with open_package(Path(sys.argv[1]), history=True) as source: list(source.notes())\n"
        "except Refused: print('refused')\n"
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    said = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    ).stdout.split()  # fmt: skip
    assert said[0] == "refused"
    assert (int(said[1]) + int(said[2])) * 1024 < MEMORY
