"""Quantities in the course of training: cost, gradient, learning rate, running averages."""

import math

from flashcards.decks.figures.axes import Axes, Linear, Log
from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.formulas import (
    exponential_decay,
    inverse_time_decay,
    running_average,
    warm_up_cosine,
)
from flashcards.decks.figures.palette import Colour


def draw_learning_rates() -> str:
    """Return J = ½ h θ² over the steps of θ ← (1 − α h) θ for α h = 0.03, 0.5 and 2.1, as shares of the first J."""
    canvas = Canvas(
        360,
        286,
        "The cost over the steps for three learning rates",
        "Computed on a parabola. A rate that is too small lets the cost fall very slowly, a good one to almost 0 "
        "within five steps; with one that is too large the cost grows from step to step.",
    )
    axes = Axes(canvas, 30, 34, 318, 204, Linear(0, 12), Linear(0, 3.2))
    axes.y_axis([0, 1, 2, 3], words="cost J (at the start 1)")
    axes.x_axis([0, 4, 8, 12], words="steps")
    shown: list[tuple[float, str, Colour]] = [
        (0.03, "too-small", "hard"),
        (0.5, "right", "good"),
        (2.1, "too-large", "again"),
    ]
    for product, name, stroke in shown:
        costs = [(step, (1 - product) ** (2 * step)) for step in range(13)]
        inside = [(step, cost) for step, cost in costs if cost <= 3.2]
        axes.through(inside, name=name, stroke=stroke, dots=3)
    axes.note((5.6, 2.5), "α too large: it grows", by=(2, 0), fill="again", bold=True)
    axes.note((6.3, 0.69), "α too small", by=(0, -20), fill="hard", bold=True)
    axes.note((4.4, 0.12), "α about right", by=(0, -8), fill="good", bold=True)
    return canvas.svg()


def draw_decay() -> str:
    """Return three schedules: `formulas.inverse_time_decay`, `exponential_decay` and `warm_up_cosine`."""
    canvas = Canvas(
        360,
        286,
        "Three schedules of the learning rate over 40 epochs",
        "The rate as a share of its greatest value. Inverse-time decay with k = 1 drops steeply and then flattens. "
        "Exponential decay with the base 0.95 loses 5 per cent in every epoch. Warm-up rises from 0 for 4 epochs, "
        "then a cosine falls to 0.",
    )
    axes = Axes(canvas, 38, 34, 310, 204, Linear(0, 40), Linear(0, 1))
    axes.y_axis([0, 0.5, 1], words="learning rate, as a share of the greatest")
    axes.x_axis([0, 10, 20, 30, 40], words="epoch e")
    axes.plot(exponential_decay, 0, 40, name="exponential", stroke="good")
    axes.plot(inverse_time_decay, 0, 40, name="inverse-time", stroke="hard")
    axes.through([(0, 0), (4, 1)], name="warm-up")
    axes.plot(warm_up_cosine, 4, 40, name="cosine")
    axes.note((18, warm_up_cosine(18)), "warm-up, cosine", by=(10, -10), fill="accent", bold=True)
    axes.note((13.6, 0.4), "0.95^e", by=(-14, 12), math=True, fill="good", bold=True, anchor="end")
    axes.note((3.2, 0.15), "1/(1 + e)", by=(38, -1), math=True, fill="hard", bold=True)
    return canvas.svg()


def draw_vanishing() -> str:
    """Return the products f^l of l equal factors for f = 1.2, 1, 0.9, 0.5 and 0.25 on a logarithmic axis."""
    canvas = Canvas(
        360,
        312,
        "A product of equal factors over the number of layers",
        "Logarithmic y axis. From 1 the product stays level for the factor 1, rises for 1.2, and falls in straight "
        "lines for factors below 1: after 10 layers 0.25 gives about one millionth, after 20 about 10⁻¹².",
    )
    axes = Axes(canvas, 56, 38, 250, 228, Linear(0, 20), Log(1e-12, 1e3))
    axes.y_axis(
        [(1e3, "10^3"), (1, "1"), (1e-3, "10^{−3}"), (1e-6, "10^{−6}"), (1e-9, "10^{−9}"), (1e-12, "10^{−12}")],
        words="product of the factors",
        grid=True,
    )
    axes.x_axis([0, 5, 10, 15, 20], words="layers")
    for factor in (1.2, 1.0, 0.9, 0.5, 0.25):
        stroke: Colour = "again" if factor > 1 else "ink" if factor == 1 else "accent"
        axes.through([(0, 1), (20, factor**20)], name=f"factor-{factor:g}", stroke=stroke)
        axes.note((20, factor**20), f"{factor:g}", by=(8, {1.2: -8, 0.9: 8}.get(factor, 0)), bold=True)
    axes.dot(10, 0.25**10)
    axes.note((10, 0.25**10), "0.25^{10} ≈ 10^{−6}", by=(5, 24), anchor="end", math=True)
    return canvas.svg()


