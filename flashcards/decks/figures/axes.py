"""Axes on a canvas, linear or logarithmic, and what is drawn between them: curves, areas, marks.

axes = Axes(canvas, left=40, top=20, width=290, height=180, x=Linear(-6, 6), y=Linear(0, 1))
axes.x_axis([-6, -3, 0, 3, 6], "z")
axes.y_axis([0, 0.5, 1])
axes.plot(sigmoid, -6, 6, name="sigmoid")
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from flashcards.decks.figures.canvas import Anchor, Canvas
from flashcards.decks.figures.geometry import Point
from flashcards.decks.figures.palette import Colour, Fill

type Curve = Callable[[float], float]

TICK = 14.0  # the size of the numbers along an axis
POWER = 16.0  # of those with an exponent, so that it can be read
_FLAT = 0.05  # how far a curve may leave its chord, in units of the canvas
_DEEPEST = 9  # halvings of a sampled interval


class Scale(Protocol):
    """How values lie along an axis."""

    @property
    def start(self) -> float:
        """The value where the axis begins."""
        ...

    @property
    def end(self) -> float:
        """The value where it ends."""
        ...

    def share(self, value: float) -> float:
        """Return where a value lies: 0 at the axis's beginning, 1 at its end."""
        ...


@dataclass(frozen=True)
class Linear:
    """Equal differences take equal room."""

    start: float
    end: float

    def share(self, value: float) -> float:
        """Return where a value lies: 0 at the axis's beginning, 1 at its end."""
        return (value - self.start) / (self.end - self.start)


@dataclass(frozen=True)
class Log:
    """Equal ratios take equal room; values are positive."""

    start: float
    end: float

    def share(self, value: float) -> float:
        """Return where a value lies: 0 at the axis's beginning, 1 at its end."""
        return math.log(value / self.start) / math.log(self.end / self.start)


