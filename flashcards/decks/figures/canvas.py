"""A sheet to draw on that comes out as a standalone SVG, at home on light paper and dark.

    canvas = Canvas(360, 240, "Title", "What one sees, in a sentence or two.")
    first = canvas.box(20, 40, 120, 44, "Encoder")
    second = canvas.box(220, 40, 120, 44, "Decoder", colour="good")
    canvas.connect(first, second, "z^{[1]}")
    return canvas.svg()

Coordinates are the viewBox's: x to the right, y *down*. Make a figure about 360 wide (it is shown from 280 to 560
pixels wide) and at most 1.1 times as high as wide, with texts of 14 or more. The background stays transparent. Texts
are placed by the *middle* of their height, so a text at a box's centre stands in the middle.
"""

import math
from collections.abc import Sequence
from typing import Literal, TypedDict, Unpack, cast
from xml.sax.saxutils import escape, quoteattr

from flashcards.decks.figures.geometry import Box, Point
from flashcards.decks.figures.markup import math_spans, number
from flashcards.decks.figures.palette import Colour, Fill, stylesheet

type Anchor = Literal["start", "middle", "end"]

TEXT = 15.0  # the usual size of a text
MATH = 17.0  # the book face is smaller for its size
MIDDLE = 0.35  # from the middle of a line of text down to its baseline, in sizes


class TextStyle(TypedDict, total=False):
    """How a text may look; each can be left out."""

    size: float
    anchor: Anchor
    """Which end of the text x is; the middle if not said."""
    fill: Colour
    bold: bool
    turn: float
    """Degrees, clockwise around the point."""
    halo: bool
    """Paper around the letters, for where they cross lines."""
    role: str
    """A further class, by which a reader of the file finds the text."""


