"""Reads pasted lists and notes for an import; the separators, or what each line is, can be corrected on the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from flashcards.decks.formats import lists
from flashcards.decks.formats.list_lines import Mark
from flashcards.decks.formats.names import Format
from flashcards.decks.transfers.reading import Reading
from flashcards.decks.transfers.table_reader import at_most
from flashcards.lib.tables.delimited import ENCODINGS
from flashcards.lib.whole_numbers import whole_number

SIDES = {
    "tab": ("\t", "Tab"), "dash": (" - ", "Dash -"), "en-dash": (" – ", "Dash –"), "em-dash": (" — ", "Dash —"),
    "colon": (": ", "Colon :"), "close-colon": (":", "Colon : without a space"), "semicolon": (";", "Semicolon ;"),
    "comma": (", ", "Comma ,"), "close-comma": (",", "Comma , without a space"), "equals": (" = ", "Equals ="),
    "close-equals": ("=", "Equals = without spaces"), "bar": ("|", "Bar |"), "line": ("\n", "First line of the card"),
}  # fmt: skip
CARDS = {"line": ("\n", "New line"), "blank": ("\n\n", "Blank line"), "semicolon": (";", "Semicolon ;")}
MAX_OWN = 20
_OWN = "own"
_MARKS = [[str(Mark.QUESTION), "Question", "Q"], [str(Mark.ANSWER), "Answer", "A"], [str(Mark.TOPIC), "Topic", "T"],
          [str(Mark.SKIP), "Skip", "–"]]  # fmt: skip


class ListReader:
    """Reads pairs of term and definition, and notes without separators."""

    format: ClassVar[Format] = Format.LIST
    template: ClassVar[str] = "decks/_choices_list.html"

    def choices_from(self, posted: Any) -> dict[str, Any]:
        """Return what a form says of the list: shape and encoding; sides, cards and swapped; or marks by line."""
        if posted.get("shape") not in lists.SHAPES:
            return {}
        choices: dict[str, Any] = {"shape": posted["shape"]}
        if posted.get("encoding") in ENCODINGS:
            choices["encoding"] = posted["encoding"]
        if "sides" in posted:
            choices["swapped"] = "swapped" in posted
            for name, known in (("sides", SIDES), ("cards", CARDS)):
                if separator := _separator(posted, name, known):
                    choices[name] = separator
        marks = {name.removeprefix("line-"): posted[name] for name in posted if name.startswith("line-")}
        if marks:
            values = set(Mark)
            choices["marks"] = {
                number: mark
                for number, mark in marks.items()
                if mark in values and whole_number(number, 10_000_000) is not None
            }
        return choices

    @contextmanager
    def open(self, path: Path, name: str, choices: dict[str, Any]) -> Iterator[Reading]:
        """Open the text; raises Refused if it is none or too long."""
        source, shown, problems = lists.read(at_most(path, lists.MAX_BYTES), name, choices)
        yield Reading(source, {**shown, "options": _options(shown)}, problems)


def _separator(posted: Any, name: str, known: dict[str, tuple[str, str]]) -> str:
    """Return the separator of this name, or the person's own, in which \\t and \\n stand for tab and new line."""
    if posted.get(name) in known:
        return known[posted[name]][0]
    own: str = posted.get(f"own_{name}", "")[:MAX_OWN]
    return own.replace("\\t", "\t").replace("\\n", "\n")


def _options(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what there is to choose from, and what of it is chosen."""
    options: dict[str, Any] = {"marks": _MARKS, "encodings": [[name, label] for name, label in ENCODINGS.items()]}
    for name, known in (("sides", SIDES), ("cards", CARDS)):
        value = shown.get(name, "")
        named = next((key for key, (separator, _) in known.items() if separator == value), _OWN if value else "")
        options[name] = {
            "chosen": named,
            "all": [[key, label] for key, (_, label) in known.items()],
            "own": value.replace("\t", "\\t").replace("\n", "\\n") if named == _OWN else "",
        }
    return options
