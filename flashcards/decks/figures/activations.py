"""Activation functions and their slopes."""

import math

from flashcards.decks.figures.axes import Axes, Linear
from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.formulas import leaky_relu, relu, sigmoid, sigmoid_slope, tanh_slope


def draw_sigmoid() -> str:
    """Return the figure of σ and σ′ (`formulas.sigmoid`, `sigmoid_slope`)."""
    canvas = Canvas(
        360,
        264,
        "The sigmoid and its slope",
        "σ(z) rises in an S from 0 to 1 and is 0.5 at z = 0. Its slope is a low bell with the peak 0.25 at z = 0, "
        "almost 0 beyond −6 and 6.",
    )
    axes = Axes(canvas, 44, 18, 290, 206, Linear(-6, 6), Linear(0, 1))
    axes.guide((-6, 1), (6, 1))
    axes.guide((0, 0), (0, 1))
    axes.y_axis([0, 0.25, 0.5, 1])
    axes.x_axis([-6, -3, 0, 3, 6], "z")
    axes.plot(sigmoid_slope, -6, 6, name="sigmoid-slope", stroke="hard")
    axes.plot(sigmoid, -6, 6, name="sigmoid")
    axes.dot(0, 0.5)
    axes.dot(0, 0.25, fill="hard")
    axes.note((0, 0.5), "σ(0) = 0.5", by=(10, 6), math=True)
    axes.note((3, sigmoid(3)), "σ(z)", by=(8, 20), math=True, fill="accent", bold=True)
    axes.note((1.9, 0.2), "σ′(z) ≤ 0.25", by=(0, -6), math=True, fill="hard", bold=True)
    return canvas.svg()


def draw_tanh() -> str:
    """Return the figure of tanh and its slope 1 − tanh² (`formulas.tanh_slope`)."""
    canvas = Canvas(
        360,
        274,
        "The hyperbolic tangent and its slope",
        "tanh(z) rises in an S from −1 to 1 through the origin. Its slope is a bell with the peak 1 at z = 0 that is "
        "almost 0 beyond −3 and 3.",
    )
    axes = Axes(canvas, 40, 18, 290, 226, Linear(-4, 4), Linear(-1, 1))
    axes.guide((-4, 1), (4, 1))
    axes.guide((-4, -1), (4, -1))
    axes.guide((0, -1), (0, 1))
    axes.y_axis([-1, 0, 1])
    axes.x_axis([(-4, ""), -2, 2, 4], "z", at=0)
    axes.plot(tanh_slope, -4, 4, name="tanh-slope", stroke="hard")
    axes.plot(math.tanh, -4, 4, name="tanh")
    axes.dot(0, 0)
    axes.dot(0, 1, fill="hard")
    axes.note((2.3, 1), "tanh(z)", by=(0, 22), math=True, fill="accent", bold=True)
    axes.note((-2.6, 0.62), "tanh′ =\n1 − tanh^2", math=True, anchor="middle", fill="hard")
    axes.note((0, 0), "tanh(0) = 0", by=(12, 40), math=True)
    return canvas.svg()


def draw_relu() -> str:
    """Return the figure of ReLU beside its slope (`formulas.relu`)."""
    canvas = Canvas(
        360,
        224,
        "ReLU and its slope",
        "Left: ReLU(z) is 0 for negative z and z for positive z, with a kink at 0. Right: its slope is 0 for negative "
        "z and 1 for positive z, and jumps at 0, where it is not defined.",
    )
    value = Axes(canvas, 26, 44, 138, 138, Linear(-3, 3), Linear(0, 3))
    value.y_axis([1, 2, 3])
    value.x_axis([-3, 0, 3], "z")
    value.through([(-3, relu(-3)), (0, relu(0)), (3, relu(3))], name="relu", width=3)
    canvas.label(95, 20, "ReLU(z) = max(0, z)", fill="accent", size=16)
    slope = Axes(canvas, 208, 44, 128, 138, Linear(-3, 3), Linear(0, 1.5))
    slope.y_axis([0, 1])
    slope.x_axis([-3, 0, 3])
    slope.through([(-3, 0), (0, 0)], name="relu-slope-left", stroke="hard", width=3)
    slope.through([(0, 1), (3, 1)], name="relu-slope-right", stroke="hard", width=3)
    for level in (0, 1):
        canvas.circle(*slope.at(0, level), 4, fill="paper", stroke="hard", line=2)
    canvas.label(272, 20, "slope ReLU′(z)", fill="hard", size=16)
    canvas.label(348, 182, "z")
    return canvas.svg()


def draw_leaky_relu() -> str:
    """Return the figure of leaky ReLU with its slope 0.01, true to scale and magnified (`formulas.leaky_relu`)."""
    canvas = Canvas(
        360,
        232,
        "Leaky ReLU",
        "Left, to scale: leaky ReLU looks like ReLU, since its slope for negative z is only 0.01. Right, the same "
        "negative side with y stretched about 50 times: a straight line from −0.03 at z = −3 up to 0, but ReLU 0.",
    )
    whole = Axes(canvas, 26, 44, 138, 150, Linear(-3, 3), Linear(-0.26, 3))
    whole.y_axis([1, 2, 3])
    whole.x_axis([(-3, "−3"), (0, "0"), (3, "3")], "z", at=0)
    whole.through([(z, leaky_relu(z)) for z in (-3, 0, 3)], name="leaky-relu", width=3)
    canvas.label(95, 20, "g(z) = max(0.01z, z)", fill="accent", size=16)
    near = Axes(canvas, 240, 64, 92, 130, Linear(-3, 0), Linear(-0.036, 0.006))
    near.y_axis([0, -0.01, -0.02, -0.03])
    near.x_axis([-3, 0])
    near.through([(-3, relu(-3)), (0, relu(0))], stroke="edge", dash="5 4", width=2)
    near.through([(-3, leaky_relu(-3)), (0, leaky_relu(0))], name="leaky-relu-near", width=3)
    near.note((-1.45, -0.0205), "slope\n0.01", fill="accent", by=(8, 22), anchor="start")
    near.note((-1.5, 0), "ReLU", by=(0, -11), anchor="middle", fill="quiet")
    canvas.label(286, 20, "z < 0, magnified", fill="quiet", size=16)
    canvas.label(346, 194, "z")
    return canvas.svg()


FIGURES = {"sigmoid": draw_sigmoid, "tanh": draw_tanh, "relu": draw_relu, "leaky-relu": draw_leaky_relu}
