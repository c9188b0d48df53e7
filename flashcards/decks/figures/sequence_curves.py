"""Curves of language models and of diffusion: positions, lengths, scale, noise."""

from flashcards.decks.figures.axes import Axes, Linear, Log
from flashcards.decks.figures.canvas import Canvas
from flashcards.decks.figures.formulas import (
    brevity_penalty,
    cosine_signal,
    linear_signal,
    position_wave,
    reducible_loss,
    scaling_loss,
)
from flashcards.decks.figures.geometry import Point


def draw_brevity_penalty() -> str:
    """Return BLEU's brevity penalty over c/r (`formulas.brevity_penalty`)."""
    canvas = Canvas(
        360,
        278,
        "BLEU's brevity penalty",
        "The factor over the candidate's length, as a share of the reference's. It rises from 0 to 1 "
        "where the lengths are equal, and stays 1 for longer candidates. At 0.5 it is 0.37, at 0.8 it is 0.78.",
    )
    axes = Axes(canvas, 38, 32, 304, 200, Linear(0, 1.5), Linear(0, 1.06))
    axes.guide((1, 0), (1, 1))
    axes.y_axis([0, 0.5, 1], words="brevity penalty")
    axes.x_axis([0, 0.5, 0.8, 1, 1.5], words="c/r,  candidate's length over reference's")
    axes.plot(brevity_penalty, 0.001, 1, name="brevity-penalty", width=3)
    axes.through([(1, 1), (1.5, 1)], name="no-penalty", stroke="good", width=3)
    for ratio in (0.5, 0.8):
        axes.dot(ratio, brevity_penalty(ratio))
    axes.note((0.5, brevity_penalty(0.5)), "0.37", by=(12, 8))
    axes.note((0.8, brevity_penalty(0.8)), "0.78", by=(-10, -9), anchor="end")
    axes.note((0.6, 0.66), "e^{1 − r/c}", anchor="end", math=True, fill="accent", bold=True)
    axes.note((1.25, 1), "1", by=(0, 18), anchor="middle", math=True, fill="good", bold=True)
    return canvas.svg()


def draw_positional_encoding() -> str:
    """Return sin and cos of p ω_i for the pairs i = 0 to 3 of a width d = 16 (`formulas.position_wave`)."""
    canvas = Canvas(
        360,
        372,
        "Sinusoidal position encoding: the first four pairs for a width of 16",
        "Four strips over the positions 0 to 60, each with a sine and a cosine wave. From strip to strip the waves "
        "are about three times longer: the lengths are about 6, 20, 63 and 199 positions.",
    )
    for pair, (frequency, length) in enumerate((("1", "6.3"), ("0.32", "20"), ("0.1", "63"), ("0.032", "199"))):
        axes = Axes(canvas, 34, 28 + 80 * pair, 312, 48, Linear(0, 60), Linear(-1.08, 1.08))
        axes.guide((0, 0), (60, 0), stroke="line", width=1, dash="")
        axes.y_axis([-1, 1])

        def sine(position: float, pair: int = pair) -> float:
            return position_wave(position, pair, 16)

        def cosine(position: float, pair: int = pair) -> float:
            return position_wave(position, pair, 16, cosine=True)

        axes.plot(cosine, 0, 60, name=f"cosine-{pair}", stroke="hard", width=2, dash="5 4")
        axes.plot(sine, 0, 60, name=f"sine-{pair}", width=2)
        canvas.label(34, axes.top - 15, f"i = {pair},  ω = {frequency}", anchor="start")
        canvas.text(346, axes.top - 15, f"wave length {length}", anchor="end", fill="quiet", size=14)
        if pair == 3:
            axes.note((42, cosine(42)), "cos", by=(-2, 10), anchor="end", fill="hard", bold=True)
            axes.note((24, sine(24)), "sin", by=(4, 12), fill="accent", bold=True)
            axes.x_axis([0, 20, 40, 60], words="position p")
    return canvas.svg()


def draw_scaling_law() -> str:
    """Return L(N) = E + A/N^0.34 and the part above E, on logarithmic axes (`formulas.scaling_loss`)."""
    canvas = Canvas(
        360,
        274,
        "A scaling law: the loss over the number of parameters",
        "Hoffmann et al.'s fit with unlimited data. Left, N is logarithmic: the loss falls from 3.4 at ten million "
        "parameters ever more slowly towards the irreducible 1.69. Right, both axes are logarithmic: the loss above "
        "1.69 is a straight line.",
    )
    ticks = [(1e7, "10^7"), (1e9, "10^9"), (1e11, "10^{11}")]
    across = Log(1e7, 3e11)
    left = Axes(canvas, 34, 54, 136, 158, across, Linear(1.3, 3.5))
    left.y_axis([2, 3], grid=True)
    left.guide((1e7, 1.69), (3e11, 1.69))
    left.x_axis(ticks)
    left.through([(n, scaling_loss(n)) for n in _sizes()], name="loss", width=3)
    left.note((1.2e7, 1.69), "E = 1.69", by=(5, 12), math=True)
    right = Axes(canvas, 222, 54, 128, 158, across, Log(0.03, 3))
    right.y_axis([0.03, 0.1, 0.3, 1, 3], grid=True)
    right.x_axis(ticks)
    right.through([(n, reducible_loss(n)) for n in (1e7, 3e11)], name="reducible-loss", stroke="good", width=3)
    right.note((6e8, reducible_loss(6e8)), "A/N^{0.34}", by=(6, -22), math=True, fill="good", bold=True)
    canvas.text(94, 22, "loss", fill="accent", bold=True)
    canvas.text(280, 22, "loss above E", fill="good", bold=True)
    canvas.label(180, 258, "number of parameters N", fill="quiet")
    return canvas.svg()


def draw_noise_schedules() -> str:
    """Return ᾱ over t/T, the share of the image's variance left: `formulas.linear_signal` and `cosine_signal`."""
    canvas = Canvas(
        360,
        286,
        "How much of the image is left in the course of adding noise",
        "Two curves over the share of the steps, from 1 down to 0. The linear schedule is below 0.1 before half the "
        "steps are done and then stays near 0; the cosine schedule falls evenly, about 0.5 half-way.",
    )
    axes = Axes(canvas, 38, 34, 304, 206, Linear(0, 1), Linear(0, 1))
    axes.y_axis([0, 0.5, 1], words="image's share of the variance")
    axes.x_axis([0, 0.5, 1], words="t/T,  share of the noising steps")
    steps: list[Point] = [(step / 1000, linear_signal(step)) for step in range(0, 1001, 10)]
    axes.through(steps, name="linear-signal", stroke="again", width=3)
    axes.plot(cosine_signal, 0, 1, name="cosine-signal", width=3)
    axes.note((0.55, 0.62), "cosine", fill="accent", bold=True)
    axes.note((0.2, 0.3), "linear", by=(-2, 0), anchor="end", fill="again", bold=True)
    return canvas.svg()


def _sizes() -> list[float]:
    """Return numbers of parameters from 10⁷ to 3·10¹¹, close together and evenly in the logarithm."""
    return [1e7 * 3e4 ** (place / 90) for place in range(91)]


FIGURES = {
    "brevity-penalty": draw_brevity_penalty,
    "positional-encoding": draw_positional_encoding,
    "scaling-law": draw_scaling_law,
    "diffusion-noise-schedule": draw_noise_schedules,
}
