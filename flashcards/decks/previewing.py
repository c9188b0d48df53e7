"""A note while it is written: the cards it would make and, where they ask for an answer, one showing to try out."""

from dataclasses import dataclass, field, replace

from flashcards.decks import kinds, services
from flashcards.decks.kinds import Asked, Asking, Face, Judged, Unreadable, Written
from flashcards.decks.kinds.asking import LONGEST_GIVEN
from flashcards.decks.kinds.number_lines import read_numbers
from flashcards.decks.kinds.number_words import as_text
from flashcards.decks.kinds.numeric import EXAMPLE_SEED, Numeric
from flashcards.lib.expressions import Value
from flashcards.lib.whole_numbers import whole_number


@dataclass(frozen=True, slots=True)
class TriedSlip:
    """A named slip at one showing: what it gives there, and what is said to a learner who answers just that.

    `judged` is None if what it gives can't be typed as an answer.
    """

    name: str
    gives: str
    judged: Judged | None


@dataclass(frozen=True, slots=True)
class Trial:
    """One showing of a card that asks: what is asked and what is said of the answer given.

    Without an answer `judged` is None; `unreadable` says why the one given can't be read.
    """

    asked: Asked
    slips: list[TriedSlip] = field(default_factory=list)
    judged: Judged | None = None
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The cards that a note would make; `trial` is None if they are turned over."""

    faces: list[Face]
    trial: Trial | None = None


def seed_from(text: str) -> int:
    """Return the seed that `text` gives; that of the example for anything else."""
    seed = whole_number(text)
    return EXAMPLE_SEED if seed is None else seed


def preview(kind_name: str, note: Written, seed: int, given: str) -> Preview:
    """Return what `note` would make, numbers as drawn with `seed`, and how the answer `given` is judged ("": none).

    Raises Refused with every problem.
    """
    faces = services.preview(kind_name, note)
    kind = kinds.asking(kind_name)
    if kind is None:
        return Preview(faces)
    [face] = faces
    trial = _tried(kind, face, seed, given)
    return Preview([_drawn(kind, face, seed)] if isinstance(kind, Numeric) else faces, trial)


def _drawn(kind: Numeric, face: Face, seed: int) -> Face:
    shown = kind.judge(face.data, seed, None)
    return replace(
        face,
        question_html=shown.question_html,
        answer_html=shown.answer_html,
        explanation_html=shown.explanation_html,
    )


def _tried(kind: Asking, face: Face, seed: int, given: str) -> Trial:
    asked = kind.ask(face.data, seed)
    slips = _slips(kind, face, seed) if isinstance(kind, Numeric) else []
    text = given[:LONGEST_GIVEN].strip()
    if asked.form != "text":
        # An option whose text was changed since it was chosen has another key: it is no longer chosen.
        known = {option.key for option in asked.options}
        text = " ".join(key for key in text.split() if key in known)
    if not text:
        return Trial(asked, slips)
    try:
        return Trial(asked, slips, kind.judge(face.data, seed, text))
    except Unreadable as unreadable:
        return Trial(asked, slips, unreadable=str(unreadable))


def _slips(kind: Numeric, face: Face, seed: int) -> list[TriedSlip]:
    numbers = read_numbers(face.data["numbers"], "answer")
    values = kind.outcome(face.data, seed).slips
    return [
        TriedSlip(slip.name, as_text(value, numbers.format), _said_of(kind, face, seed, value))
        for slip, value in zip(numbers.slips, values, strict=True)
    ]


def _said_of(kind: Numeric, face: Face, seed: int, value: Value) -> Judged | None:
    try:
        return kind.judge(face.data, seed, repr(value))
    except Unreadable:
        return None
