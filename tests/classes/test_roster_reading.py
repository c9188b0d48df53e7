"""Every spreadsheet's habits: the same people come out, or a reason with its row."""

import codecs
import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.classes.roster.columns import tidy
from flashcards.classes.roster.lines import MAX_LINES
from flashcards.classes.roster.reading import MAX_BYTES, read

from .rosters import PEOPLE, TITLES, Table, Writer, is_read_or_refused, people, refusal, text, xlsx

DIALECTS: dict[str, Writer] = {
    "commas": lambda rows: text(rows).encode(),
    "semicolons": lambda rows: text(rows, ";").encode(),
    "tabs": lambda rows: text(rows, "\t").encode(),
    "bars": lambda rows: text(rows, "|").encode(),
    "all quoted": lambda rows: text(rows, ";", quoting=csv.QUOTE_ALL).encode(),
    "old Mac": lambda rows: text(rows, ";", "\r").encode(),
    "UTF-8 with mark": lambda rows: text(rows, ";").encode("utf-8-sig"),
    "UTF-16 with mark": lambda rows: text(rows, "\t").encode("utf-16"),
    "UTF-16 big-endian": lambda rows: codecs.BOM_UTF16_BE + text(rows, "\t").encode("utf-16-be"),
    "UTF-16 without mark": lambda rows: text(rows, "\t").encode("utf-16-le"),
    "UTF-32": lambda rows: text(rows, ";").encode("utf-32"),
    "sep= line": lambda rows: ("sep=|\r\n" + text(rows, "|")).encode(),
    "XLSX": xlsx,
}
LEGACY: dict[str, Writer] = {
    "Windows-1252": lambda rows: text(rows, ";").encode("cp1252"),
    "Latin-1": lambda rows: text(rows, ";").replace("’", "'").encode("latin-1"),
}


@pytest.mark.parametrize("dialect", [*DIALECTS, *LEGACY])
def test_each_dialect_gives_the_same_people(dialect: str) -> None:
    found = people((DIALECTS | LEGACY)[dialect]([TITLES, *PEOPLE]))
    if dialect == "Latin-1":
        found = [(name.replace("'", "’"), *rest) for name, *rest in found]  # type: ignore[misc]
    assert found == PEOPLE


NAMES = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], codec="utf-8"), min_size=1, max_size=40).map(tidy)
ROSTERS = st.lists(
    st.tuples(
        NAMES.filter(lambda name: name and "@" not in name),
        st.from_regex(r"[a-z][a-z0-9.+-]{0,8}[a-z]@[a-z]{2,8}\.org", fullmatch=True).filter(lambda e: ".." not in e),
        st.from_regex(r"[0-9A-Z]{3,12}", fullmatch=True),
    ),
    min_size=1,
    max_size=12,
    unique_by=(lambda person: person[1], lambda person: person[2]),
)


@settings(max_examples=60, deadline=None)
@given(roster=ROSTERS, dialect=st.sampled_from(sorted(DIALECTS)))
def test_what_is_written_in_a_dialect_is_read_again(roster: list[tuple[str, str, str]], dialect: str) -> None:
    assert people(DIALECTS[dialect]([TITLES, *roster])) == roster


BYTES = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
    st.binary(max_size=100).map(lambda tail: codecs.BOM_UTF16_LE + tail),
    st.text(st.sampled_from('a;,\t|"\r\n@.=é\0'), max_size=200).map(str.encode),
)


@settings(max_examples=300, deadline=None)
@given(data=BYTES)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert is_read_or_refused(data)


@pytest.mark.parametrize(
    ("titles", "row"),
    [
        (["Matrikelnr.", "Nachname", "Vorname", "E-Mail-Adresse"], ["7", "Müller", "Anna", "anna@example.org"]),
        (["Nr", "Name", "Vorname", "Matrikelnummer", "Mail"], ["1", "Müller", "Anna", "7", "anna@example.org"]),
        (["Courriel", "Nom", "Prénom", "N° étudiant"], ["anna@example.org", "Müller", "Anna", "7"]),
        (["First name", "Last name", "ID number", "Email address"], ["Anna", "Müller", "7", "anna@example.org"]),
        (["Student", "Degree", "SID", "EMAIL (university)"], ["Anna Müller", "BSc", "7", "anna@example.org"]),
        (["Full Name", "Student_ID", "Contact mail"], ["Anna Müller", "7", "mailto:Anna@Example.org"]),
    ],
)
def test_titles_are_known_in_any_order(titles: list[str], row: list[str]) -> None:
    assert people(text([titles, row], ";")) == [("Anna Müller", "anna@example.org", "7")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Anna Müller", "a@example.org"]], ("Anna Müller", "a@example.org", "")),
        ([["007", "Anna", "Müller", "a@example.org"]], ("Anna Müller", "a@example.org", "007")),
        ([["a@example.org", "Müller, Anna", "7"]], ("Müller, Anna", "a@example.org", "7")),
    ],
)
def test_without_titles_the_columns_are_told_by_what_they_hold(rows: Table, expected: tuple[str, str, str]) -> None:
    for separator in ";,\t":
        assert people(text(rows, separator)) == [expected]


