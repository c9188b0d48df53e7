"""Losses, and what a classifier's probabilities are worth."""

import math

from flashcards.decks.figures.axes import Axes, Linear
from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.formulas import sigmoid, softmax


def draw_cross_entropy() -> str:
    """Return −log ŷ and −log(1 − ŷ), the two halves of the binary cross-entropy."""
    canvas = Canvas(
        360,
        290,
        "The cross-entropy loss for each label",
        "The loss over the stated probability ŷ. For y = 1 it falls from very large values near ŷ = 0 to 0 at ŷ = 1; "
        "for y = 0 it is the mirror image. At ŷ = 0.9 the two are 0.105 and 2.303, at 0.5 both are 0.693.",
    )
    axes = Axes(canvas, 36, 30, 290, 218, Linear(0, 1), Linear(0, 4.2))
    least = math.exp(-4.2)
    axes.guide((0.9, 0), (0.9, -math.log(0.1)))
    axes.y_axis([0, 1, 2, 3, 4], words="loss")
    axes.x_axis([0, 0.5, 0.9, 1], "ŷ")
    axes.plot(lambda p: -math.log(1 - p), 0, 1 - least, name="label-0", stroke="again", width=3)
    axes.plot(lambda p: -math.log(p), least, 1, name="label-1", width=3)
    axes.dot(0.5, math.log(2), fill="ink")
    axes.dot(0.9, -math.log(0.9))
    axes.dot(0.9, -math.log(0.1), fill="again")
    axes.note((0.1, 3.5), "y = 1:\n−log ŷ", math=True, fill="accent", bold=True)
    axes.note((0.9, 3.5), "y = 0:\n−log(1 − ŷ)", math=True, fill="again", bold=True, anchor="end")
    axes.note((0.9, 2.303), "2.303", by=(-9, -11), anchor="end")
    axes.note((0.5, 0.693), "0.693", by=(0, -18), anchor="middle")
    axes.note((0.9, 0.105), "0.105", by=(-14, -25), anchor="end")
    return canvas.svg()


def draw_loss_gradients() -> str:
    """Return how strongly each loss pulls on z of a sigmoid unit with y = 1: 1 − a, and (1 − a) a (1 − a)."""
    canvas = Canvas(
        360,
        288,
        "How strongly two losses correct a sigmoid output whose label is 1",
        "The size of the gradient over the output a. Cross-entropy's is the straight line 1 − a, largest where the "
        "output is most wrong. The squared error's, a(1 − a)², is 0 at a = 0 and at most "
        "0.15, near a = 1/3.",
    )
    axes = Axes(canvas, 42, 34, 288, 200, Linear(0, 1), Linear(0, 1))
    axes.y_axis([0, 0.5, 1], words="size of the gradient for z, if y = 1")
    axes.x_axis([0, 0.5, 1], "a", words="wrong  ←  output  →  right")
    axes.plot(lambda a: 1 - a, 0, 1, name="cross-entropy-gradient", width=3)
    axes.plot(lambda a: a * (1 - a) ** 2, 0, 1, name="squared-error-gradient", stroke="again", width=3)
    axes.note((0.34, 0.66), "cross-entropy:  1 − a", by=(10, -8), math=True, fill="accent", bold=True)
    axes.note((0.04, 0.34), "squared error:\na(1 − a)^2", math=True, fill="again", bold=True)
    axes.dot(0, 0, fill="again")
    axes.dot(0, 1)
    return canvas.svg()


def draw_softmax_temperature() -> str:
    """Return softmax of the logits (2, 1, 0) at the temperatures ½, 1 and 2 as bars (`formulas.softmax`)."""
    canvas = Canvas(
        360,
        268,
        "Softmax of the logits 2, 1 and 0 at three temperatures",
        "Three groups of bars. At τ = 0.5 the probabilities are 0.87, 0.12 and 0.02; at τ = 1 they are 0.67, 0.24 and "
        "0.09; at τ = 2 they are 0.51, 0.31 and 0.19: the higher the temperature, the more alike.",
    )
    for group, temperature in enumerate((0.5, 1, 2)):
        axes = Axes(canvas, 12 + 118 * group, 34, 100, 156, Linear(0, 3), Linear(0, 1))
        for place, share in enumerate(softmax((2, 1, 0), temperature)):
            x, y = axes.at(place + 0.1, share)
            canvas.rect(x, y, 26.67, axes.bottom - y, fill="accent" if place == 0 else "accent-soft", radius=2)
            canvas.text(x + 13.3, y - 11, f"{share:.2f}", size=14)
        axes.x_axis([(0.5, "2"), (1.5, "1"), (2.5, "0")])
        canvas.label(axes.left + 50, 232, f"τ = {temperature:g}", bold=True)
    canvas.text(180, 256, "below each bar: its logit", fill="quiet")
    return canvas.svg()


def draw_calibration() -> str:
    """Return a reliability diagram of an overconfident classifier.

    Its accuracy at the confidence c is taken as σ(logit(c) / 2), what a sigmoid whose logits are twice too large
    gives: dividing them by τ = 2 would calibrate it (Guo et al. 2017).
    """
    canvas = Canvas(
        360,
        330,
        "Reliability diagram of an overconfident classifier",
        "Bars show the accuracy in five bins of confidence from 0.5 to 1. The diagonal is perfect calibration. Every "
        "bar ends below the diagonal, and the gap is shaded: at a confidence of 0.95 the accuracy is only 0.81.",
    )
    axes = Axes(canvas, 52, 30, 280, 240, Linear(0.5, 1), Linear(0.5, 1))
    axes.y_axis([0.5, 0.6, 0.7, 0.8, 0.9, 1], words="accuracy")
    for bar in range(5):
        confidence = 0.55 + 0.1 * bar
        accuracy = sigmoid(math.log(confidence / (1 - confidence)) / 2)
        left, top = axes.at(confidence - 0.05, accuracy)
        width = axes.at(confidence + 0.05, 0)[0] - left
        ideal = axes.at(0, confidence)[1]
        canvas.rect(left + 4, ideal, width - 8, top - ideal, fill="again-soft", stroke="again", line=1, dash="4 3")
        canvas.rect(left + 4, top, width - 8, axes.bottom - top, fill="accent-soft", stroke="accent", line=1.5)
    axes.through([(0.5, 0.5), (1, 1)], name="calibrated", stroke="ink", width=2, dash="6 5")
    axes.x_axis([0.5, 0.6, 0.7, 0.8, 0.9, 1], words="confidence")
    axes.note((0.75, 0.8), "perfectly\ncalibrated", by=(-14, -12), anchor="end")
    canvas.text(axes.at(0.95, 0)[0], axes.at(0, 0.88)[1], "gap", fill="again", bold=True)
    canvas.text(axes.at(0.95, 0)[0], axes.at(0, 0.788)[1], "0.81", fill="ink")
    return canvas.svg()


FIGURES = {
    "cross-entropy-curve": draw_cross_entropy,
    "loss-gradients": draw_loss_gradients,
    "softmax-temperature": draw_softmax_temperature,
    "calibration-reliability": draw_calibration,
}
