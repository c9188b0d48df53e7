"""A question with options, one or several of them right, shuffled at each showing."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from flashcards.decks.kinds.asking import (
    Asked,
    Asking,
    Judged,
    Option,
    Unreadable,
    Verdict,
    render_sides,
    with_edition,
)
from flashcards.decks.kinds.base import EXPLANATION, Face, Part, Written, face
from flashcards.decks.kinds.options import as_html, read_options
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.markdown import render
from flashcards.lib.sanitize import clean, plain_words

_FIELD = "answer"


class Choice(Asking):
    """Options are chosen from."""

    name = "choice"
    label = "Choice"
    description = "A question with options, one or several of them right; a wrong one may say why it is wrong."
    parts = (
        Part("question", "Question"),
        Part("answer", "Options", "- [x] right, - [ ] wrong; under a wrong one, indented, slip: NAME and why: …"),
        EXPLANATION,
    )
    quick_ms = 6_000

    def faces(self, note: Written) -> list[Face]:
        """Return one card whose sides list the options; raises Refused with every problem."""
        self.check(note)
        question, explanation, problems = render_sides(note)
        options: list[dict[str, Any]] = []
        try:
            options = _compiled(note.answer)
        except Refused as refused:
            problems += refused.problems
        if problems:
            raise Refused(problems)
        data = with_edition({"question": question, "explanation": explanation, "options": options})
        listed = "".join(f"<li>{option['html']}</li>" for option in options)
        return [face(1, clean(f"{question}<ul>{listed}</ul>"), _answer(options), explanation, data)]

    def ask(self, data: Mapping[str, Any], seed: int) -> Asked:
        """Return the question and its options in this showing's order."""
        shuffled = sorted(data["options"], key=lambda option: _place(seed, option["key"]))
        options = [Option(option["key"], option["html"]) for option in shuffled]
        return Asked("several" if _several(data) else "one", data["question"], options)

    def judge(self, data: Mapping[str, Any], seed: int, given: str | None) -> Judged:
        """Judge keys with spaces between them: right if they are those of the right options and no others."""
        shuffled = sorted(data["options"], key=lambda option: _place(seed, option["key"]))
        chosen = set((given or "").split())
        if given is not None and (not chosen or not chosen <= {option["key"] for option in shuffled}):
            raise Unreadable("Choose an option, or say that you don't know.")
        if len(chosen) > 1 and not _several(data):
            raise Unreadable("Choose one option.")
        told = [
            Option(
                option["key"],
                option["html"],
                is_right=option["right"],
                is_chosen=option["key"] in chosen,
                why_html=option["why"] if option["key"] in chosen else "",
            )
            for option in shuffled
        ]
        slips = [option["slip"] for option in shuffled if option["key"] in chosen and option["slip"]]
        right = all(option.is_right == option.is_chosen for option in told)
        verdict = Verdict.SKIPPED if given is None else Verdict.RIGHT if right else Verdict.WRONG
        slip = slips[0] if slips else ""
        return Judged(verdict, data["question"], "", data["explanation"], slip, options=told)

    def mistakes(self, given: str, judged: Judged) -> list[tuple[str, str]]:
        """Return the wrong options that were chosen."""
        return [("option", option.key) for option in judged.options if option.is_chosen and not option.is_right]

    @staticmethod
    def wrong_options(data: Mapping[str, Any]) -> dict[str, str]:
        """Return the words of the wrong options by their keys."""
        return {option["key"]: plain_words(option["html"]) for option in data["options"] if not option["right"]}

    def words(self, data: Mapping[str, Any], given: str) -> str:
        """Return the chosen options' words; the key itself for an option that is there no more."""
        words = {option["key"]: plain_words(option["html"]) for option in data["options"]}
        return "; ".join(words.get(key, key) for key in given.split())


def _compiled(source: str) -> list[dict[str, Any]]:
    problems: list[Problem] = []
    compiled = []
    seen: dict[str, int] = {}
    for option in read_options(source, _FIELD):
        try:
            html = as_html(option.text, option.line, _FIELD)
        except Refused as refused:
            problems += refused.problems
            continue
        if seen.setdefault(html, option.line) != option.line:
            problems.append(Problem(_FIELD, f"This option looks the same as that on line {seen[html]}.", option.line))
        why = render(option.why, field=_FIELD)
        problems += [Problem(_FIELD, problem.message, option.line) for problem in why.problems]
        right = option.is_right
        compiled.append({"key": option.key, "html": html, "right": right, "slip": option.slip, "why": why.html})
    if problems:
        raise Refused(problems)
    return compiled


def _several(data: Mapping[str, Any]) -> bool:
    return len([option for option in data["options"] if option["right"]]) > 1


def _place(seed: int, key: str) -> bytes:
    """Return where an option stands among the others at this showing: a digest, the same on every machine."""
    return blake2b(f"{seed}.{key}".encode(), digest_size=8).digest()


def _answer(options: list[dict[str, Any]]) -> str:
    """Return the answer side where nothing is chosen: the right options, then what is wrong with the others."""
    right = "".join(f"<li><strong>{option['html']}</strong></li>" for option in options if option["right"])
    wrong = "".join(f"<li>{option['html']}{option['why']}</li>" for option in options if option["why"])
    return clean(f"<ul>{right}</ul>" + (f"<p>Not:</p><ul>{wrong}</ul>" if wrong else ""))