def test_what_stands_above_the_titles_does_not_count_and_rows_keep_their_numbers() -> None:
    data = text([["Course list 2026"], [], TITLES, *PEOPLE, [], ["", "nobody@example.org", ""]], ";")
    assert refusal(data) == ["line 7: The name is missing."]


def test_a_quoted_newline_is_a_space_and_one_row() -> None:
    data = '"Name";"E-mail"\n"Anna\nMüller";a@example.org\n;b@example.org\n'
    assert refusal(data) == ["line 3: The name is missing."]
    assert people(data.replace(";b@example.org\n", "")) == [("Anna Müller", "a@example.org", "")]


@pytest.mark.parametrize("write", [lambda rows: text(rows).encode(), xlsx])
def test_what_looks_like_a_formula_is_text(write: Writer) -> None:
    names = ["=1+1", "+49", "-x", "@home", '=HYPERLINK("https://example.org")']
    rows = [[name, f"p{n}@example.org", f"={n}"] for n, name in enumerate(names)]
    assert people(write([TITLES, *rows])) == [tuple(row) for row in rows]


def test_each_rows_problem_is_named_with_its_row() -> None:
    rows = [
        ["Anna", "a@example.org", "1"],
        ["Ben", "A@example.org", "2"],
        ["Anna", "a@example.org", "3"],
        ["", "c@example.org", "4"],
        ["Dora", "dora at example.org", "5"],
        ["Eve", "", "6"],
        ["Finn", "f@example.org", "1"],
        ["G" * 151, "g@example.org", "8"],
        ["Hugo", f"{'h' * 64}@{'x' * 190}.org", "9"],
        ["Ida", "i@example.org", "1" * 41],
        ["Jo\u202ehn", "j@example.org", "11"],
    ]
    assert refusal(text([TITLES, *rows])) == [
        "line 3: a@example.org belongs to Anna in row 2 as well. Two people can’t have one address.",
        "line 4: a@example.org is in row 2 already. Remove one of the two.",
        "line 5: The name is missing.",
        "line 6: “dora at example.org” is no e-mail address.",
        "line 7: The e-mail address is missing.",
        "line 8: The student number 1 is in row 2 already.",
        "line 9: The name has 151 characters; at most 150 are allowed.",
        "line 10: The e-mail address has 259 characters; at most 254 are allowed.",
        "line 11: The student number has 41 characters; at most 40 are allowed.",
        "line 12: The name: U+202E changes the direction of text without being seen. Remove it.",
    ]


def crowd(count: int) -> list[list[str]]:
    return [[f"Student {n}", f"s{n}@example.org", f"n{n}"] for n in range(count)]


@pytest.mark.parametrize("write", [lambda rows: text(rows, ";").encode(), xlsx], ids=["csv", "xlsx"])
def test_as_many_as_a_class_takes_and_no_more(write: Writer) -> None:
    assert len(people(write([TITLES, *crowd(MAX_LINES)]))) == MAX_LINES
    assert "more than 2,000 students" in refusal(write([TITLES, *crowd(MAX_LINES + 1)]))[0]


@pytest.mark.parametrize("write", [lambda rows: text(rows, ";").encode(), xlsx], ids=["csv", "xlsx"])
def test_fifty_thousand_rows_are_refused_with_the_reason(write: Writer) -> None:
    assert "more than 2,000 students" in refusal(write([TITLES, *crowd(50_000)]))[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n;;\r\n", "empty"),
        (b"Name;E-mail\n", "no students"),
        (b"Name;Number\nAnna;7\n", "no column of e-mail addresses"),
        (b"E-mail;Number\na@example.org;7\n", "no column of names"),
        (b"x" * (MAX_BYTES + 1), "larger than 5 MB"),
        (b"\xff\xfea", "damaged"),
        (b"%PDF-1.7 \n", "neither a CSV"),
        (b"<html><table>", "neither a CSV"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0\0", "neither a CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b'Name;E-mail\n"' + b"x" * 200_000, "quotation mark"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_roster_is_refused_with_the_reason(data: bytes, said: str) -> None:
    (message,) = refusal(data)
    assert said in message


def test_columns_are_told_as_they_were_understood() -> None:
    roster = read(
        text([["Vorname", "Nachname", "Studiengang", "E-Mail"], ["Anna", "M", "CS", "a@example.org"]]).encode()
    )
    assert roster.columns == {"name": "Vorname, Nachname", "email": "E-Mail"}
    assert roster.unread == ["Studiengang"]
