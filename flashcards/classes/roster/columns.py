"""Which column of a roster holds what: told by its header, or by what stands in it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from flashcards.classes.roster.lines import Line, Row
from flashcards.lib.errors import Problem, Refused

HEADER_WITHIN = 10


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Folded by `_folded`: without accents, case, spaces and punctuation.
NAMES = _words(
    "name fullname names student studentname students participant participantname displayname vollername voller "
    "namevorname nachnamevorname vornamename vornamenachname studierende studierender studierendenname teilnehmer "
    "teilnehmerin nomcomplet nometprenom nomprenom prenomnom nomsetprenoms etudiant etudiante nomdeletudiant "
    "lastnamefirstname firstnamelastname"
)
FIRST_NAMES = _words(
    "firstname first givenname givennames given forename forenames vorname vornamen rufname prenom prenoms"
)
LAST_NAMES = _words("lastname last surname familyname family nachname familienname zuname nomdefamille nomdusage")
HALF_NAMES = frozenset({"name", "nom"})  # Beside a column of first names it means the last name.
EMAILS = _words("email emailaddress mail mailaddress adressemail courriel adressecourriel adresseelectronique")
NUMBERS = _words(
    "studentnumber studentno studentnr studentid studentidnumber studentnum idnumber matriculation "
    "matriculationnumber matriculationno matriculationnr matricno matricnumber registrationnumber "
    "enrolmentnumber enrollmentnumber universityid matrikel matrikelnummer matrikelnr martikelnummer matrnr matr "
    "matnr matno immatrikulationsnummer numeroetudiant netudiant noetudiant numetudiant numerodetudiant matricule "
    "nmatricule numeromatricule numerodematricule codeetudiant ine"
)
# Often the mere count of rows, so they count only where none of the above is there.
VAGUE_NUMBERS = _words("number no nr id sid nummer numero")
TITLES = NAMES | FIRST_NAMES | LAST_NAMES | HALF_NAMES | NUMBERS | VAGUE_NUMBERS
MOST_NAMES = 2
_ADDRESS_LIKE = re.compile(r"[^\s@,;|<>]+@[^\s@,;|<>]+\.[^\s@,;|<>]+")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns by their place from 0; the names of a person stand in `names`, to be joined in this order."""

    names: tuple[int, ...]
    email: int
    number: int | None
    titles: tuple[str, ...] = ()

    def line(self, row: Row) -> Line:
        """Return the person in a row."""
        names = [tidy(row.cell(column)) for column in self.names]
        number = "" if self.number is None else tidy(row.cell(self.number))
        email = tidy(row.cell(self.email)).lower().removeprefix("mailto:")
        return Line(row.number, " ".join(filter(None, names)), email, number)

    def described(self) -> dict[str, str]:
        """Return for "name", "email" and "student_number" the titles or letters of their columns, where they are."""
        found = {"name": self.names, "email": (self.email,)}
        if self.number is not None:
            found["student_number"] = (self.number,)
        return {field: ", ".join(map(self._called, places)) for field, places in found.items()}

    @property
    def unread(self) -> list[str]:
        """The titles of columns that are none of these."""
        used = {*self.names, self.email, self.number}
        return [title for place, title in enumerate(self.titles) if title and place not in used]

    def _called(self, place: int) -> str:
        title = self.titles[place] if place < len(self.titles) else ""
        return title or f"column {place + 1}"


def tidy(text: str) -> str:
    """Return a cell without what is not seen and without space around it, characters composed (Unicode NFC)."""
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def looks_like_address(cell: str) -> bool:
    """Tell whether a cell holds one address and nothing else; it may still be impossible."""
    return _ADDRESS_LIKE.fullmatch(tidy(cell).lower().removeprefix("mailto:")) is not None


def known_titles(cells: Sequence[str]) -> int:
    """Return how many of the cells are the usual titles of a column."""
    return sum(_folded(cell) in TITLES or _is_email(cell) for cell in cells)


