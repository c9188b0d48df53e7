"""The numbers of the built-in deck against a second way to work them out, which shares no code with the notes."""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import chain

import pytest
from django.conf import settings

from flashcards.decks.formats import text
from flashcards.decks.formats.records import NoteRecord
from flashcards.decks.kinds.number_lines import read_numbers
from flashcards.decks.kinds.numbers import Numbers
from flashcards.lib import expressions
from tests.decks.worked import Draw, Value, foundations, language, vision
from tests.decks.worked.static import STATIC

DECK = settings.BASE_DIR / "fixtures" / "deep-learning.md"
TABLES = (foundations.INDEPENDENT, vision.INDEPENDENT, language.INDEPENDENT)
INDEPENDENT: dict[str, Callable[[Draw], Value]] = dict(chain.from_iterable(table.items() for table in TABLES))

DRAWS = 50
EXACT = 1e-9
BY_DIFFERENCES = {
    "softmax-gradient-number",
    "gd-step-value",
    "linear-regression-gradient-number",
    "sigmoid-unit-backward-number",
    "weight-decay-number",
}
"""Derivatives as differences: right to as many digits as those have."""


@cache
def deck() -> dict[str, NoteRecord]:
    return {note.key: note for note in text.parse(DECK.read_bytes()).notes()}


def numeric() -> dict[str, NoteRecord]:
    return {key: note for key, note in deck().items() if note.kind == "numeric"}


def draws(numbers: Numbers) -> list[dict[str, expressions.Value]]:
    """Return the first draws that meet what is required."""
    found = (numbers.draw(seed, attempt) for seed in range(DRAWS) for attempt in range(100))
    return [values for values in found if values is not None][:DRAWS]


def plain(value: object) -> tuple[float, ...]:
    return tuple(map(float, value)) if isinstance(value, tuple) else (float(str(value)),)


def test_each_numeric_note_is_worked_out_a_second_time_and_nothing_else_is() -> None:
    assert Counter(chain.from_iterable(TABLES)) == Counter(numeric().keys())


@pytest.mark.parametrize("key", INDEPENDENT)
def test_the_second_way_comes_to_the_same(key: str) -> None:
    numbers = read_numbers(numeric()[key].answer, "answer")
    checked = draws(numbers)
    assert len(checked) == DRAWS
    for values in checked:
        answer = numbers.outcome(values).answer
        second = INDEPENDENT[key](values)
        assert isinstance(second, tuple) == isinstance(answer, tuple), values
        share = 1e-6 if key in BY_DIFFERENCES else EXACT
        assert plain(second) == pytest.approx(plain(answer), rel=share, abs=share / 1_000), values


@pytest.mark.parametrize("key", STATIC)
def test_numbers_that_never_change_are_those_worked_out(key: str) -> None:
    note = deck()[key]
    expected = STATIC[key]()
    assert expected
    for found in expected:
        assert found in f"{note.question}\n{note.answer}\n{note.explanation}", found


def test_every_worked_number_has_a_second_way() -> None:
    worked = {key for key, note in deck().items() if "worked-number" in note.tags}

    assert worked - numeric().keys() <= STATIC.keys()
    assert not STATIC.keys() & numeric().keys()


def test_how_much_there_is() -> None:
    slips = [len(read_numbers(note.answer, "answer").slips) for note in numeric().values()]
    figures = {
        name
        for note in deck().values()
        for field in (note.question, note.answer, note.explanation)
        for name in re.findall(r"/figures/deep-learning/([\w-]+)\.svg", field)
    }
    beyond = [note for note in deck().values() if any(source.startswith("B") for source in note.sources)]

    assert len(slips) >= 30
    assert sum(count >= 2 for count in slips) >= 25
    assert len(figures) >= 30
    assert sum(note.kind == "occlusion" for note in deck().values()) >= 5
    assert len(beyond) >= 40
