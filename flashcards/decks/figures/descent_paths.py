"""Paths of gradient descent over the contours of a cost, each one computed step by step."""

from collections.abc import Callable
from functools import partial

from flashcards.decks.figures.axes import Axes, Linear, Log
from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.contours import contour
from flashcards.decks.figures.descents import (
    Line,
    descend,
    quadratic_cost,
    quadratic_gradient,
    steps_until,
)
from flashcards.decks.figures.geometry import Point
from flashcards.decks.figures.palette import Colour


def _ellipses(axes: Axes, curvature: Point, levels: list[float]) -> None:
    """Draw the contours of ½ (h₁ x² + h₂ y²), ellipses around the origin, as far as the frame goes."""
    across, up = (axes.x.start, axes.x.end), (axes.y.start, axes.y.end)
    for level in levels:
        for line in contour(lambda x, y: quadratic_cost(curvature, (x, y)), level, across, up, steps=48):
            axes.through(line, stroke="edge", width=1)


def _minimum(axes: Axes, at: Point = (0, 0)) -> None:
    x, y = axes.at(*at)
    for dx, dy in ((5, 5), (5, -5)):
        axes.canvas.line(x - dx, y - dy, x + dx, y + dy, width=2)


def draw_cost_contours() -> str:
    """Return descent on J = ½ (h₁ x² + h₂ y²) with h = (1, 16), and with equal curvatures, both with α = 1.8 / h₂."""
    canvas = Canvas(
        360,
        254,
        "The cost's contours before and after normalising the inputs",
        "Left: long narrow ellipses; the path of gradient descent zigzags across the valley for 17 steps. Right: "
        "circles; the path goes straight to the minimum in 4 steps. A cross marks each minimum.",
    )
    left = Axes(canvas, 6, 46, 208, 160, Linear(-4.6, 1.9), Linear(-2.5, 2.5))
    right = Axes(canvas, 226, 46, 128, 160, Linear(-2, 2), Linear(-2.5, 2.5))
    counts = []
    for axes, curvature, rate in ((left, (1.0, 16.0), 1.8 / 16), (right, (1.0, 1.0), 0.5)):
        first = (-4.2, 1.1) if axes is left else (-1.3, 1.4)
        levels = [quadratic_cost(curvature, first) * share for share in (1, 0.55, 0.25, 0.07)]
        _ellipses(axes, curvature, levels)
        path = descend(quadratic_gradient(curvature), first, rate, 60)
        count = steps_until(path, partial(quadratic_cost, curvature), 0.01)
        counts.append(count)
        axes.through(path[: count + 1], name=f"path-{len(counts)}", width=2, dots=2.5)
        _minimum(axes)
    canvas.text(left.left + 104, 22, "inputs as they are", bold=True)
    canvas.text(right.left + 64, 22, "normalised", bold=True)
    for axes, count in zip((left, right), counts, strict=True):
        canvas.text(axes.left + axes.width / 2, 230, f"{count} steps", fill="accent")
    return canvas.svg()


def draw_descent_noise() -> str:
    """Return the paths of batch, mini-batch and stochastic descent on one least-squares cost (`descents.Line`)."""
    canvas = Canvas(
        360,
        268,
        "Paths of batch, mini-batch and stochastic gradient descent",
        "Three frames with the same contours. Using all 64 examples the path is smooth and ends in the minimum; with "
        "8 it jitters slightly; with single examples it wanders about and does not settle.",
    )
    problem = Line()
    start, across, up = (-0.9, 1.5), (-1.3, 2.5), (-1.2, 2.0)
    lowest = problem.cost(problem.minimum)
    shown: list[tuple[str, int, Colour]] = [
        ("all 64\nexamples", 64, "good"),
        ("mini-batch\nof 8", 8, "accent"),
        ("one at\na time", 1, "again"),
    ]
    for place, (words, batch, stroke) in enumerate(shown):
        axes = Axes(canvas, 6 + 119 * place, 58, 110, 200, Linear(*across), Linear(*up))
        for excess in (0.03, 0.15, 0.4, 0.8, 1.4):
            for line in contour(lambda w, b: problem.cost((w, b)), lowest + excess, across, up, steps=36):
                axes.through(line, stroke="edge", width=0.75)
        axes.through(
            problem.descend(start, 0.25, 64, batch), stroke=stroke, width=1.75, dots=1.6, name=f"batch-{batch}"
        )
        _minimum(axes, problem.minimum)
        canvas.text(axes.left + 55, 26, words, fill=stroke, bold=True)
    return canvas.svg()


