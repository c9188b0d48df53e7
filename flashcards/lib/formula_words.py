"""A formula as words on one line, for lists and titles: x², a₁, (a + b)/2; made from its MathML."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_ACCENTS = dict(zip("ˆ^¯―_ˉ˜~˙.¨→⃗", "̂̂̄̄̄̄̃̃̇̇̈⃗⃗", strict=True))
_UNSEEN = re.compile(r"[\u2061-\u2064\ufe00-\ufe0f]")
_DEEPEST = 60
_LEFT_OUT = {"annotation", "annotation-xml", "mphantom"}
_ONE_THING = re.compile(r"\d+|[^\W\d_]{3,}|.[\u0300-\u036f\u20d7]?|√?\([^()]*\)|\[[^\[\]]*\]")
_RELATIONS = set("=≠≈≡≤≥<>→←↦⇒⇔∈∼∝≪≫:")
_PRIMES = {"′", "″", "‴"}
_BRACES = {"⏞", "⏟"}


class _Element:
    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.parts: list[_Element | str] = []

    def children(self) -> list[str]:
        """Return what each child element reads as."""
        return [_read(part) for part in self.parts if isinstance(part, _Element)]


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = _Element("math")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        element = _Element(tag)
        self.open[-1].parts.append(element)
        if len(self.open) < _DEEPEST:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close the element, if it is the one that is open."""
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        """Add text to the element that is open."""
        self.open[-1].parts.append(data)


def formula_words(mathml: str) -> str:
    """Return the MathML inside a `math` element as words on one line; what no sign fits is bracketed."""
    tree = _Tree()
    tree.feed(mathml)
    tree.close()
    return _UNSEEN.sub("", _read(tree.root)).strip()


def _read(element: _Element) -> str:
    if element.tag in _LEFT_OUT:
        return ""
    if element.tag == "mo" and len(element.parts) == 1 and element.parts[0] in _RELATIONS:
        return f" {element.parts[0]} "
    layout = _LAYOUTS.get(element.tag)
    if layout is not None:
        return layout([_UNSEEN.sub("", each).strip() for each in element.children()])
    return "".join(_read(part) if isinstance(part, _Element) else part for part in element.parts)


def _bracketed(words: str) -> str:
    return words if _ONE_THING.fullmatch(words) else f"({words})"


def _raised(words: str) -> str:
    words = words.replace(" ", "")
    signs = words.translate(_RAISED)
    return words if words in _PRIMES else signs if words and not set(signs) & set(words) else f"^{_bracketed(words)}"


def _lowered(words: str) -> str:
    words = words.replace(" ", "")
    signs = words.translate(_LOWERED)
    return signs if words and not set(signs) & set(words) else f"_{_bracketed(words)}"


def _over(parts: list[str]) -> str:
    base, sign = (*parts, "", "")[:2]
    accent = _ACCENTS.get(sign)
    if sign in _BRACES:
        return base
    return (base if len(base) == 1 else _bracketed(base)) + accent if accent else base + _raised(sign)


def _both(parts: list[str]) -> str:
    base, below, above = (*parts, "", "", "")[:3]
    below = "" if below in _BRACES else below
    return base + (_lowered(below) if below else "") + (_raised(above) if above else "")


def _fraction(parts: list[str]) -> str:
    return "/".join(_bracketed(part) for part in parts)


_LAYOUTS: dict[str, Callable[[list[str]], str]] = {
    "msub": lambda parts: _both(parts[:2]),
    "munder": lambda parts: _both(parts[:2]),
    "msup": lambda parts: _both([*parts[:1], "", *parts[1:2]]),
    "mover": _over,
    "msubsup": _both,
    "munderover": _both,
    "mfrac": _fraction,
    "msqrt": lambda parts: f"√{_bracketed(''.join(parts))}",
    "mroot": lambda parts: f"{_raised(parts[1]) if len(parts) > 1 else ''}√{_bracketed(''.join(parts[:1]))}",
    "mtable": "; ".join,
    "mtr": " ".join,
    "mspace": lambda _: " ",
}
