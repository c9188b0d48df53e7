"""How grave an edit of a note is, proposed from what it changes; the editor has the last word.

*Wording*: space, punctuation, case, markup and typing errors; the explanation, known errors and what is said of wrong
options; other words for less than a third of the question or the answer. *Meaning*: another kind; another number,
sign, formula, piece of code or picture; a negation or an opposite; more than a third of the words; another option
that is right; other accepted answers; another gap or box; another way to work the number out (`lib/wording.py`).
"""

from collections.abc import Sequence
from typing import Any

from flashcards.decks import kinds
from flashcards.decks.editing_models import Severity
from flashcards.decks.kinds import Draft, Written
from flashcards.decks.kinds.folding import fold
from flashcards.decks.kinds.gaps import find_gaps
from flashcards.decks.kinds.number_lines import read_numbers
from flashcards.decks.kinds.numbers import Numbers
from flashcards.decks.kinds.occlusion import EDGES
from flashcards.decks.kinds.options import WrittenOption, read_options
from flashcards.lib.errors import Refused
from flashcards.lib.wording import changes_of_meaning

_MOVED = 0.5
"""Of the area that a box covers before or after: what both cover has to be more, or the box has moved."""


def proposed(before: Written, after: Written, *, kind_before: str = "", kind: str = "") -> Severity:
    """Return how grave the change seems; for the arguments see `reasons`."""
    return Severity.MEANING if reasons(before, after, kind_before=kind_before, kind=kind) else Severity.WORDING


def reasons(before: Written, after: Written, *, kind_before: str = "", kind: str = "") -> list[str]:
    """Return, as sentences, what makes the change one of meaning; [] if it is one of wording.

    The kinds are those of the notes, versions or records themselves; name them for drafts, which have none (a draft
    without any is read as plain text). What can't be read as its kind is compared as text.
    """
    old_kind = kind_before or getattr(before, "kind", "") or kind
    new_kind = kind or getattr(after, "kind", "") or old_kind
    if (old_kind or new_kind) != new_kind:
        return ["The kind of note is another."]
    found = _BY_KIND.get(new_kind, _reasons_of_text)
    try:
        return list(dict.fromkeys(found(before, after)))
    except Refused:
        return _reasons_of_text(before, after)


def _reasons_of_text(before: Written, after: Written) -> list[str]:
    question = changes_of_meaning(before.question, after.question, "the question")
    return question + changes_of_meaning(before.answer, after.answer, "the answer")


def _reasons_of_cloze(before: Written, after: Written) -> list[str]:
    """Compare the texts with their gaps filled, then what each number hides; a number more or less is another card."""
    old, new = (_hidden(note.question) for note in (before, after))
    found = changes_of_meaning(_filled(before.question), _filled(after.question), "the text")
    for number in sorted(old.keys() & new.keys()):
        if len(old[number]) != len(new[number]):
            found.append(f"Gap {number} hides something else.")
            continue
        for one, other in zip(old[number], new[number], strict=True):
            if changes_of_meaning(one, other, "the gap"):
                found.append(f"Gap {number} hides something else.")
    return found


def _hidden(text: str) -> dict[int, list[str]]:
    gaps, problems = find_gaps(text, "question")
    if problems:
        raise Refused(problems)
    hidden: dict[int, list[str]] = {}
    for gap in gaps:
        hidden.setdefault(gap.number, []).append(gap.hidden)
    return hidden


def _filled(text: str) -> str:
    parts, at = [], 0
    for gap in find_gaps(text, "question")[0]:
        parts += [text[at : gap.start], gap.hidden]
        at = gap.end
    return "".join([*parts, text[at:]])


