"""Object detection: how well boxes agree, which of them stay, and which cell and window is responsible."""

from collections.abc import Sequence
from dataclasses import dataclass

from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.diagram import SMALL
from flashcards.decks.figures.geometry import Box, Point
from flashcards.decks.figures.palette import Colour, Fill


def overlap(first: Box, second: Box) -> Box | None:
    """Return the rectangle that two boxes share, if any."""
    left, top = max(first.x, second.x), max(first.y, second.y)
    right = min(first.x + first.width, second.x + second.width)
    bottom = min(first.y + first.height, second.y + second.height)
    return Box(left, top, right - left, bottom - top) if right > left and bottom > top else None


def iou(first: Box, second: Box) -> float:
    """Return the intersection over the union of two boxes."""
    shared = overlap(first, second)
    both = shared.width * shared.height if shared else 0.0
    return both / (first.width * first.height + second.width * second.height - both)


@dataclass(frozen=True)
class Found:
    """A box that a detector reports, and how sure it is of it."""

    score: float
    box: Box


def sure_ones(found: Sequence[Found], least: float = 0.6) -> list[Found]:
    """Return the boxes with a score above `least`, the surest first."""
    return sorted((one for one in found if one.score > least), key=lambda one: -one.score)


def survivors(found: Sequence[Found], most: float = 0.5) -> list[list[Found]]:
    """Return what is left after each round of non-max suppression; before the first, `found` itself.

    A round picks the best box that is not yet picked, and drops those after it that overlap it by `most` or more.
    """
    rounds = [list(found)]
    picked = 0
    while picked < len(rounds[-1]):
        best, left = rounds[-1][picked], rounds[-1]
        rounds.append(left[: picked + 1] + [one for one in left[picked + 1 :] if iou(best.box, one.box) < most])
        picked += 1
    return rounds


CELL = 21.0  # a unit square of the two boxes
SIDE = 4  # of each, in units
SHIFT = (2, 1)  # from one to the other


def _pair_of_boxes(canvas: Canvas, x: float, y: float, *, union: bool) -> None:
    """Draw the two boxes with their unit squares, and fill what they share or all they cover."""
    side = SIDE * CELL
    first, second = Box(x, y, side, side), Box(x + SHIFT[0] * CELL, y + SHIFT[1] * CELL, side, side)
    shared = overlap(first, second)
    for part in (first, second) if union else (shared,):
        if part:
            canvas.rect(part.x, part.y, part.width, part.height, fill="good-soft")
    for box in (first, second):
        for step in range(1, SIDE):
            canvas.line(box.x + step * CELL, box.y, box.x + step * CELL, box.y + side, stroke="line", width=1)
            canvas.line(box.x, box.y + step * CELL, box.x + side, box.y + step * CELL, stroke="line", width=1)
    canvas.rect(first.x, first.y, side, side, stroke="accent", line=2.5)
    canvas.rect(second.x, second.y, side, side, stroke="hard", line=2.5)


def intersection_over_union() -> str:
    """Draw IoU as a fraction of two pictures: what two boxes share, over all that they cover."""
    canvas = Canvas(
        360,
        258,
        "Intersection over union",
        "Two boxes of 4 by 4 squares: they share 6 squares and cover 26, so their IoU is 6/26, about 0.23.",
    )
    left = 76.0
    _pair_of_boxes(canvas, left, 8, union=False)
    _pair_of_boxes(canvas, left, 146, union=True)
    canvas.line(left - 8, 129, left + 6 * CELL + 8, 129, width=2)
    canvas.text(34, 129, "IoU =", size=17)
    shared = (SIDE - SHIFT[0]) * (SIDE - SHIFT[1])
    covered = 2 * SIDE * SIDE - shared
    for y, name, squares in ((48, "intersection", shared), (190, "union", covered)):
        canvas.text(216, y, name, anchor="start", bold=True, fill="good")
        canvas.text(216, y + 22, f"{squares} squares", anchor="start", size=SMALL, fill="quiet")
    canvas.text(216, 129, f"= {shared}/{covered} ≈ {shared / covered:.2f}", anchor="start", size=17)
    return canvas.svg()


