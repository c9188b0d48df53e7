"""Numbers as learners type them: 28, 2/7, 1e-3, 2^10, 1.2 × 10⁶, 12.5 %, 1,000,000, 28x28x32, (3, 4)."""

import re
import unicodedata

from flashcards.decks.kinds.asking import Unreadable
from flashcards.lib.expressions import ExpressionError, Number, Value, parse

MAX_CHARACTERS = 100

_SIGNS = str.maketrans(
    {"−": "-", "–": "-", "‐": "-", "‑": "-", "×": "x", "✕": "x", "·": "*", "⋅": "*", "∙": "*", "÷": "/", "⁄": "/",
     "∕": "/", "：": ":", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "π": "pi", "’": "'"}
)  # fmt: skip
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_POWER = re.compile("[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_GROUPS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:([ ,'_])\d{3})(?:\1\d{3})*(?![\d,])")
_ONE_GROUP = re.compile(r"-?[1-9]\d{0,2},\d{3}")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(\d+),(\d+)(?![\d.,])")
_TIMES = re.compile(r"(?<=[\d)])\s*x\s*(?=[\d(.-])")
_LEADING_ZEROS = re.compile(r"(?<![\d.])0+(?=\d)")
_DIVIDERS = (r"\s*[,;]\s*", r"\s*;\s*|,\s+", r"\s*(?:x|(?<!\*)\*(?!\*))\s*", r"\s+")
"""Of the numbers of a tuple; the second leaves commas alone that stand within numbers."""
_PERCENT = re.compile(r"\s*%\Z")
_WORDS = re.compile(r"[^\W\d]+\Z")


def read_value(text: str, *, unit: str, expected: Value, grouped: bool = False) -> Value:
    """Return what `text` says, a number or a tuple as `expected` is one; raises Unreadable.

    A unit after it is left out. Between factors of one number x is a product, between the numbers of a tuple a comma.
    `grouped`: the answer is shown with commas between thousands.
    """
    if not text.strip():
        raise Unreadable("Type your answer, or say that you don't know.")
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(f"That is too long to be a number: {MAX_CHARACTERS} characters are read.")
    written = _without_unit(_plain(text), unit)
    if isinstance(expected, tuple):
        return _tuple(written, len(expected))
    return _number(written, grouped=grouped or isinstance(expected, int))


def _plain(text: str) -> str:
    """Return `text` in the signs of expressions; of several terms with = between them the last."""
    digits = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
    raised = _POWER.sub(lambda found: f"**({found[0].translate(_RAISED)})", digits.translate(_SIGNS))
    return re.split("[=≈~]", raised)[-1].replace("^", "**").lower().strip().rstrip(".;")


def _without_unit(written: str, unit: str) -> str:
    plain_unit = _plain(unit)
    if plain_unit and written.endswith(plain_unit):
        return written[: -len(plain_unit)].strip()
    word = _WORDS.search(written)
    if word and len(written) > len(word[0]) and (word[0] != "pi"):
        in_unit = f" in {unit}" if unit else ""
        raise Unreadable(f"“{word[0][:20]}” can't be read as a number. Type the number{in_unit} alone.")
    return written


def _tuple(written: str, count: int) -> Value:
    """Return the numbers between the first dividers that make `count` of them; else between the first there are."""
    inner = _inside(written)
    ways = [[part for part in re.split(divider, inner) if part] for divider in _DIVIDERS]
    several = [parts for parts in ways if len(parts) > 1]
    if not several:
        raise Unreadable("Several numbers are asked for. Type them all, such as (3, 4) or 3x4.")
    parts = next((parts for parts in several if len(parts) == count), several[0])
    return tuple(_number(part, grouped=True) for part in parts)


def _inside(written: str) -> str:
    if len(written) > 1 and _BRACKETS.get(written[0]) == written[-1]:
        return written[1:-1].strip()
    return written


def _number(written: str, *, grouped: bool) -> Number:
    text, share = _PERCENT.subn("", written)
    if _ONE_GROUP.fullmatch(text) and not grouped:
        raise Unreadable(
            "That comma can be read in two ways. Type a point before decimals and nothing between thousands."
        )
    text = _GROUPS.sub(lambda found: re.sub("[ ,'_]", "", found[0]), text)
    text = _DECIMAL_COMMA.sub(r"\1.\2", text) if "(" not in text else text
    text = _TIMES.sub("*", _LEADING_ZEROS.sub("", text))
    try:
        value = parse(text).value({})
    except ExpressionError:
        raise Unreadable(f"“{written[:20]}” can't be read as a number, a fraction or a power.") from None
    if isinstance(value, tuple):
        raise Unreadable("One number is asked for.")
    return value / 100 if share else value
