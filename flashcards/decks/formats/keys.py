"""Keys and ids for what a file does not name: made from the words, so that the same file makes the same again."""

import hashlib
import re
from collections.abc import Iterable

from django.utils.text import slugify

MOST = 60
_WORDS = re.compile(r"[\w-]+")
_MARKUP = re.compile(r"<[^<>]*>|!?\[([^\]]*)\]\([^()]*\)|\{\{c\d+::|\}\}")


class Names:
    """Hands out names that differ: `taken` are those that others have."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._numbers: dict[str, int] = {}

    def free(self, text: str, otherwise: str) -> str:
        """Return an id made of the first words of `text` that nobody has yet, and take it.

        A text that no id can be made of, such as Chinese, gives `otherwise` and a digest of it.
        """
        wanted = slug_of(text) or f"{otherwise}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:10]}"
        name = wanted
        while name in self._taken:
            self._numbers[wanted] = self._numbers.get(wanted, 1) + 1
            name = f"{wanted}-{self._numbers[wanted]}"
        self._taken.add(name)
        return name


def slug_of(text: str) -> str:
    """Return the first words of `text` as an id, without Markdown's signs; "" if nothing of it can stand in one."""
    plain = _MARKUP.sub(lambda found: found[1] or " ", text[:400])
    words = slugify(" ".join(_WORDS.findall(plain))).strip("-_")
    if len(words) <= MOST:
        return words
    return words[: MOST + 1].rpartition("-")[0].strip("-_") or words[:MOST].strip("-_")


def guid_key(guid: str) -> str:
    """Return the key of a note that Anki knows by this guid: the same each time, so that importing again matches."""
    spelt = guid.encode("utf-8", "replace")
    return f"anki-{spelt.hex() if len(spelt) <= 35 else hashlib.sha256(spelt).hexdigest()}"
