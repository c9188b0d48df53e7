"""Kinds that ask for an answer and judge it: what was asked at a showing, and what is said of what was given.

A showing is known by its seed. The same card data and seed ask the same again, after a reload, an undo or a week.
"""

import json
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import Any, ClassVar, Literal

from flashcards.decks.kinds.base import Kind, Written
from flashcards.lib.errors import Problem
from flashcards.lib.markdown import render
from flashcards.lib.sanitize import plain_words

LONGEST_GIVEN = 500


class Verdict(StrEnum):
    """What an answer is; NEAR is left to the learner's own judgement."""

    RIGHT = "right"
    NEAR = "near"
    WRONG = "wrong"
    SKIPPED = "skipped"


class Unreadable(Exception):
    """What was given can't be read and is asked again, not marked wrong; `str()` says why, for people."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of several things to choose from; `key` stands for it however the options are shuffled.

    The rest is known once an answer was given; `why_html` says why a wrong one is wrong.
    """

    key: str
    html: str
    is_right: bool = False
    is_chosen: bool = False
    why_html: str = ""

    @property
    def words(self) -> str:
        """The option in words, for those who hear it: some consist of a formula alone."""
        return plain_words(self.html)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a showing asks: by a field for text, or by one or several of its options."""

    form: Literal["text", "one", "several"]
    question_html: str
    options: list[Option] = field(default_factory=list)
    label: str = "Your answer"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of what was typed beside what was expected: "same", "extra" (only typed) or "missing"."""

    what: Literal["same", "extra", "missing"]
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of an answer. `slip` names the error, `reason_html` tells it; all HTML is sanitised."""

    verdict: Verdict
    question_html: str
    answer_html: str
    explanation_html: str
    slip: str = ""
    reason_html: str = ""
    options: list[Option] = field(default_factory=list)
    difference: list[Change] = field(default_factory=list)


class Asking(Kind):
    """A kind whose cards take an answer. `quick_ms`: an answer as fast as this came at once."""

    quick_ms: ClassVar[int]

    @abstractmethod
    def ask(self, data: Mapping[str, Any], seed: int) -> Asked:
        """Return what the card with this data asks at the showing of this seed."""

    @abstractmethod
    def judge(self, data: Mapping[str, Any], seed: int, given: str | None) -> Judged:
        """Return what is said of the text given at that showing, None if nothing was known; raises Unreadable."""

    def words(self, data: Mapping[str, Any], given: str) -> str:
        """Return a stored answer as people read it."""
        return given

    def mistakes(self, given: str, judged: Judged) -> list[tuple[str, str]]:
        """Return what is counted of a wrong answer besides its slip: ("option", its key) or ("typed", the words)."""
        return []


def render_sides(note: Written) -> tuple[str, str, list[Problem]]:
    """Return the HTML of a note's question and explanation, and what is wrong with them."""
    question, explanation = render(note.question, field="question"), render(note.explanation, field="explanation")
    problems = [*question.problems, *explanation.problems]
    if not question.problems and not question.html.strip():
        problems.append(Problem("question", "Question shows nothing."))
    return question.html, explanation.html, problems


def seed_of(user_id: int, card_id: int, showing: int) -> int:
    """Return the seed of a card's showing to a learner: a number of 63 bits."""
    return int.from_bytes(blake2b(f"{user_id}.{card_id}.{showing}".encode(), digest_size=8).digest()) >> 1


def with_edition(data: dict[str, Any]) -> dict[str, Any]:
    """Return `data` with the digest `edition`, by which an answer to an earlier wording is known."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return {**data, "edition": blake2b(text.encode(), digest_size=6).hexdigest()}