def draw_early_stopping() -> str:
    """Return model curves: J_train = 0.1 + 0.9 e^(−t/8), J_val = 0.25 + 0.75 e^(−t/8) + (t/60)² after t epochs.

    The stop is where the second is least on whole epochs; with a patience of 10, training runs that much longer.
    """
    canvas = Canvas(
        360,
        292,
        "Early stopping",
        "Model curves: the training cost 0.1 + 0.9 exp(−t/8) keeps falling over t epochs; the validation cost "
        "0.25 + 0.75 exp(−t/8) + (t/60)² falls, is least at epoch 18, marked by a dot, and rises again. "
        "Training stops 10 epochs later.",
    )

    def train(epoch: float) -> float:
        return 0.1 + 0.9 * math.exp(-epoch / 8)

    def validation(epoch: float) -> float:
        return 0.25 + 0.75 * math.exp(-epoch / 8) + (epoch / 60) ** 2

    best = min(range(51), key=validation)
    axes = Axes(canvas, 24, 34, 324, 210, Linear(0, 50), Linear(0, 1))
    axes.canvas.rect(*axes.at(best, 1), axes.at(10, 0)[0] - axes.left, 210, fill="quiet-tint")
    axes.y_axis([0, 1], words="cost")
    axes.x_axis([0, 10, (best, f"{best}"), 40, 50], words="epoch")
    axes.plot(train, 0, 50, name="training")
    axes.plot(validation, 0, 50, name="validation", stroke="again")
    axes.guide((best, 0), (best, 1))
    axes.dot(best, validation(best), fill="again", radius=5)
    axes.note((best, 0.83), "keep these\nparameters", by=(-9, -13), anchor="end")
    axes.note((best + 5.3, 0.9), "patience", anchor="middle", halo=False)
    axes.note((42.5, 0.85), "validation", anchor="end", fill="again", bold=True)
    axes.note((36, 0.1), "training", by=(0, -22), fill="accent", bold=True)
    return canvas.svg()


def draw_bias_correction() -> str:
    """Return v_t/g for a constant gradient g with β = 0.9 (`formulas.running_average`), and v_t/(g (1 − 0.9^t))."""
    canvas = Canvas(
        360,
        280,
        "The running average of a constant gradient, with and without bias correction",
        "Without correction the average starts at a tenth of the gradient and climbs to it over about 40 steps. With "
        "the correction, divided by 1 − 0.9^t, it is the gradient itself from the first step.",
    )
    steps = range(1, 41)
    plain = running_average([1.0] * 40, 0.9)
    axes = Axes(canvas, 36, 34, 312, 198, Linear(0, 40), Linear(0, 1.15))
    axes.y_axis([0, 0.5, 1], words="average, as a share of the gradient")
    axes.x_axis([0, 10, 20, 30, 40], words="step t")
    axes.through(zip(steps, plain, strict=True), name="uncorrected", stroke="again", dots=2.5)
    axes.through(
        [(step, value / (1 - 0.9**step)) for step, value in zip(steps, plain, strict=True)],
        name="corrected",
        stroke="good",
        dots=2.5,
    )
    axes.note((9, 1), "corrected:  v_t/(1 − β^t)", by=(0, -20), math=True, fill="good", bold=True)
    axes.note((10, plain[9]), "uncorrected:  v_t", by=(10, 20), math=True, fill="again", bold=True)
    axes.note((1, 0.1), "0.1", by=(9, 3), fill="again")
    return canvas.svg()


FIGURES = {
    "learning-rates": draw_learning_rates,
    "lr-decay": draw_decay,
    "gradient-vanishing": draw_vanishing,
    "early-stopping": draw_early_stopping,
    "bias-correction": draw_bias_correction,
}
