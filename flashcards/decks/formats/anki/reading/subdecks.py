"""The tree of Anki's decks as a deck and its topics: the common root is the deck, what lies below it are topics."""

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from flashcards.decks.formats.anki.reading import wire
from flashcards.decks.formats.anki.reading.characters import fit
from flashcards.decks.formats.anki.reading.limits import refusal
from flashcards.decks.formats.anki.source_field import Source, read_source
from flashcards.decks.formats.records import DeckHead, TopicRecord

SEPARATOR = "::"
_LONGEST_TITLE = 200
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,80}")
_SPELLING = re.compile(r"[\W_]+")


@dataclass(slots=True)
class AnkiDeck:
    """A deck of Anki's; `path` are the names from the root down."""

    path: list[str]
    description: str = ""
    is_markdown: bool = False


@dataclass(slots=True)
class Tree:
    """What the decks come to. `topics` gives the slug of a topic by the id of the deck whose cards lie in it."""

    head: DeckHead
    topics: dict[int, str] = field(default_factory=dict)
    names: dict[int, list[str]] = field(default_factory=dict)
    descriptions: list[AnkiDeck] = field(default_factory=list)


def read(head: dict[str, Any]) -> Tree:
    """Return the tree of those decks that hold cards; raises Refused."""
    try:
        decks = _new(head["decks"]) if isinstance(head["decks"], list) else _old(head["decks"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, wire.BrokenMessage):
        raise refusal("The package's decks can't be read: their descriptions are damaged.") from None
    used: dict[int, AnkiDeck] = {}
    sources: dict[int, Source] = {}
    first: dict[int, int] = {}
    for did, nid, _, _, last_field in head["used"]:
        used[did] = decks.get(did) or AnkiDeck(["Default"])
        first[did] = nid
        if source := read_source(last_field):
            sources[did] = source
    return _tree(decks, used, sources, first)


def _tree(
    decks: Mapping[int, AnkiDeck],
    used: Mapping[int, AnkiDeck],
    sources: Mapping[int, Source],
    first: Mapping[int, int],
) -> Tree:
    roots = {deck.path[0].casefold(): deck.path[0] for deck in used.values()}
    root = next(iter(roots.values())) if len(roots) == 1 else ""
    tree = Tree(DeckHead(_title(root) if root else ""), names={did: deck.path for did, deck in used.items()})
    for source in sources.values():
        if root and _is_same(source["deck"]["title"], root):
            deck = source["deck"]
            tree.head.title, tree.head.slug = fit(deck["title"]) or tree.head.title, _slug(deck["slug"])
            tree.head.language = deck["language"] or "en"
            break
    taken: set[str] = set()
    ours = bool(tree.head.slug)
    # Our own topics come back in their order, which only their first notes tell; Anki's are shown by name.
    for did in sorted(used, key=lambda did: first[did] if ours else [_natural(name) for name in used[did].path]):
        below = used[did].path[1:] if root else used[did].path
        title = _title(" › ".join(below) if below else used[did].path[0])
        slug = ""
        if did in sources and _is_same(sources[did]["topic"]["title"], "".join(below)):
            title = fit(sources[did]["topic"]["title"])[:_LONGEST_TITLE] or title
            slug = _slug(sources[did]["topic"]["slug"])
        slug = _free(slug or slugify(title)[:70].strip("-") or "topic", taken)
        tree.topics[did] = slug
        tree.head.topics.append(TopicRecord(slug, title))
    folded = {deck.path[0].casefold() for deck in used.values()}
    tree.descriptions = [
        deck
        for deck in sorted(decks.values(), key=lambda deck: [_natural(name) for name in deck.path])
        if deck.description.strip() and deck.path[0].casefold() in folded
    ]
    return tree


def _old(decks: str) -> dict[int, AnkiDeck]:
    return {
        int(key): AnkiDeck(str(deck["name"]).split(SEPARATOR), str(deck.get("desc") or ""), bool(deck.get("md")))
        for key, deck in json.loads(decks or "{}").items()
    }


def _new(rows: list[list[Any]]) -> dict[int, AnkiDeck]:
    decks = {}
    for did, name, packed in rows:
        deck = AnkiDeck(name.split("\x1f"))
        for kind, message in wire.fields(b64decode(packed)):
            if kind == 1:
                normal = dict(wire.fields(wire.message(message)))
                deck.description, deck.is_markdown = wire.text(normal.get(4, b"")), normal.get(5) == 1
        decks[did] = deck
    return decks


def _title(text: str) -> str:
    return fit(" ".join(text.split()))[:_LONGEST_TITLE].strip() or "Untitled"


def _is_same(ours: str, name: str) -> bool:
    """Return whether a name in Anki is this title of ours, which may have been spelt otherwise there."""
    return bool(ours) and _SPELLING.sub("", ours).casefold() == _SPELLING.sub("", name).casefold()


def _slug(text: str) -> str:
    return text if _SLUG.fullmatch(text) else ""


def _natural(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"([0-9]{1,15})", name.casefold())
    return [(0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part) for part in parts if part]


def _free(slug: str, taken: set[str]) -> str:
    number, found = 2, slug
    while found in taken:
        found, number = f"{slug[:70]}-{number}", number + 1
    taken.add(found)
    return found
