"""Where things stand in a JSON text, and what no JSON of ours may have: names twice, NaN, endless nesting."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from json import loads

from flashcards.lib.errors import Problem, Refused

MAX_DEPTH = 12
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_PUNCTUATION = frozenset("}],:")
_CONSTANTS = {"NaN", "Infinity", "-Infinity"}


@dataclass(slots=True)
class _Level:
    """An object or array that is open: the pointer to it, and the name or number of what comes next in it."""

    pointer: str
    is_object: bool
    name: str = ""
    number: int = 0
    names: set[str] = field(default_factory=set)
    wants_name: bool = True


def places(text: str) -> Iterator[tuple[str, int]]:
    """Yield the JSON pointer and line of each value in turn; raises Refused for what no JSON of ours may have.

    `text` need not be JSON: what is no JSON in other ways is for the parser to say.
    """
    line, at = 1, 0
    levels: list[_Level] = []
    for found in _TOKEN.finditer(text):
        sign = found[0]
        line += text.count("\n", at, found.start())
        at = found.start()
        top = levels[-1] if levels else None
        if sign in _PUNCTUATION:
            _go_on(levels, sign)
        elif top is not None and top.is_object and top.wants_name and sign[0] == '"':
            _name(top, sign, line)
        else:
            pointer = _pointer(top)
            yield pointer, line
            _begin(levels, pointer, sign, line)


def _go_on(levels: list[_Level], sign: str) -> None:
    if not levels:
        return
    if sign in "}]":
        levels.pop()
    elif sign == ",":
        levels[-1].number += 1
        levels[-1].wants_name = True


def _begin(levels: list[_Level], pointer: str, sign: str, line: int) -> None:
    if sign in _CONSTANTS:
        raise Refused([Problem(pointer, f"{sign} is no number that JSON has.", line)])
    if sign in "{[":
        levels.append(_Level(pointer, is_object=sign == "{"))
        if len(levels) > MAX_DEPTH:
            raise Refused([Problem(pointer, f"This is nested more than {MAX_DEPTH} levels deep.", line)])


def _name(level: _Level, spelt: str, line: int) -> None:
    level.wants_name = False
    try:
        level.name = loads(spelt) if "\\" in spelt else spelt[1:-1]
    except ValueError:
        level.name = spelt[1:-1]
    if level.name in level.names:
        raise Refused([Problem(_pointer(level), f"“{level.name[:40]}” is there twice.", line)])
    level.names.add(level.name)


def _pointer(level: _Level | None) -> str:
    if level is None:
        return ""
    if not level.is_object:
        return f"{level.pointer}/{level.number}"
    return f"{level.pointer}/{level.name.replace('~', '~0').replace('/', '~1')}"


def lines_of(text: str, pointers: Collection[str]) -> dict[str, int]:
    """Return the line of each of these values; of one that is missing, that of what it is missing from."""
    wanted = {pointer: _ancestors(pointer) for pointer in pointers}
    named = {each for ancestors in wanted.values() for each in ancestors}
    found = {pointer: line for pointer, line in places(text) if pointer in named}
    return {
        pointer: next((found[each] for each in ancestors if each in found), 1) for pointer, ancestors in wanted.items()
    }


def _ancestors(pointer: str) -> list[str]:
    parts = pointer.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]
