"""E-mail addresses as people paste them: any separators, `Name <a@b>` too. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile, islice

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from flashcards.lib.errors import Problem, Refused
from flashcards.lib.text import text_problems, tidy

MOST = 500
LONGEST_TEXT = 100_000
LONGEST_SHOWN = 60
LONGEST_ADDRESS = 254
LONGEST_NAME = 150
FIELD = "addresses"

_PIECES = re.compile(r'(?:"[^"]*"|[^;"]|")+')
_WORDS = re.compile(r"[^\s,]+,?")


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody to invite: the address in lower case, and a name if one stood beside it."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    line: int
    typed: str
    name: str = ""


def read(text: str) -> list[Address]:
    """Return the people in `text`, each address once, in its order.

    Raises Refused: with every part that is no address, named with its line; for none at all, or more than `MOST`.
    """
    if len(text) > LONGEST_TEXT:
        raise Refused([Problem(FIELD, f"This is too long: at most {LONGEST_TEXT:,} characters.")])
    lines = enumerate(tidy(text).split("\n"), 1)
    found = list(islice((entry for number, line in lines for entry in _in_line(line, number)), MOST + 1))
    if not found:
        raise Refused([Problem(FIELD, "There is no address here yet.")])
    if len(found) > MOST:
        raise Refused([Problem(FIELD, f"These are more than {MOST} addresses. Invite some of them first.")])
    problems = [problem for entry in found for problem in _problems(entry)]
    if problems:
        raise Refused(problems)
    people: dict[str, Address] = {}
    for entry in found:
        email = entry.typed.lower()
        if email not in people or not people[email].name:
            people[email] = Address(email, entry.name)
    return list(people.values())


def _in_line(line: str, number: int) -> Iterator[_Found]:
    for piece in _PIECES.findall(line):
        rest = piece
        while "<" in rest:
            before, _, rest = rest.partition("<")
            inside, _, rest = rest.partition(">")
            bare, name = _split_before(before)
            yield from (_Found(number, word) for word in bare)
            yield _Found(number, inside.strip(), name)
        for part in re.split(r"[,>]", rest):
            words = part.split()
            if all("@" in word for word in words):
                yield from (_Found(number, word) for word in words)
            else:
                yield _Found(number, " ".join(words))


def _split_before(text: str) -> tuple[list[str], str]:
    """Return the bare addresses that begin what stands before `<`, and the name that follows them."""
    words = _WORDS.findall(text)
    name = list(dropwhile(lambda word: "@" in word, words))
    bare = [word.rstrip(",") for word in words[: len(words) - len(name)]]
    return bare, " ".join(" ".join(name).replace('"', " ").split()).strip(" ,'")


def _problems(entry: _Found) -> list[Problem]:
    shown = entry.typed if len(entry.typed) <= LONGEST_SHOWN else f"{entry.typed[:LONGEST_SHOWN]}…"
    try:
        validate_email(entry.typed)
    except ValidationError:
        return [Problem(FIELD, f"“{shown}” is no e-mail address.", entry.line)]
    if len(entry.typed) > LONGEST_ADDRESS:
        return [Problem(FIELD, f"“{shown}” is too long for an e-mail address.", entry.line)]
    wrong = text_problems(FIELD, entry.name, limit=LONGEST_NAME, one_line=True)
    return [Problem(FIELD, f"The name beside “{shown}”: {problem.message}", entry.line) for problem in wrong[:1]]
