"""Numbers as people read them: formatted once, then written for text or for a formula."""

import math
import re
from dataclasses import dataclass
from html import escape

from flashcards.lib.expressions import Number, Value

FORMAT = re.compile(r"(?P<group>,?)(?:\.(?P<digits>\d{1,2}))?(?P<kind>[feg%]?)")
SIGNIFICANT = 4
MINUS = "−"


@dataclass(frozen=True, slots=True)
class _Parts:
    negative: bool
    digits: str
    exponent: int | None = None
    percent: bool = False


def is_format(spec: str) -> bool:
    """Return whether `spec` says how to write a number: "", ",", ".3f", ",.1f", ".2g", ".1e" or ".1%"."""
    return FORMAT.fullmatch(spec) is not None


def as_text(value: Value, spec: str = "") -> str:
    """Return a value in plain text: "28", "0.2857", "1.2 × 10⁶", "(28, 28, 32)", "12.5 %"."""
    if isinstance(value, tuple):
        return f"({', '.join(as_text(number, spec) for number in value)})"
    parts = _parts(value, spec)
    text = (MINUS if parts.negative else "") + parts.digits
    if parts.exponent is not None:
        text += f" × 10{str(parts.exponent).translate(_RAISED)}"
    return f"{text}\u202f%" if parts.percent else text


def as_mathml(value: Value, spec: str = "") -> str:
    """Return a value as elements of a formula."""
    if isinstance(value, tuple):
        inside = "<mo>,</mo>".join(as_mathml(number, spec) for number in value)
        return f"<mrow><mo>(</mo>{inside}<mo>)</mo></mrow>"
    parts = _parts(value, spec)
    number = f"<mn>{escape(parts.digits)}</mn>"
    if parts.exponent is not None:
        sign = '<mo form="prefix">−</mo>' if parts.exponent < 0 else ""
        power = f"<mrow>{sign}<mn>{abs(parts.exponent)}</mn></mrow>"
        number += f"<mo>×</mo><msup><mn>10</mn>{power}</msup>"
    if parts.percent:
        number += "<mo>%</mo>"
    sign = '<mo form="prefix">−</mo>' if parts.negative else ""
    return f"<mrow>{sign}{number}</mrow>" if sign or number.count("<mn>") > 1 or parts.percent else number


def rounding(value: Number, spec: str = "") -> float:
    """Return how far what `as_text` writes may lie from a number: half a unit of the last place that it keeps."""
    found = _format(spec)
    if isinstance(value, int) and (found["kind"] in {"f", "%"} or not (found["kind"] or found["digits"])):
        return 0.0
    size = math.floor(math.log10(abs(value))) if value else 0
    digits = int(found["digits"] or 6)
    if found["kind"] in {"f", "%"}:
        places = digits + 2 * (found["kind"] == "%")
    elif found["kind"] == "e":
        places = digits - size
    elif found["kind"] or found["digits"]:
        places = max(1, digits) - 1 - size
    else:
        places = SIGNIFICANT - 1 - size
        places = max(0, places) if size < 9 else places
    return float(0.5 * 10.0**-places)


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _format(spec: str) -> re.Match[str]:
    found = FORMAT.fullmatch(spec)
    if found is None:
        raise ValueError(f"{spec!r} is no format of a number")
    return found


def _parts(value: Number, spec: str) -> _Parts:
    found = _format(spec)
    if isinstance(value, int) and not found["kind"] and not found["digits"]:
        return _Parts(value < 0, f"{abs(value):{found['group']}}")
    if not found["kind"] and found["digits"] is None:
        return _usual(value, found["group"])
    text = f"{abs(value):{found['group']}.{found['digits'] or 6}{found['kind'] or 'g'}}"
    mantissa, _, exponent = text.rstrip("%").partition("e")
    negative = value < 0 and any(digit in "123456789" for digit in mantissa)
    return _Parts(negative, mantissa, int(exponent) if exponent else None, text.endswith("%"))


def _usual(value: Number, group: str) -> _Parts:
    """Four significant digits or all digits before the point, without zeros at the end; powers of ten far from 1."""
    size = abs(value)
    if size and not 1e-4 <= size < 1e9:
        mantissa, _, exponent = f"{size:.{SIGNIFICANT - 1}e}".partition("e")
        return _Parts(value < 0, _trimmed(mantissa), int(exponent))
    before = math.floor(math.log10(size)) + 1 if size else 1
    text = _trimmed(f"{size:{group}.{max(0, SIGNIFICANT - before)}f}")
    return _Parts(value < 0 and text.strip("0.,") != "", text)


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
