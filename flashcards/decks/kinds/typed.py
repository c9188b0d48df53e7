"""A question whose answer is typed: a name, a symbol, a word of code."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from flashcards.decks.kinds.asking import Asked, Asking, Judged, Unreadable, Verdict, render_sides, with_edition
from flashcards.decks.kinds.base import EXPLANATION, Face, Part, Written, face
from flashcards.decks.kinds.folding import NEAR, difference, fold, likeness
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.markdown import render
from flashcards.lib.sanitize import clean

MAX_ANSWERS = 50
MAX_ANSWER = 200
MAX_SLIP_NAME = 80
LONGEST_MISTAKE = 80

_WRONG = re.compile(r"!\s*(?P<text>.+?)(?:\s=\s(?P<slip>[^:]{1,200}?))?:(?:\s+(?P<reason>.*))?")


class Typed(Asking):
    """What is typed is checked against accepted answers."""

    name = "typed"
    label = "Typed"
    description = "A question whose answer is typed and checked; near misses are left to the learner's judgement."
    parts = (
        Part("question", "Question"),
        Part("answer", "Accepted answers", "One a line, the first is shown. Known errors: ! text = SLIP: why"),
        EXPLANATION,
    )
    quick_ms = 6_000

    def faces(self, note: Written) -> list[Face]:
        """Return one card; raises Refused with every problem, answers that contradict each other among them."""
        self.check(note)
        question, explanation, problems = render_sides(note)
        lines = _Lines(note.answer)
        problems += lines.problems
        if problems:
            raise Refused(problems)
        data = with_edition(
            {
                "question": question,
                "explanation": explanation,
                "accepted": lines.accepted,
                "wrong": lines.wrong,
            }
        )
        return [face(1, question, _accepted(data), explanation, data)]

    def ask(self, data: Mapping[str, Any], seed: int) -> Asked:
        """Return the question; every showing asks the same."""
        return Asked("text", data["question"])

    def judge(self, data: Mapping[str, Any], seed: int, given: str | None) -> Judged:
        """Judge by folded texts; one nearly right is NEAR, with the difference."""
        shown = (data["question"], _accepted(data), data["explanation"])
        if given is None:
            return Judged(Verdict.SKIPPED, *shown)
        folded = fold(given)
        if not folded:
            raise Unreadable("Type your answer, or say that you don't know.")
        if any(fold(text) == folded for text in data["accepted"]):
            return Judged(Verdict.RIGHT, *shown)
        for wrong in data["wrong"]:
            if fold(wrong["text"]) == folded:
                return Judged(Verdict.WRONG, *shown, wrong["slip"], wrong["reason"])
        nearest = max(data["accepted"], key=lambda text: likeness(folded, fold(text)))
        if likeness(folded, fold(nearest)) >= NEAR:
            return Judged(Verdict.NEAR, *shown, difference=difference(given.strip(), nearest))
        return Judged(Verdict.WRONG, *shown)

    def mistakes(self, given: str, judged: Judged) -> list[tuple[str, str]]:
        """Return the words that were typed, folded."""
        return [("typed", fold(given)[:LONGEST_MISTAKE])]


class _Lines:
    """The lines of the answer's field: accepted answers, and known errors after `!`. Problems are collected."""

    def __init__(self, source: str) -> None:
        self.accepted: list[str] = []
        self.wrong: list[dict[str, str]] = []
        self.problems: list[Problem] = []
        self._seen: dict[str, tuple[int, bool]] = {}
        written = [(line, text.strip()) for line, text in enumerate(source.split("\n"), start=1) if text.strip()]
        if len(written) > MAX_ANSWERS:
            message = f"There are {len(written):,} answers; at most {MAX_ANSWERS} are allowed."
            self._problem(message, written[MAX_ANSWERS][0])
            return
        for line, text in written:
            self._read(line, text)
        if not self.accepted and not self.problems:
            self._problem("There is no accepted answer: a line without ! in front.", 1)

    def _problem(self, message: str, line: int) -> None:
        self.problems.append(Problem("answer", message, line))

    def _read(self, line: int, text: str) -> None:
        if not text.startswith("!"):
            if self._is_new(line, text, right=True):
                self.accepted.append(text)
            return
        found = _WRONG.fullmatch(text)
        if found is None or not (found["reason"] or "").strip():
            self._problem("A known error is written ! TEXT: WHY, or ! TEXT = SLIP: WHY.", line)
            return
        reason = render(found["reason"], field="answer")
        self.problems += [Problem("answer", problem.message, line) for problem in reason.problems]
        slip = (found["slip"] or "").strip()
        if len(slip) > MAX_SLIP_NAME:
            self._problem(f"The name of a slip has at most {MAX_SLIP_NAME} characters.", line)
        if self._is_new(line, found["text"], right=False):
            self.wrong.append({"text": found["text"], "slip": slip, "reason": reason.html})

    def _is_new(self, line: int, text: str, *, right: bool) -> bool:
        folded = fold(text)
        before = self._seen.setdefault(folded, (line, right))
        if not folded or len(text) > MAX_ANSWER:
            self._problem(f"An answer has 1 to {MAX_ANSWER} characters that count.", line)
        elif before != (line, right):
            as_what = "accepted" if before[1] else "a known error"
            clash = "says the opposite of" if before[1] != right else "is the same as"
            self._problem(f"“{text[:60]}” {clash} line {before[0]}, where it is {as_what}.", line)
        else:
            return True
        return False


def _accepted(data: Mapping[str, Any]) -> str:
    first, *others = map(escape, data["accepted"])
    also = f"<p><small>Also: {', '.join(others)}</small></p>" if others else ""
    return clean(f"<p>{first}</p>{also}")
