"""What a table is taken for: its row of titles, what each column holds, the kind of its notes; guessed or chosen."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flashcards.decks import kinds
from flashcards.decks.formats.records import USUAL_KIND
from flashcards.decks.formats.table_columns import FIELDS, by_place, by_titles, find_header, folded, kind_of
from flashcards.decks.formats.table_files import Table
from flashcards.lib.tables.cells import as_it_was

SHOWN_ROWS = 8
SHOWN_CELL = 120
_SOURCE = re.compile(r"[\w.:-]{1,40}")
_USUAL = 0.1
"""A column counts that this share of the rows fills."""


@dataclass(slots=True)
class Understood:
    """What a table was taken for: chosen or else guessed. `header` is the place of the titles among its rows.

    `columns` are the fields by place, "" for what is not read; `kind` is that of rows that name none; with `breaks`
    cells are plain text whose lines stay lines, else Markdown.
    """

    header: int | None
    columns: list[str]
    kind: str = USUAL_KIND
    breaks: bool = False


def understand(table: Table, choices: dict[str, Any]) -> Understood:
    """Return what the table is taken for: what was chosen for this very layout, and guesses for the rest."""
    cells = [row.cells for row in table.rows]
    header = find_header(cells)
    said = choices.get("layout", "")
    if "has_header" in choices and (not said or said.partition("|")[0] == _cut_of(table)):
        header = (header or 0) if choices["has_header"] else None
    elif "columns" in table.directives or any("column" in name for name in table.directives):
        header = None
    below = cells if header is None else cells[header + 1 :]
    width = _width(below, cells[header] if header is not None else [])
    columns = _columns(table, cells[header] if header is not None else None, below, width)
    chosen = choices.get("columns", [])
    if said in {"", layout_of(table, header, width)} and len(chosen) == width:
        columns = [each if each in FIELDS else "" for each in chosen]
    kind = choices.get("kind") if choices.get("kind") in {each.name for each in kinds.all_kinds()} else USUAL_KIND
    is_ours = {"key", "kind"} <= set(columns)
    return Understood(header, columns, kind or USUAL_KIND, choices.get("breaks", not is_ours))


def layout_of(table: Table, header: int | None, width: int) -> str:
    """Return a word for how the file was cut: a choice of columns holds only for the one it was made for."""
    return f"{_cut_of(table)}|{header}.{width}"


def _cut_of(table: Table) -> str:
    return f"{ord(table.separator) if table.separator else ''}.{table.encoding}{folded(table.sheet)}"


def _width(rows: Sequence[Sequence[str]], titles: Sequence[str]) -> int:
    """Return how many columns there are: those that have titles, or that a fair share of the rows fills."""
    titled, filled = _filled(titles), Counter(map(_filled, rows))
    reached = 0
    for width in sorted(filled, reverse=True):
        reached += filled[width]
        if reached >= _USUAL * len(rows):
            return max(width, titled)
    return max(titled, 1)


def _filled(row: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(row, start=1) if cell.strip()), default=0)


def _columns(table: Table, titles: Sequence[str] | None, rows: Sequence[Sequence[str]], width: int) -> list[str]:
    if named := table.directives.get("columns"):
        titles = named.split(table.separator)
    columns = _tried(by_titles(titles, width), titles, rows) if titles is not None else []
    special = {
        _place(table, "tags"): "tags", _place(table, "notetype"): "kind", _place(table, "deck"): "topic",
        _place(table, "guid"): "key",
    }  # fmt: skip
    special.pop(None, None)
    if not columns:
        rest = [place for place in range(width) if place not in special]
        guessed = by_place([[row[place] if place < len(row) else "" for place in rest] for row in rows], len(rest))
        columns = [""] * width
        for place, name in zip(rest, guessed, strict=True):
            columns[place] = name
    for number, name in special.items():
        if number is not None and number < width:
            columns[number] = name
    return columns


def _tried(columns: list[str], titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the columns without those whose title only sounds so: what most of their cells hold is something else."""
    fits = {"kind": lambda cell: kind_of(cell) is not None, "sources": _are_sources}
    for place, name in enumerate(columns):
        if place < len(titles) and titles[place].strip() in FIELDS:
            continue
        cells = [row[place] for row in rows if place < len(row) and row[place].strip()]
        if name in fits and 2 * sum(map(fits[name], cells)) < len(cells):
            columns[place] = "reference" if name == "sources" and "reference" not in columns else ""
    return columns


def _are_sources(cell: str) -> bool:
    return all(_SOURCE.fullmatch(part.strip()) for part in cell.split(",") if part.strip())


def _place(table: Table, name: str) -> int | None:
    number = table.directives.get(f"{name} column", "")
    return int(number) - 1 if number.isdecimal() and 0 < int(number) < 1000 else None


def as_choices(table: Table, understood: Understood) -> dict[str, Any]:
    """Return what the table was taken for as JSON holds it, with its first rows, for a page to be corrected."""
    titles = table.rows[understood.header].cells if understood.header is not None else []
    below = table.rows[(understood.header or 0) + 1 :] if understood.header is not None else table.rows
    return {
        "separator": table.separator,
        "encoding": table.encoding,
        "sheet": table.sheet,
        "sheets": table.sheets,
        "has_header": understood.header is not None,
        "kind": understood.kind,
        "breaks": understood.breaks,
        "layout": layout_of(table, understood.header, len(understood.columns)),
        "columns": understood.columns,
        "titles": [_short(titles[place]) if place < len(titles) else "" for place in range(len(understood.columns))],
        "rows": [
            {"number": row.number, "cells": [_short(row.cell(place)) for place in range(len(understood.columns))]}
            for row in below[:SHOWN_ROWS]
        ],
        "row_count": len(below),
    }


def _short(cell: str) -> str:
    text = " ".join(as_it_was(cell).split())
    return text if len(text) <= SHOWN_CELL else f"{text[: SHOWN_CELL - 1]}…"
