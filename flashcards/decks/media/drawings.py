"""SVG: a drawing is read by a parser without entities and written anew with what is known to be harmless."""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET  # only makes and writes; what reads is defusedxml's

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from flashcards.decks.media import styles
from flashcards.decks.media.stored import MAX_STORED_SIDE, Stored, Unfit
from flashcards.decks.media.svg_words import ATTRIBUTES, ELEMENTS, PROPERTIES, TEXTS

MAX_BYTES: Final = 2_000_000
MAX_ELEMENTS: Final = 50_000
MAX_DEPTH: Final = 60
MAX_DRAWN: Final = 200_000
"""Elements that a browser comes to draw when every reference is followed."""

_SVG = "{http://www.w3.org/2000/svg}"
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_XML = "{http://www.w3.org/XML/1998/namespace}"
# Only words: nothing in them is read as CSS.
_WORDS = {"aria-label"}
# What a browser would show of them can't be kept, and without them the drawing would lack it.
_SHOWN = {
    "image": "holds a photo or another file. Save it as PNG.",
    "foreignObject": "holds text as a web page (foreignObject). Save it with plain text, or as PNG.",
}
_NO_TEXT = "[Not supported by viewer]"
_ID = re.compile(r"[\w.:-]+")
_FRAGMENT = re.compile(r"#([\w.:-]+)")
_DOCTYPE = re.compile(rb'<!DOCTYPE\s+svg(?:\s+PUBLIC\s+"[^"<>\[\]]*"\s+"[^"<>\[\]]*")?\s*>')
_LENGTH = re.compile(r"\s*\+?(\d{1,7}(?:\.\d*)?|\.\d+)(?:e\+?([0-6]))?\s*([a-zA-Z]*)\s*")
_UNITS = {
    "": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "q": 96 / 101.6, "in": 96.0,
    "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0,
}  # fmt: skip
_SIZE = re.compile(rb'<svg xmlns="[^"]*" width="(\d+)" height="(\d+)"')


def may_be(data: bytes) -> bool:
    """Return whether a file begins as XML does and says svg somewhere near its beginning."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\0")
    return start.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\0<")) and b"svg" in data[:65_536].replace(b"\0", b"")


def size_of(data: bytes) -> tuple[int, int]:
    """Return width and height of a stored drawing, in pixels; raises Unfit for any other."""
    found = _SIZE.match(data)
    if found is None:
        raise Unfit("is no drawing of ours.")
    return int(found[1]), int(found[2])


def stored_drawing(data: bytes) -> Stored:
    """Return what is stored of an SVG: the elements, attributes and styles that draw, with its size; raises Unfit."""
    if len(data) > MAX_BYTES or data.count(b"<") > 2 * MAX_ELEMENTS:
        raise Unfit(f"is too large a drawing: at most {MAX_BYTES // 1_000_000} MB and {MAX_ELEMENTS:,} elements.")
    given = _parsed(data)
    width, height, box = _measured(given)
    kept = _kept(given, 0)
    if kept is None or not len(kept):
        raise Unfit("shows nothing that can be kept: no shape, no text.")
    _check_drawn(kept)
    for name in ("width", "height", "viewBox"):
        kept.attrib.pop(name, None)
    kept.attrib = {
        "xmlns": _SVG[1:-1],
        "width": str(width),
        "height": str(height),
        "viewBox": box,
        **dict(sorted(kept.attrib.items())),
    }
    written = ET.tostring(kept, encoding="unicode").encode()
    if len(written) > MAX_BYTES:
        raise Unfit(f"is too large a drawing: at most {MAX_BYTES // 1_000_000} MB.")
    return Stored("svg", written, width, height)


def _parsed(data: bytes) -> ET.Element:
    try:
        # Many programs write the document type, which says nothing; any that says more is refused.
        root: ET.Element = fromstring(_DOCTYPE.sub(b"", data, count=1), forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unfit("holds a document type with declarations or entities. Save it as plain SVG.") from error
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Unfit("is damaged or cut off: it can't be read as SVG.") from error
    if _name(root) != "svg":
        raise Unfit("is no SVG.")
    return root


def _name(element: ET.Element) -> str:
    """Return an element's name within SVG, "" for one of another kind."""
    tag = element.tag if isinstance(element.tag, str) else ""
    local = tag.removeprefix(_SVG)
    return "" if local.startswith("{") else local


