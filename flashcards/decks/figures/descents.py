"""Gradient descent, really computed: the paths that the figures draw."""

import math
import random
from collections.abc import Callable, Sequence

from flashcards.decks.figures.geometry import Point

type Gradient = Callable[[Point], Point]


def quadratic_cost(curvature: Point, at: Point) -> float:
    """Return J = ½ (h₁ x² + h₂ y²), whose minimum is 0 at the origin."""
    return (curvature[0] * at[0] ** 2 + curvature[1] * at[1] ** 2) / 2


def quadratic_gradient(curvature: Point) -> Gradient:
    """Return the gradient (h₁ x, h₂ y) of that cost."""
    return lambda at: (curvature[0] * at[0], curvature[1] * at[1])


def descend(gradient: Gradient, start: Point, rate: float, steps: int, keep: float = 0) -> list[Point]:
    """Return start and the points after each step θ ← θ − α v, with v ← β v + (1 − β) g and β = `keep`.

    With β = 0 that is plain gradient descent.
    """
    path, average = [start], (0.0, 0.0)
    for _ in range(steps):
        slope = gradient(path[-1])
        average = (keep * average[0] + (1 - keep) * slope[0], keep * average[1] + (1 - keep) * slope[1])
        path.append((path[-1][0] - rate * average[0], path[-1][1] - rate * average[1]))
    return path


def steps_until(path: Sequence[Point], cost: Callable[[Point], float], share: float) -> int:
    """Return after how many steps the cost is at most `share` of the first, and stays there."""
    limit = share * cost(path[0])
    return max(step for step, point in enumerate(path) if cost(point) > limit) + 1


class Line:
    """Fitting y = w x + b to 64 noisy points of a line, by least squares: a cost that is a sum over examples.

    The points come from a seeded generator, so that every run draws the same. Parameters are (w, b).
    """

    def __init__(self) -> None:
        chance = random.Random(7)  # noqa: S311 - a picture's noise
        self._examples: list[Point] = []
        for _ in range(64):
            x = 2 * chance.random() - 1
            noise = sum(chance.random() for _ in range(6)) - 3  # near enough to a normal one
            self._examples.append((x, 1.2 * x + 0.8 * noise))
        self.minimum = self._least_squares()

    def cost(self, at: Point) -> float:
        """Return J, half the mean squared error over all examples."""
        return sum((at[0] * x + at[1] - y) ** 2 for x, y in self._examples) / (2 * len(self._examples))

    def descend(self, start: Point, rate: float, steps: int, batch: int) -> list[Point]:
        """Return the points of mini-batch descent, `batch` examples a step, shuffled anew in each epoch."""
        chance = random.Random(11)  # noqa: S311 - a picture's noise
        order: list[Point] = []
        path = [start]
        for _ in range(steps):
            if len(order) < batch:
                order = sorted(self._examples)
                chance.shuffle(order)
            taken, order = order[:batch], order[batch:]
            w, b = path[-1]
            wrong = [(w * x + b - y, x) for x, y in taken]
            path.append(
                (
                    w - rate * sum(error * x for error, x in wrong) / batch,
                    b - rate * sum(error for error, _ in wrong) / batch,
                )
            )
        return path

    def _least_squares(self) -> Point:
        count = len(self._examples)
        mx = math.fsum(x for x, _ in self._examples) / count
        my = math.fsum(y for _, y in self._examples) / count
        spread = math.fsum((x - mx) ** 2 for x, _ in self._examples)
        w = math.fsum((x - mx) * (y - my) for x, y in self._examples) / spread
        return w, my - w * mx
