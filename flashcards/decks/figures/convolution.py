"""Convolution and pooling: one step of each, with its numbers worked out."""

from collections.abc import Callable, Sequence

from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.diagram import SMALL, Tint, layers
from flashcards.decks.figures.palette import Fill
from flashcards.decks.figures.shapes import grid

type Numbers = Sequence[Sequence[int]]

INPUT: Numbers = ((1, 0, 2, 3, 1), (0, 4, 2, 0, 1), (2, 5, 1, 1, 0), (1, 3, 2, 0, 2), (0, 1, 3, 1, 0))
FILTER: Numbers = ((1, 0, -1), (1, 0, -1), (1, 0, -1))
POOLED: Numbers = ((4, 1, 0, 2), (3, 2, 5, 1), (0, 6, 1, 1), (2, 1, 3, 7))


def correlate(image: Numbers, kernel: Numbers) -> list[list[int]]:
    """Return the feature map of one filter over one channel: stride 1, no padding."""
    side = len(kernel)
    places = range(len(image) - side + 1)
    return [
        [sum(image[r + i][c + j] * kernel[i][j] for i in range(side) for j in range(side)) for c in places]
        for r in places
    ]


def max_pool(image: Numbers, side: int) -> list[list[int]]:
    """Return the largest number of each `side` × `side` window, windows side by side."""
    places = range(0, len(image), side)
    return [[max(image[r + i][c + j] for i in range(side) for j in range(side)) for c in places] for r in places]


def _signed(value: int) -> str:
    return f"−{-value}" if value < 0 else str(value)


def _shown(rows: Numbers) -> list[list[str]]:
    return [[_signed(value) for value in row] for row in rows]


def _patch(row: int, column: int, side: int) -> Callable[[int, int], Fill]:
    def fill(r: int, c: int) -> Fill:
        return "accent-soft" if row <= r < row + side and column <= c < column + side else "none"

    return fill


def convolution_step() -> str:
    """Draw a filter on a patch of the input, and the one number that comes of it."""
    canvas = Canvas(
        380, 304, "One step of a convolution", "A 3 by 3 patch times a filter, added up, is one cell of the output."
    )
    row, column = 1, 1
    result = correlate(INPUT, FILTER)
    top = 40
    image = grid(canvas, 8, top, _shown(INPUT), cell=30, fill=_patch(row, column, 3))
    canvas.rect(8 + 30 * column, top + 30 * row, 90, 90, stroke="accent", line=2.5)
    kernel = grid(canvas, 182, top + 33, _shown(FILTER), cell=28, fill=lambda _r, _c: "hard-tint", stroke="hard")
    output = grid(canvas, 290, top + 33, [[""] * 3 for _ in range(3)], cell=28)
    canvas.rect(290 + 28 * column, top + 33 + 28 * row, 28, 28, fill="good-soft", stroke="good", line=2.5)
    canvas.label(290 + 28 * (column + 0.5), top + 33 + 28 * (row + 0.5), _signed(result[row][column]), bold=True)
    for x, sign in ((170, "∗"), (278, "=")):
        canvas.text(x, top + 75, sign, size=20)
    for box, name in ((image, "input"), (kernel, "filter"), (output, "output")):
        canvas.text(box.centre[0], 20, name, size=SMALL, fill="quiet")
    totals: list[int] = []
    for line in range(3):
        patch = INPUT[row + line][column : column + 3]
        totals.append(sum(a * b for a, b in zip(patch, FILTER[line], strict=True)))
        terms = " + ".join(f"{a}·{f'(−{-b})' if b < 0 else b}" for a, b in zip(patch, FILTER[line], strict=True))
        canvas.label(226, 216 + 24 * line, f"{terms} =", anchor="end")
        canvas.label(262, 216 + 24 * line, _signed(totals[-1]), anchor="end")
    canvas.line(234, 276, 264, 276, stroke="quiet")
    canvas.text(226, 290, "sum", anchor="end", size=SMALL, fill="quiet")
    canvas.label(262, 290, _signed(sum(totals)), anchor="end", bold=True, fill="good")
    return canvas.svg()


def padding_same() -> str:
    """Draw a border of zeros around a 4 × 4 input, and the output that is as large as the input."""
    canvas = Canvas(360, 262, "Same padding", "A border of zeros lets a 3 by 3 filter keep the size 4 by 4.")
    image = ((3, 1, 2, 0), (1, 5, 2, 4), (0, 2, 6, 1), (2, 1, 0, 3))
    padded = [[0] * 6, *([0, *row, 0] for row in image), [0] * 6]
    grid(canvas, 8, 40, _shown(padded), cell=30, fill=lambda r, c: "sunk" if {r, c} & {0, 5} else "accent-tint")
    canvas.rect(38, 70, 120, 120, stroke="accent", line=2)
    canvas.rect(8, 40, 90, 90, stroke="hard", line=3)
    canvas.arrow(194, 130, 224, 130)
    result = correlate(padded, ((1, 0, -1),) * 3)
    canvas.rect(232, 70, 120, 120, fill="good-tint")
    grid(canvas, 232, 70, _shown(result), cell=30)
    canvas.rect(232, 70, 30, 30, stroke="hard", line=3)
    canvas.text(98, 20, "4 × 4 and zeros: 6 × 6", size=SMALL)
    canvas.text(292, 50, "output 4 × 4", size=SMALL)
    canvas.label(356, 208, "filter rows (1, 0, −1)", size=14, anchor="end", fill="quiet")
    canvas.label(180, 244, "*n′* = 4 + 2·1 − 3 + 1 = 4")
    return canvas.svg()