class Canvas:
    """Collects shapes, then writes them as one SVG."""

    def __init__(self, width: float, height: float, title: str, description: str) -> None:
        self.width, self.height = width, height
        self.title, self.description = title, description
        self._elements: list[str] = []
        self._strokes: set[str] = set()
        self._fills: set[str] = set()

    def svg(self) -> str:
        """Return the whole file: `title` and `desc` first, for those who can't see it, then the shapes in order."""
        size = f"{number(self.width)} {number(self.height)}"
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{number(self.width)}" '
                f'height="{number(self.height)}" role="img" aria-labelledby="title description">',
                f'<title id="title">{escape(self.title)}</title>',
                f'<desc id="description">{escape(self.description)}</desc>',
                f"<style>{stylesheet(self._strokes, self._fills)}</style>",
                *self._elements,
                "</svg>\n",
            ]
        )

    # Shapes ----------------------------------------------------------------------------------------------------------

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, stroke: Colour = "ink", width: float = 1.5, dash: str = ""
    ) -> None:
        """Draw a straight line. `dash` is SVG's: `"5 4"`."""
        ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
        self._add("line", ends, stroke=stroke, width=width, dash=dash)

    def polyline(
        self,
        points: Sequence[Point],
        *,
        stroke: Colour = "ink",
        width: float = 1.5,
        fill: Fill = "none",
        dash: str = "",
        closed: bool = False,
        name: str = "",
    ) -> None:
        """Draw a line through points, `closed` to a polygon if asked. `name` says which curve it is (`data-curve`)."""
        joined = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        known = f" data-curve={quoteattr(name)}" if name else ""
        tag = "polygon" if closed else "polyline"
        self._add(tag, f'points="{joined}"{known}', stroke=stroke, width=width, fill=fill, dash=dash)

    def path(self, d: str, *, stroke: Colour = "ink", width: float = 1.5, fill: Fill = "none", dash: str = "") -> None:
        """Draw a path given in SVG's own language (round its numbers with `number`)."""
        self._add("path", f"d={quoteattr(d)}", stroke=stroke, width=width, fill=fill, dash=dash)

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Fill = "none",
        stroke: Colour = "none",
        line: float = 1.5,
        radius: float = 0,
        dash: str = "",
    ) -> Box:
        """Draw a rectangle, its corners rounded by `radius`; returns it for arrows to meet."""
        place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
        corner = f' rx="{number(radius)}"' if radius else ""
        self._add("rect", place + corner, stroke=stroke, width=line, fill=fill, dash=dash)
        return Box(x, y, width, height)

    def circle(
        self, x: float, y: float, radius: float, *, fill: Fill = "none", stroke: Colour = "none", line: float = 1.5
    ) -> Box:
        """Draw a circle around a point; returns the square around it, for arrows to meet."""
        self.ellipse(x, y, radius, radius, fill=fill, stroke=stroke, line=line)
        return Box(x - radius, y - radius, 2 * radius, 2 * radius)

    def ellipse(
        self,
        x: float,
        y: float,
        across: float,
        up: float,
        *,
        fill: Fill = "none",
        stroke: Colour = "none",
        line: float = 1.5,
    ) -> None:
        """Draw an ellipse with the radii `across` and `up`."""
        place = f'cx="{number(x)}" cy="{number(y)}" rx="{number(across)}" ry="{number(up)}"'
        self._add("ellipse", place, stroke=stroke, width=line, fill=fill)

    def arrow(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        stroke: Colour = "quiet",
        width: float = 1.5,
        head: float = 8,
        bend: float = 0,
        dash: str = "",
    ) -> None:
        """Draw an arrow whose tip is at (x2, y2). `bend` bows it, to its left if positive, by so many units."""
        length = math.hypot(x2 - x1, y2 - y1) or 1.0
        middle = (x1 + x2) / 2 + bend * (y2 - y1) / length, (y1 + y2) / 2 - bend * (x2 - x1) / length
        pull = 2 * middle[0] - (x1 + x2) / 2, 2 * middle[1] - (y1 + y2) / 2  # the control point through that middle
        stop = self._head(pull if bend else (x1, y1), (x2, y2), stroke, head)
        if bend:
            d = f"M{_pair((x1, y1))}Q{_pair(pull)} {_pair(stop)}"
            self.path(d, stroke=stroke, width=width, dash=dash)
        else:
            self.line(x1, y1, *stop, stroke=stroke, width=width, dash=dash)

    def elbow(
        self,
        points: Sequence[Point],
        *,
        stroke: Colour = "quiet",
        width: float = 1.5,
        head: float = 8,
        dash: str = "",
    ) -> None:
        """Draw an arrow around corners, through all the points to the last."""
        stop = self._head(points[-2], points[-1], stroke, head)
        self.polyline([*points[:-1], stop], stroke=stroke, width=width, dash=dash)

    def _head(self, before: Point, tip: Point, colour: Colour, size: float) -> Point:
        """Draw an arrow's head (a shape of its own: markers can't take a line's colour everywhere)."""
        length = math.dist(before, tip) or 1.0
        ux, uy = (tip[0] - before[0]) / length, (tip[1] - before[1]) / length
        back = tip[0] - size * ux, tip[1] - size * uy
        half = size * 0.42
        corners = [tip, (back[0] - half * uy, back[1] + half * ux), (back[0] + half * uy, back[1] - half * ux)]
        self.polyline(corners, stroke="none", fill=colour, closed=True)
        return back

    # Texts -----------------------------------------------------------------------------------------------------------

    def text(self, x: float, y: float, content: str, **style: Unpack[TextStyle]) -> None:
        """Write plain words; `\\n` starts a line, and the lines together are centred on y."""
        self._write(x, y, [escape(line) for line in content.split("\n")], "", {"size": TEXT, **style})

    def label(self, x: float, y: float, content: str, **style: Unpack[TextStyle]) -> None:
        """Write mathematics in the book face: `a^{[l]} = g(z^{[l]})`. See `markup.math_spans`; else like `text`."""
        size = style.get("size", MATH)
        self._write(x, y, [math_spans(line, size) for line in content.split("\n")], "m", {"size": size, **style})

    def _write(self, x: float, y: float, lines: Sequence[str], face: str, style: TextStyle) -> None:
        size, fill = style.get("size", TEXT), style.get("fill", "ink")
        self._fills.add(fill)
        classes = " ".join(
            name for name in (face, f"f-{fill}", "halo" if style.get("halo") else "", style.get("role", "")) if name
        )
        common = f'class="{classes}" font-size="{number(size)}" text-anchor="{style.get("anchor", "middle")}"'
        common += ' font-weight="600"' if style.get("bold") else ""
        if turn := style.get("turn", 0):
            common += f' transform="rotate({number(turn)} {number(x)} {number(y)})"'
        step = 1.25 * size
        first = y - step * (len(lines) - 1) / 2 + MIDDLE * size
        for row, line in enumerate(lines):
            self._elements.append(f'<text x="{number(x)}" y="{number(first + row * step)}" {common}>{line}</text>')

    # Boxes -----------------------------------------------------------------------------------------------------------

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        content: str = "",
        *,
        colour: Literal["quiet", "accent", "again", "hard", "good", "easy"] = "accent",
        math: bool = False,
        size: float = 0,
        radius: float = 7,
        dash: str = "",
    ) -> Box:
        """Draw a tinted box with its text in the middle (mathematics if `math`); returns it for `connect`."""
        edge: Colour = "edge" if colour == "quiet" else colour
        fill = cast("Fill", f"{colour}-tint")
        box = self.rect(x, y, width, height, fill=fill, stroke=edge, line=1.5, radius=radius, dash=dash)
        if content and math:
            self.label(*box.centre, content, size=size or MATH)
        elif content:
            self.text(*box.centre, content, size=size or TEXT)
        return box

    def connect(
        self, start: Box, end: Box, content: str = "", *, stroke: Colour = "quiet", width: float = 1.5, gap: float = 3
    ) -> None:
        """Draw a straight arrow between the sides of two boxes that face each other, with mathematics beside it."""
        (ax, ay), (bx, by) = start.centre, end.centre
        across = max(end.x - start.x - start.width, start.x - end.x - end.width)
        down = max(end.y - start.y - start.height, start.y - end.y - end.height)
        if across >= down:
            (x1, y1), (x2, y2) = (start.right, end.left) if bx > ax else (start.left, end.right)
            sign = 1 if bx > ax else -1
            self.arrow(x1 + sign * gap, y1, x2 - sign * gap, y2, stroke=stroke, width=width)
            if content:
                self.label((x1 + x2) / 2, (y1 + y2) / 2 - 14, content)
        else:
            (x1, y1), (x2, y2) = (start.bottom, end.top) if by > ay else (start.top, end.bottom)
            sign = 1 if by > ay else -1
            self.arrow(x1, y1 + sign * gap, x2, y2 - sign * gap, stroke=stroke, width=width)
            if content:
                self.label((x1 + x2) / 2 + 9, (y1 + y2) / 2, content, anchor="start")

    def _add(
        self, tag: str, attributes: str, *, stroke: Colour, width: float, fill: Fill = "none", dash: str = ""
    ) -> None:
        self._strokes.add(stroke)
        self._fills.add(fill)
        classes = " ".join(f"{kind}-{name}" for kind, name in (("s", stroke), ("f", fill)) if name != "none")
        shown = f' class="{classes}"' if classes else ""
        pen = f' stroke-width="{number(width)}"' if stroke != "none" else ""
        empty = ' fill="none"' if fill == "none" and tag in {"rect", "ellipse"} else ""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._elements.append(f"<{tag} {attributes}{shown}{pen}{empty}{dashes}/>")


def _pair(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"
