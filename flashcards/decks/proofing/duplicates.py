"""Questions asked twice: in the same words, or in nearly the same with the same numbers and formulas."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flashcards.decks.kinds import Face
from flashcards.decks.proofing.findings import Finding
from flashcards.decks.proofing.sheets import Sheet
from flashcards.decks.proofing.sides import read_side
from flashcards.decks.proofing.words import asked_words, folded, has_digit

CHECK = "duplicate"
NEAR = 0.75
"""How much of two questions' words, the rarer the heavier, has to be common to both."""


@dataclass(frozen=True, slots=True)
class _Question:
    """A card's question. `exact` holds what has to be the same even in a near duplicate."""

    sheet: Sheet
    text: tuple[str, ...]
    exact: tuple[str, ...]
    words: frozenset[str]


def findings(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Yield each note whose question an earlier one asks, the cards of one note apart: once for each two notes."""
    for before, after, is_same in pairs(sheets):
        if is_same:
            message = f"{before.place} asks the same. Leave one of them out, or ask for something else."
            yield after.error(CHECK, "question", message)
        else:
            message = f"{before.place} asks nearly the same. Make one note of them, or tell them apart."
            yield after.warning(CHECK, "question", message)


def pairs(sheets: Sequence[Sheet]) -> Iterator[tuple[Sheet, Sheet, bool]]:
    """Yield every two notes that ask the same (then True) or nearly the same, the earlier one first."""
    questions = [question for sheet in sheets for question in _questions(sheet)]
    first: dict[tuple[tuple[str, ...], tuple[str, ...]], Sheet] = {}
    told: set[tuple[int, int]] = set()
    for question in questions:
        before = first.setdefault((question.text, question.exact), question.sheet)
        if before is not question.sheet and (pair := (before.order, question.sheet.order)) not in told:
            told.add(pair)
            yield before, question.sheet, True
    for earlier, later in _alike(questions):
        if (pair := (earlier.order, later.order)) not in told:
            told.add(pair)
            yield earlier, later, False


def _questions(sheet: Sheet) -> Iterator[_Question]:
    for face in sheet.faces:
        side = read_side(face.answer_html if sheet.record.kind == "cloze" else sheet.asked(face))
        words = [folded(token.text) for token in side.tokens]
        held = [token.text for token in side.tokens if token.sort in {"code", "block"} or has_digit(token.text)]
        held += [*side.formulas, *(image.src or "" for image in side.images), *_figure(sheet, face)]
        yield _Question(sheet, tuple(words), tuple(sorted(held)), frozenset(asked_words(side.tokens)))


def _figure(sheet: Sheet, face: Face) -> list[str]:
    """Return what else is asked where boxes hide parts of a figure: which figure, and what is hidden."""
    return [face.data["src"], face.answer_html] if sheet.record.kind == "occlusion" else []


def _alike(questions: Sequence[_Question]) -> Iterator[tuple[Sheet, Sheet]]:
    """Yield the notes of every two questions that are nearly the same."""
    spread = Counter(word for question in questions for word in question.words)
    weight = {word: math.log(1 + len(questions) / count) for word, count in spread.items()}
    groups: dict[tuple[str, ...], list[_Question]] = defaultdict(list)
    for question in questions:
        groups[question.exact].append(question)
    for group in groups.values():
        having: dict[str, list[int]] = defaultdict(list)
        for at, question in enumerate(group):
            common: dict[int, float] = defaultdict(float)
            for word in question.words:
                for before in having[word]:
                    common[before] += weight[word]
                having[word].append(at)
            for before, shared in common.items():
                either = sum(weight[word] for word in question.words | group[before].words)
                if shared >= NEAR * either and group[before].sheet is not question.sheet:
                    yield group[before].sheet, question.sheet