def max_pooling() -> str:
    """Draw 2 × 2 max pooling with stride 2: the largest of each quarter."""
    canvas = Canvas(360, 222, "Max pooling", "Each 2 by 2 quarter of a 4 by 4 map gives its largest number.")
    tints: list[list[Fill]] = [["accent-tint", "good-tint"], ["hard-tint", "again-tint"]]
    result = max_pool(POOLED, 2)
    cell = 42
    grid(canvas, 16, 42, [[""] * 4] * 4, cell=cell, fill=lambda r, c: tints[r // 2][c // 2])
    for r, row in enumerate(POOLED):
        for c, value in enumerate(row):
            largest = value == result[r // 2][c // 2]
            x, y = 16 + cell * (c + 0.5), 42 + cell * (r + 0.5)
            if largest:
                canvas.circle(x, y, 15, stroke="ink", line=1.5)
            canvas.label(x, y, str(value), bold=largest)
    canvas.line(100, 42, 100, 210, width=2.5)
    canvas.line(16, 126, 184, 126, width=2.5)
    canvas.rect(16, 42, 168, 168, stroke="ink", line=2.5)
    canvas.arrow(196, 126, 236, 126)
    canvas.text(216, 108, "max", size=SMALL)
    out = grid(canvas, 248, 84, _shown(result), cell=cell, fill=lambda r, c: tints[r][c], stroke="ink")
    canvas.text(100, 22, "4 × 4", size=SMALL, fill="quiet")
    canvas.text(out.centre[0], 64, "2 × 2", size=SMALL, fill="quiet")
    return canvas.svg()


def receptive_field() -> str:
    """Draw three 3 × 3 convolutions from the side: one unit, and all that it sees."""
    canvas = Canvas(
        360, 262, "A receptive field", "Three stacked 3 by 3 convolutions: one unit sees 3, then 5, then 7 pixels."
    )
    count, cell, left, step = 9, 25, 8, 66
    names = ("input", "layer 1", "layer 2", "layer 3")
    for level, name in enumerate(names):
        seen = 7 - 2 * level
        y = 16 + step * (3 - level)
        first = level + 1
        for place in range(count):
            inside = first <= place < first + seen
            fill: Fill = ("good-soft" if level == 3 else "accent-soft") if inside else "none"
            canvas.rect(left + cell * place, y, cell, 24, fill=fill, stroke="edge", line=1)
        x1, x2 = left + cell * first, left + cell * (first + seen)
        canvas.rect(x1, y, x2 - x1, 24, stroke="good" if level == 3 else "accent", line=2.5)
        if level < 3:
            for x, inward in ((x1, 1), (x2, -1)):
                canvas.line(x, y - 2, x + inward * cell, y - step + 26, stroke="accent", dash="4 4")
        wide = "1 unit" if level == 3 else f"{seen} × {seen}"
        canvas.text(244, y + 12, name, anchor="start", size=SMALL, fill="quiet")
        canvas.text(352, y + 12, wide, anchor="end", size=SMALL, bold=True)
    canvas.text(121, 250, "seen from the side", size=SMALL, fill="quiet")
    return canvas.svg()


def depthwise_separable() -> str:
    """Draw a normal convolution above a depthwise one followed by a pointwise one."""
    canvas = Canvas(
        360,
        330,
        "Normal and depthwise-separable convolution",
        "A normal filter mixes channels; depthwise filters keep them apart, pointwise ones mix them.",
    )
    apart: list[Tint] = ["accent", "hard", "good"]
    mixed: list[Tint] = ["quiet"] * 5
    canvas.text(8, 18, "Normal", anchor="start", bold=True)
    layers(canvas, 10, 62, 56, apart)
    layers(canvas, 282, 62, 44, mixed)
    canvas.arrow(88, 84, 272, 84)
    canvas.label(180, 62, "*n*_{c}′ filters *f* × *f* × *n*_{c}", size=16)
    canvas.text(180, 105, "space and channels\nat once", size=SMALL, fill="quiet")
    canvas.line(8, 150, 352, 150, stroke="line")
    canvas.text(8, 172, "Depthwise-separable", anchor="start", bold=True)
    layers(canvas, 10, 222, 56, apart)
    layers(canvas, 152, 222, 44, apart)
    layers(canvas, 282, 222, 44, mixed)
    canvas.arrow(86, 244, 146, 244)
    canvas.arrow(214, 244, 274, 244)
    canvas.label(116, 228, "*f* × *f*", size=16)
    canvas.label(243, 228, "1 × 1", size=16)
    canvas.text(96, 306, "depthwise: one\nfilter a channel", size=SMALL)
    canvas.text(268, 306, "pointwise:\nmixes channels", size=SMALL)
    return canvas.svg()


FIGURES = {
    "convolution-step": convolution_step,
    "padding-same": padding_same,
    "max-pooling": max_pooling,
    "receptive-field": receptive_field,
    "depthwise-separable": depthwise_separable,
}
