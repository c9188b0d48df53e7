"""Rosters as spreadsheets write them, and what comes out of them."""

import csv
import io
from collections.abc import Callable, Sequence

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from flashcards.classes.roster.reading import read
from flashcards.lib.errors import Refused

TITLES = ["Name", "E-mail", "Student number"]
PEOPLE = [("Anna Müller", "anna@example.org", "0012"), ("Zoë d’Été", "zoe@example.org", "0013")]

Writer = Callable[["Table"], bytes]
Table = Sequence[Sequence[object]]


def text(rows: Table, separator: str = ",", newline: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=newline, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def sheet_of(book: Workbook, number: int) -> Worksheet:
    sheet = book.worksheets[number] if number < len(book.worksheets) else book.create_sheet()
    assert isinstance(sheet, Worksheet)
    return sheet


def xlsx(*sheets: Table, prepare: Callable[[Workbook], None] = lambda book: None) -> bytes:
    book = Workbook()
    for number, rows in enumerate(sheets):
        sheet = sheet_of(book, number)
        for row, values in enumerate(rows, start=1):
            for column, value in enumerate(values, start=1):
                assert isinstance(value, str | int | float)
                cell = sheet.cell(row, column, value)
                if isinstance(value, str):
                    cell.data_type = "s"  # text, even with = in front
    prepare(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def people(data: bytes | str) -> list[tuple[str, str, str]]:
    lines = read(data.encode() if isinstance(data, str) else data).lines
    return [(line.name, line.email, line.student_number) for line in lines]


def refusal(data: bytes | str) -> list[str]:
    with pytest.raises(Refused) as caught:
        read(data.encode() if isinstance(data, str) else data)
    return [str(problem) for problem in caught.value.problems]


def is_read_or_refused(data: bytes) -> bool:
    try:
        return bool(read(data).lines)
    except Refused as refused:
        return bool(refused.problems)
