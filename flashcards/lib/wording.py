"""Which changes of a text are more than wording: a rule of thumb that proposes, for a person to correct.

Wording is what leaves the words as they were: space, punctuation, case, markup, typing errors; and other words for
less than a third of them. More than wording is another number, sign, formula, piece of code or picture, a negation, an
opposite (more, less), and more than a third of the words.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from itertools import groupby

from flashcards.lib import formulas
from flashcards.lib.opposites import are_opposites, negates

SHARE = 1 / 3
"""Of a text's words: when more of them are others, it says something else."""

LONG_WORD = 5
LONGER_WORD = 9
"""Letters a word needs for one letter of it to be a typing error, and for two."""
LONGEST_WORD = 60

_MOST_TOKENS = 2_000
"""Compared one by one: that takes time with the square of them."""
_MOST_OPPOSED = 12
"""Words of a stretch in which opposites are looked for: in a longer one words of different sentences would meet."""
_ARTICLES = {"a", "an", "the"}
_SPECIAL = ("number", "sign", "formula", "code", "picture")
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        ("zero", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
    if word
}
_SIGNS = str.maketrans({"−": "-", "–": "-", "—": " ", "‐": "-", "‑": "-", "’": "'", "⋅": "·", "∙": "·"})
_LINE_MARK = re.compile(r"^[ \t]*(?:>[ \t]*)*(?:(?:[-+*]|\d{1,2}[.)])[ \t]+(?=\S))?(?:#{1,6}[ \t]+)?", re.MULTILINE)
_TIMES = re.compile(r"(?<=\d)\s*x\s*(?=\d)")
_BACKTICKS = re.compile("`+")
_TOKEN = re.compile(
    r"!\[(?P<alt>[^\]\n]{0,500})\]\((?P<src>[^()\s]+)[^()\n]*\)"
    r"|<(?P<tag>/?[A-Za-z][^<>]*)>"
    r"|\]\([^()\s]*\)"
    r"|(?P<number>(?:(?<![\w)\]}%])-\s*)?(?<![^\W\d_])\d+(?:[.,]\d+)*)"
    r"|(?P<word>[^\W\d_](?:\w|['.-](?=\w))*)"
    r"|(?P<sign>[<>=≤≥≈≠±×÷·→←↔∈∉%+]|(?<=\s)\*(?=\s)|(?<=\d)\s*[-/^](?=\s*\d))",
    re.DOTALL,
)
_SOURCE = re.compile(r"""\bsrc\s*=\s*["']?([^"'\s>]+)""")
_LATEX_NOTHING = re.compile(
    r"\\(?:[,;:!> ]|(?:quad|qquad|left|right|displaystyle|textstyle|limits|[bB]igg?[lr]?)(?![A-Za-z]))"
)
_LATEX_SAME = {
    "dfrac": "frac",
    "tfrac": "frac",
    "le": "leq",
    "ge": "geq",
    "ne": "neq",
    "to": "rightarrow",
    "lt": "<",
    "gt": ">",
}
_LATEX_WORD = re.compile(r"\\([A-Za-z]+)")
_LATEX_SPACE = re.compile(r"(?<=[A-Za-z])(\s+)(?=[A-Za-z])|\s+")
_LATEX_BRACES = re.compile(r"(?<=[_^])\{(\w|\\[A-Za-z]+)\}")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or one of what is compared sign by sign: a number, sign, formula, piece of code or picture."""

    what: str
    text: str

    @property
    def folded(self) -> str:
        """The letters and digits alone, as they are compared where only the markup differs."""
        return re.sub(r"[\W_]", "", self.text.casefold()) or self.text


def tokens_of(text: str) -> list[Token]:
    """Return the words of Markdown or HTML in order, without its markup, and what is compared sign by sign."""
    lines = text.split("\n")
    fenced, _ = formulas.fenced_lines(lines)
    found: list[Token] = []
    for is_code, group in groupby(range(len(lines)), fenced.__contains__):
        part = "\n".join(lines[index] for index in group)
        found += [_code(part.strip("`~ \t\n"))] if is_code else _tokens_of_prose(part)
    return found


def changes_of_meaning(before: str, after: str, where: str) -> list[str]:
    """Return, as sentences, what makes the change more than wording; [] if it is no more. `where` names the text."""
    old, new = tokens_of(before), tokens_of(after)
    change = _Change(old, new)
    reasons = [
        f"Another {what} in {where}."
        for what in _SPECIAL
        if _sequence(change.removed, what) != _sequence(change.added, what)
    ]
    if change.negations:
        reasons.append(f"A negation was added to {where}, or taken out.")
    reasons += [f"“{one}” became “{other}” in {where}." for one, other in change.opposites]
    if change.share > SHARE:
        reasons.append(f"More than a third of the words of {where} changed.")
    return reasons


def is_typing_error(before: str, after: str) -> bool:
    """Whether two words differ by a letter that is missing, too much, another, or swapped with its neighbour.

    Words of nine letters may have two such errors, but two other letters are another word (minimise, maximise).
    """
    shortest = min(len(before), len(after))
    if not LONG_WORD <= shortest <= LONGEST_WORD or before[0] != after[0] or abs(len(before) - len(after)) > 2:
        return False
    return not are_opposites(before, after) and _distance(before, after) <= (2 if shortest >= LONGER_WORD else 1.5)


class _Change:
    """The places where two lists of tokens differ: what was removed and added, beyond markup and typing errors."""

    def __init__(self, old: Sequence[Token], new: Sequence[Token]) -> None:
        self.removed: list[Token] = []
        self.added: list[Token] = []
        self.negations = 0
        self.opposites: dict[tuple[str, str], None] = {}
        changed = 0
        for same, gone, came in _blocks(old, new):
            if same or not _is_markup(gone, came):
                # What stays is kept in both, so that a number that only moved past words is seen as the same.
                self.removed += gone
                self.added += came
            if not same and not _is_markup(gone, came):
                changed += self._words(_words(gone), _words(came))
        most = max(len(_words(old)), len(_words(new)))
        self.share = changed / most if most else 0.0

    def _words(self, gone: list[str], came: list[str]) -> int:
        self.negations += sum(map(negates, came)) - sum(map(negates, gone))
        if max(len(gone), len(came)) <= _MOST_OPPOSED:
            self.opposites |= {(one, other): None for one in gone for other in came if are_opposites(one, other)}
        if len(gone) != len(came):
            return max(len(gone), len(came))
        return sum(one != other and not is_typing_error(one, other) for one, other in zip(gone, came, strict=True))


def _blocks(old: Sequence[Token], new: Sequence[Token]) -> Iterator[tuple[bool, Sequence[Token], Sequence[Token]]]:
    """Yield what stayed (True) and what stands for what, in order; where much differs, that is one block."""
    shortest = min(len(old), len(new))
    start = next((place for place in range(shortest) if old[place] != new[place]), shortest)
    shortest -= start
    end = next((place for place in range(shortest) if old[-1 - place] != new[-1 - place]), shortest)
    gone, came = old[start : len(old) - end], new[start : len(new) - end]
    yield True, old[:start], new[:start]
    if max(len(gone), len(came)) > _MOST_TOKENS:
        yield False, gone, came
    else:
        for what, i, j, k, m in SequenceMatcher(None, gone, came, autojunk=False).get_opcodes():
            yield what == "equal", gone[i:j], came[k:m]
    yield True, old[len(old) - end :], new[len(new) - end :]


def _words(tokens: Sequence[Token]) -> list[str]:
    return [token.text for token in tokens if token.what == "word" and token.text not in _ARTICLES]


def _sequence(tokens: Sequence[Token], what: str) -> list[str]:
    return [token.text for token in tokens if token.what == what]


def _is_markup(gone: Sequence[Token], came: Sequence[Token]) -> bool:
    """Whether the same letters and digits stand on both sides: joined, parted or marked as something else."""
    if {token.what for token in gone} == {token.what for token in came} and any(t.what != "word" for t in gone):
        return False
    return bool(gone and came) and "".join(t.folded for t in gone) == "".join(t.folded for t in came)


def _tokens_of_prose(text: str) -> Iterator[Token]:
    text = _LINE_MARK.sub("", text)
    at = 0
    for formula in formulas.scan(text, "text").formulas:
        yield from _tokens_beside_code(text[at : formula.start])
        yield _formula(formula.latex)
        at = formula.end
    yield from _tokens_beside_code(text[at:])


def _tokens_beside_code(text: str) -> Iterator[Token]:
    """Yield code between runs of backticks of one length, and the words beside it. Takes linear time."""
    runs = list(_BACKTICKS.finditer(text))
    later: dict[int, list[re.Match[str]]] = {}
    for run in reversed(runs):
        later.setdefault(len(run[0]), []).append(run)
    at = 0
    for run in runs:
        same = later[len(run[0])]
        same.pop()
        if run.start() >= at and same:
            yield from _tokens_of_words(text[at : run.start()])
            yield _code(text[run.end() : same[-1].start()])
            at = same[-1].end()
    yield from _tokens_of_words(text[at:])


def _tokens_of_words(text: str) -> Iterator[Token]:
    plain = unescape(unicodedata.normalize("NFC", text)).replace("->", "→").translate(_SIGNS)
    for found in _TOKEN.finditer(_TIMES.sub(" × ", plain)):
        if found["src"]:
            yield from (Token("picture", found["src"]), *_tokens_of_words(found["alt"]))
        elif found["tag"]:
            yield from (Token("picture", source) for source in _SOURCE.findall(found["tag"]))
        elif found["number"]:
            yield Token("number", _number(found["number"]))
        elif found["word"]:
            yield from _word(found["word"])
        elif found["sign"]:
            yield Token("sign", found["sign"].strip())


def _word(written: str) -> Iterator[Token]:
    word = written.strip("_").casefold()
    if word in _NUMBER_WORDS:
        yield Token("number", _NUMBER_WORDS[word])
    elif word == "percent":
        yield Token("sign", "%")
    elif word.endswith("n't"):
        stem = {"ca": "can", "wo": "will", "sha": "shall"}.get(word[:-3], word[:-3])
        yield from (Token("word", stem), Token("word", "not"))
    elif word == "cannot":
        yield from (Token("word", "can"), Token("word", "not"))
    else:
        for part in filter(None, re.split(r"[-.]", word)):
            yield Token("number" if any(letter.isdigit() for letter in part) else "word", part)


def _number(written: str) -> str:
    plain = re.sub(r",(?=\d{3}(?!\d))", "", written.replace(" ", "")).replace(",", ".")
    if plain.count(".") == 1:
        plain = plain.rstrip("0").rstrip(".")
    return plain


def _code(code: str) -> Token:
    lines = (re.sub(r"(?<=\S)\s+", " ", line).rstrip() for line in code.strip().split("\n"))
    return Token("code", "\n".join(line for line in lines if line))


def _formula(latex: str) -> Token:
    plain = _LATEX_WORD.sub(lambda found: "\\" + _LATEX_SAME.get(found[1], found[1]), _LATEX_NOTHING.sub(" ", latex))
    plain = _LATEX_SPACE.sub(lambda found: " " if found[1] else "", plain).strip().rstrip(".,;")
    plain = _LATEX_BRACES.sub(r"\1", plain.replace("\\<", "<").replace("\\>", ">"))
    if re.fullmatch(r"-?\d+(?:\.\d+)?", plain):
        return Token("number", _number(plain))
    return Token("formula", plain)


def _distance(before: str, after: str) -> float:
    """Return how far two words are apart: 1 for a letter missing, too much or swapped, 1.5 for another letter."""
    earlier: list[float] = []
    row: list[float] = [float(place) for place in range(len(after) + 1)]
    for i, letter in enumerate(before, start=1):
        last, row, so_far = row, [float(i)], earlier
        earlier = last
        for j, other in enumerate(after, start=1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (0 if letter == other else 1.5))
            if i > 1 and j > 1 and letter == after[j - 2] and before[i - 2] == other:
                best = min(best, so_far[j - 2] + 1)
            row.append(best)
    return row[-1]
