"""Segmentation: U-Net with its sizes, and how a transposed convolution enlarges."""

from collections.abc import Sequence

from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.diagram import SMALL
from flashcards.decks.figures.geometry import Box
from flashcards.decks.figures.palette import Fill
from flashcards.decks.figures.shapes import grid

LEVELS = 4  # poolings, and as many levels up


def unet_sizes(side: int = 572) -> tuple[list[int], list[int]]:
    """Return the sides of U-Net's maps after each level's two 3 × 3 convolutions without padding.

    First those of the contracting path, the bottom included, then those of the expanding path from below.
    """
    down = [side - 4]
    for _ in range(LEVELS):
        down.append(down[-1] // 2 - 4)
    up: list[int] = []
    for _ in range(LEVELS):
        up.append((up or down)[-1] * 2 - 4)
    return down, up


# Of the levels from the top: the middle of the left path's block, its width, its top and its height.
MIDDLES = (54.0, 86.0, 118.0, 150.0)
WIDTHS = (12.0, 15.0, 19.0, 24.0)
TOPS = (52.0, 136.0, 206.0, 266.0)
HEIGHTS = (58.0, 44.0, 34.0, 28.0)
BOTTOM = Box(162, 326, 36, 24)
CENTRE = 180.0


def _side(canvas: Canvas, sizes: list[int], *, down: bool) -> list[Box]:
    """Draw one path's four blocks with their channels above and their sides beside them; returns them."""
    sign = 1 if down else -1
    boxes: list[Box] = []
    for level in range(LEVELS):
        x = CENTRE - sign * (CENTRE - MIDDLES[level])
        colour: Fill = "accent-soft" if down else "good-soft"
        box = canvas.rect(
            x - WIDTHS[level] / 2,
            TOPS[level],
            WIDTHS[level],
            HEIGHTS[level],
            fill=colour,
            stroke="accent" if down else "good",
        )
        boxes.append(box)
        channels = str(64 * 2**level)
        if level:
            canvas.text(x, box.y - 11, channels, size=SMALL)
        else:
            canvas.text(x + sign * 8, box.y - 11, channels, size=SMALL, anchor="start" if down else "end")
        outside = x - sign * (12 if not level else 32 + 8)
        size = f"{sizes[level]}²"
        canvas.text(outside, box.centre[1], size, size=SMALL, fill="quiet", anchor="end" if down else "start")
    return boxes


def unet() -> str:
    """Draw U-Net of 2015: four levels down, four up, and the skip connections across."""
    canvas = Canvas(
        360,
        394,
        "U-Net",
        "Four levels down halve the maps and double the channels from 64 to 1024; four levels up undo that. Each "
        "level up also gets the cropped maps of the same level of the way down.",
    )
    sizes_down, sizes_up = unet_sizes()
    left = _side(canvas, sizes_down, down=True)
    right = _side(canvas, sizes_up[::-1], down=False)
    bottom = canvas.rect(BOTTOM.x, BOTTOM.y, BOTTOM.width, BOTTOM.height, fill="hard-soft", stroke="hard")
    canvas.text(CENTRE, BOTTOM.y - 10, "1024", size=SMALL)
    canvas.text(CENTRE, BOTTOM.bottom[1] + 14, f"{sizes_down[-1]}²", size=SMALL, fill="quiet")
    for above, below in zip(left, [*left[1:], bottom], strict=True):
        x, y = above.centre[0], below.centre[1]
        canvas.elbow([above.bottom, (x, y), (below.x - 1, y)], stroke="again", width=2)
    for above, below in zip(right, [*right[1:], bottom], strict=True):
        x, y = above.centre[0], below.centre[1]
        canvas.elbow([below.right, (x, y), (x, above.bottom[1] + 1)], stroke="good", width=2)
    for start, end in zip(left, right, strict=True):
        y = start.centre[1]
        canvas.arrow(start.right[0] + 2, y, end.x - 2, y, dash="5 4")
    canvas.text(CENTRE, left[0].centre[1] - 14, "crop, concatenate", size=SMALL, fill="quiet")
    # In and out.
    canvas.arrow(left[0].top[0], 26, left[0].top[0], left[0].y - 1)
    canvas.text(6, 14, "image 572²", anchor="start", size=SMALL)
    canvas.arrow(right[0].top[0], right[0].y, right[0].top[0], 26)
    canvas.label(354, 14, "1 × 1 conv: *C* maps", anchor="end", size=15)
    canvas.text(CENTRE, 384, "each block: two 3 × 3 convolutions, ReLU", size=SMALL)
    canvas.text(6, 330, "2 × 2 max\npooling", anchor="start", size=SMALL, fill="again")
    canvas.text(354, 330, "2 × 2 trans-\nposed conv.", anchor="end", size=SMALL, fill="good")
    return canvas.svg()


def transposed(values: Sequence[int], kernel: Sequence[int], stride: int) -> list[list[int | None]]:
    """Return the rows that are added in a one-dimensional transposed convolution: one an input, None where it ends."""
    length = (len(values) - 1) * stride + len(kernel)
    rows: list[list[int | None]] = [[None] * length for _ in values]
    for place, value in enumerate(values):
        for tap, weight in enumerate(kernel):
            rows[place][place * stride + tap] = value * weight
    return rows


def transposed_convolution() -> str:
    """Draw a transposed convolution in one dimension: each input stamps the filter, and overlaps are added."""
    canvas = Canvas(
        360,
        296,
        "A transposed convolution",
        "The input (1, 2) with the filter (1, 1, 1) at stride 2: 1 times the filter and 2 times the filter are laid "
        "two places apart and added to (1, 1, 3, 2, 2).",
    )
    values, kernel, cell, left = (1, 2), (1, 1, 1), 40.0, 130.0
    tints: list[Fill] = ["accent-soft", "hard-soft"]
    canvas.text(10, 36, "input", anchor="start", size=SMALL, fill="quiet")
    grid(canvas, 60, 16, [[str(value) for value in values]], cell=cell, fill=lambda _r, c: tints[c])
    canvas.text(180, 36, "filter", anchor="start", size=SMALL, fill="quiet")
    grid(canvas, 226, 16, [[str(weight) for weight in kernel]], cell=cell)
    rows = transposed(values, kernel, 2)
    for place, (value, row) in enumerate(zip(values, rows, strict=True)):
        y = 92 + 54 * place
        canvas.text(10, y + cell / 2, f"{value} × filter", anchor="start", size=SMALL)
        for column, number in enumerate(row):
            if number is not None:
                canvas.rect(left + column * cell, y, cell, cell, fill=tints[place], stroke="edge", line=1)
                canvas.label(left + (column + 0.5) * cell, y + cell / 2, str(number))
    canvas.arrow(left, 172, left + 2 * cell, 172, stroke="hard", head=7)
    canvas.text(left + cell, 188, "stride 2", size=SMALL, fill="hard")
    canvas.line(left, 210, left + 5 * cell, 210, stroke="quiet")
    total = [sum(row[column] or 0 for row in rows) for column in range(len(rows[0]))]
    shared = [sum(row[column] is not None for row in rows) > 1 for column in range(len(rows[0]))]
    canvas.text(10, 242, "output: sum", anchor="start", size=SMALL, bold=True, fill="good")
    grid(
        canvas,
        left,
        222,
        [[str(number) for number in total]],
        cell=cell,
        fill=lambda _r, c: "good-soft" if shared[c] else "good-tint",
    )
    canvas.text(left + 2.5 * cell, 280, "overlap: 1 + 2", size=SMALL, fill="quiet")
    return canvas.svg()


FIGURES = {"unet": unet, "transposed-convolution": transposed_convolution}
