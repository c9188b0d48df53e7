"""The one sanitiser: what authors write reaches a page only through `clean`. `trusted` is the one mark_safe."""

import re
from html import escape, unescape

import nh3
from django.utils.safestring import SafeString, mark_safe
from pygments.token import STANDARD_TYPES

from flashcards.lib.formula_words import formula_words
from flashcards.lib.math import MATH_CLASSES

_HTML = {
    "a", "abbr", "audio", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "dfn", "div",
    "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd",
    "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var",
}  # fmt: skip
_MATHML = {
    "math", "merror", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts",
    "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr",
    "munder", "munderover",
}  # fmt: skip
_CODE_CLASSES = {name for name in STANDARD_TYPES.values() if name} | {"highlight"}
_GAP = {"gap"}

# Their content is no text to show: it goes with them.
_WITH_CONTENT = {
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "title",
}

_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "dfn": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "math": {"display", "alttext"},
    "mo": {
        "form", "fence", "separator", "lspace", "rspace", "stretchy", "symmetric", "maxsize", "minsize", "largeop",
        "movablelimits",
    },
    "mi": {"mathvariant"},
    "mfrac": {"linethickness", "displaystyle"},
    "mspace": {"width", "height", "depth"},
    "mpadded": {"width", "height", "depth", "lspace", "voffset"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
    "mtd": {"columnspan", "rowspan"},
}  # fmt: skip
for _tag in _MATHML - {"math"}:
    _ATTRIBUTES.setdefault(_tag, set()).update({"displaystyle", "scriptlevel"})

_CLASSES: dict[str, set[str]] = {
    "div": {"highlight"} | _GAP,
    "span": _CODE_CLASSES | _GAP | {"formula"},
    "mark": _GAP,
    **{tag: set(MATH_CLASSES) | _GAP for tag in _MATHML},
}
# A path on this site: no scheme, no host, nothing a browser would read as one.
_LOCAL_PATH = re.compile(r"(?![/\\]{2})[^\\:\s\x00-\x20]+")


def _keep(tag: str, attribute: str, value: str) -> str | None:
    if tag in {"img", "audio"} and attribute == "src":
        return value if _LOCAL_PATH.fullmatch(value) else None
    return value


def _cleaner(*, of_sounds: str, value: str) -> nh3.Cleaner:
    """Return the sanitiser; sounds are given one attribute: it writes several in no order that stays the same."""
    return nh3.Cleaner(
        tags=_HTML | _MATHML,
        clean_content_tags=_WITH_CONTENT,
        attributes=_ATTRIBUTES | {"audio": {"src", "controls", "preload"} - {of_sounds}},
        attribute_filter=_keep,
        allowed_classes=_CLASSES,
        generic_attribute_prefixes=set(),
        set_tag_attribute_values={
            "pre": {"tabindex": "0"},  # so that long code can be scrolled with the keyboard
            "audio": {of_sounds: value},
        },
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )


_CLEANER = _cleaner(of_sounds="controls", value="")
_QUIET = _cleaner(of_sounds="preload", value="none")  # a sound is fetched when somebody wants to hear it
_TAG = re.compile(r"<[^>]*>")
_FORMULA = re.compile(r'<math\b[^>]*?\balttext="(?P<latex>[^"]*)"[^>]*>(?P<inner>.*?)</math>', re.DOTALL)
_STACKED = re.compile(r"<m(?:sub|sup|subsup|frac|under|over|underover|sqrt|root|table|multiscripts)\b")
_PRE = re.compile(r"<pre\b[^>]*>(.*?)</pre>", re.DOTALL)
_BLOCK_END = re.compile(r"</(?:p|li|td|th|tr|h[1-6]|pre|div|blockquote|dd|dt|figcaption|summary)>|<[bh]r>")


def clean(html: str) -> str:
    """Return `html` with only what a card may hold: text, tables, code, local images and sounds, links, MathML Core.

    Everything else is dropped: scripts, styles, ids, forms, frames, `on*`, `hx-*`, `data-*`, other classes.
    """
    cleaned = _CLEANER.clean(html)
    return _QUIET.clean(cleaned) if "<audio" in cleaned else cleaned


def trusted(html: str) -> SafeString:
    """Return `html` as safe to show. Only for columns whose every writer put them through `clean`."""
    return mark_safe(html)  # noqa: S308 - the one place


def _formula_words(found: re.Match[str]) -> str:
    """Return what stands for a formula in plain text: its signs, unless it has parts above or below each other."""
    return found["latex"] if _STACKED.search(found["inner"]) else found["inner"]


def plain_words(html: str) -> str:
    """Return the words of cleaned `html` on one line, without markup; a formula with more than a row as its LaTeX."""
    text = _TAG.sub("", _BLOCK_END.sub(" ", _FORMULA.sub(_formula_words, html)))
    return " ".join(unescape(text).split())


def readable_words(html: str) -> str:
    """Return the words of cleaned `html` on one line, formulas as people read them (x², not `x^2`): for lists, titles.

    The items of a list have a dot between them.
    """
    read = _FORMULA.sub(lambda found: escape(formula_words(found["inner"]), quote=False), html)
    marked = _BLOCK_END.sub(" ", read.replace("<li>", "<li>· "))
    return " ".join(unescape(_TAG.sub("", marked)).split()).removeprefix("· ")


def plain_lines(html: str) -> str:
    """Return the words of cleaned `html` as `plain_words` does, each paragraph and each line of code on its own."""
    parts = _PRE.split(_FORMULA.sub(_formula_words, html))
    lines: list[str] = []
    for place, part in enumerate(parts):
        text = _BLOCK_END.sub("\n", part if place % 2 else " ".join(part.split()))
        written = unescape(_TAG.sub("", text)).split("\n")
        lines += written if place % 2 else [" ".join(line.split()) for line in written]
    return "\n".join(line.rstrip() for line in lines if line.strip())