def _reasons_of_choice(before: Written, after: Written) -> list[str]:
    """Compare the right options; wrong ones, their slips and reasons are wording as long as they stay wrong."""
    found = changes_of_meaning(before.question, after.question, "the question")
    old, new = (read_options(note.answer, "answer") for note in (before, after))
    right, now_right = _right(old), _right(new)
    kept = [text for text in right if text in now_right]
    gone, came = ([text for text in texts if text not in kept] for texts in (right, now_right))
    wrong_before, wrong_now = ({option.text for option in options if not option.is_right} for options in (old, new))
    if len(gone) != len(came) or set(gone) & wrong_now or set(came) & wrong_before:
        return [*found, "Another option is right."]
    for one, other in zip(gone, came, strict=True):
        found += changes_of_meaning(one, other, "the right option")
    return found


def _right(options: Sequence[WrittenOption]) -> list[str]:
    return [option.text for option in options if option.is_right]


def _reasons_of_typed(before: Written, after: Written) -> list[str]:
    """Compare what is accepted, as answers are compared: case, accents and hyphens apart, in any order."""
    found = changes_of_meaning(before.question, after.question, "the question")
    old, new = (
        {fold(line) for line in note.answer.split("\n") if line.strip() and not line.strip().startswith("!")}
        for note in (before, after)
    )
    return found if old == new else [*found, "Other answers are accepted."]


def _reasons_of_numeric(before: Written, after: Written) -> list[str]:
    """Compare how the answer comes about; the ranges that numbers are drawn from, slips and the format are wording."""
    found = changes_of_meaning(before.question, after.question, "the question")
    old, new = (read_numbers(note.answer, "answer") for note in (before, after))
    if _way(old) != _way(new):
        found.append("The answer is worked out in another way.")
    if (old.unit, old.tolerance, old.is_relative) != (new.unit, new.tolerance, new.is_relative):
        found.append("The unit or the tolerance is another.")
    return found


def _way(numbers: Numbers) -> list[tuple[str, str]]:
    steps = [step for step in numbers.steps if step.name]
    return [(step.name, "".join(step.expression.source.split())) for step in (*steps, numbers.answer)]


def _reasons_of_occlusion(before: Written, after: Written) -> list[str]:
    """Compare the figure, then the labels and places of each number's boxes; a number more or less is another card."""
    found = changes_of_meaning(before.question, after.question, "the question")
    old, new = (_Boxes(note) for note in (before, after))
    if old.src != new.src:
        found.append("The figure is another.")
    for number in sorted(old.places.keys() & new.places.keys()):
        found += changes_of_meaning(old.labels[number], new.labels[number], f"the label of box {number}")
        if not _same_places(old.places[number], new.places[number]):
            found.append(f"Box {number} hides another place.")
    return found


class _Boxes:
    """The figure of an occlusion note with the labels and places of its boxes, by their numbers."""

    def __init__(self, note: Written) -> None:
        draft = Draft(note.question, note.answer, note.explanation)
        faces = kinds.get("occlusion").faces(draft)
        self.src: str = faces[0].data["src"]
        self.labels = {face.ordinal: face.answer_html for face in faces}
        self.places: dict[int, list[dict[str, float]]] = {}
        for box in faces[0].data["boxes"]:
            self.places.setdefault(box["number"], []).append(box)


def _same_places(old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]) -> bool:
    return len(old) == len(new) and all(_shared(*pair) > _MOVED for pair in zip(old, new, strict=True))


def _shared(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Return the area that both boxes cover as a share of what either of them covers."""
    (left, top, width, height), (left_2, top_2, width_2, height_2) = (
        [box[edge] for edge in EDGES] for box in (one, other)
    )
    across = min(left + width, left_2 + width_2) - max(left, left_2)
    down = min(top + height, top_2 + height_2) - max(top, top_2)
    both = max(0.0, across) * max(0.0, down)
    return float(both / (width * height + width_2 * height_2 - both))


_BY_KIND = {
    "cloze": _reasons_of_cloze,
    "choice": _reasons_of_choice,
    "typed": _reasons_of_typed,
    "numeric": _reasons_of_numeric,
    "occlusion": _reasons_of_occlusion,
}