# Two objects as a detector sees them, in a panel of 168 by 104.
LEFT_OBJECT = Box(16, 30, 56, 56)
RIGHT_OBJECT = Box(100, 28, 48, 66)
FOUND = (
    Found(0.9, Box(14, 28, 60, 62)),
    Found(0.8, Box(24, 18, 56, 70)),
    Found(0.7, Box(98, 26, 54, 70)),
    Found(0.65, Box(92, 38, 54, 60)),
    Found(0.3, Box(60, 60, 56, 36)),
)


# Where each score stands: a corner of its box, as shares of the box.
CORNERS = {0.9: (0, 1), 0.8: (1, 0), 0.7: (1, 0), 0.65: (0, 1), 0.3: (0, 0)}
CHIP = (42.0, 18.0)


def _panel(canvas: Canvas, corner: Point, title: str, left: Sequence[Found], picked: int) -> None:
    """Draw the picture with these boxes, the first `picked` as picked ones."""
    x, y = corner
    canvas.text(x, y - 14, title, anchor="start", size=SMALL, bold=True)
    canvas.rect(x, y, 168, 104, fill="sunk", radius=3)
    for body in (LEFT_OBJECT, RIGHT_OBJECT):
        canvas.ellipse(x + body.centre[0], y + body.centre[1], body.width / 2, body.height / 2, fill="hard-soft")
    colours: list[Colour] = ["good" if place < picked else "accent" for place in range(len(left))]
    for one, colour in zip(left, colours, strict=True):
        box = one.box
        canvas.rect(x + box.x, y + box.y, box.width, box.height, stroke=colour, line=3 if colour == "good" else 1.75)
    for one, colour in zip(left, colours, strict=True):
        box, (right, low) = one.box, CORNERS[one.score]
        across = x + box.x + right * (box.width - CHIP[0])
        down = y + box.y + low * (box.height - CHIP[1])
        canvas.rect(across, down, *CHIP, fill=colour)
        canvas.text(across + CHIP[0] / 2, down + CHIP[1] / 2, f"{one.score:g}", size=SMALL, fill="paper", bold=True)


