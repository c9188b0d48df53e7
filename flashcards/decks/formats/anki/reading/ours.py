"""A note that we wrote: read back from its field `Source`, but for what was edited in Anki."""

import re
from urllib.parse import quote

from flashcards.decks.formats.anki.reading.characters import fit, warn
from flashcards.decks.formats.anki.reading.fields import Converter
from flashcards.decks.formats.anki.reading.foreign import ForeignNote, figure_of
from flashcards.decks.formats.anki.reading.gaps import AnkiGap, Gaps, parse
from flashcards.decks.formats.anki.reading.occlusions import read_boxes
from flashcards.decks.formats.anki.source_field import FIELD, Source, is_as_written, tags_back
from flashcards.decks.formats.records import NoteRecord

_STORED = "/media/"
_TEXT_OF = {"Question": "question", "Answer": "answer", "Explanation": "explanation", "Back Extra": "explanation"}
_WORKED_OUT = {
    "choice": {"Options", "Answer"},
    "typed": {"Also"},
    "numeric": {"Question", "Answer", "Explanation"},
}
"""Fields that show what our text comes to and can't be turned back into it."""

_LABEL = re.compile(r"(?m)^(\d{1,3}):[^=]*=\s*(.*)$")


def our_record(source: Source, note: ForeignNote, tags: list[str]) -> NoteRecord | None:
    """Return the note, None if an edit in Anki left nothing of its kind."""
    record = NoteRecord(
        "",
        source["kind"],
        _with_names(source["question"], source, note.converter),
        _with_names(source["answer"], source, note.converter),
        _with_names(source["explanation"], source, note.converter),
        tags=tags_back(source, tags),
        sources=source["sources"],
        reference=source["reference"],
    )
    edited = {
        name: html for name, html in note.fields.items() if name != FIELD and not is_as_written(source, name, html)
    }
    if not edited:
        return record
    kept = _WORKED_OUT.get(record.kind, set()) & edited.keys()
    if kept:
        warn(note.warnings, f"What was changed in Anki in {', '.join(sorted(kept))} could not be taken over.")
    if record.kind == "occlusion" and not _occlusion(record, edited, note):
        return None
    if "Text" in edited:
        text = _text_with_gaps(edited["Text"], note)
        if text is None:
            return None
        record.question = text
    for name, html in edited.items():
        if name in kept or name in {"Text", "Occlusion", "Image", "Labels"}:
            continue
        _take(record, name, html, note.converter)
    return record


def _take(record: NoteRecord, name: str, html: str, converter: Converter) -> None:
    if name in {"Reference", "Comments"}:
        record.reference = converter.words(html)[:300]
    elif name == "Header":
        record.question = converter.markdown(html) or record.question
    elif record.kind == "typed" and name == "Answer":
        _, *others = record.answer.split("\n")
        record.answer = "\n".join([converter.words(html), *others])
    elif name in _TEXT_OF:
        setattr(record, _TEXT_OF[name], converter.markdown(html))


def _text_with_gaps(html: str, note: ForeignNote) -> str | None:
    gaps = Gaps()
    marked = gaps.mark(html)
    if not gaps.found or not gaps.are_simple:
        return None
    hints = [note.converter.words(gap.hint) for gap in gaps.found]
    return gaps.put_back(note.converter.markdown(marked, in_gaps=True), hints)


def _occlusion(record: NoteRecord, edited: dict[str, str], note: ForeignNote) -> bool:
    """Take over boxes, picture and labels; return whether there still are any."""
    if not edited.keys() & {"Occlusion", "Image", "Labels"}:
        return True
    labels = {int(number): label for number, label in _LABEL.findall(record.answer) if label.strip()}
    if "Labels" in edited:
        labels |= {
            gap.numbers[0]: note.converter.words("".join(part for part in gap.inside if isinstance(part, str)))
            for gap in parse(edited["Labels"])
            if isinstance(gap, AnkiGap) and gap.numbers
        }
    boxes = read_boxes(note.fields.get("Occlusion", ""), labels, note.warnings)
    figure = record.answer.split("\n", 1)[0]
    if "Image" in edited:
        alt = figure.partition("![")[2].partition("]")[0]
        figure = figure_of(note.converter.markdown(edited["Image"]), alt)
    if not boxes.lines or not figure:
        return False
    record.answer = "\n".join([figure, f"hide: {'all' if boxes.hides_all else 'one'}", *boxes.lines])
    return True


def _with_names(text: str, source: Source, converter: Converter) -> str:
    """Return a text in which stored media go by their names in the package."""
    for path, name in source["media"].items():
        if path.startswith(_STORED) and converter.holds(name):
            text = text.replace(path, f"media:{quote(name, safe='')}")
    return fit(text)
