"""Text that means itself in Markdown."""

import re

_ANYWHERE = re.compile(r"[\\`*\[$|<]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])|!(?=\[)")
_BRACES = re.compile(r"[{}]|:(?=:)")
_LINE_START = re.compile(r"(?P<mark>[#>=~:]|[-+](?=[\s-]|$)|-{2,})|(?P<number>[0-9]+)(?P<dot>[.)])(?=\s|$)")
_SIGNS = re.compile(r"[\\`*_{}\[\]<>$~|&\"]|:(?=:)")
_ENTITIES = {"<": "&lt;", "&": "&amp;"}


def escape_text(text: str, *, in_gaps: bool = False) -> str:
    """Return words so that Markdown shows them as they are, wherever in a line; `in_gaps` where gaps are marked."""
    text = _ANYWHERE.sub(lambda found: _ENTITIES.get(found[0]) or f"\\{found[0]}", text)
    if in_gaps:
        text = _BRACES.sub(lambda found: "&#58;" if found[0] == ":" else f"\\{found[0]}", text)
    return text


def escape_start(line: str) -> str:
    """Return an escaped line so that its start is no heading, list, quote or rule."""
    found = _LINE_START.match(line)
    if found is None:
        return line
    if found["number"]:
        return f"{found['number']}\\{line[found.start('dot') :]}"
    if line[0] in "=~:":
        return f"&#{ord(line[0])};{line[1:]}"
    return f"\\{line}"


def as_entities(text: str) -> str:
    """Return words as HTML in which neither Markdown nor formulas nor gaps find anything to act upon."""
    return _SIGNS.sub(lambda found: f"&#{ord(found[0][0])};", text)
