"""Running averages of gradients, and a gradient's length."""

import math

from flashcards.decks.figures.axes import Axes, Linear, Log
from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.formulas import clipped
from flashcards.decks.figures.geometry import Point


def draw_average_weights() -> str:
    """Return the weights (1 − β) β^k that the running average with β = 0.9 gives to values k steps old."""
    canvas = Canvas(
        360,
        270,
        "The weights of a running average with β = 0.9",
        "Bars over how many steps old a value is: 0.1 for the newest, each next one nine tenths of the one before. "
        "After 10 steps, which is 1/(1 − β), the weight has fallen to about a third of the first.",
    )
    axes = Axes(canvas, 42, 32, 304, 190, Linear(0, 31), Linear(0, 0.105))
    axes.y_axis([0, 0.05, 0.1], words="weight")
    for age in range(31):
        weight = 0.1 * 0.9**age
        x, y = axes.at(age, weight)
        canvas.rect(x + 1.5, y, 6.8, axes.bottom - y, fill="accent" if age in {0, 10} else "accent-soft", radius=1)
    axes.x_axis([(0.5, "0"), (10.5, "10"), (20.5, "20"), (30.5, "30")], words="steps ago, k")
    axes.note((0.5, 0.1), "0.1", by=(12, 0), fill="accent", bold=True)
    axes.note((10.5, 0.1 * 0.9**10), "0.1 · 0.9^{10} ≈ 0.035", by=(4, -15), math=True, fill="accent", bold=True)
    axes.note((12, 0.082), "(1 − β) β^k", math=True)
    return canvas.svg()


def draw_averaging_window() -> str:
    """Return 1/(1 − β) for β from 0.9 on, with a logarithmic y axis."""
    canvas = Canvas(
        360,
        270,
        "How many steps a running average spans",
        "1/(1 − β) over β, with a logarithmic y axis: 10 steps at β = 0.9, 100 at 0.99, 1000 at 0.999, 2000 at "
        "0.9995. The curve rises slowly at first and almost straight up close to 1.",
    )
    axes = Axes(canvas, 50, 34, 284, 206, Linear(0.9, 1), Log(10, 3000))
    axes.y_axis([10, 100, 1000], grid=True)
    canvas.label(42, 18, "steps averaged, 1/(1 − β)", anchor="start", fill="quiet")
    axes.x_axis([0.9, 0.925, 0.95, 0.975, 1])
    axes.through([_window(place) for place in range(121)], name="window", width=3)
    canvas.label(346, 240, "β")
    for beta in (0.9, 0.99, 0.999, 0.9995):
        axes.dot(beta, 1 / (1 - beta))
    axes.note((0.9, 10), "β = 0.9:  10", by=(8, -28), math=True)
    axes.note((0.99, 100), "β = 0.99:  100", by=(-10, -11), anchor="end", math=True)
    axes.note((0.999, 1000), "β = 0.999:  1000", by=(-11, 8), anchor="end", math=True)
    axes.note((0.9995, 2000), "β = 0.9995:  2000", by=(-11, -6), anchor="end", math=True)
    return canvas.svg()


def draw_gradient_clipping() -> str:
    """Return the gradient (6, 8), clipped by its norm to the length 5 (`formulas.clipped`), and element by element."""
    canvas = Canvas(
        350,
        330,
        "Clipping a gradient by its norm, and element by element",
        "The gradient (6, 8) reaches beyond a circle with the radius 5. Clipped by its norm it is (3, 4), on the "
        "circle in the same direction. Clipped element by element it is (5, 5): another direction and too long.",
    )
    axes = Axes(canvas, 34, 14, 284, 284, Linear(0, 9), Linear(0, 9))
    arc: list[Point] = [(5 * math.cos(math.pi * part / 120), 5 * math.sin(math.pi * part / 120)) for part in range(61)]
    axes.through(arc, name="limit", stroke="edge", width=1.25, dash="4 4")
    axes.y_axis([0, 5, 8])
    axes.x_axis([0, 3, 5, 6])
    origin, gradient = (0.0, 0.0), (6.0, 8.0)
    canvas.arrow(*axes.at(*origin), *axes.at(*gradient), stroke="quiet", width=2, head=11)
    canvas.arrow(*axes.at(*origin), *axes.at(5, 5), stroke="again", width=2, head=11, dash="6 4")
    canvas.arrow(*axes.at(*origin), *axes.at(*clipped(gradient, 5)), stroke="accent", width=3.5, head=12)
    axes.note(gradient, "g = (6, 8)", by=(-10, 0), anchor="end", math=True, fill="quiet", bold=True)
    axes.note((3, 4), "by norm:\n(3, 4)", by=(-3, -26), anchor="end", math=True, fill="accent", bold=True)
    axes.note((5, 5), "each element:\n(5, 5)", by=(8, 14), math=True, fill="again", bold=True)
    axes.note((4.86, 1.2), "norm 5", by=(6, 0), fill="quiet")
    return canvas.svg()


def _window(place: int) -> Point:
    """Return a point (β, 1/(1 − β)), close together where the curve is steep: 1 − β falls from 0.1 to 0.1/300."""
    rest = 0.1 / 300 ** (place / 120)
    return 1 - rest, 1 / rest


FIGURES = {
    "average-weights": draw_average_weights,
    "averaging-window": draw_averaging_window,
    "gradient-clipping": draw_gradient_clipping,
}
