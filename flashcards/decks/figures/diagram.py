"""Parts of diagrams: operations in circles, junctions, boxes with a name and a remark."""

from typing import Literal, cast

from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.geometry import Box, Point
from flashcards.decks.figures.palette import Colour, Fill

type Tint = Literal["quiet", "accent", "again", "hard", "good", "easy"]

OPERATION = 11.0  # radius of an operation's circle
SMALL = 14.0  # the smallest text


def times(canvas: Canvas, x: float, y: float, *, radius: float = OPERATION) -> Box:
    """Draw ⊙, the product element by element; returns the square around it."""
    box = canvas.circle(x, y, radius, fill="paper", stroke="ink")
    canvas.circle(x, y, 2.6, fill="ink")
    return box


def plus(canvas: Canvas, x: float, y: float, *, radius: float = OPERATION) -> Box:
    """Draw a plus in a circle; returns the square around it."""
    box = canvas.circle(x, y, radius, fill="paper", stroke="ink")
    arm = radius * 0.52
    canvas.line(x - arm, y, x + arm, y, width=2)
    canvas.line(x, y - arm, x, y + arm, width=2)
    return box


def junction(canvas: Canvas, x: float, y: float, colour: Colour = "quiet") -> None:
    """Draw the dot where a line branches."""
    canvas.circle(x, y, 3, fill=colour)


def named(canvas: Canvas, box: Box, name: str, remark: str, *, colour: Tint = "accent", size: float = 17) -> Box:
    """Draw a box with mathematics in its upper half and plain words in its lower half."""
    canvas.box(box.x, box.y, box.width, box.height, colour=colour)
    x, y = box.centre
    canvas.label(x, y - box.height * 0.2, name, size=size)
    canvas.text(x, y + box.height * 0.23, remark, size=SMALL, fill="quiet")
    return box


def around(x: float, y: float, width: float, height: float) -> Box:
    """Return the box with its middle at (x, y)."""
    return Box(x - width / 2, y - height / 2, width, height)


def box_at(  # noqa: PLR0917 - middle, size and content in the order of Canvas.box
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    height: float,
    content: str,
    *,
    colour: Tint = "accent",
    math: bool = False,
    size: float = 0,
    dash: str = "",
) -> Box:
    """Draw a box with its middle at (x, y)."""
    left, top = x - width / 2, y - height / 2
    return canvas.box(left, top, width, height, content, colour=colour, math=math, size=size, dash=dash)


def layers(canvas: Canvas, x: float, y: float, side: float, tints: list[Tint], *, step: float = 6) -> Box:
    """Draw feature maps one behind the other in these colours, the first in front at (x, y)."""
    for depth in reversed(range(len(tints))):
        tint = tints[depth]
        edge: Colour = "edge" if tint == "quiet" else tint
        left, top = x + depth * step, y - depth * step
        canvas.rect(left, top, side, side, fill="paper", radius=2)
        canvas.rect(left, top, side, side, fill=cast("Fill", f"{tint}-tint"), stroke=edge, line=1.25, radius=2)
    back = (len(tints) - 1) * step
    return Box(x, y - back, side + back, side + back)


def bend(canvas: Canvas, start: Point, corners: list[Point], *, colour: Colour = "quiet", width: float = 1.5) -> None:
    """Draw an arrow that branches off a line at `start`, with the dot of a junction there."""
    canvas.elbow([start, *corners], stroke=colour, width=width)
    junction(canvas, *start, colour)
