"""Cells that a spreadsheet would take for a formula and run: made harmless on the way out, as they were on the way in.

The mark is an apostrophe in front. A text that begins like a marked one gets one more, so that nothing is lost.
"""

import re

_RISKY = re.compile(r"'*[=+\-@\t\r]")
_MARKED = re.compile(r"'+[=+\-@\t\r]")


def harmless(text: str) -> str:
    """Return a cell's text so that a spreadsheet shows it and never runs it; `as_it_was` takes the mark away again."""
    return f"'{text}" if _RISKY.match(text) else text


def as_it_was(cell: str) -> str:
    """Return the text that `harmless` or `kept` was given; a cell that neither wrote comes back as it is."""
    return cell[1:] if _MARKED.match(cell) else cell


def kept(text: str) -> str:
    """Return a text for a cell that is text by its type and never runs: only what `as_it_was` would take is marked."""
    return f"'{text}" if _MARKED.match(text) else text
