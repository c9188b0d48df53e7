"""Anki's tags as ours."""

from flashcards.decks.formats.anki.reading.characters import fit, warn

_MOST = 30
_LONGEST = 60


def read_tags(text: str, warnings: list[str]) -> list[str]:
    """Return the tags of a note: names between spaces, `::` in them kept; what is changed is told in `warnings`."""
    tags: dict[str, str] = {}
    for written in text.split():
        tag = fit(written).replace(",", ";").strip()[:_LONGEST].strip()
        if tag != written:
            warn(warnings, f"The tag “{written[:_LONGEST]}” became “{tag}”.")
        if tag:
            tags.setdefault(tag.casefold(), tag)
    if len(tags) > _MOST:
        warn(warnings, f"The note has {len(tags)} tags; the first {_MOST} are kept.")
    return list(tags.values())[:_MOST]
