"""From a line of simple mathematics to SVG tspans: `W^{[l]}`, `x_{t}`, `log *ŷ*`."""

import re
from xml.sax.saxutils import escape

SCRIPT_SIZE = 0.74  # of the size around it
_RISE = {"^": -0.42, "_": 0.24}  # in sizes, downwards
_PARTS = re.compile(r"(?P<kind>[\^_])(?:\{(?P<group>[^{}]*)\}|(?P<single>.))|\*(?P<italic>[^*]+)\*")
_WORDS = re.compile(r"[^\W\d_]+['′]*")
_DIFFERENTIAL = re.compile(r"d[A-Zab]")  # the deck's short form of a gradient: dW, db


def math_spans(content: str, size: float) -> str:
    """Return the content of a `<text>` of this font size for a line of mathematics.

    A single letter, Latin or small Greek, is a variable and slanted; several together are a word (log, tanh, ReLU) and
    upright; of dW only the W is slanted. `*xy*` slants anyway. `_{…}` and `^{…}` lower and raise; braces may be left
    out around one character. Sub- and superscripts don't nest. Everything is escaped.
    """
    spans: list[str] = []
    end, shift = 0, 0.0  # `shift`: how far below the line the last span left the pen
    for part in _PARTS.finditer(content):
        between = content[end : part.start()]
        if between:
            spans.append(_moved(_slanted(between), -shift, None))
            shift = 0.0
        if part["italic"]:
            spans.append(_moved(f'<tspan class="i">{escape(part["italic"])}</tspan>', -shift, None))
            shift = 0.0
        else:
            inner = part["group"] if part["group"] is not None else part["single"]
            wanted = _RISE[part["kind"]] * size
            spans.append(_moved(_slanted(inner), wanted - shift, SCRIPT_SIZE * size))
            shift = wanted
        end = part.end()
    if end < len(content):
        spans.append(_moved(_slanted(content[end:]), -shift, None))
    return "".join(spans)


def _moved(inner: str, down: float, size: float | None) -> str:
    if not down and size is None:
        return inner
    move = f' dy="{number(down)}"' if down else ""
    smaller = f' font-size="{number(size)}"' if size is not None else ""
    return f"<tspan{move}{smaller}>{inner}</tspan>"


def _slanted(content: str) -> str:
    pieces: list[str] = []
    end = 0
    for word in _WORDS.finditer(content):
        pieces.append(escape(content[end : word.start()]))
        letters = word[0]
        if _DIFFERENTIAL.fullmatch(letters):
            pieces.append("d")
            letters = letters[1:]
        variable = len(letters.rstrip("'′")) == 1 and not _capital_greek(letters[0])
        pieces.append(f'<tspan class="i">{escape(letters)}</tspan>' if variable else escape(letters))
        end = word.end()
    return "".join(pieces) + escape(content[end:])


def _capital_greek(letter: str) -> bool:
    return "Α" <= letter <= "Ω"


def number(value: float) -> str:
    """Return a coordinate with at most two decimals and no needless zero; the same value gives the same text."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
