"""Cards that take too long: an answer is said in a quarter of a minute, a question read at a glance."""

import math
from collections.abc import Iterable, Iterator, Sequence

from flashcards.decks.kinds import Face
from flashcards.decks.proofing.findings import Finding
from flashcards.decks.proofing.sheets import Sheet
from flashcards.decks.proofing.sides import Token, read_side

CHECK = "length"
MOST_SAID = 45
"""Words: what is said in fifteen seconds at three a second."""
MOST_ASKED = 60
MOST_OF_AN_OPTION = 25
MOST_TYPED = 8
MOST_CODE_LINES = 15
SIGNS_A_WORD = 2
FAR_OVER = 2

_SILENT = frozenset("()[]{}|‖⟨⟩,;.")

_SAID = "The answer takes about {} words to say"
_ASKED = "The question is about {} words long"
_OPTION = "An option is about {} words long"
_TYPED = "The answer to be typed is {} words long"
_CODE = "The answer's code is {} lines long"
_ADVICE = {
    _SAID: "Move what is not asked for into the explanation, or make two notes of it.",
    _ASKED: "Leave out what the answer doesn't need.",
    _OPTION: "Shorten it, and the others to its length.",
    _TYPED: "Ask for a shorter one, or make it a basic note.",
    _CODE: "Ask for the lines that matter.",
}


def spoken(tokens: Iterable[Token]) -> int:
    """Return how many words it takes to say these: code in a block none, two signs of a formula one, brackets none."""
    words = signs = 0
    for token in tokens:
        words += token.sort in {"word", "code"}
        signs += token.sort == "sign" and token.text not in _SILENT
    return words + math.ceil(signs / SIGNS_A_WORD)


def findings(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Yield answers, questions, options and code over their length: a card's longest one of each, once a note."""
    for sheet in sheets:
        longest: dict[tuple[str, str], tuple[int, int]] = {}
        for face in sheet.faces:
            for name, what, size, most in _measured(sheet, face):
                longest[name, what] = max(longest.get((name, what), (0, most)), (size, most))
        for (name, what), (size, most) in longest.items():
            if size > most:
                say = sheet.error if size > FAR_OVER * most else sheet.warning
                yield say(CHECK, name, f"{what.format(size)}; at most {most} is the rule. {_ADVICE[what]}")


def _measured(sheet: Sheet, face: Face) -> Iterator[tuple[str, str, int, int]]:
    """Yield field, what is measured, its size and the most it may be."""
    kind = sheet.record.kind
    is_other_way = kind == "reversed" and face.ordinal == 2
    asking, answering = ("answer", "question") if is_other_way else ("question", "answer")
    yield asking, _ASKED, spoken(read_side(sheet.asked(face)).tokens), MOST_ASKED
    answer = read_side(face.answer_html)
    if kind == "choice":
        for option in face.data["options"]:
            yield "answer", _OPTION, spoken(read_side(option["html"]).tokens), MOST_OF_AN_OPTION
    elif kind == "typed":
        yield "answer", _TYPED, len(face.data["accepted"][0].split()), MOST_TYPED
    elif kind == "cloze":
        yield "question", _SAID, spoken(token for token in answer.tokens if token.is_gap), MOST_SAID
    else:
        yield answering, _SAID, spoken(answer.tokens), MOST_SAID
        yield answering, _CODE, answer.code_lines, MOST_CODE_LINES