@dataclass(frozen=True)
class Axes:
    """A frame on the canvas with a scale each way; y grows upwards."""

    canvas: Canvas
    left: float
    top: float
    width: float
    height: float
    x: Scale
    y: Scale

    @property
    def right(self) -> float:
        """The frame's right side on the canvas."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The frame's lower side on the canvas."""
        return self.top + self.height

    def at(self, x: float, y: float) -> Point:
        """Return where a point of the plane lies on the canvas."""
        return self.left + self.width * self.x.share(x), self.bottom - self.height * self.y.share(y)

    # The axes --------------------------------------------------------------------------------------------------------

    def x_axis(
        self,
        ticks: Sequence[float | tuple[float, str]] = (),
        name: str = "",
        *,
        words: str = "",
        at: float | None = None,
        grid: bool = False,
    ) -> None:
        """Draw the x axis: at the bottom, or through y = `at`. A tick is a number, or a number and what to write.

        `^` in what is written makes it mathematics. `name` is mathematics at the axis's end, `words` plain words below
        its middle; `grid` draws a line up from each tick.
        """
        level = self.bottom if at is None else self.at(0, at)[1]
        halo = at is not None
        for value, written in map(_tick, ticks):
            place = self.left + self.width * self.x.share(value)
            if grid:
                self.canvas.line(place, self.top, place, self.bottom, stroke="line", width=1)
            self.canvas.line(place, level, place, level + 4, stroke="edge", width=1)
            if written:
                write, size = (self.canvas.label, POWER) if "^" in written else (self.canvas.text, TICK)
                write(place, level + 15, written, size=size, fill="quiet", role="tick-x", halo=halo)
        self.canvas.line(self.left, level, self.right, level, stroke="edge", width=1.25)
        if name:
            self.canvas.label(self.right + 12, level, name)
        if words:
            below = 15 if not ticks else 36
            self.canvas.text(self.left + self.width / 2, self.bottom + below, words, fill="quiet")

    def y_axis(
        self,
        ticks: Sequence[float | tuple[float, str]] = (),
        name: str = "",
        *,
        words: str = "",
        at: float | None = None,
        grid: bool = False,
    ) -> None:
        """Draw the y axis: at the left, or through x = `at`, with ticks as for `x_axis`.

        `name` is mathematics, `words` plain words above the axis's end.
        """
        place = self.left if at is None else self.at(at, 0)[0]
        halo = at is not None
        for value, written in map(_tick, ticks):
            level = self.bottom - self.height * self.y.share(value)
            if grid:
                self.canvas.line(self.left, level, self.right, level, stroke="line", width=1)
            self.canvas.line(place - 4, level, place, level, stroke="edge", width=1)
            if written:
                write, size = (self.canvas.label, POWER) if "^" in written else (self.canvas.text, TICK)
                write(place - 8, level, written, size=size, anchor="end", fill="quiet", role="tick-y", halo=halo)
        self.canvas.line(place, self.top, place, self.bottom, stroke="edge", width=1.25)
        if name:
            self.canvas.label(place, self.top - 12, name)
        if words:
            self.canvas.text(place - 8, self.top - 16, words, anchor="start", fill="quiet")

    # What stands between them ----------------------------------------------------------------------------------------

    def points(self, curve: Curve, start: float, end: float) -> list[Point]:
        """Return points of the canvas along a curve, as close as its bends ask for.

        Each lies on the curve; between them a straight line strays by less than a tenth of a unit.
        """
        pieces = 24
        found: list[Point] = [self.at(start, curve(start))]
        for piece in range(pieces):
            first = start + (end - start) * piece / pieces
            last = start + (end - start) * (piece + 1) / pieces
            found += self._between(curve, first, last, _DEEPEST)
        return found

    def _between(self, curve: Curve, start: float, end: float, depth: int) -> list[Point]:
        """Return the points after `start`, up to `end` included."""
        middle = (start + end) / 2
        (ax, ay), (mx, my), (bx, by) = (self.at(x, curve(x)) for x in (start, middle, end))
        stray = abs((bx - ax) * (my - ay) - (by - ay) * (mx - ax)) / (math.hypot(bx - ax, by - ay) or 1)
        if depth == 0 or stray < _FLAT:
            return [(bx, by)]
        return self._between(curve, start, middle, depth - 1) + self._between(curve, middle, end, depth - 1)

    def plot(
        self,
        curve: Curve,
        start: float,
        end: float,
        *,
        name: str = "",
        stroke: Colour = "accent",
        width: float = 2.5,
        dash: str = "",
    ) -> None:
        """Draw a function from `start` to `end`. Where it leaves the frame it leaves it: choose the ends with care."""
        self.canvas.polyline(self.points(curve, start, end), stroke=stroke, width=width, dash=dash, name=name)

    def through(
        self,
        points: Iterable[Point],
        *,
        name: str = "",
        stroke: Colour = "accent",
        width: float = 2.5,
        dash: str = "",
        dots: float = 0,
    ) -> None:
        """Draw a line through points of the plane, with dots of this radius on them if asked."""
        placed = [self.at(*point) for point in points]
        self.canvas.polyline(placed, stroke=stroke, width=width, dash=dash, name=name)
        if dots:
            for place in placed:
                self.canvas.circle(*place, dots, fill=stroke)

    def area(
        self, upper: Curve, start: float, end: float, *, lower: Curve = lambda _x: 0, fill: Fill = "accent-soft"
    ) -> None:
        """Fill what lies between two functions (the second is 0 if left out)."""
        around = self.points(upper, start, end) + self.points(lower, start, end)[::-1]
        self.canvas.polyline(around, stroke="none", fill=fill, closed=True)

    def dot(self, x: float, y: float, *, fill: Colour = "accent", radius: float = 4) -> None:
        """Mark a point of the plane."""
        self.canvas.circle(*self.at(x, y), radius, fill=fill)

    def guide(
        self, start: Point, end: Point, *, stroke: Colour = "edge", width: float = 1.25, dash: str = "4 4"
    ) -> None:
        """Draw a dashed straight line between two points of the plane."""
        self.canvas.line(*self.at(*start), *self.at(*end), stroke=stroke, width=width, dash=dash)

    def note(
        self,
        point: Point,
        content: str,
        *,
        by: Point = (0, 0),
        anchor: Anchor = "start",
        fill: Colour = "ink",
        math: bool = False,
        halo: bool = True,
        bold: bool = False,
    ) -> None:
        """Write beside a point of the plane, moved `by` so many units of the canvas; mathematics if `math`."""
        x, y = self.at(*point)
        write = self.canvas.label if math else self.canvas.text
        write(x + by[0], y + by[1], content, anchor=anchor, fill=fill, halo=halo, bold=bold)


def _tick(tick: float | tuple[float, str]) -> tuple[float, str]:
    if isinstance(tick, tuple):
        return tick
    return tick, f"{tick:g}".replace("-", "−")
