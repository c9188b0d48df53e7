"""Packages that Anki writes, for our reader; and ones that nobody should write."""

import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from anki.collection import ExportAnkiPackageOptions

from flashcards.decks.formats.anki.reading import open_package
from flashcards.decks.formats.records import DeckHead, NoteRecord

FORMS = ["new", "legacy", "new colpkg", "legacy colpkg"]


def write_form(opened: Any, path: Path, form: str) -> None:
    """Write all of a collection in one of FORMS; a `.colpkg` closes the collection and opens it again."""
    legacy = form.startswith("legacy")
    if form.endswith("colpkg"):
        opened.export_collection_package(str(path), include_media=True, legacy=legacy)
        opened.reopen()
        return
    options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=False, with_media=True, legacy=legacy)
    opened.export_anki_package(out_path=str(path), options=options, limit=None)


def read(path: Path, *, history: bool = True) -> tuple[DeckHead, list[NoteRecord]]:
    """Return head and notes of a package."""
    with open_package(path, history=history) as source:
        notes = list(source.notes())
        assert source.problems == []
        return source.head, notes


def add(opened: Any, note_type: str, *fields: str, deck: str = "French", tags: Sequence[str] = ()) -> Any:
    """Add a note of the type of this name; return it."""
    note = opened.new_note(opened.models.by_name(note_type))
    note.fields[: len(fields)] = fields
    note.tags = list(tags)
    opened.add_note(note, opened.decks.id(deck))
    return note


def new_type(opened: Any, name: str, fields: Sequence[str], templates: Sequence[tuple[str, str]]) -> None:
    """Add a note type with these fields and templates (question, answer)."""
    note_type = opened.models.new(name)
    for one in fields:
        opened.models.add_field(note_type, opened.models.new_field(one))
    for index, (question, answer) in enumerate(templates):
        template = opened.models.new_template(f"Card {index + 1}")
        template["qfmt"], template["afmt"] = question, answer
        opened.models.add_template(note_type, template)
    opened.models.add(note_type)


def packed(path: Path, files: Mapping[str, bytes | Path]) -> Path:
    """Write a zip of these files; return its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data.read_bytes() if isinstance(data, Path) else data)
    return path


def old_collection(path: Path, *, notes: int = 1) -> Path:
    """Write an old collection with basic notes; return its path."""
    database = sqlite3.connect(path)
    database.executescript(
        """
        CREATE TABLE col (id integer PRIMARY KEY, crt integer, models text, decks text);
        CREATE TABLE notes (id integer PRIMARY KEY, guid text, mid integer, tags text, flds text);
        CREATE TABLE cards (id integer PRIMARY KEY, nid integer, did integer, ord integer, type integer,
            queue integer, due integer, ivl integer, odue integer, odid integer, flags integer, data text);
        CREATE TABLE revlog (id integer PRIMARY KEY, cid integer, ease integer, time integer, type integer,
            factor integer);
        CREATE INDEX ix_cards_nid ON cards (nid);
        CREATE INDEX ix_revlog_cid ON revlog (cid);
        """
    )
    models = (
        '{"1": {"name": "Basic", "type": 0, "flds": [{"name": "Front", "ord": 0}, {"name": "Back", "ord": 1}],'
        ' "tmpls": [{"name": "A", "ord": 0, "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}]}}'
    )
    database.execute("INSERT INTO col VALUES (1, 1400000000, ?, ?)", (models, '{"1": {"name": "Default"}}'))
    database.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        " INSERT INTO notes SELECT i, 'g' || i, 1, '', 'Ask ' || i || char(31) || 'Say' FROM n",
        (notes,),
    )
    database.execute("INSERT INTO cards SELECT id, id, 1, 0, 0, 0, 0, 0, 0, 0, 0, '' FROM notes")
    database.commit()
    database.close()
    return path


def changed(tmp_path: Path, change: Callable[[sqlite3.Connection], object]) -> Path:
    """Return a package whose old collection was changed."""
    file = old_collection(tmp_path / "changed.anki2", notes=5)
    database = sqlite3.connect(file)
    change(database)
    database.commit()
    database.close()
    return packed(tmp_path / "changed.apkg", {"collection.anki2": file, "media": b"{}"})


def copy_with(source: Path, target: Path, files: Mapping[str, bytes]) -> Path:
    """Return a copy of a package in which these files are others."""
    shutil.copyfile(source, target)
    with zipfile.ZipFile(source) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if name not in files}
    return packed(target, {**kept, **files})
