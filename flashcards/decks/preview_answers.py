"""What the page where a note is written asks while it is written, and how the kinds call their fields."""

import json
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.template.loader import render_to_string

from flashcards.decks import checks, kinds, previewing
from flashcards.decks.models import Note, Severity
from flashcards.decks.severity import reasons
from flashcards.lib.errors import Refused
from flashcards.lib.whole_numbers import whole_number

NOTE_SCRIPTS = (
    "note-preview", "option-editor", "occlusion-editor", "note-toolbar", "note-images", "note-drafts", "note-keys",
)  # fmt: skip
"""The modules of static/js that work on the form of a note, in the admin and on the site."""
NOTE_SHEETS = ("note-preview", "note-editors", "note-toolbar", "conflict")
"""The sheets of static/css that what these make brings along, with the admin's colours there and the site's here."""


def described_kinds() -> str:
    """Return, as JSON, what each kind calls its fields and says of them."""
    described = {
        kind.name: {part.name: {"label": part.label, "help": part.help} for part in kind.parts}
        for kind in kinds.all_kinds()
    }
    return json.dumps(described)


def preview_answer(posted: QueryDict, notes: QuerySet[Note]) -> dict[str, Any]:
    """Return what the posted text would make: `html` of every card, and `problems` with field and line.

    A card that asks for an answer shows the numbers of `seed`; `verdict` is the HTML of what is said of `given`. If
    `note` is the id of one of `notes`, `severity` is how grave the change against it seems, for `severity_reasons`.
    """
    kind = posted.get("kind", "")
    draft = kinds.Draft(*(posted.get(name, "") for name in kinds.FIELDS))
    answer = _severity(posted.get("note", ""), notes, kind, draft)
    seed = previewing.seed_from(posted.get("seed", ""))
    try:
        shown = previewing.preview(kind, draft, seed, posted.get("given", ""))
    except Refused as refused:
        problems = [{"field": each.field, "line": each.line, "message": each.message} for each in refused.problems]
        return {"html": "", "problems": problems, **answer}
    html = render_to_string("decks/_preview.html", {"shown": shown})
    verdict = render_to_string("decks/_verdict.html", {"trial": shown.trial})
    return {"html": html, "verdict": verdict.strip(), "problems": [], **answer}


def _severity(pk: str, notes: QuerySet[Note], kind: str, draft: kinds.Draft) -> dict[str, Any]:
    number = whole_number(pk)
    stored = notes.filter(pk=number).first() if number is not None else None
    if stored is None:
        return {}
    tidied = kinds.Draft(*(checks.tidy_markdown(getattr(draft, name)) for name in kinds.FIELDS))
    why = reasons(stored, tidied, kind=kind)
    return {"severity": Severity.MEANING if why else Severity.WORDING, "severity_reasons": why}
