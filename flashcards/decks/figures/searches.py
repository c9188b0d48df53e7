"""Where values lie: on a logarithmic scale, in a search, after rounding to a few numbers."""

import random

from flashcards.decks.figures.axes import Axes, Linear, Log
from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.formulas import quantised
from flashcards.decks.figures.geometry import Point
from flashcards.decks.figures.palette import Colour

_DRAWN = 40


def draw_log_scale() -> str:
    """Return 40 learning rates spread evenly over [0.0001, 1], and 40 spread evenly in log10, on a logarithmic axis.

    Evenly means at the middles of 40 equal parts, where uniform draws lie on average.
    """
    canvas = Canvas(
        360,
        262,
        "Forty learning rates, spread evenly on a linear and on a logarithmic scale",
        "Dots on a logarithmic axis from 0.0001 to 1. Spread evenly on the linear scale, 36 of 40 lie between 0.1 and "
        "1, 4 between 0.01 and 0.1, none below. Spread evenly on the logarithmic scale, each power of ten has 10.",
    )
    shares = [(number + 0.5) / _DRAWN for number in range(_DRAWN)]
    rows: list[tuple[str, list[float], Colour]] = [
        ("uniform in α", [1e-4 + share * (1 - 1e-4) for share in shares], "again"),
        ("uniform in log α", [10 ** (4 * share - 4) for share in shares], "good"),
    ]
    axes = Axes(canvas, 30, 8, 308, 204, Log(1e-4, 1), Linear(0, 2))
    ticks = [(1e-4, "0.0001"), (1e-3, "0.001"), (1e-2, "0.01"), (1e-1, "0.1"), (1.0, "1")]
    for value, _ in ticks[1:4]:
        axes.guide((value, 0), (value, 2), stroke="line", dash="")
    for row, (words, values, stroke) in enumerate(rows):
        level = 1.44 - row
        canvas.label(axes.left, axes.at(1, level + 0.38)[1], words, anchor="start", fill=stroke, bold=True, halo=True)
        for value in values:
            axes.dot(value, level, fill=stroke, radius=3)
        for decade in range(4):
            low, high = 10.0 ** (decade - 4), 10.0 ** (decade - 3)
            count = sum(low <= value < high for value in values)
            canvas.text(axes.at((low * high) ** 0.5, 0)[0], axes.at(1, level - 0.2)[1], f"{count}", fill=stroke)
    axes.x_axis(ticks)
    canvas.label(axes.left + axes.width / 2, 250, "learning rate α", fill="quiet")
    return canvas.svg()


def draw_grid_and_random() -> str:
    """Return 25 trials of two hyperparameters on a 5 × 5 grid, and 25 from a seeded generator."""
    canvas = Canvas(
        360,
        262,
        "Grid search and random search with 25 trials each",
        "Two squares, each side one hyperparameter, with ticks below for the values tried of the first. Left, a grid "
        "of 5 by 5: only 5 different values. Right, 25 random points: 25 different values.",
    )
    chance = random.Random(5)  # noqa: S311 - a picture's points
    sides = [0.1, 0.3, 0.5, 0.7, 0.9]
    grid: list[Point] = [(x, y) for x in sides for y in sides]
    scattered: list[Point] = [(0.04 + 0.92 * chance.random(), 0.04 + 0.92 * chance.random()) for _ in range(25)]
    frames: list[tuple[str, list[Point], Colour]] = [("grid", grid, "again"), ("random", scattered, "good")]
    for place, (words, trials, stroke) in enumerate(frames):
        axes = Axes(canvas, 26 + 172 * place, 38, 152, 152, Linear(0, 1), Linear(0, 1))
        canvas.rect(axes.left, axes.top, axes.width, axes.height, stroke="edge", line=1.25)
        canvas.text(axes.left + 76, 20, words, fill=stroke, bold=True)
        for x, y in trials:
            axes.dot(x, y, fill=stroke, radius=3.5)
            canvas.line(axes.at(x, 0)[0], axes.bottom + 6, axes.at(x, 0)[0], axes.bottom + 16, stroke=stroke)
        count = len({x for x, _ in trials})
        canvas.text(axes.left + 76, axes.bottom + 34, f"{count} values tried", fill=stroke)
        canvas.text(axes.left + 76, axes.bottom + 56, "important one", fill="quiet", size=14)
    canvas.text(12, 114, "unimportant one", fill="quiet", size=14, turn=-90)
    return canvas.svg()


def draw_quantisation() -> str:
    """Return x̂ = s round(x/s) for the scale s = 0.5 and q from −3 to 3 (`formulas.quantised`), and x̂ − x below."""
    canvas = Canvas(
        360,
        372,
        "Quantisation to seven values",
        "Above, the quantised value over x is a staircase of seven steps around the diagonal, from −1.5 to 1.5. "
        "Below, the error jumps between minus and plus half a step, 0.25, like a saw.",
    )
    scale, limit = 0.5, 3
    across = Linear(-1.5, 1.5)
    above = Axes(canvas, 54, 18, 280, 208, across, Linear(-1.6, 1.6))
    below = Axes(canvas, 54, 268, 280, 72, across, Linear(-0.3, 0.3))
    above.y_axis([-1.5, -1, -0.5, 0, 0.5, 1, 1.5], grid=True)
    above.guide((-1.5, -1.5), (1.5, 1.5))
    stairs: list[Point] = []
    saw: list[Point] = []
    for step in range(-limit, limit + 1):
        value = quantised(scale * step, scale, limit)
        for x in (max(-1.5, value - scale / 2), min(1.5, value + scale / 2)):
            stairs.append((x, value))
            saw.append((x, value - x))
    above.through(stairs, name="quantised", width=3)
    above.note((0.85, 1), "*x̂* = s round(x/s)", by=(-10, -15), anchor="end", math=True, fill="accent", bold=True)
    above.note((-0.52, -0.5), "s = 0.5", by=(44, 22), math=True)
    below.y_axis([(-0.25, "−0.25"), (0, "0"), (0.25, "0.25")], grid=True)
    below.through(saw, name="quantisation-error", stroke="again", width=2)
    below.x_axis([-1.5, -1, -0.5, 0, 0.5, 1, 1.5])
    canvas.label(346, 340, "x")
    canvas.label(54, 248, "error  *x̂* − x,  at most s/2", anchor="start", fill="again")
    return canvas.svg()


FIGURES = {
    "log-scale-sampling": draw_log_scale,
    "grid-versus-random": draw_grid_and_random,
    "quantisation-staircase": draw_quantisation,
}
