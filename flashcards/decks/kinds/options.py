"""The options of a choice note as they are written, line by line.

- [x] a right option
- [ ] a wrong one
  slip: its name
  why: What is wrong with it.
"""

import re
from dataclasses import dataclass
from hashlib import blake2b

from flashcards.lib.errors import Problem, Refused
from flashcards.lib.markdown import render
from flashcards.lib.sanitize import plain_words

MAX_OPTIONS = 12
MAX_LINES = 200
MAX_SLIP_NAME = 80

_OPTION = re.compile(r"[-*] +\[(?P<mark>[ xX])\](?: +(?P<text>.*))?")
_MORE = re.compile(r"(?:  +|\t)(?P<name>slip|why):(?: +(?P<text>.*))?")
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\s*", re.DOTALL)
_NOT_IN_A_BUTTON = re.compile(r"<(?:a|audio|details)\b")


@dataclass(slots=True)
class WrittenOption:
    """An option: its Markdown, whether it is right, and for a wrong one the slip's name and why it is wrong."""

    text: str
    is_right: bool
    line: int
    slip: str = ""
    why: str = ""

    @property
    def key(self) -> str:
        """What an answer says for it: a digest of its text, so that reordering and shuffling leave it alone."""
        return blake2b(self.text.encode(), digest_size=4).hexdigest()


def read_options(source: str, field: str) -> list[WrittenOption]:
    """Return the options of `source`; raises Refused with every problem and its line."""
    options: list[WrittenOption] = []
    problems: list[Problem] = []
    lines = source.split("\n")
    if len(lines) > MAX_LINES:
        message = f"There are {len(lines):,} lines; at most {MAX_LINES} are allowed."
        raise Refused([Problem(field, message, MAX_LINES + 1)])
    for line, text in enumerate(lines, start=1):
        if found := _OPTION.fullmatch(text.rstrip()):
            options.append(WrittenOption((found["text"] or "").strip(), found["mark"] != " ", line))
        elif (found := _MORE.fullmatch(text.rstrip())) and options:
            problems += _add(options[-1], found["name"], (found["text"] or "").strip(), line, field)
        elif text.strip():
            message = "This is no option. Write - [x] RIGHT or - [ ] WRONG; under it, indented, slip: and why:."
            problems.append(Problem(field, message, line))
    problems += _set_problems(options, field)
    if problems:
        raise Refused(problems)
    return options


def _add(option: WrittenOption, name: str, text: str, line: int, field: str) -> list[Problem]:
    if option.is_right:
        return [Problem(field, "The right option needs no slip: and no why:. Say why in the explanation.", line)]
    if not text or getattr(option, name):
        return [Problem(field, f"{name}: is {'there twice' if text else 'empty'}.", line)]
    if name == "slip" and len(text) > MAX_SLIP_NAME:
        return [Problem(field, f"The name of a slip has at most {MAX_SLIP_NAME} characters.", line)]
    setattr(option, name, text)
    return []


def _set_problems(options: list[WrittenOption], field: str) -> list[Problem]:
    problems = []
    if not 2 <= len(options) <= MAX_OPTIONS:
        problems.append(Problem(field, f"There are {len(options)} options; 2 to {MAX_OPTIONS} are needed.", 1))
    if options and not any(option.is_right for option in options):
        problems.append(Problem(field, "No option is right. Mark one with - [x].", options[0].line))
    seen: dict[str, int] = {}
    for option in options:
        if not option.text:
            problems.append(Problem(field, "This option is empty.", option.line))
        elif option.text in seen:
            message = f"This option is the same as that on line {seen[option.text]}."
            problems.append(Problem(field, message, option.line))
        seen.setdefault(option.text, option.line)
    return problems


def as_html(text: str, line: int, field: str) -> str:
    """Return an option's Markdown, one paragraph, as HTML that fits in a button; raises Refused."""
    rendered = render(text, field=field)
    if rendered.problems:
        raise Refused([Problem(field, problem.message, line) for problem in rendered.problems])
    inside = _ONE_PARAGRAPH.fullmatch(rendered.html)
    if inside is None or _NOT_IN_A_BUTTON.search(inside[1]):
        raise Refused([Problem(field, "An option must fit in one paragraph, without a link or a sound.", line)])
    if not plain_words(inside[1]) and "<img" not in inside[1]:
        raise Refused([Problem(field, "This option shows nothing.", line)])
    return inside[1]
