"""Tables in and out: any text comes back, cells are read as they are shown, and what is no table is refused."""

import csv
import io
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook as Book
from openpyxl import load_workbook

from flashcards.lib.errors import Refused
from flashcards.lib.tables import delimited, workbook
from flashcards.lib.tables.cells import as_it_was, harmless, kept
from flashcards.lib.tables.limits import Limits
from flashcards.lib.tables.shown import shown
from flashcards.lib.tables.writing import MOST_IN_A_CELL, Sheet, write_delimited, write_workbook

LIMITS = Limits(cell=100_000)


def _at(*parts: int) -> datetime:
    """Return a time as workbooks hold it: without a zone."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


FORMULAS = ["=1+1", "+49", "-x", "@home", "\t=1", "\r=1", "'=1", "''-", '=HYPERLINK("https://example.org")']
RISKY = st.text(st.sampled_from("'=+-@\t\rab"), max_size=6)
TEXTS = st.one_of(RISKY, st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
# A file with NUL is no text file; a workbook spells it.
ROWS = st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=6)


@given(TEXTS)
def test_a_harmless_cell_is_never_a_formula_and_comes_back(text: str) -> None:
    cell = harmless(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert as_it_was(cell) == text
    assert as_it_was(kept(text)) == text


@pytest.mark.parametrize("text", ["", "plain", "'tis", "it's", "5 - 3"])
def test_what_no_spreadsheet_runs_stays_as_it_is(text: str) -> None:
    assert harmless(text) == kept(text) == as_it_was(text) == text


def read_text(data: bytes, separator: str) -> list[list[str]]:
    found = delimited.split(delimited.decoded(data).text, separator, LIMITS)
    return [[as_it_was(cell) for cell in row] for row in found]


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, separator=st.sampled_from(delimited.SEPARATORS))
def test_any_rows_come_back_from_a_text(rows: list[list[str]], separator: str) -> None:
    rows = [["title", "b", "c"], *([cell.replace("\0", "") for cell in row] for row in rows)]
    out = io.BytesIO()
    write_delimited(out, rows, separator)
    assert read_text(out.getvalue(), separator) == rows


def written(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    write_workbook(out, [Sheet("Cards", [20] * len(rows[0]), rows)])
    return out.getvalue()


@settings(max_examples=100, deadline=None)
@given(rows=ROWS)
def test_any_rows_come_back_from_a_workbook(rows: list[list[str]]) -> None:
    rows = [["title", "b", "c"], *rows, ["_x0041_x0042_", "end", "\x01\r\n"]]
    book = workbook.Workbook(written(rows), LIMITS)
    found = [[as_it_was(cell) for cell in row] for row in book.rows("Cards")]
    padded = [[*row, *[""] * (3 - len(row))] for row in found]
    assert padded == [row if any(map(str.strip, row)) else [""] * 3 for row in rows]


def test_a_workbooks_cells_are_text_that_never_runs() -> None:
    book = load_workbook(io.BytesIO(written([["title"], *([text] for text in FORMULAS)])))
    sheet = book["Cards"]
    cells = [row[0] for row in sheet.iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert cells[1].value == "=1+1"
    assert sheet.freeze_panes == "A2"


def test_a_text_too_long_for_a_workbooks_cell_is_refused_with_its_row() -> None:
    assert written([["a"], ["x" * MOST_IN_A_CELL]])
    with pytest.raises(Refused, match="line 2: A cell of a workbook holds 32,767 characters"):
        written([["a"], ["x" * (MOST_IN_A_CELL + 1)]])


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Größe;é".encode("utf-8-sig"), "utf-8"),
        ("Größe;é".encode(), "utf-8"),
        ("Größe;é".encode("utf-16"), "utf-16"),
        ("Größe;é".encode("utf-16-le"), "utf-16-le"),
        ("Größe;é".encode("utf-16-be"), "utf-16-be"),
        ("Größe;é".encode("latin-1"), "cp1252"),
    ],
)
def test_the_encoding_is_guessed_and_told(data: bytes, encoding: str) -> None:
    assert delimited.decoded(data) == delimited.Decoded("Größe;é", encoding)
    assert encoding in delimited.ENCODINGS


def test_the_encoding_can_be_said_and_what_does_not_fit_it_is_refused_with_its_line() -> None:
    assert delimited.decoded("Привет".encode("cp1251"), "cp1251").text == "Привет"
    with pytest.raises(Refused, match="line 2: The file is not UTF-8"):
        delimited.decoded("a\né".encode("latin-1"), "utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('a,b\n"c,d\ne,f\n', "line 2: A quotation mark is opened in this row and never closed"),
        ('a,b\nc,"', "line 2: A quotation mark is opened"),
        (f'a,b\n"{"x" * 200_000}', "line 2: A cell has no end"),
        ("a,b\n" + "x" * 110_000, "line 2: This row is too long"),
        (",".join("x" * 201), "line 1: This row is too long"),
    ],
)
def test_cells_without_end_are_refused_with_their_row(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        list(delimited.split(text, ",", LIMITS))


def test_quotes_in_the_last_row_that_are_closed_or_mere_signs_are_fine() -> None:
    assert list(delimited.split('a,"b\nc"', ",", LIMITS)) == [["a", "b\nc"]]
    assert list(delimited.split('a,5" disk', ",", LIMITS)) == [["a", '5" disk']]


@pytest.mark.parametrize("data", [b"a,b\0c,d\n", b"\x89PNG\r\n\x1a\n\0\0\0\0\0", b"%PDF-1.7", b"<html><table>"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="neither a CSV"):
        delimited.decoded(data)


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (3, "General", "3"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (1e21, "General", "1e+21"),
        (7, "000", "007"),
        (1234.5, "#,##0.00", "1,234.50"),
        (-1234.5, "#,##0.00;(#,##0.00)", "(1,234.50)"),
        (0.256, "0%", "26%"),
        (0.256, "0.0%", "25.6%"),
        (2.5, "0.##", "2.5"),
        (2, "0.##", "2"),
        (12.5, '#,##0.00\\ "€"', "12.50 €"),
        (12.5, "[$€-407]#,##0.00", "€12.50"),
        (3, '0" kg"', "3 kg"),
        (1234567, "#,##0,", "1,235"),
        (float("nan"), "0.00", "nan"),
        (True, "General", "TRUE"),
        ("#N/A", "General", "#N/A"),
        ("a_x000D_b", "@", "a\rb"),
        (_at(2026, 3, 5), "mm-dd-yy", "2026-03-05"),
        (_at(2026, 3, 5, 14, 7), "m/d/yy h:mm", "2026-03-05 14:07"),
        (_at(2026, 3, 5), "dd.mm.yyyy", "05.03.2026"),
        (_at(2026, 3, 5), "[$-409]d\\-mmm\\-yy", "5-Mar-26"),
        (_at(2026, 3, 5, 14, 7, 9), "yyyy-mm-dd hh:mm:ss", "2026-03-05 14:07:09"),
        (_at(2026, 3, 5, 14, 7), "h:mm AM/PM", "2:07 PM"),
        (date(2026, 3, 5), "dddd, mmmm d", "Thursday, March 5"),
        (time(14, 7), "h:mm", "14:07"),
        (timedelta(hours=30, minutes=5), "[h]:mm:ss", "30:05:00"),
    ],
)
def test_cells_are_read_as_they_are_shown(value: object, number_format: str, expected: str) -> None:
    assert shown(value, number_format) == expected


NUMBERS = st.one_of(st.floats(), st.integers(-(10**20), 10**20))


@settings(max_examples=300)
@given(value=NUMBERS, code=st.text(st.sampled_from('0#?.,;%"\\_*[]$-Ee+ €/dmyhs'), max_size=12))
def test_any_number_in_any_format_is_some_text(value: float, code: str) -> None:
    assert isinstance(shown(value, code), str)


MOMENTS = st.one_of(st.datetimes(), st.dates(), st.times(), st.timedeltas())


@settings(max_examples=300)
@given(value=MOMENTS, code=st.text(st.sampled_from('dmyhs:.-/ "\\[]AP;'), max_size=12))
def test_any_moment_in_any_format_is_some_text(value: object, code: str) -> None:
    assert isinstance(shown(value, code), str)


def book_of(**sheets: list[list[object]]) -> Book:
    book = Book()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


def saved(book: Book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_hidden_sheets_are_not_there_and_the_first_that_says_something_is_first() -> None:
    book = book_of(Secret=[["x"]], Empty=[[]], Cards=[["a", "b"]], More=[["c"]])
    book["Secret"].sheet_state = "veryHidden"
    found = workbook.Workbook(saved(book), LIMITS)
    assert found.sheets == ["Empty", "Cards", "More"]
    assert list(workbook.first_filled(found)) == [["a", "b"]]


def test_merged_cells_say_it_once_and_formulas_what_was_last_seen() -> None:
    book = book_of(Cards=[["topic", "x"], [None, "y"], ["=1+1", "z"]])
    book["Cards"].merge_cells("A1:A2")
    assert list(workbook.Workbook(saved(book), LIMITS).rows("Cards")) == [["topic", "x"], ["", "y"], ["", "z"]]


def bomb(parts: int = 0, size: int = 0) -> bytes:
    whole = zipfile.ZipFile(io.BytesIO(saved(book_of(Cards=[["a"]]))))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in whole.namelist():
            extra = b" " * size if name == "xl/worksheets/sheet1.xml" else b""
            archive.writestr(name, whole.read(name) + extra)
        for number in range(parts):
            archive.writestr(f"junk/{number}", b"")
    return out.getvalue()


@pytest.mark.parametrize("data", [bomb(parts=1_001), bomb(size=LIMITS.unzipped)], ids=["parts", "size"])
def test_a_workbook_that_unfolds_to_too_much_is_refused(data: bytes) -> None:
    assert len(data) < 300_000
    with pytest.raises(Refused, match="unfolds"):
        workbook.Workbook(data, LIMITS)


def test_a_million_rows_of_a_workbook_are_refused_before_they_are_read() -> None:
    row = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    whole = zipfile.ZipFile(io.BytesIO(saved(book_of(Cards=[["a"]]))))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in whole.namelist():
            xml = whole.read(name)
            if name == "xl/worksheets/sheet1.xml":
                xml = xml.replace(b"</sheetData>", row * 700_000 + b"</sheetData>")
            archive.writestr(name, xml)
    with pytest.raises(Refused, match="unfolds"):
        workbook.Workbook(out.getvalue(), LIMITS)


def test_a_cell_of_a_workbook_that_is_too_long_is_refused() -> None:
    data = saved(book_of(Cards=[["x" * 30_000]]))
    with pytest.raises(Refused, match="too long: 30,000 characters"):
        list(workbook.Workbook(data, Limits(cell=20_000)).rows("Cards"))


def test_the_separator_that_says_most_is_taken() -> None:
    rows = [["Front", "Back"], ["a; b; c", "1; 2; 3"], ["d; e", "4; 5"]]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    titles = {"Front", "Back"}
    assert delimited.guess_separator(out.getvalue(), LIMITS, lambda row: len(titles & set(row))) == ","
    assert delimited.guess_separator("a\tb, c\nd\te\n", LIMITS, lambda row: 0) == "\t"
