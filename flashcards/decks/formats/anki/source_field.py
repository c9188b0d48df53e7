"""The last field of our notes in a package, `Source`: what Anki has no place for, so that nothing is lost on the way.

It is JSON on one line, escaped for HTML; no template shows it. A field's text is taken from it as long as the field
is as we wrote it: `shown` holds a digest of each field's HTML.
"""

import html
import json
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, TypedDict, cast

from flashcards.decks.formats.records import DeckHead, NoteRecord, TopicRecord

FIELD = "Source"
VERSION = 1
LONGEST = 20_000_000

# Anki looks for these in every field, whatever it holds; no JSON but that of a string can contain them.
_READ_BY_ANKI = re.compile(r"\{(?=\{)|\[(?=sound:|latex\]|\$|anki:)", re.IGNORECASE)
_TEXTS = ("key", "kind", "question", "answer", "explanation", "reference")


class Source(TypedDict):
    """What the field holds; `read_source` has looked at every type.

    `deck` has slug, title and language, `topic` slug and title ("" where the note has none). `tags` are pairs of our
    tag and the one that Anki got for it. `media` gives the file in the package for each path in the texts. `reviews`
    are facts by card's ordinal and revlog id, both as decimal texts.
    """

    v: int
    deck: dict[str, str]
    topic: dict[str, str]
    key: str
    kind: str
    question: str
    answer: str
    explanation: str
    reference: str
    sources: list[str]
    tags: list[list[str]]
    shown: dict[str, str]
    media: dict[str, str]
    reviews: dict[str, dict[str, dict[str, Any]]]


def digest_of(field_html: str) -> str:
    """Return what `shown` says of a field with this HTML."""
    return sha256(field_html.encode()).hexdigest()[:16]


def write_source(
    note: NoteRecord,
    head: DeckHead,
    topic: TopicRecord | None,
    *,
    fields: Mapping[str, str],
    tags: Iterable[tuple[str, str]],
    media: Mapping[str, str],
    reviews: Mapping[int, Mapping[int, Mapping[str, Any]]],
) -> str:
    """Return the field's HTML. `fields` are the other fields' HTML by name; for the rest see `Source`."""
    source: Source = {
        "v": VERSION,
        "deck": {"slug": head.slug, "title": head.title, "language": head.language},
        "topic": {"slug": topic.slug, "title": topic.title} if topic else {"slug": "", "title": ""},
        "key": note.key,
        "kind": note.kind,
        "question": note.question,
        "answer": note.answer,
        "explanation": note.explanation,
        "reference": note.reference,
        "sources": list(note.sources),
        "tags": [list(pair) for pair in tags],
        "shown": {name: digest_of(text) for name, text in fields.items()},
        "media": dict(media),
        "reviews": {
            str(ordinal): {str(row): dict(facts) for row, facts in rows.items()} for ordinal, rows in reviews.items()
        },
    }
    text = json.dumps(source, separators=(",", ":"))
    return html.escape(_READ_BY_ANKI.sub(lambda found: f"\\u{ord(found[0]):04x}", text), quote=False)


def read_source(field_html: str) -> Source | None:
    """Return what the field says; None if it is empty, edited beyond reading, or of a version that is not known."""
    if not field_html or len(field_html) > LONGEST:
        return None
    try:
        source = json.loads(html.unescape(field_html))
    except (ValueError, RecursionError):
        return None
    return cast("Source", source) if isinstance(source, dict) and _is_whole(source) else None


def is_as_written(source: Source, field: str, field_html: str) -> bool:
    """Return whether the field of this name still holds what we wrote."""
    return source["shown"].get(field) == digest_of(field_html)


def tags_back(source: Source, tags: Iterable[str]) -> list[str]:
    """Return our tags for those that the note has in Anki now: ours by their real names first, then new ones.

    Anki writes a tag as the collection knows it already, so case is no difference.
    """
    present = {tag.casefold(): tag for tag in tags}
    ours = [real for real, written in source["tags"] if written.casefold() in present]
    known = {written.casefold() for _, written in source["tags"]}
    return ours + [tag for folded, tag in present.items() if folded not in known]


def facts_of(source: Source, ordinal: int) -> dict[int, tuple[int, dict[str, Any]]]:
    """Return for each revlog id of a card when it was answered (milliseconds since 1970), and the other facts."""
    rows = source["reviews"].get(str(ordinal), {})
    return {
        int(row): (facts.get("answered_ms", int(row)), {n: v for n, v in facts.items() if n != "answered_ms"})
        for row, facts in rows.items()
    }


def _is_whole(source: dict[str, Any]) -> bool:
    return (
        source.get("v") == VERSION
        and all(isinstance(source.get(name), str) for name in _TEXTS)
        and all(_is_texts(source.get(name)) for name in ("deck", "topic", "shown", "media"))
        and {"slug", "title", "language"} <= source["deck"].keys()
        and {"slug", "title"} <= source["topic"].keys()
        and _is_list(source.get("sources"), str)
        and _is_list(source.get("tags"), list)
        and all(len(pair) == 2 and _is_list(pair, str) for pair in source["tags"])
        and isinstance(source.get("reviews"), dict)
        and all(_is_rows(rows) for rows in source["reviews"].values())
    )


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _is_list(value: object, of: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, of) for item in value)


def _is_rows(rows: object) -> bool:
    return isinstance(rows, dict) and all(
        re.fullmatch(r"[0-9]{1,15}", row) and isinstance(facts, dict) and _is_time(facts.get("answered_ms", 0))
        for row, facts in rows.items()
    )


def _is_time(value: object) -> bool:
    return isinstance(value, int) and 0 <= value < 10**15