def find_header(rows: Sequence[Row]) -> int | None:
    """Return the place of the row of titles among the first ones, None if there is none.

    At least two of its cells say something, one of them that it is about addresses or two what else is below; a row
    with an address in it is a person.
    """
    for place, row in enumerate(rows[:HEADER_WITHIN]):
        if any(looks_like_address(cell) for cell in row.cells):
            return None
        names_addresses = any(map(_is_email, row.cells)) and sum(map(bool, row.cells)) > 1
        if names_addresses or known_titles(row.cells) > 1:
            return place
    return None


def columns_of(titles: Sequence[str], rows: Sequence[Row]) -> Columns:
    """Return the columns below these titles; the first of several alike counts. Raises Refused if one is missing."""
    keys = [_folded(title) for title in titles]
    first, last, full = (_place(keys, names) for names in (FIRST_NAMES, LAST_NAMES, NAMES | HALF_NAMES))
    if first is not None and last is None and full is not None and keys[full] in HALF_NAMES:
        last, full = full, None
    if full is not None:
        names: tuple[int, ...] = (full,)
    else:
        names = tuple(place for place in (first, last) if place is not None)
    email = _place(keys, EMAILS)
    if email is None:
        email = next((place for place, title in enumerate(titles) if _is_email(title)), None)
    if email is None:
        email = _column_of_addresses(rows)
    missing = [] if email is not None else ["There is no column of e-mail addresses. Give it the title E-mail."]
    if not names:
        missing.append("There is no column of names. Give it the title Name, or First name and Last name.")
    if email is None or missing:
        raise Refused([Problem("file", message) for message in missing])
    number = _place(keys, NUMBERS)
    if number is None:
        number = _place(keys, VAGUE_NUMBERS)
    return Columns(names, email, number, tuple(map(_shown, titles)))


def guess(rows: Sequence[Row]) -> Columns:
    """Return the columns of a file without titles: addresses, numbers where most cells have digits, names the rest.

    Raises Refused where that can't be told.
    """
    email = _column_of_addresses(rows)
    if email is None:
        raise Refused([Problem("file", "There is no column of e-mail addresses.")])
    rest = [place for place in range(max(len(row.cells) for row in rows)) if place != email]
    filled = {place: [cell for row in rows if (cell := row.cell(place))] for place in rest}
    digits = [
        place
        for place, cells in filled.items()
        if cells and 2 * sum(any(map(str.isdigit, cell)) for cell in cells) > len(cells)
    ]
    names = tuple(place for place, cells in filled.items() if cells and place not in digits)[:MOST_NAMES]
    if not names:
        raise Refused([Problem("file", "There is no column of names.")])
    return Columns(names, email, digits[0] if digits else None)


def _column_of_addresses(rows: Sequence[Row]) -> int | None:
    """Return the place of the column with most addresses, the first of several alike; None without any."""
    counts: dict[int, int] = {}
    for row in rows:
        for place, cell in enumerate(row.cells):
            if looks_like_address(cell):
                counts[place] = counts.get(place, 0) + 1
    return min(counts, key=lambda place: (-counts[place], place), default=None)


def _place(keys: Sequence[str], wanted: frozenset[str]) -> int | None:
    return next((place for place, key in enumerate(keys) if key in wanted), None)


def _shown(title: str) -> str:
    return "".join(sign for sign in tidy(title) if sign.isprintable())[:60]


def _is_email(title: str) -> bool:
    key = _folded(title)
    return len(key) <= 40 and ("mail" in key or "courriel" in key or key in EMAILS)


def _folded(title: str) -> str:
    """Return a title in lower case without accents, spaces and punctuation: “N° étudiant” → netudiant."""
    spelt = unicodedata.normalize("NFKD", title[:80]).casefold()
    return "".join(sign for sign in spelt if sign.isalnum())