def non_max_suppression() -> str:
    """Draw non-max suppression on two objects: unsure boxes go, then each best box drops its rivals."""
    canvas = Canvas(
        360,
        278,
        "Non-max suppression",
        "Five boxes on two objects. The unsure one goes first; then the surest drops the box that overlaps it "
        "strongly, and the next best does the same. One box an object is left.",
    )
    rounds = survivors(sure_ones(FOUND))
    panels = (
        ("1  all boxes", list(FOUND), 0),
        ("2  unsure ones gone", rounds[0], 0),
        ("3  best one picked", rounds[1], 1),
        ("4  next one picked", rounds[2], 2),
    )
    for place, (title, left, picked) in enumerate(panels):
        _panel(canvas, (6 + 180 * (place % 2), 28 + 140 * (place // 2)), title, left, picked)
    return canvas.svg()


def grid_and_anchors() -> str:
    """Draw a detector's grid with one object, the cell that is responsible, and its two anchors' outputs."""
    canvas = Canvas(
        360,
        304,
        "The responsible cell and its anchors",
        "The cell with the middle of the object's box is responsible. The wide anchor fits the box better than the "
        "tall one, so the object is assigned to it.",
    )
    left, top, cell = 10.0, 34.0, 56.0
    thing = Box(24, 78, 132, 64)
    x, y = thing.centre
    column, row = int((x - left) // cell), int((y - top) // cell)
    canvas.rect(left, top, 3 * cell, 3 * cell, fill="sunk")
    canvas.rect(left + column * cell, top + row * cell, cell, cell, fill="good-soft")
    for line in range(4):
        canvas.line(left + line * cell, top, left + line * cell, top + 3 * cell, stroke="edge", width=1)
        canvas.line(left, top + line * cell, left + 3 * cell, top + line * cell, stroke="edge", width=1)
    canvas.rect(thing.x, thing.y, thing.width, thing.height, stroke="accent", line=2.5)
    canvas.circle(x, y, 4.5, fill="accent")
    canvas.text(left + 1.5 * cell, 17, "grid", size=SMALL, fill="quiet")
    canvas.text(left + 1.5 * cell, 220, "green: the cell\nthat is responsible", size=SMALL, fill="quiet")
    canvas.text(272, 17, "anchors of the cell", size=SMALL, fill="quiet")
    anchors = (("tall", 212.0, 46.0, 108.0), ("wide", 300.0, 108.0, 50.0))
    scores = [iou(Box(-w / 2, -h / 2, w, h), Box(-66, -32, 132, 64)) for _, _, w, h in anchors]
    for (name, at, wide, high), score in zip(anchors, scores, strict=True):
        best = score == max(scores)
        colour: Colour = "good" if best else "edge"
        canvas.rect(at - wide / 2, 96 - high / 2, wide, high, stroke=colour, line=2.5 if best else 1.5, dash="6 4")
        canvas.text(at, 96, name, size=SMALL)
        fill: Colour = "good" if best else "quiet"
        canvas.text(at, 172, f"IoU {score:.2f}", size=SMALL, bold=best, fill=fill)
    canvas.text(266, 220, "compared by shape,\none middle for both", size=SMALL, fill="quiet")
    parts: list[tuple[float, Fill]] = [(10.0, "quiet-tint"), (183.0, "good-tint")]
    for (x1, tint), name in zip(parts, ("tall", "wide"), strict=True):
        canvas.rect(x1, 252, 167, 26, fill=tint, stroke="edge", line=1)
        canvas.label(x1 + 83.5, 264, "p_c b_x b_y b_h b_w c_1…c_C", size=14)
        canvas.text(x1 + 83.5, 290, f"{name} anchor", size=SMALL)
    return canvas.svg()


WINDOW, IMAGE, STRIDE = 14, 16, 2  # in pixels: the window, the image, and how far apart windows are
PIXEL = 9.0


def _window(canvas: Canvas, x: float, y: float, colour: Colour, dash: str) -> None:
    side = WINDOW * PIXEL
    canvas.rect(x + 2, y + 2, side - 4, side - 4, stroke=colour, line=2.5, dash=dash)


def sliding_windows() -> str:
    """Draw sliding windows as one convolutional pass: each output cell is what one window would have given."""
    canvas = Canvas(
        360,
        360,
        "Sliding windows in one pass",
        "A network that takes 14 by 14 pixels to one output takes 16 by 16 pixels to 2 by 2 outputs: one for each "
        "window at stride 2.",
    )
    left, crop, image, cell = 8.0, WINDOW * PIXEL, IMAGE * PIXEL, 32.0
    first, second = 38.0, 208.0
    canvas.text(left, 18, f"one crop, {WINDOW} × {WINDOW}", anchor="start", size=SMALL)
    canvas.rect(left, first, crop, crop, fill="sunk")
    _window(canvas, left, first, "accent", "")
    canvas.text(left, second - 18, f"the whole image, {IMAGE} × {IMAGE}", anchor="start", size=SMALL)
    canvas.rect(left, second, image, image, fill="sunk", stroke="edge", line=1)
    _window(canvas, left, second, "accent", "")
    _window(canvas, left + STRIDE * PIXEL, second + STRIDE * PIXEL, "hard", "6 4")
    for y, start in ((first + crop / 2, left + crop), (second + image / 2, left + image)):
        canvas.arrow(start + 4, y, 186, y)
        canvas.box(188, y - 30, 78, 60, "the same\nCNN", colour="quiet", size=SMALL)
        canvas.arrow(268, y, 290, y)
    canvas.rect(294, first + crop / 2 - cell / 2, cell, cell, fill="accent-soft", stroke="ink", line=1)
    canvas.text(310, first + crop / 2 + 32, "1 × 1", size=SMALL)
    count = (IMAGE - WINDOW) // STRIDE + 1
    fills: dict[tuple[int, int], Fill] = {(0, 0): "accent-soft", (count - 1, count - 1): "hard-soft"}
    for row in range(count):
        for column in range(count):
            y = second + image / 2 + (row - count / 2) * cell
            canvas.rect(
                292 + column * cell, y, cell, cell, fill=fills.get((row, column), "none"), stroke="ink", line=1
            )
    canvas.text(292 + cell, second + image / 2 + 48, f"{count} × {count}", size=SMALL)
    return canvas.svg()


FIGURES = {
    "iou": intersection_over_union,
    "non-max-suppression": non_max_suppression,
    "grid-anchors": grid_and_anchors,
    "sliding-window": sliding_windows,
}
