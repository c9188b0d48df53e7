"""Building blocks of networks: the residual block, the Inception module, what a norm is taken over."""

from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.diagram import SMALL, Tint, bend, box_at, plus
from flashcards.decks.figures.geometry import Box
from flashcards.decks.figures.palette import Fill


def residual_block() -> str:
    """Draw a residual block from top to bottom: two layers, and the shortcut added before the last activation."""
    canvas = Canvas(
        320,
        348,
        "A residual block",
        "The input a[l] passes two linear layers with a ReLU between them; the shortcut carries a[l] past both and is "
        "added to z[l+2] before the last ReLU.",
    )
    main, side = 136.0, 262.0
    start = box_at(canvas, main, 24, 60, 34, "a^{[l]}", math=True, colour="quiet")
    rows: list[tuple[float, str, Tint, str]] = [
        (88, "linear", "accent", "z^{[l+1]}"),
        (146, "ReLU", "hard", "a^{[l+1]}"),
        (204, "linear", "accent", "z^{[l+2]}"),
    ]
    previous = start
    for y, name, colour, beside in rows:
        part = box_at(canvas, main, y, 104, 30, name, colour=colour)
        canvas.arrow(main, previous.bottom[1], main, part.y - 1)
        canvas.label(main - 12, part.bottom[1] + 13, beside, anchor="end", size=15, fill="quiet")
        previous = part
    add = plus(canvas, main, 252)
    canvas.arrow(main, previous.bottom[1], main, add.y - 1)
    bend(canvas, (main, 56), [(side, 56), (side, 252), (add.right[0] + 1, 252)], colour="good", width=2.5)
    canvas.label(side - 12, 100, "a^{[l]}", fill="good", anchor="end")
    canvas.text(side, 271, "shortcut", size=SMALL, fill="good", bold=True)
    last = box_at(canvas, main, 294, 104, 34, "ReLU", colour="hard")
    canvas.arrow(main, add.bottom[1], main, last.y - 1)
    canvas.arrow(main, last.bottom[1], main, 332)
    canvas.label(main - 12, 328, "a^{[l+2]}", anchor="end")
    return canvas.svg()


def inception_module() -> str:
    """Draw the first Inception module of GoogLeNet (3a): four branches side by side, joined as channels."""
    canvas = Canvas(
        360,
        308,
        "An Inception module",
        "Four branches on the same input: 1 by 1; 1 by 1 then 3 by 3; 1 by 1 then 5 by 5; max pooling then 1 by 1. "
        "Their 64, 128, 32 and 32 channels are joined to 256.",
    )
    source = canvas.box(62, 8, 236, 36, "28 × 28 × 192", colour="quiet", size=SMALL)
    joined = canvas.box(62, 264, 236, 36, "concatenate: 28 × 28 × 256", colour="quiet", size=SMALL)
    branches: list[tuple[str, str, int]] = [
        ("", "1 × 1", 64),
        ("1 × 1", "3 × 3", 128),
        ("1 × 1", "5 × 5", 32),
        ("pool 3 × 3", "1 × 1", 32),
    ]
    narrow = {1: "96", 2: "16"}  # channels of the bottlenecks
    for place, (first, second, channels) in enumerate(branches):
        x = 49 + 87.5 * place
        outer = place in {0, 3}
        top, low = 108.0, 188.0
        if first:
            colour: Tint = "hard" if first == "1 × 1" else "again"
            words = first.replace(" ", "\n", 1) if first.startswith("pool") else first
            box_at(canvas, x, top, 72, 44, words, colour=colour, size=SMALL)
            canvas.arrow(x, top + 22, x, low - 24)
            canvas.text(x + 8, 147, narrow.get(place, "192"), size=SMALL, fill="quiet", anchor="start")
        tint: Tint = "hard" if second == "1 × 1" else "accent"
        box_at(canvas, x, low, 72, 44, second, colour=tint, size=SMALL)
        canvas.text(
            x + (8 if place < 3 else -8),
            222,
            str(channels),
            bold=True,
            size=SMALL,
            anchor="start" if place < 3 else "end",
        )
        goal = top - 24 if first else low - 24
        if outer:
            edge = source.x if place == 0 else source.right[0]
            canvas.elbow([(edge, 26), (x, 26), (x, goal)])
            end = joined.x - 2 if place == 0 else joined.right[0] + 2
            canvas.elbow([(x, low + 22), (x, 282), (end, 282)])
        else:
            canvas.arrow(x, source.bottom[1], x, goal)
            canvas.arrow(x, low + 22, x, joined.y - 2)
    return canvas.svg()


def _table(canvas: Canvas, x: float, y: float, *, rows: range, columns: range) -> Box:
    """Draw a matrix of 4 units by 5 examples, with these rows and columns filled."""
    cell = 27.0
    for row in range(4):
        for column in range(5):
            chosen: Fill = "accent-soft" if row in rows and column in columns else "none"
            canvas.rect(x + column * cell, y + row * cell, cell, cell, fill=chosen, stroke="edge", line=1)
    left, top = x + columns.start * cell, y + rows.start * cell
    canvas.rect(left, top, len(columns) * cell, len(rows) * cell, stroke="accent", line=3)
    return Box(x, y, 5 * cell, 4 * cell)


def norm_axes() -> str:
    """Draw what batch norm and layer norm take their mean over, in a matrix with one example a column."""
    canvas = Canvas(
        360,
        214,
        "Batch norm and layer norm",
        "A matrix with one row a unit and one column an example. Batch norm takes mean and variance along a row, "
        "layer norm down a column.",
    )
    for x, name, rows, columns, remark in (
        (34.0, "batch norm", range(1, 2), range(5), "one unit,\nall examples"),
        (212.0, "layer norm", range(4), range(2, 3), "one example,\nall units"),
    ):
        table = _table(canvas, x, 48, rows=rows, columns=columns)
        canvas.text(table.centre[0], 16, name, bold=True)
        canvas.text(table.centre[0], 36, "examples →", size=SMALL, fill="quiet")
        canvas.text(x - 12, table.centre[1], "units", size=SMALL, fill="quiet", turn=-90)
        canvas.text(table.centre[0], 184, remark, size=SMALL)
    return canvas.svg()


FIGURES = {
    "residual-block": residual_block,
    "inception-module": inception_module,
    "norm-axes": norm_axes,
}
