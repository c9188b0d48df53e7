"""LaTeX to MathML Core, at the time a note is saved.

`math-core` writes `style` attributes, which the site's content security policy forbids: what is known among them
becomes a class (`static/css/content.css` has their rules), what is not is refused.
"""

import html
import re
import threading

from math_core import LatexError, LatexToMathML

MAX_LATEX = 4_000
MAX_DEPTH = 40
# math-core recurses on the C stack and takes the process with it when that ends; 1,000 levels fit in 2 MB.
MAX_STEPS = 500

_DEFINITIONS = re.compile(
    r"\\(?:[egx]?def|let|futurelet|(?:re)?newcommand|providecommand|DeclareMathOperator|newenvironment|csname|global)"
    r"(?![A-Za-z])"
)
_NUMBERED = re.compile(r"\\begin\s*\{(align|equation|gather|multline|eqnarray|alignat)\}")
_REFERENCE = re.compile(r"\\(?:label|ref|eqref|tag)(?![A-Za-z])")
_COLOUR = re.compile(r"\\(?:text)?color(?![A-Za-z])")
_STEP = re.compile(r"\\[A-Za-z]+|[{^_&]")
_DEEPER = re.compile(r"\\(?:left|begin)(?![A-Za-z])|(?<!\\)\{")
_SHALLOWER = re.compile(r"\\(?:right|end)(?![A-Za-z])|(?<!\\)\}")
_STYLE = re.compile(r' style="([^"]*)"')
_ENCLOSED = re.compile(r'<menclose notation="([a-z]+)">')

# What math-core may write in a style attribute, as classes.
STYLE_CLASSES: dict[str, str] = {
    "text-align:left": "ta-left",
    "text-align:right": "ta-right",
    "text-align:center": "ta-center",
    "justify-items:start": "",
    "justify-items:end": "",
    "justify-items:center": "",
    "padding-left:0": "pl-0",
    "padding-right:0": "pr-0",
    "padding-left:1em": "pl-1",
    "padding-right:1em": "pr-1",
    "padding-left:0.1em": "pl-thin",
    "padding-right:0.1em": "pr-thin",
    "padding-top:0": "pt-0",
    "padding-bottom:0": "pb-0",
    "padding-top:0.1667em": "pt-thin",
    "margin-left:-0.16666667em": "back-3",
    "margin-left:-0.22222222em": "back-4",
    "margin-left:-0.2777778em": "back-5",
    "width:100%": "w-full",
    "width:50%": "w-half",
    "width:7.5%": "w-margin",
    **{
        f"border-{side}:0.05em {kind} currentcolor": f"line-{side}{'' if kind == 'solid' else '-dashed'}"
        for side in ("left", "right", "top", "bottom")
        for kind in ("solid", "dashed")
    },
}
MATH_CLASSES = frozenset(filter(None, STYLE_CLASSES.values())) | {"boxed"}


class FormulaError(Exception):
    """A formula can't be shown. `message` says why, `offset` is the place in characters from the formula's start."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def to_mathml(latex: str, *, display: bool) -> str:
    """Return `latex` (without dollars) as a MathML Core element with the source in `alttext`; `display` for `$$`.

    The result holds no style and no id; it still has to go through `sanitize.clean`. Raises FormulaError.
    """
    _check(latex)
    try:
        mathml = _converter().convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        raise _formula_error(str(error)) from None
    mathml = _STYLE.sub(_style_to_class, _ENCLOSED.sub(_enclosure, mathml)).replace("</menclose>", "</mrow>")
    return mathml.replace("<math", f'<math alttext="{html.escape(latex.strip())}"', 1)


def _check(latex: str) -> None:
    if not latex.strip():
        raise FormulaError("The formula is empty.")
    if len(latex) > MAX_LATEX:
        raise FormulaError(f"The formula is {len(latex):,} characters long; at most {MAX_LATEX:,} are allowed.")
    for pattern, message in (
        (_DEFINITIONS, "{} defines or calls a macro. Write the formula out."),
        (_NUMBERED, "{} numbers its lines, which means nothing on a card. Use aligned, or the name with a star."),
        (_REFERENCE, "{} refers to a number, which a card's formula does not have. Leave it out."),
        (_COLOUR, "{} can't be used: colours would not fit light and dark. Leave it out."),
    ):
        if found := pattern.search(latex):
            raise FormulaError(message.format(found[0]), found.start())
    depth = 0
    marks = [(found.start(), 1) for found in _DEEPER.finditer(latex)]
    marks += [(found.start(), -1) for found in _SHALLOWER.finditer(latex)]
    for offset, step in sorted(marks):
        depth += step
        if depth > MAX_DEPTH:
            raise FormulaError(f"The formula nests more than {MAX_DEPTH} levels deep. Split it.", offset)
    if sum(1 for _ in _STEP.finditer(latex)) > MAX_STEPS:
        raise FormulaError(f"The formula has more than {MAX_STEPS} commands and groups. Split it.")


class _PerThread(threading.local):
    converter: LatexToMathML | None = None


_per_thread = _PerThread()


def _converter() -> LatexToMathML:
    if _per_thread.converter is None:
        _per_thread.converter = LatexToMathML(fancy_error=False, max_expansions=1)
    return _per_thread.converter


def _formula_error(message: str) -> FormulaError:
    place, _, words = message.partition(": ")
    return FormulaError(words, int(place)) if place.isdigit() else FormulaError(message)


def _style_to_class(found: re.Match[str]) -> str:
    names = []
    for declaration in found[1].split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if not name:
            continue
        if f"{name}:{value}" not in STYLE_CLASSES:
            raise FormulaError(f"The formula needs a style that cards don't have ({name}: {value}).")
        names.append(STYLE_CLASSES[f"{name}:{value}"])
    classes = " ".join(filter(None, names))
    return f' class="{classes}"' if classes else ""


def _enclosure(found: re.Match[str]) -> str:
    if found[1] != "box":
        raise FormulaError("Struck-out formulas are not shown by every browser. Use words instead.")
    return '<mrow class="boxed">'
