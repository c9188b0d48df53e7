"""Characters that can't be stored, or that conversion needs for marks of its own."""

import re
import unicodedata
from html import unescape

from flashcards.lib.text import tidy

ATOM, OPEN, CLOSE, END, SOFT = "\ufdd0", "\ufdd2", "\ufdd3", "\ufdd1", "\ufdd4"
"""Marks that stand in a text while it is converted. Unicode sets these code points aside for just that."""

UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef]"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,9}|#[xX][0-9a-fA-F]{1,7}|lrm|rlm);?")
_LINES = re.compile("[\u2028\u2029]")


def fit(text: str) -> str:
    """Return `text` composed, without what can't be stored."""
    return UNFIT.sub("", tidy(text))


def fit_html(html: str, warnings: list[str]) -> str:
    """Return a field's HTML without such characters, written out or as entities; says so in `warnings`."""
    if "\r" in html:
        html = html.replace("\r\n", "\n").replace("\r", "\n")
    if "&" in html:
        html = _ENTITY.sub(lambda found: _unfit_alone(unescape(found[0])) or found[0], html)
    if not UNFIT.search(html):
        return html
    html = _LINES.sub("<br>", html)
    if found := UNFIT.search(html):
        name = unicodedata.name(found[0], "a control character").lower()
        warn(warnings, f"Characters that can't be shown were left out (U+{ord(found[0]):04X}, {name}).")
        html = UNFIT.sub("", html)
    return html


def _unfit_alone(character: str) -> str:
    return character if UNFIT.search(character) else ""


def warn(warnings: list[str], message: str) -> None:
    """Add a warning, once."""
    if message not in warnings:
        warnings.append(message)
