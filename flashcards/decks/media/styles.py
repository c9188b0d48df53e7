"""CSS within drawings: what colours and draws lines stays, what loads, moves or hides behind escapes goes."""

import re
import string
from collections.abc import Iterator

from flashcards.decks.media.svg_words import FUNCTIONS, PROPERTIES, SELECTORS

_FRAGMENT = re.compile(r"""url\(\s*(["']?)#([\w.:-]+)\1\s*\)""", re.IGNORECASE)
_NAME_SIGNS = string.ascii_letters + string.digits + "-_"
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_CUSTOM = re.compile(r"--[\w-]{1,80}")
_MEDIA = re.compile(r"@media\s[\w\s():.,-]{1,200}")
_BRACE = re.compile(r"[;{}]")
_SELECTOR = re.compile(r"[\w\s.#>*,:()\[\]=\"'~+^$|-]+")


def is_harmless(value: str) -> bool:
    """Return whether a value of CSS or of an attribute that is read as CSS loads nothing and hides nothing."""
    if "\\" in value or "<" in value or "/*" in value:
        return False
    return _calls(_FRAGMENT.sub("", value)) <= FUNCTIONS


def _calls(text: str) -> set[str]:
    """Return the names that stand directly before a bracket, in small letters; "" where none does."""
    return {part[len(part.rstrip(_NAME_SIGNS)) :].lower() for part in text.split("(")[:-1]}


def fragments_in(value: str) -> Iterator[str]:
    """Yield the ids that url(#…) in a value points at."""
    for found in _FRAGMENT.finditer(value):
        yield found[2]


def declarations(text: str) -> str:
    """Return the harmless declarations of a style attribute or a rule's body."""
    kept = []
    for declaration in _COMMENT.sub(" ", text).split(";"):
        written, colon, value = (part.strip() for part in declaration.partition(":"))
        is_custom = _CUSTOM.fullmatch(written) is not None
        name = written if is_custom else written.lower()
        if colon and value and (is_custom or name in PROPERTIES) and is_harmless(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def sheet(text: str) -> str:
    """Return the harmless rules of a style sheet. Of what begins with @ only @media stays: dark and light, print."""
    return _sheet(_COMMENT.sub(" ", text), nested=False)


def _sheet(text: str, *, nested: bool) -> str:
    rules: list[str] = []
    at = 0
    while (begin := text.find("@", at)) >= 0:  # read from the beginning, as browsers do
        rules += _plain_rules(text[at:begin])
        at = _end_of_rule(text, begin)
        head, _, inside = text[begin:at].partition("{")
        if (
            not nested
            and _MEDIA.fullmatch(head.strip())
            and is_harmless(head)
            and (kept := _sheet(inside[:-1], nested=True))
        ):
            rules.append(f"{' '.join(head.split())}{{{kept}}}")
    return "\n".join([*rules, *_plain_rules(text[at:])])


def _plain_rules(text: str) -> Iterator[str]:
    for rule in text.split("}")[:-1]:
        head, _, inside = rule.partition("{")
        selector, body = " ".join(head.split()), declarations(inside)
        if body and _SELECTOR.fullmatch(selector) and _calls(selector) <= SELECTORS:
            yield f"{selector}{{{body}}}"


def _end_of_rule(text: str, begin: int) -> int:
    """Return where the rule ends that begins with @: behind its semicolon or its last brace."""
    depth = 0
    for found in _BRACE.finditer(text, begin):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth <= 0:
            return found.end()
    return len(text)
