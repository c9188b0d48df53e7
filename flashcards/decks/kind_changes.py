"""A note's texts as another kind wants them, where that makes sense and nothing a learner should see is lost."""

from collections.abc import Callable, Mapping

from flashcards.decks import kinds
from flashcards.decks.kinds import Draft, Written
from flashcards.decks.kinds.options import read_options
from flashcards.lib.errors import Problem, Refused


def kinds_from(kind: str) -> list[str]:
    """Return the names of the kinds that a note of `kind` can be turned into."""
    return [to for source, to in _CONVERSIONS if source == kind]


def converted(note: Written, kind: str, to: str) -> Draft:
    """Return the texts of `note`, of `kind`, as a note `to`; raises Refused if that makes no sense."""
    convert = _CONVERSIONS.get((kind, to))
    if convert is None:
        made = ", ".join(kinds.get(name).label.lower() for name in kinds_from(kind)) or "no other kind"
        message = f"A {kinds.get(kind).label.lower()} note can be made {made}."
        raise Refused([Problem("kind", message)])
    return convert(note)


def _same(note: Written) -> Draft:
    return Draft(note.question, note.answer, note.explanation)


def _to_typed(note: Written) -> Draft:
    """One line without markup can be typed."""
    if "\n" in note.answer.strip() or note.answer.lstrip().startswith("!"):
        raise Refused([Problem("answer", "Only an answer of one line can be typed.")])
    return _same(note)


def _from_typed(note: Written) -> Draft:
    """The first accepted answer is the answer; the others, and what is said of known errors, go to the explanation."""
    lines = [line.strip() for line in note.answer.split("\n") if line.strip()]
    accepted = [line for line in lines if not line.startswith("!")]
    also = f"Also right: {', '.join(accepted[1:])}." if accepted[1:] else ""
    errors = "\n".join(f"- Not {line[1:].strip()}" for line in lines if line.startswith("!"))
    return Draft(note.question, accepted[0] if accepted else "", _joined(note.explanation, also, errors))


def _from_choice(note: Written) -> Draft:
    """The right options are the answer; the wrong ones and why they are wrong go to the explanation."""
    options = read_options(note.answer, "answer")
    right = [option.text for option in options if option.is_right]
    answer = right[0] if len(right) == 1 else "\n".join(f"- {text}" for text in right)
    wrong = "\n".join(
        f"- Not {option.text}" + (f": {option.why}" if option.why else "") for option in options if not option.is_right
    )
    return Draft(note.question, answer, _joined(note.explanation, wrong))


def _to_cloze(note: Written) -> Draft:
    """The answer becomes a gap under the question."""
    if "\n\n" in note.answer or "{{" in note.answer or "}}" in note.answer:
        raise Refused([Problem("answer", "A gap holds one paragraph without braces of its own.")])
    return Draft(f"{note.question}\n\n{{{{c1::{note.answer}}}}}", "", note.explanation)


def _joined(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


_CONVERSIONS: Mapping[tuple[str, str], Callable[[Written], Draft]] = {
    ("basic", "reversed"): _same,
    ("reversed", "basic"): _same,
    ("basic", "typed"): _to_typed,
    ("basic", "cloze"): _to_cloze,
    ("typed", "basic"): _from_typed,
    ("choice", "basic"): _from_choice,
}
