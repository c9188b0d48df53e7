"""Activation functions beside each other."""

import math
from collections.abc import Callable

from flashcards.decks.figures.axes import Axes, Linear
from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.formulas import gelu, leaky_relu, prelu, relu, sigmoid, silu, softplus
from flashcards.decks.figures.palette import Colour


def draw_activations_compared() -> str:
    """Return sigmoid, tanh, ReLU and leaky ReLU in four frames of the same scale, with equal units each way."""
    canvas = Canvas(
        360,
        300,
        "Four activation functions on the same scale",
        "The sigmoid stays between 0 and 1 and tanh between −1 and 1: both flatten at both ends. ReLU is 0 for "
        "negative z and leaky ReLU very slightly below 0; both rise without limit for positive z.",
    )
    shown: list[tuple[str, Callable[[float], float], float, Colour]] = [
        ("sigmoid", sigmoid, 3, "accent"),
        ("tanh", math.tanh, 3, "easy"),
        ("ReLU", relu, 2, "good"),
        ("leaky ReLU", leaky_relu, 2, "hard"),
    ]
    for place, (name, function, end, stroke) in enumerate(shown):
        left, top = 34 + 176 * (place % 2), 34 + 146 * (place // 2)
        axes = Axes(canvas, left, top, 138, 96, Linear(-3, 3), Linear(-1.1, 2.1))
        for level in (-1, 1, 2):
            axes.guide((-3, level), (3, level), stroke="line", width=1, dash="")
        axes.guide((0, -1.1), (0, 2.1), stroke="line", width=1, dash="")
        axes.y_axis([-1, 0, 1, 2])
        axes.x_axis([], at=0)
        axes.plot(function, -3, end, name=name, stroke=stroke, width=3)
        canvas.text(left + 69, top - 17, name, fill=stroke, bold=True)
        if place >= 2:
            for z in (-3, 0, 3):
                canvas.text(axes.at(z, 0)[0], top + 110, f"{z}".replace("-", "−"), size=14, fill="quiet")
    return canvas.svg()


def draw_gelu_swish() -> str:
    """Return GELU and SiLU beside ReLU (`formulas.gelu`, `silu`, `relu`)."""
    canvas = Canvas(
        360,
        286,
        "GELU and SiLU beside ReLU",
        "ReLU has a corner at 0. GELU and SiLU (Swish) follow it with the corner rounded: both dip below 0 for "
        "negative z, GELU to −0.17 near z = −0.75, SiLU to −0.28 near z = −1.28, and come near z for large z.",
    )
    axes = Axes(canvas, 46, 16, 290, 230, Linear(-4, 2), Linear(-0.5, 1.6))
    axes.guide((0, -0.5), (0, 1.6), stroke="line", width=1, dash="")
    axes.guide((-4, 0), (2, 0), stroke="edge", width=1, dash="")
    axes.y_axis([0, 0.5, 1, 1.5])
    axes.x_axis([-4, -2, 0, 2], "z")
    axes.through([(-4, 0), (0, 0), (1.6, 1.6)], name="relu", stroke="quiet", width=2, dash="6 5")
    axes.plot(silu, -4, 1.9, name="silu", stroke="good", width=3)
    axes.plot(gelu, -4, 1.7, name="gelu", width=3)
    axes.note((1.25, 1.25), "ReLU", by=(-12, -6), anchor="end", fill="quiet")
    axes.note((-1.75, 0.42), "GELU(z) = z Φ(z)", anchor="middle", math=True, fill="accent")
    canvas.arrow(*axes.at(-1.2, 0.33), *axes.at(-0.75, gelu(-0.75) + 0.04), stroke="accent", head=7)
    axes.note((1.5, 0.24), "SiLU(z)\n= z σ(z)", anchor="middle", math=True, fill="good")
    axes.note((-1.28, -0.28), "−0.28", by=(0, 13), anchor="middle", fill="good")
    return canvas.svg()


def draw_softplus_relu() -> str:
    """Return softplus above ReLU (`formulas.softplus`, `relu`)."""
    canvas = Canvas(
        360,
        268,
        "Softplus beside ReLU",
        "Softplus, log(1 + e^z), is a smooth curve above ReLU: near 0 for very negative z, near z for large z, and "
        "log 2 ≈ 0.69 at z = 0, where ReLU has its corner.",
    )
    axes = Axes(canvas, 32, 16, 300, 212, Linear(-4, 4), Linear(0, 4.1))
    axes.y_axis([0, 1, 2, 3, 4])
    axes.x_axis([-4, -2, 0, 2, 4], "z")
    axes.through([(-4, 0), (0, 0), (4, 4)], name="relu", stroke="quiet", width=2, dash="6 5")
    axes.plot(softplus, -4, 4, name="softplus", width=3)
    axes.dot(0, softplus(0))
    axes.note((0, softplus(0)), "log 2 ≈ 0.69", by=(-12, -12), anchor="end", math=True)
    axes.note(
        (2.1, softplus(2.1)), "softplus(z) = log(1 + e^z)", by=(-14, -20), anchor="end", math=True, fill="accent"
    )
    axes.note((2.2, 2.2), "ReLU", by=(14, 16), fill="quiet")
    return canvas.svg()


def draw_prelu() -> str:
    """Return PReLU's negative side for the learned slopes c = 0, 0.25 and 0.5 (`formulas.prelu`)."""
    canvas = Canvas(
        360,
        270,
        "PReLU for three slopes",
        "For positive z all three curves are the line z. For negative z they are straight lines of the slopes 0, 0.25 "
        "and 0.5: with slope 0 it is ReLU, and training decides which slope it becomes.",
    )
    axes = Axes(canvas, 34, 14, 292, 242, Linear(-4, 2.2), Linear(-2.4, 2.2))
    axes.guide((0, -2.4), (0, 2.2), stroke="line", width=1, dash="")
    axes.y_axis([-2, -1, 0, 1, 2])
    axes.x_axis([(-4, ""), (-2, ""), (2, "2")], "z", at=0)
    shown: list[tuple[float, Colour]] = [(0.5, "again"), (0.25, "accent"), (0, "good")]
    for slope, stroke in shown:
        axes.through([(-4, prelu(-4, slope)), (0, 0)], name=f"prelu-{slope:g}", stroke=stroke, width=3)
    axes.through([(0, 0), (2.2, 2.2)], name="prelu-positive", stroke="ink", width=3)
    axes.note((-4, 0), "c = 0: ReLU", by=(8, -15), math=True, fill="good", bold=True)
    axes.note((-4, -0.36), "c = 0.25", by=(8, 0), math=True, fill="accent", bold=True)
    axes.note((-3.1, -1.55), "c = 0.5", by=(10, 18), math=True, fill="again", bold=True)
    axes.note((1.35, 1.35), "z", by=(-14, -8), math=True, anchor="end", bold=True)
    axes.note((0.15, -1.2), "max(0, z) +\nc min(0, z)", math=True)
    return canvas.svg()


FIGURES = {
    "activations-compared": draw_activations_compared,
    "gelu-swish": draw_gelu_swish,
    "prelu": draw_prelu,
    "softplus-relu": draw_softplus_relu,
}
