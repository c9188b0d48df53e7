"""Workbooks: read as people see them; what is damaged, locked or unfolds without end is refused."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from flashcards.classes.roster.reading import LIMITS

from .rosters import PEOPLE, TITLES, is_read_or_refused, people, refusal, sheet_of, xlsx

SHEET = "xl/worksheets/sheet1.xml"
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def swapped(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a good workbook with one of its parts changed."""
    whole = zipfile.ZipFile(io.BytesIO(xlsx([TITLES, *PEOPLE])))
    return zipped({name: change(whole.read(name)) if name == part else whole.read(name) for name in whole.namelist()})


def with_strings(strings: bytes) -> bytes:
    """Return a workbook as Excel writes it: cells point at strings that stand in a part of their own."""
    whole = zipfile.ZipFile(io.BytesIO(xlsx([[]])))
    parts = {name: whole.read(name) for name in whole.namelist()}
    cells = b"".join(b'<c r="%s1" t="s"><v>%d</v></c>' % (column, n) for n, column in enumerate((b"A", b"B")))
    parts[SHEET] = re.sub(
        rb"<sheetData.*(?=<pageMargins)", b'<sheetData><row r="1">' + cells + b"</row></sheetData>", parts[SHEET]
    )
    types = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + types + b'"/></Types>'
    kinds = parts["[Content_Types].xml"]
    if b"sharedStrings" not in kinds:
        kinds = kinds.replace(b"</Types>", override)
    parts["[Content_Types].xml"] = kinds
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = b'<sst xmlns="' + main + b'">' + strings + b"</sst>"
    return zipped(parts)


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_any_damage_to_a_workbook_is_refused_or_harmless(data: st.DataObject) -> None:
    whole = zipfile.ZipFile(io.BytesIO(xlsx([TITLES, *PEOPLE])))
    part = data.draw(st.sampled_from(sorted(whole.namelist())))
    xml = bytearray(whole.read(part))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(xml) - 1))
        xml[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=8))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as damaged:
        for name in whole.namelist():
            damaged.writestr(name, bytes(xml) if name == part else whole.read(name))
    assert is_read_or_refused(out.getvalue())


def test_a_workbooks_numbers_are_read_as_they_are_shown() -> None:
    def zeros(book: Workbook) -> None:
        sheet_of(book, 0)["C2"].number_format = "000000"

    data = xlsx([TITLES, ["Anna", "a@example.org", 123], ["Ben", "b@example.org", 4567.0]], prepare=zeros)
    assert [number for _, _, number in people(data)] == ["000123", "4567"]


def test_a_formula_of_a_workbook_is_never_worked_out() -> None:
    def formula(book: Workbook) -> None:
        sheet_of(book, 0)["A2"] = '="An"&"na"'

    assert refusal(xlsx([TITLES, ["", "a@example.org", 1]], prepare=formula)) == ["line 2: The name is missing."]


def test_the_first_visible_sheet_that_says_something_is_read() -> None:
    def hide(book: Workbook) -> None:
        book.worksheets[0].sheet_state = "hidden"
        book.active = 1

    assert people(xlsx([["secret", "s@example.org"]], [], [TITLES, *PEOPLE], prepare=hide)) == PEOPLE


def test_shared_strings_are_read_rich_ones_too() -> None:
    strings = b"<si><r><t>An</t></r><r><t>na</t></r></si><si><t>a@example.org</t></si>"
    assert people(with_strings(strings)) == [("Anna", "a@example.org", "")]
    assert "unfolds" in refusal(with_strings(strings + b"<si><t>a</t></si>" * 600_000))[0]
    assert "unfolds" in refusal(with_strings(strings + b"<si>" + b"<r/>" * 30_000 + b"</si>"))[0]


def test_what_stands_at_the_very_end_of_a_sheet_is_not_looked_for() -> None:
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row></sheetData>'
    assert people(swapped(SHEET, lambda xml: xml.replace(b"</sheetData>", far))) == PEOPLE


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 and nothing else", "damaged"),
        (xlsx([TITLES, *PEOPLE])[:-200], "damaged"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "holds no XLSX"),
        (swapped(SHEET, lambda xml: xml + bytes(LIMITS.unzipped)), "unfolds"),
        (swapped(SHEET, lambda xml: xml.replace(b"<sheetData>", b"<x/>" * 30_000 + b"<sheetData>")), "unfolds"),
        (swapped("xl/workbook.xml", lambda xml: xml + b" " * 600_000), "unfolds"),
        (swapped(SHEET, lambda xml: xml.replace(b"<worksheet", ENTITIES + b"<worksheet", 1)), "damaged"),
        (swapped("[Content_Types].xml", lambda xml: b"<nothing/>"), "damaged"),
        (xlsx(*[[] for _ in range(51)]), "more than 50 sheets"),
        (xlsx([]), "empty"),
        (xlsx([TITLES, ["x" * 30_000, "a@example.org"]]), "too long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_workbook_of_a_roster_is_refused_with_the_reason(data: bytes, said: str) -> None:
    (message,) = refusal(data)
    assert said in message
