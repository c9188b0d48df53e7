"""The deck and its topics as a deck and its subdecks in Anki, and the options they are studied with."""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from flashcards.decks.formats.records import DeckHead, TopicRecord

_NOT_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f\"]")
_DEFAULT = 1


class DeckTree:
    """Ids, names and JSON of the decks: the deck itself, and one for each topic that was asked for."""

    def __init__(self, head: DeckHead, now: int, desired_retention: float | None) -> None:
        self._head = head
        self._now = now
        self._retention = desired_retention
        self._titles = {topic.slug: topic.title for topic in head.topics}
        self._root = _named(head.title)
        self._root_id = _id(head.slug or head.title)
        self._used: dict[str, tuple[int, str]] = {}
        self._names: set[str] = set()

    def id_of(self, topic: str) -> int:
        """Return the id of the subdeck of the topic with this slug; of the deck itself for ""."""
        if not topic:
            return self._root_id
        if topic not in self._used:
            name = _named(self._titles.get(topic, topic))
            if name.casefold() in self._names:
                name = f"{name} ({topic})"
            self._names.add(name.casefold())
            self._used[topic] = (_id(f"{self._head.slug or self._head.title}/{topic}"), f"{self._root}::{name}")
        return self._used[topic][0]

    def topic(self, slug: str) -> TopicRecord | None:
        """Return slug and title of a topic; None for ""."""
        return TopicRecord(slug, self._titles.get(slug, slug)) if slug else None

    def decks(self) -> dict[str, Any]:
        """Return what the collection's `decks` hold. The introduction stays the Markdown that it is."""
        options = self._root_id if self._retention is not None else _DEFAULT
        decks = [_deck(_DEFAULT, "Default", self._now, _DEFAULT)]
        decks.append(_deck(self._root_id, self._root, self._now, options, self._head.introduction))
        decks += [_deck(number, name, self._now, options) for number, name in self._used.values()]
        return {str(deck["id"]): deck for deck in decks}

    def options(self) -> dict[str, Any]:
        """Return what the collection's `dconf` holds."""
        options = [_options(_DEFAULT, "Default", self._now, 0.9)]
        if self._retention is not None:
            options.append(_options(self._root_id, self._root, self._now, self._retention))
        return {str(each["id"]): each for each in options}


def anki_tags(tags: Iterable[str]) -> list[tuple[str, str]]:
    """Return each tag with the one that stands for it in Anki, where a space ends a tag and :: makes a tree."""
    return [(tag, "::".join(part or "_" for part in re.sub(r"\s+", "_", tag).split("::"))) for tag in tags]


def _named(title: str) -> str:
    """Return a title as one deck's name: two colons would make a subdeck of it."""
    return re.sub(r":(?=:)", ": ", _NOT_IN_A_NAME.sub("", title)).strip(": ") or "Deck"


def _id(name: str) -> int:
    """Return the id of a deck, the same in every package: a moment of the past, as Anki's ids are."""
    return 1_400_000_000_000 + int.from_bytes(sha256(name.encode()).digest()[:6]) % 200_000_000_000


def _deck(number: int, name: str, now: int, options: int, introduction: str = "") -> dict[str, Any]:
    return {
        "id": number,
        "mod": now,
        "name": name,
        "usn": -1,
        "lrnToday": [0, 0],
        "revToday": [0, 0],
        "newToday": [0, 0],
        "timeToday": [0, 0],
        "collapsed": False,
        "browserCollapsed": True,
        "desc": introduction,
        "md": bool(introduction),
        "dyn": 0,
        "conf": options,
        "extendNew": 0,
        "extendRev": 0,
    }


def _options(number: int, name: str, now: int, retention: float) -> dict[str, Any]:
    fresh = {"bury": False, "delays": [1.0, 10.0], "initialFactor": 2500, "ints": [1, 4, 0], "order": 1, "perDay": 20}
    known = {"bury": False, "ease4": 1.3, "ivlFct": 1.0, "maxIvl": 36500, "perDay": 200, "hardFactor": 1.2}
    return {
        "id": number,
        "mod": now,
        "name": name,
        "usn": -1,
        "maxTaken": 60,
        "autoplay": True,
        "timer": 0,
        "replayq": True,
        "new": fresh,
        "rev": known,
        "lapse": {"delays": [10.0], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0.0},
        "dyn": False,
        "desiredRetention": retention,
    }
