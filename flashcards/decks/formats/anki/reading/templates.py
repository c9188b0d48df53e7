"""Anki's card templates: fields, conditions and filters in double braces."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape

_TAG = re.compile(r"\{\{\{?\s*(?P<mark>[#^/!&]?)(?P<name>[^{}]*)\}\}\}?|<!--.*?-->", re.DOTALL)
_ANSWER_RULE = re.compile(r"<hr\b[^>]*\bid\s*=\s*[\"']?answer\b[^>]*>", re.IGNORECASE)
_NOTHING = re.compile(r"\s|&nbsp;|</?(?:div|br|p)\b[^>]*>", re.IGNORECASE)
_RUBY = re.compile(r" ?([^\s<>\[\]]+)\[(?!sound:)([^\[\]]+)\]")
_DEEPEST = 50
_SPECIAL = {"FrontSide", "Tags", "Deck", "Subdeck", "Card", "Type", "CardFlag", "CardID"}

type Node = "str | Shown | Condition"


@dataclass(frozen=True, slots=True)
class Shown:
    """A field; `filters` in the order in which they are applied."""

    name: str
    filters: tuple[str, ...] = ()


@dataclass(slots=True)
class Condition:
    """What is shown if a field is filled in, or `if_empty` if it is not."""

    name: str
    if_empty: bool
    inside: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A template; `problems` are sentences about what is wrong with it."""

    nodes: tuple[Node, ...]
    problems: tuple[str, ...]


@lru_cache(maxsize=512)
def parse(source: str) -> Parsed:
    """Return a template in parts. One that is not well formed is shown as far as it goes."""
    root: list[Node] = []
    stack: list[Condition] = []
    problems: list[str] = []
    at = 0
    for found in _TAG.finditer(source):
        here = stack[-1].inside if stack else root
        if found.start() > at:
            here.append(source[at : found.start()])
        at = found.end()
        mark, name = found["mark"], (found["name"] or "").strip()
        if found["name"] is None or mark == "!":
            continue
        if mark in {"#", "^"} and len(stack) < _DEEPEST:
            condition = Condition(name, if_empty=mark == "^")
            here.append(condition)
            stack.append(condition)
        elif mark == "/":
            if stack and stack[-1].name == name:
                stack.pop()
            else:
                problems.append(f"A condition in the card's template ends that did not begin: {name[:40]}.")
        elif mark in {"", "&"}:
            *filters, last = name.split(":")
            here.append(Shown(last.strip(), tuple(one.strip() for one in reversed(filters))))
    if stack:
        problems.append(f"A condition in the card's template is never closed: {stack[-1].name[:40]}.")
    (stack[-1].inside if stack else root).append(source[at:])
    return Parsed(tuple(root), tuple(problems))


@lru_cache(maxsize=512)
def answer_part(question: str, answer: str) -> str:
    """Return the part of an answer's template that is not the question once more."""
    answer_rule = _ANSWER_RULE.search(answer)
    if answer_rule is not None:
        before = _bare(answer[: answer_rule.start()])
        if before in {"", "{{FrontSide}}", _bare(question), _bare(without_typing(question))}:
            return answer[answer_rule.end() :]
    return _ANSWER_RULE.sub("", answer)


def _bare(template: str) -> str:
    return re.sub(r"\s+", "", template)


def without_typing(template: str) -> str:
    """Return a template without the fields that are typed."""
    return re.sub(r"\{\{type:[^{}]*\}\}", "", template)


@lru_cache(maxsize=512)
def fields_of(source: str) -> frozenset[Shown]:
    """Return all fields that a template shows."""
    found: set[Shown] = set()
    waiting = list(parse(source).nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Shown):
            found.add(node)
        elif isinstance(node, Condition):
            waiting += node.inside
    return frozenset(found)


def is_empty(html: str) -> bool:
    """Return whether a field counts as empty."""
    return not html or not _NOTHING.sub("", html)


@dataclass(slots=True)
class Values:
    """What templates may show of a note: its fields by name, `special` such as Tags.

    `instead` takes a field and its filters before they are applied and may return what to show, or None.
    """

    fields: Mapping[str, str]
    special: Mapping[str, str] = field(default_factory=dict)
    instead: Callable[[Shown], str | None] = lambda _shown: None
    problems: list[str] = field(default_factory=list)

    def render(self, source: str) -> str:
        """Return the HTML of a template."""
        parsed = parse(source)
        self.problems += [problem for problem in parsed.problems if problem not in self.problems]
        out: list[str] = []
        self._render(parsed.nodes, out)
        return "".join(out)

    def _render(self, nodes: "list[Node] | tuple[Node, ...]", out: list[str]) -> None:
        for node in nodes:
            if isinstance(node, str):
                out.append(node)
            elif isinstance(node, Shown):
                out.append(self._shown(node))
            elif is_empty(self._value(node.name)) == node.if_empty:
                self._render(node.inside, out)

    def _value(self, name: str) -> str:
        value = self.fields.get(name)
        return self.special.get(name, "") if value is None else value

    def _shown(self, shown: Shown) -> str:
        if (replaced := self.instead(shown)) is not None:
            return replaced
        if shown.name not in self.fields and shown.name not in _SPECIAL:
            if shown.name and not shown.filters:
                problem = f"The card's template shows a field that the note does not have: {shown.name[:40]}."
                if problem not in self.problems:
                    self.problems.append(problem)
            return ""
        html = self._value(shown.name)
        for name in shown.filters:
            html = _filtered(name, shown.name, html)
        return html


def _filtered(name: str, field_name: str, html: str) -> str:
    if name == "text":
        return re.sub(r"<[^>]*>", "", html)
    if name == "hint":
        return f"<details><summary>{escape(field_name)}</summary>{html}</details>" if not is_empty(html) else ""
    if name == "furigana":
        return _RUBY.sub(r"\1 (\2)", html)
    if name == "kanji":
        return _RUBY.sub(r"\1", html)
    if name == "kana":
        return _RUBY.sub(r"\2", html)
    return "" if name.startswith(("tts", "type")) else html