def _kept(given: ET.Element, depth: int, parent: str = "") -> ET.Element | None:
    """Return a copy of an element with what may stay in it, None if it may not; raises Unfit."""
    name = _name(given)
    _check_element(given, name, depth)
    if name not in ELEMENTS:
        return None
    if name == "a":  # what it holds stays, the link goes
        name = "tspan" if parent in TEXTS else "g"
    made = ET.Element(name, dict(sorted(_attributes(given))))
    if name == "style":
        made.text = styles.sheet("".join(given.itertext()))
        return made if made.text else None
    made.text = _words(given.text, name)
    for child in given:
        if name == "switch" and _name(child) in _SHOWN:
            continue  # what stands beside it is shown instead
        kept = _kept(child, depth + 1, name)
        if kept is not None:
            kept.tail = _words(child.tail, name)
            made.append(kept)
        elif len(made):
            made[-1].tail = _words((made[-1].tail or "") + (child.tail or ""), name)
        else:
            made.text = _words((made.text or "") + (child.tail or ""), name)
    return made


def _check_element(given: ET.Element, name: str, depth: int) -> None:
    """Raise Unfit for what the drawing would lack without it, and for too many levels."""
    if name in _SHOWN:
        raise Unfit(_SHOWN[name])
    if name == "switch" and _NO_TEXT in "".join(given.itertext()):
        raise Unfit(_SHOWN["foreignObject"])
    if depth > MAX_DEPTH:
        raise Unfit(f"is nested more than {MAX_DEPTH} levels deep.")


def _words(text: str | None, parent: str) -> str | None:
    return text if parent in TEXTS else None


def _attributes(element: ET.Element) -> Iterator[tuple[str, str]]:
    href = next((element.attrib[name] for name in _HREFS if name in element.attrib), "")
    if _FRAGMENT.fullmatch(href.strip()) and _name(element) != "a":
        yield "href", href.strip()
    for name, value in element.attrib.items():
        if name == "id":
            kept = value if _ID.fullmatch(value) else ""
        elif name == "class":
            kept = " ".join(part for part in value.split() if _ID.fullmatch(part))
        elif name == "style":
            kept = styles.declarations(value)
        elif name in {f"{_XML}space", f"{_XML}lang"} or name in _WORDS:
            kept = value
        elif name in ATTRIBUTES or name in PROPERTIES:
            kept = value if styles.is_harmless(value) else ""
        else:
            continue
        if kept:
            yield name, kept


def _measured(root: ET.Element) -> tuple[int, int, str]:
    """Return width and height in pixels, and the box of coordinates; raises Unfit if a drawing has no size."""
    width, height = _pixels(root.get("width", "")), _pixels(root.get("height", ""))
    box = _box(root.get("viewBox", ""))
    if box is None:
        if not width or not height:
            raise Unfit("says neither width and height nor a viewBox. Save it with its size.")
        box = (0.0, 0.0, width, height)
    shape = box[2] / box[3]
    if width and not height:
        height = width / shape
    elif height and not width:
        width = height * shape
    elif not width or not height:
        width, height = box[2], box[3]
    share = min(1.0, MAX_STORED_SIDE / max(width, height))
    if not (width > 0 and height > 0):
        raise Unfit("has no size.")
    return max(1, round(width * share)), max(1, round(height * share)), " ".join(f"{edge:.10g}" for edge in box)


def _pixels(length: str) -> float:
    """Return a length in pixels; 0 for one that depends on the page, or is none."""
    found = _LENGTH.fullmatch(length)
    if found is None:
        return 0.0
    number = float(f"{found[1]}e{found[2] or 0}")
    return number * _UNITS.get(found[3].lower(), 0.0)


def _box(text: str) -> tuple[float, float, float, float] | None:
    try:
        edges = [float(number) for number in text[:200].replace(",", " ").split()]
    except ValueError:
        return None
    if len(edges) != 4 or not all(abs(edge) < 1e7 for edge in edges) or min(edges[2:]) < 1e-3:
        return None
    return edges[0], edges[1], edges[2], edges[3]


def _check_drawn(root: ET.Element) -> None:
    """Raise Unfit if following the references would draw too much: one that uses ten that use ten."""
    by_id: dict[str, ET.Element] = {}
    for element in root.iter():
        by_id.setdefault(element.get("id", ""), element)
    by_id.pop("", None)
    known: dict[ET.Element, int] = {}
    under_way: set[ET.Element] = set()

    def cost(element: ET.Element, depth: int) -> int:
        if element in known:
            return known[element]
        if element in under_way or depth > 2 * MAX_DEPTH:
            raise Unfit("refers to itself, or from one part to the next too often.")
        under_way.add(element)
        parts = [*element, *(by_id[id_] for id_ in _references(element) if id_ in by_id)]
        known[element] = total = 1 + sum(cost(part, depth + 1) for part in parts)
        under_way.remove(element)
        if total > MAX_DRAWN:
            raise Unfit("draws the same parts over and over. Save it with fewer copies.")
        return total

    cost(root, 0)


def _references(element: ET.Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        if name == "href":
            yield value.removeprefix("#")
        elif "url(" in value.lower():
            yield from styles.fragments_in(value)
