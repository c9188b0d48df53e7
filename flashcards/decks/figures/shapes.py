"""Shapes made of several: grids of cells, stacked feature maps, columns of units."""

from collections.abc import Callable, Sequence
from typing import Literal, cast

from flashcards.decks.figures.canvas import MATH, Canvas
from flashcards.decks.figures.geometry import Box, Point
from flashcards.decks.figures.palette import Colour, Fill


def grid(
    canvas: Canvas,
    x: float,
    y: float,
    rows: Sequence[Sequence[str]],
    *,
    cell: float = 32,
    height: float = 0,
    fill: Callable[[int, int], Fill] = lambda _row, _column: "none",
    stroke: Colour = "edge",
    size: float = MATH,
) -> Box:
    """Draw a table of cells, `cell` wide and `height` high (square if left out), with mathematics in the middle.

    `fill` gets row and column, from 0, and says the cell's colour. Returns the whole as a box.
    """
    high = height or cell
    for row, line in enumerate(rows):
        for column, content in enumerate(line):
            left, top = x + column * cell, y + row * high
            canvas.rect(left, top, cell, high, fill=fill(row, column), stroke=stroke, line=1)
            if content:
                canvas.label(left + cell / 2, top + high / 2, content, size=size)
    return Box(x, y, cell * max(map(len, rows)), high * len(rows))


def feature_maps(
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    maps: int = 4,
    step: float = 5,
    fill: Fill = "accent-tint",
    stroke: Colour = "accent",
) -> Box:
    """Draw `maps` feature maps one behind the other, each `step` further right and up; (x, y) is the front's corner.

    Returns the box around them all.
    """
    for depth in reversed(range(maps)):
        canvas.rect(x + depth * step, y - depth * step, width, height, fill=fill, stroke=stroke, line=1.25, radius=2)
    back = (maps - 1) * step
    return Box(x, y - back, width + back, height + back)


def block(
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    depth: float = 20,
    colour: Literal["quiet", "accent", "again", "hard", "good", "easy"] = "accent",
) -> Box:
    """Draw a cuboid whose front is at (x, y), `depth` going up to the right at 45°; returns the box around it."""
    edge: Colour = "edge" if colour == "quiet" else colour
    tint = cast("Fill", f"{colour}-tint")
    slant = depth * 0.7
    canvas.rect(x, y, width, height, fill=tint, stroke=edge)
    top: list[Point] = [(x, y), (x + slant, y - slant), (x + width + slant, y - slant), (x + width, y)]
    side: list[Point] = [
        (x + width, y),
        (x + width + slant, y - slant),
        (x + width + slant, y + height - slant),
        (x + width, y + height),
    ]
    canvas.polyline(top, closed=True, fill=tint, stroke=edge)
    canvas.polyline(side, closed=True, fill=tint, stroke=edge)
    return Box(x, y - slant, width + slant, height + slant)


def units(
    canvas: Canvas, x: float, y: float, count: int, *, gap: float = 34, radius: float = 11, fill: Fill = "accent-tint"
) -> list[Box]:
    """Draw a column of `count` round units around (x, y), a layer of a network; returns them from the top down."""
    first = y - gap * (count - 1) / 2
    return [canvas.circle(x, first + row * gap, radius, fill=fill, stroke="accent") for row in range(count)]
