"""A question whose numbers are drawn anew at each showing: what is kept in memory is the skill, not its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from flashcards.decks.kinds.asking import Asked, Asking, Judged, Verdict, with_edition
from flashcards.decks.kinds.base import EXPLANATION, Face, Part, Written, face
from flashcards.decks.kinds.number_lines import read_numbers
from flashcards.decks.kinds.number_words import as_text
from flashcards.decks.kinds.numbers import Numbers, Outcome
from flashcards.decks.kinds.placeholders import Segment, compiled, filled, find_placeholders
from flashcards.decks.kinds.reading import read_value
from flashcards.decks.kinds.trials import try_out
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.expressions import ExpressionError, Value
from flashcards.lib.sanitize import clean

MAX_ATTEMPTS = 1_000
EXAMPLE_SEED = 1
"""Of the numbers that a card shows where nothing is asked: in lists, on its own page, in print."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    outcome: Outcome
    question_html: str
    explanation_html: str
    reasons_html: list[str]
    """What each slip's sentence says, in their order."""


class Numeric(Asking):
    """Numbers are drawn, the question is asked with them, the answer is worked out."""

    name = "numeric"
    label = "Numeric"
    description = "A question whose numbers are drawn anew at each showing; its answer is worked out and checked."
    parts = (
        Part("question", "Question", "Put numbers in as {{n}} or {{n + 2*p:.2f}}, in text and in formulas."),
        Part("answer", "Numbers", "A line each: n = 16 to 64 step 4, answer: n - f + 1, slip: NAME = FORMULA …"),
        EXPLANATION,
    )
    quick_ms = 15_000

    def faces(self, note: Written) -> list[Face]:
        """Return one card that shows an example; raises Refused with the draw at which something fails."""
        self.check(note)
        problems: list[Problem] = []
        texts: dict[str, list[Segment]] = {"question": [], "explanation": []}
        for name in texts:
            try:
                texts[name] = compiled(getattr(note, name), field=name)
            except Refused as refused:
                problems += refused.problems
        if not problems and texts["question"] == [""]:
            problems.append(Problem("question", "Question shows nothing."))
        slips: list[list[Segment]] = []
        try:
            numbers = read_numbers(note.answer, "answer")
            slips = [_sentence(slip.sentence, slip.line) for slip in numbers.slips]
            if not problems:
                problems += _unknown(note, numbers)
        except Refused as refused:
            problems += refused.problems
        if problems:
            raise Refused(problems)
        try_out(numbers, [*texts.items(), *(("answer", slip) for slip in slips)], "answer")
        data = with_edition({"numbers": note.answer, **texts, "slips": slips})
        example = self.judge(data, EXAMPLE_SEED, None)
        return [face(1, example.question_html, example.answer_html, example.explanation_html, data)]

    def ask(self, data: Mapping[str, Any], seed: int) -> Asked:
        """Return the question with the numbers of this showing."""
        return Asked("text", _drawn(data, seed).question_html, unit=_numbers(data["numbers"]).unit)

    def judge(self, data: Mapping[str, Any], seed: int, given: str | None) -> Judged:
        """Judge a number, a fraction, a power or a tuple; a wrong one that equals a slip is called by its name."""
        numbers, drawn = _numbers(data["numbers"]), _drawn(data, seed)
        outcome = drawn.outcome
        verdict, slip, reason = Verdict.SKIPPED, "", ""
        if given is not None:
            value = read_value(given, unit=numbers.unit, expected=outcome.answer, grouped="," in numbers.format)
            verdict = Verdict.RIGHT if numbers.is_close(value, outcome.answer) else Verdict.WRONG
            if verdict is Verdict.WRONG:
                slip, reason = _slip(numbers, drawn, value)
        return Judged(verdict, drawn.question_html, _shown(numbers, outcome), drawn.explanation_html, slip, reason)

    def outcome(self, data: Mapping[str, Any], seed: int) -> Outcome:
        """Return the numbers of the showing of this seed, with its answer and what each slip comes to."""
        return _drawn(data, seed).outcome


@lru_cache(maxsize=2_048)
def _numbers(source: str) -> Numbers:
    return read_numbers(source, "answer")


def _sentence(source: str, line: int) -> list[Segment]:
    try:
        return compiled(source, field="answer")
    except Refused as refused:
        lines = [(problem, line + (problem.line or 1)) for problem in refused.problems]
        raise Refused([Problem(problem.field, problem.message, at) for problem, at in lines]) from None


def _unknown(note: Written, numbers: Numbers) -> list[Problem]:
    """Return a problem for each placeholder whose names have no value where it stands."""
    texts = [("question", note.question, 0, numbers.names)]
    texts += [("explanation", note.explanation, 0, numbers.names | {"answer"})]
    texts += [("answer", slip.sentence, slip.line, numbers.names | {"answer"}) for slip in numbers.slips]
    return [
        Problem(field, f"{found.hidden[:60]}: {', '.join(sorted(unknown))} is not known here.", line + found.line)
        for field, text, line, names in texts
        for found in find_placeholders(text, field)
        if (unknown := found.expression.names - names)
    ]


def _drawn(data: Mapping[str, Any], seed: int) -> _Drawn:
    """Return what the seed draws. A draw that fails, though those tried at saving did not, is passed over."""
    numbers = _numbers(data["numbers"])
    for attempt in range(MAX_ATTEMPTS):
        try:
            values = numbers.draw(seed, attempt)
            if values is not None:
                outcome = numbers.outcome(values)
                question, explanation = (filled(data[name], outcome.values) for name in ("question", "explanation"))
                reasons = [filled(sentence, outcome.values) for sentence in data["slips"]]
                return _Drawn(outcome, question, explanation, reasons)
        except ExpressionError:
            continue
    raise ValueError(f"no draw of {MAX_ATTEMPTS} could be asked")


def _shown(numbers: Numbers, outcome: Outcome) -> str:
    unit = f"\u202f{escape(numbers.unit)}" if numbers.unit else ""
    return clean(f"<p>{escape(as_text(outcome.answer, numbers.format))}{unit}</p>")


def _slip(numbers: Numbers, drawn: _Drawn, given: Value) -> tuple[str, str]:
    """Return the name of the slip that `given` equals and what went wrong, as HTML; "" twice if it equals none."""
    outcome = drawn.outcome
    for slip, value, reason in zip(numbers.slips, outcome.slips, drawn.reasons_html, strict=True):
        if numbers.is_close(given, value) and not numbers.is_close(value, outcome.answer):
            return slip.name, reason
    return "", ""
