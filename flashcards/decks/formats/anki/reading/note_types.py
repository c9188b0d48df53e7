"""Note types as a collection describes them: fields, and a template for each card."""

import json
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

from flashcards.decks.formats.anki.reading import wire
from flashcards.decks.formats.anki.reading.characters import fit_html
from flashcards.decks.formats.anki.reading.limits import refusal

CLOZE = 1
IMAGE_OCCLUSION = 6
MOST_PARTS = 200


@dataclass(slots=True)
class Template:
    """How one card is made: two texts with fields in double braces."""

    name: str
    question: str
    answer: str


@dataclass(slots=True)
class NoteType:
    """A note type. `stock` is the number of the one of Anki's own that it was made from, 0 if that is not known."""

    name: str
    is_cloze: bool
    stock: int
    fields: list[str] = field(default_factory=list)
    templates: list[Template] = field(default_factory=list)

    @property
    def is_occlusion(self) -> bool:
        """Return whether its notes are pictures with boxes."""
        if self.stock == IMAGE_OCCLUSION:
            return True
        return self.is_cloze and any("anki.imageOcclusion" in template.question for template in self.templates)


def read(head: dict[str, Any]) -> dict[int, NoteType]:
    """Return the note types by id; raises Refused."""
    try:
        return _new(head) if "notetypes" in head else _old(head["models"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, wire.BrokenMessage):
        raise refusal("The package's note types can't be read: their descriptions are damaged.") from None


def _old(models: str) -> dict[int, NoteType]:
    found = {}
    for key, model in json.loads(models or "{}").items():
        fields = sorted(model["flds"], key=lambda one: int(one["ord"]))[:MOST_PARTS]
        templates = sorted(model["tmpls"], key=lambda one: int(one["ord"]))[:MOST_PARTS]
        found[int(key)] = NoteType(
            str(model["name"]),
            model.get("type") == CLOZE,
            int(model.get("originalStockKind") or 0),
            [str(one["name"]) for one in fields],
            [_template(str(one["name"]), str(one["qfmt"]), str(one["afmt"])) for one in templates],
        )
    return found


def _new(head: dict[str, Any]) -> dict[int, NoteType]:
    found: dict[int, NoteType] = {}
    for key, name, packed in head["notetypes"]:
        config = dict(wire.fields(b64decode(packed)))
        found[key] = NoteType(name, config.get(1) == CLOZE, _number(config.get(9, 0)))
    for key, _, name in sorted(head["fields"], key=lambda row: (row[0], row[1])):
        if key in found and len(found[key].fields) < MOST_PARTS:
            found[key].fields.append(name)
    for key, _, name, packed in sorted(head["templates"], key=lambda row: (row[0], row[1])):
        if key in found and len(found[key].templates) < MOST_PARTS:
            config = dict(wire.fields(b64decode(packed)))
            question, answer = (wire.text(config.get(number, b"")) for number in (1, 2))
            found[key].templates.append(_template(name, question, answer))
    return found


def _template(name: str, question: str, answer: str) -> Template:
    return Template(name, fit_html(question, []), fit_html(answer, []))


def _number(value: int | bytes) -> int:
    return value if isinstance(value, int) else 0
