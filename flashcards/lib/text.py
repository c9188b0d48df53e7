"""What text is accepted anywhere. Both databases, every browser and every diff must be able to hold it."""

import re
import unicodedata

from flashcards.lib.errors import Problem

MAX_CHARACTERS = 50_000
MAX_REPORTED = 10

# C0 and C1 controls but tab and newline; lone surrogates; U+2028/9, which some programs count as lines and others not.
_CONTROL = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029"
# Marks that reorder what is read (CVE-2021-42574, "Trojan Source").
_BIDI = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_REFUSED = re.compile(f"[{_CONTROL}{_BIDI}]")
_BIDI_ONLY = re.compile(f"[{_BIDI}]")


def tidy(text: str) -> str:
    """Return `text` with newlines as LF and characters composed (Unicode NFC); lone surrogates pass unchanged."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def text_problems(field: str, text: str, *, limit: int = MAX_CHARACTERS, one_line: bool = False) -> list[Problem]:
    """Return what is wrong with `text` (tidied before), at most ten problems, each with its line.

    `limit` is the most characters allowed; with `one_line` a newline or tab is wrong as well.
    """
    if len(text) > limit:
        return [Problem(field, f"This is {len(text):,} characters long; at most {limit:,} are allowed.")]
    problems: list[Problem] = []
    for found in _REFUSED.finditer(text):
        if len(problems) == MAX_REPORTED:
            break
        line = text.count("\n", 0, found.start()) + 1
        problems.append(Problem(field, _describe(found[0]), line))
    if one_line and not problems and re.search(r"[\n\t]", text):
        problems.append(Problem(field, "This must be one line, without tabs."))
    return problems


def _describe(character: str) -> str:
    point = f"U+{ord(character):04X}"
    if _BIDI_ONLY.match(character):
        return f"{point} changes the direction of text without being seen. Remove it."
    if 0xD800 <= ord(character) <= 0xDFFF:
        return f"{point} is half of a character (a lone surrogate). Remove it."
    return f"{point} is a control character. Remove it."
