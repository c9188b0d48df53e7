"""What every kind of note is: how it is written, checked and turned into cards. To add one, copy a sibling."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from flashcards.lib.errors import Problem, Refused
from flashcards.lib.markdown import render
from flashcards.lib.sanitize import plain_words
from flashcards.lib.text import text_problems

FIELDS = ("question", "answer", "explanation")


class Written(Protocol):
    """The fields that a person writes, in Markdown: a `Note`, or a `Draft` that is not stored."""

    question: str
    answer: str
    explanation: str


@dataclass(slots=True)
class Draft:
    """A note's text while it is being written."""

    question: str = ""
    answer: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A field that a kind uses: `name` is one of FIELDS, `label` what people call it."""

    name: str
    label: str
    help: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Face:
    """One card of a note. All HTML is sanitised; `search_text` holds the words of both sides in lower case.

    `data` is what the kind needs of the note at each showing, as JSON holds it; empty if both sides are all of it.
    """

    ordinal: int
    question_html: str
    answer_html: str
    explanation_html: str
    search_text: str
    data: dict[str, Any] = field(default_factory=dict)


EXPLANATION = Part("explanation", "Explanation", "Shown under the answer.", required=False)


class Kind(ABC):
    """A kind of note. `parts` are in the order in which a text file gives them."""

    name: ClassVar[str]
    label: ClassVar[str]
    description: ClassVar[str]
    parts: ClassVar[tuple[Part, ...]]

    @abstractmethod
    def faces(self, note: Written) -> list[Face]:
        """Return the cards that `note` makes, at least one; raises Refused with every problem at once."""

    def problems(self, note: Written) -> list[Problem]:
        """Return what is wrong with `note`, each with its field and line."""
        try:
            self.faces(note)
        except Refused as refused:
            return refused.problems
        return []

    def check(self, note: Written) -> None:
        """Raise Refused if a field holds text that is not accepted, is missing, or is not this kind's."""
        parts = {part.name: part for part in self.parts}
        problems = []
        for name in FIELDS:
            text = getattr(note, name)
            if name not in parts:
                if text.strip():
                    problems.append(Problem(name, f"A {self.name} note has no {name}. Leave this empty."))
            elif not text.strip():
                if parts[name].required:
                    problems.append(Problem(name, f"{parts[name].label} is missing."))
            else:
                problems += text_problems(name, text)
        if problems:
            raise Refused(problems)

    def render_parts(self, note: Written) -> dict[str, str]:
        """Return the HTML of every field ("" if it is empty or not this kind's); raises Refused."""
        self.check(note)
        rendered = {name: render(getattr(note, name), field=name) for name in FIELDS}
        problems = [problem for one in rendered.values() for problem in one.problems]
        problems += [
            Problem(part.name, f"{part.label} shows nothing.")
            for part in self.parts
            if part.required and not problems and not rendered[part.name].html.strip()
        ]
        if problems:
            raise Refused(problems)
        return {name: one.html for name, one in rendered.items()}


def face(ordinal: int, question: str, answer: str, explanation: str, data: dict[str, Any] | None = None) -> Face:
    """Return a card of these pieces of sanitised HTML."""
    words = plain_words(f"{question} <br>{answer}").lower()
    return Face(ordinal, question, answer, explanation, words, data or {})
