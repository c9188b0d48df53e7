"""A figure with boxes over it: each number is a card that asks what its box hides."""

import re
from html import escape, unescape
from typing import Any

from flashcards.decks.kinds.asking import render_sides, with_edition
from flashcards.decks.kinds.base import EXPLANATION, Face, Kind, Part, Written
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.markdown import render
from flashcards.lib.sanitize import clean, plain_words

MAX_BOXES = 50
MAX_LINES = 200
MAX_NUMBER = 99
MAX_LABEL = 200
LEAST_SIDE = 0.5
"""Of a box, in percent of the image's."""

EDGES = ("left", "top", "width", "height")

_BOX = re.compile(
    r"(?P<number>\d{1,3}):\s*"
    + r"\s+".join(rf"(?P<{edge}>\d{{1,3}}(?:\.\d{{1,3}})?)" for edge in EDGES)
    + r"\s*=\s*(?P<label>.*)"
)
_HIDE = re.compile(r"hide:\s*(\w*)")
_IMAGE = re.compile(r'<p><img(?= )(?=[^>]* src="(?P<src>[^"]+)")(?:(?=[^>]* alt="(?P<alt>[^"]*)"))?[^>]*></p>\s*')


class Occlusion(Kind):
    """Boxes hide parts of a figure."""

    name = "occlusion"
    label = "Image occlusion"
    description = "A figure with boxes over it: a card for each number asks what its boxes hide."
    parts = (
        Part("question", "Question", "Asked above the figure, such as: What is hidden?"),
        Part("answer", "Figure and boxes", "![what is seen](/path), then lines 1: LEFT TOP WIDTH HEIGHT = label"),
        EXPLANATION,
    )  # fmt: skip

    def faces(self, note: Written) -> list[Face]:
        """Return a card for each number in use, which is its ordinal; raises Refused with every problem."""
        self.check(note)
        question, explanation, problems = render_sides(note)
        figure = _Figure(note.answer)
        problems += figure.problems
        if problems:
            raise Refused(problems)
        shown = {"src": figure.src, "alt": figure.alt, "hide": figure.hide, "boxes": figure.boxes}
        words = plain_words(question)
        return [
            Face(
                number,
                question,
                clean(f"<p>{escape(label)}</p>"),
                explanation,
                f"{words} {label}".lower(),
                with_edition({**shown, "asked": number}),
            )
            for number, label in sorted(figure.labels.items())
        ]


class _Figure:
    """The lines of the answer's field: the image, what is hidden with the asked box, the boxes in percent of it."""

    def __init__(self, source: str) -> None:
        self.src = self.alt = ""
        self.hide = "all"
        self.boxes: list[dict[str, Any]] = []
        self.labels: dict[int, str] = {}
        self.problems: list[Problem] = []
        lines = source.split("\n")
        if len(lines) > MAX_LINES:
            self._problem(f"There are {len(lines):,} lines; at most {MAX_LINES} are allowed.", MAX_LINES + 1)
            return
        for line, text in enumerate(lines, start=1):
            if text.strip():
                self._read(line, text.strip())
        if not self.src and not self.problems:
            self._problem("There is no image: ![what is seen](/path.svg).", 1)
        if not self.boxes and not self.problems:
            self._problem("There is no box: 1: LEFT TOP WIDTH HEIGHT = label, in percent of the image.", 1)
        if len(self.boxes) > MAX_BOXES:
            self._problem(f"There are {len(self.boxes)} boxes; at most {MAX_BOXES} are allowed.", 1)

    def _problem(self, message: str, line: int) -> None:
        self.problems.append(Problem("answer", message, line))

    def _read(self, line: int, text: str) -> None:
        if found := _BOX.fullmatch(text):
            self._box(line, found)
        elif found := _HIDE.fullmatch(text):
            self.hide = found[1]
            if self.hide not in {"all", "one"}:
                self._problem("hide: is all (every box is covered) or one (only what is asked).", line)
        elif text.startswith("!["):
            self._image(line, text)
        else:
            self._problem("This is no image, no hide: line and no box: 1: LEFT TOP WIDTH HEIGHT = label.", line)

    def _image(self, line: int, text: str) -> None:
        rendered = render(text, field="answer")
        self.problems += [Problem("answer", problem.message, line) for problem in rendered.problems]
        found = _IMAGE.fullmatch(rendered.html)
        if self.src:
            self._problem("There are two images; one can be shown.", line)
        elif found is None and not rendered.problems:
            self._problem("The image must be ![what is seen](/path) with a path on this site.", line)
        elif found is not None:
            self.src, self.alt = unescape(found["src"]), unescape(found["alt"] or "")
            if not self.alt.strip():
                self._problem("The image needs a text that says what is seen, for those who can't see it.", line)

    def _box(self, line: int, found: re.Match[str]) -> None:
        number, label = int(found["number"]), found["label"]
        left, top, width, height = (float(found[edge]) for edge in EDGES)
        known = self.labels.get(number, "")
        if not 1 <= number <= MAX_NUMBER:
            self._problem(f"A box's number lies between 1 and {MAX_NUMBER}.", line)
        elif left + width > 100 or top + height > 100:
            self._problem(f"Box {number} reaches outside the image: it ends behind 100 %.", line)
        elif min(width, height) < LEAST_SIDE:
            self._problem(f"Box {number} is too small: each side is at least {LEAST_SIDE} % of the image's.", line)
        elif not (label or known) or len(label) > MAX_LABEL:
            self._problem(f"Box {number} needs a label of at most {MAX_LABEL} characters: what it hides.", line)
        elif label and known and label != known:
            self._problem(f"Boxes of one number share one label; box {number} was called “{known[:40]}”.", line)
        else:
            self.labels[number] = label or known
            self.boxes.append({"number": number, "left": left, "top": top, "width": width, "height": height})
