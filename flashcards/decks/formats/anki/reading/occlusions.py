"""Anki's pictures with boxes: shapes as shares of the picture's sides become our boxes in percent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flashcards.decks.formats.anki.reading.characters import warn

_SHAPE = re.compile(r"\{\{c(?P<number>[0-9]{1,3})::image-occlusion:(?P<shape>[a-z]+)(?P<facts>(?::[^{}]*)?)\}\}")
_NUMBER = re.compile(r"-?[0-9]*\.?[0-9]+")
_LEAST_SIDE = 0.5
_MOST_BOXES = 50
_MOST_NUMBER = 99
_MOST_LABEL = 200


@dataclass(slots=True)
class Boxes:
    """The lines of our boxes; `hides_all` is whether the others hide while one is asked."""

    lines: list[str] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)
    hides_all: bool = False


def read_boxes(html: str, labels: Mapping[int, str], warnings: list[str]) -> Boxes:
    """Return the boxes that a field describes; what is no rectangle gets its bounding box, with a warning."""
    boxes = Boxes()
    for found in _SHAPE.finditer(html):
        facts = dict(fact.partition("=")[::2] for fact in found["facts"].split(":") if "=" in fact)
        number = int(found["number"])
        boxes.hides_all |= facts.get("oi") == "1"
        edges = _edges(found["shape"], facts, warnings)
        if edges is None:
            continue
        if not 1 <= number <= _MOST_NUMBER or len(boxes.lines) == _MOST_BOXES:
            warn(warnings, f"There are more boxes than a picture may have ({_MOST_BOXES}); the others were left out.")
            continue
        label = labels.get(number, "")[:_MOST_LABEL] or f"Part {number}"
        boxes.lines.append(f"{number}: {' '.join(map(_percent, edges))} = {label}")
        boxes.numbers.add(number)
    return boxes


def _edges(shape: str, facts: Mapping[str, str], warnings: list[str]) -> tuple[float, float, float, float] | None:
    left, top = _value(facts.get("left")), _value(facts.get("top"))
    if shape == "rect":
        width, height = _value(facts.get("width")), _value(facts.get("height"))
        if _value(facts.get("angle")):
            warn(warnings, "A box that was turned stands upright now.")
    elif shape == "ellipse":
        warn(warnings, "An ellipse became the box around it.")
        width, height = 2 * _value(facts.get("rx")), 2 * _value(facts.get("ry"))
    elif shape == "polygon":
        points = [tuple(map(_value, point.split(","))) for point in facts.get("points", "").split() if "," in point]
        if not points:
            warn(warnings, "A shape without points was left out.")
            return None
        warn(warnings, "A shape with corners became the box around it.")
        left, top = min(point[0] for point in points), min(point[1] for point in points)
        width, height = max(point[0] for point in points) - left, max(point[1] for point in points) - top
    else:
        warn(warnings, "Words written on the picture were left out.")
        return None
    (x, across), (y, down) = _within(left, width), _within(top, height)
    return x, y, across, down


def _within(start: float, length: float) -> tuple[float, float]:
    """Return start and length in percent, within the picture and not too small to be seen."""
    begin = min(max(start * 100, 0.0), 100 - _LEAST_SIDE)
    end = min(max((start + length) * 100, begin + _LEAST_SIDE), 100.0)
    begin, length = round(begin, 3), round(end - begin, 3)
    return begin, length if begin + length <= 100 else round(length - 0.001, 3)


def _value(text: str | None) -> float:
    return max(-10.0, min(float(text), 10.0)) if text and len(text) < 30 and _NUMBER.fullmatch(text) else 0.0


def _percent(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".") or "0"