def draw_cost_noise() -> str:
    """Return how far the cost is above its least value over the steps of two of those paths, logarithmically."""
    canvas = Canvas(
        360,
        290,
        "The cost over the steps of batch and of stochastic gradient descent",
        "How far the cost is above its least value, on a logarithmic axis. With all 64 examples in every step it "
        "falls at each step. With one example a step it jumps up and down and stops getting lower.",
    )
    problem, start = Line(), (-0.9, 1.5)
    least = problem.cost(problem.minimum)
    axes = Axes(canvas, 50, 36, 296, 206, Linear(0, 64), Log(1e-5, 10))
    ticks = [(10.0, "10"), (0.1, "0.1"), (1e-3, "10^{−3}"), (1e-5, "10^{−5}")]
    axes.y_axis(ticks, words="cost J above its least value", grid=True)
    axes.x_axis([0, 20, 40, 60], words="steps")
    shown: list[tuple[int, Colour]] = [(1, "again"), (64, "good")]
    for batch, stroke in shown:
        costs = [problem.cost(point) - least for point in problem.descend(start, 0.25, 64, batch)]
        axes.through(enumerate(costs), stroke=stroke, width=2, name=f"cost-{batch}")
    axes.note((26, 1.2), "one example a step", fill="again", bold=True)
    axes.note((33, 3e-4), "all examples\nin every step", by=(-14, 16), anchor="end", fill="good", bold=True)
    return canvas.svg()


def draw_momentum() -> str:
    """Return plain descent and descent with momentum (β = 0.6) on J = ½ (x² + 25 y²), until J is a hundredth.

    Momentum is v ← β v + (1 − β) g, θ ← θ − α v (Polyak 1964, as an average). Each has a rate that needs few steps:
    0.074 without, 0.2 with, as the averaging damps the zigzag that limits plain descent to α < 2/25.
    """
    canvas = Canvas(
        360,
        326,
        "Gradient descent without and with momentum in a long, narrow valley",
        "Two frames with the same long narrow ellipses. Above, plain descent zigzags from side to side and needs 26 "
        "steps to the minimum. Below, with momentum and a larger rate, the path runs along the valley in 9 steps.",
    )
    curvature, start = (1.0, 25.0), (-4.2, 0.8)
    for place, (words, rate, keep, stroke) in enumerate(_MOMENTUM):
        axes = Axes(canvas, 8, 40 + 164 * place, 344, 112, Linear(-5.2, 2.6), Linear(-1.35, 1.35))
        _ellipses(axes, curvature, [quadratic_cost(curvature, start) * share for share in (1, 0.5, 0.2, 0.06, 0.01)])
        path = descend(quadratic_gradient(curvature), start, rate, 200, keep)
        count = steps_until(path, partial(quadratic_cost, curvature), 0.01)
        axes.through(path[: count + 1], stroke=stroke, width=2, dots=2.5, name=words)
        _minimum(axes)
        canvas.text(8, 18 + 164 * place, words, anchor="start", fill=stroke, bold=True)
        canvas.text(352, 18 + 164 * place, f"{count} steps", anchor="end", fill="quiet")
    return canvas.svg()


def draw_saddle() -> str:
    """Return contours of J = ½ (x² − y²) with computed descents (α = 0.15) that start close to its ridge."""
    canvas = Canvas(
        360,
        300,
        "Gradient descent near a saddle point",
        "Contours of a saddle: the cost rises to the left and right and falls upwards and downwards. Two paths first "
        "run towards the saddle point, slow down beside it and then leave it, one upwards, one downwards.",
    )
    axes = Axes(canvas, 50, 20, 260, 260, Linear(-2, 2), Linear(-2, 2))
    axes.through([(-2, -2), (2, 2)], stroke="edge", width=1)
    axes.through([(-2, 2), (2, -2)], stroke="edge", width=1)
    for level in (-1.2, -0.6, -0.2, 0.2, 0.6, 1.2):
        for line in contour(lambda x, y: (x * x - y * y) / 2, level, (-2, 2), (-2, 2), steps=40):
            axes.through(line, stroke="edge", width=1)
    starts: list[tuple[Point, Colour]] = [((-1.8, 0.02), "accent"), ((1.8, -0.05), "good")]
    for start, stroke in starts:
        path = descend(lambda at: (at[0], -at[1]), start, 0.15, 60)
        inside = [point for point in path if abs(point[1]) <= 1.9]
        axes.through(inside, stroke=stroke, width=2, dots=2.5, name=f"path-{stroke}")
    axes.dot(0, 0, fill="ink", radius=4)
    axes.note((0, 0), "saddle point", by=(12, -17))
    for x, y, words in ((-1.55, -0.35, "high"), (1.5, -0.35, "high"), (0.5, 1.8, "low"), (-0.5, -1.8, "low")):
        axes.note((x, y), words, anchor="middle", fill="quiet")
    return canvas.svg()


_MOMENTUM: list[tuple[str, float, float, Colour]] = [
    ("without momentum", 0.074, 0, "again"),
    ("with momentum", 0.2, 0.6, "accent"),
]

FIGURES: dict[str, Callable[[], str]] = {
    "cost-contours-normalised": draw_cost_contours,
    "gd-path-batch-minibatch-sgd": draw_descent_noise,
    "cost-batch-sgd": draw_cost_noise,
    "momentum-path": draw_momentum,
    "saddle-point": draw_saddle,
}
