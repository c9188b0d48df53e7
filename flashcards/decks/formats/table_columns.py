"""Which column of a table holds what of a note: told by its header, in English, German or French, or by its place."""

import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from flashcards.decks import kinds

FIELDS = ("key", "topic", "kind", "question", "answer", "explanation", "tags", "sources", "reference")
"""The columns of a table that we write, in this order, under these names."""

TEXTS = ("question", "answer", "explanation")
HEADER_WITHIN = 10


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Folded by `folded`: without accents, case, spaces and punctuation.
_TITLES: dict[str, frozenset[str]] = {
    "key": _words("key cardid noteid guid schlussel kartenid notizid cle clef identifiant"),
    "topic": _words(
        "topic chapter section unit lesson category subject deck subdeck thema kapitel abschnitt lektion kategorie "
        "einheit stapel fach sujet chapitre lecon categorie unite paquet theme"
    ),
    "kind": _words("kind type cardtype notetype kartentyp kartenart notiztyp art typ genre typedecarte typedenote"),
    "question": _words(
        "question questions front term terms word words prompt q side1 sidea cue text clozetext frontside vorderseite "
        "frage fragen begriff begriffe wort vokabel ausdruck stichwort recto terme termes mot mots avant "
        "expression fronttext"
    ),
    "answer": _words(
        "answer answers back definition definitions meaning translation response a side2 sideb backside solution "
        "ruckseite antwort antworten bedeutung ubersetzung losung erklarungdefinition verso reponse "
        "reponses traduction signification sens arriere backtext"
    ),
    "explanation": _words(
        "explanation note notes extra backextra comment comments remark details hint example examples "
        "erklarung erlauterung anmerkung anmerkungen bemerkung kommentar zusatz hinweis beispiel explication "
        "explications remarque commentaire exemple supplement indice"
    ),
    "tags": _words("tags tag labels label keywords schlagworter schlagwort stichworte etiketten etiquettes "
                   "etiquette motscles"),
    "sources": _words("sources source sourceids quellen quelle quellenids"),
    "reference": _words("reference references literature citation literatur beleg zitat"),
}  # fmt: skip
# Vocabulary lists are often titled by the two languages; folded as above.
_LANGUAGES = _words(
    "english german french spanish italian latin greek dutch portuguese polish russian japanese chinese korean "
    "turkish arabic hebrew swedish danish norwegian finnish czech hungarian "
    "englisch deutsch franzosisch spanisch italienisch latein griechisch niederlandisch portugiesisch polnisch "
    "russisch japanisch chinesisch koreanisch turkisch arabisch schwedisch danisch norwegisch finnisch tschechisch "
    "ungarisch anglais allemand francais espagnol italien grec neerlandais portugais polonais russe japonais "
    "chinois coreen turc"
)
_BY_TITLE = {title: field for field, titles in _TITLES.items() for title in titles}
_EXACT = frozenset({"a", "q"})


def folded(title: str) -> str:
    """Return a title in lower case without accents, spaces and punctuation: “Rück-Seite” → ruckseite."""
    spelt = unicodedata.normalize("NFKD", title[:80]).casefold()
    return "".join(sign for sign in spelt if sign.isalnum())


def meaning_of(title: str) -> str:
    """Return the field that a column with this title holds, "" if that can't be told."""
    return _BY_TITLE.get(folded(title), "")


def known_titles(row: Sequence[str]) -> int:
    """Return how many of the cells are titles of columns."""
    return sum(bool(meaning_of(cell)) for cell in row)


def is_header(row: Sequence[str]) -> bool:
    """Tell whether a row is one of titles: two or more that are known, or one alone that is not a letter."""
    meanings = [meaning_of(cell) for cell in row if cell.strip()]
    if len(set(filter(None, meanings))) > 1 or sum(folded(cell) in _LANGUAGES for cell in row) > 1:
        return True
    return len(meanings) == 1 and bool(meanings[0]) and folded("".join(row)) not in _EXACT


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the place of the row of titles among the first rows, None if there is none."""
    return next((place for place, row in enumerate(rows[:HEADER_WITHIN]) if is_header(row)), None)


def by_titles(titles: Sequence[str], width: int) -> list[str]:
    """Return the field of each column, "" for those that are not read; the first of several alike counts.

    Without a column of questions the first one that means nothing else is it, then the same for answers.
    """
    columns: list[str] = []
    for place in range(width):
        meaning = meaning_of(titles[place]) if place < len(titles) else ""
        columns.append("" if meaning in columns and meaning not in TEXTS[2:] else meaning)
    for wanted in ("question", "answer"):
        if wanted not in columns and "" in columns:
            columns[columns.index("")] = wanted
    return columns


def by_place(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return the field of each column of a table without titles: question, answer, and a third explains.

    A first column that only counts the rows is not read.
    """
    columns = [""] * width
    counts = width > 2 and len(rows) > 1 and _counts([row[0].strip() if row else "" for row in rows])
    wanted = TEXTS if width - counts <= 3 else TEXTS[:2]
    for place, field in enumerate(wanted, start=int(counts)):
        if place < width:
            columns[place] = field
    return columns


def _counts(cells: Sequence[str]) -> bool:
    numbers = [int(cell) for cell in cells if cell.isdecimal() and len(cell) < 10]
    return len(numbers) == len(cells) and all(after == before + 1 for before, after in pairwise(numbers))


def kind_of(cell: str) -> str | None:
    """Return the name of the kind that a cell names, by its name, its label or Anki's word for it; None if none."""
    return _kind_names().get(folded(cell))


@cache
def _kind_names() -> dict[str, str]:
    names = {folded(name): kind.name for kind in kinds.all_kinds() for name in (kind.name, kind.label)}
    return {**_OTHER_KINDS, **names}


_OTHER_KINDS = {
    "einfach": "basic", "basique": "basic", "basicandreversedcard": "reversed", "basictypeintheanswer": "typed",
    "luckentext": "cloze", "texteatrous": "cloze", "multiplechoice": "choice", "basicoptionalreversedcard": "reversed",
    "umgekehrt": "reversed", "inverse": "reversed", "imageocclusion": "occlusion",
    "flashcardsbasic": "basic", "flashcardsreversed": "reversed", "flashcardscloze": "cloze",
    "flashcardschoice": "choice", "flashcardstyped": "typed", "flashcardsnumeric": "numeric",
}  # fmt: skip
