"""What a review to come would leave of a memory: the formulas of FSRS-6, bare, for thousands of them a page.

`scheduling` decides what a review that was made leaves, through the `fsrs` package; a test holds these to give the
same. A review is Good or Again here; a card that was forgotten, or is new, also goes through its steps the same day.
"""

import math
from functools import lru_cache

SHORTEST = 0.001
FORGOTTEN_AT_FIRST = 0.2
"""How often a card met for the first time is answered with Again."""

Trace = tuple[float, float]
"""Stability in days, and difficulty from 1 to 10."""


class Forgetting:
    """The memory model with one set of 21 weights."""

    def __init__(self, parameters: tuple[float, ...]) -> None:
        self.weights = w = parameters
        self._decay = -w[20]
        self._factor = 0.9 ** (1 / self._decay) - 1
        self._growth = math.exp(w[8])
        self._one_step = math.exp(w[17] * w[18])
        self._easiest = w[4] - math.exp(w[5] * 3) + 1

    def recall(self, days: float, stability: float) -> float:
        """Return the recall (0 to 1) `days` after a review that left `stability`."""
        return float((1 + self._factor * days / stability) ** self._decay)

    def stability_for(self, recall: float, days: float) -> float:
        """Return the stability with which recall is `recall` (between 0 and 1) after `days`: `recall` turned round."""
        return float(max(SHORTEST, self._factor * days / (recall ** (1 / self._decay) - 1)))

    def passed(self, stability: float, difficulty: float, recall: float) -> Trace:
        """Return the trace after Good on a later day, at which recall was `recall`."""
        return self._grown(stability, difficulty, recall), self._eased(difficulty, 0)

    def failed(self, stability: float, difficulty: float, recall: float) -> Trace:
        """Return the trace after Again on a later day, at which recall was `recall`, and Good in the step after it."""
        left = self._left(stability, difficulty, recall)
        return left, self._eased(self._eased(difficulty, -2), 0)

    def recall_if_asked(self, stability: float, difficulty: float, days: float, days_after: float) -> float:
        """Return the recall to be expected `days_after` a review that comes `days` after the last one."""
        recall = self.recall(days, stability)
        passed = self.recall(days_after, self._grown(stability, difficulty, recall))
        failed = self.recall(days_after, self._left(stability, difficulty, recall))
        return float(recall * passed + (1 - recall) * failed)

    def met(self, *, passed: bool) -> Trace:
        """Return the trace after a card's first day: Good twice, or Again and then Good twice."""
        rating = 3 if passed else 1
        w = self.weights
        stability = max(SHORTEST, w[rating - 1])
        difficulty = min(10.0, max(1.0, w[4] - math.exp(w[5] * (rating - 1)) + 1))
        for _ in range(1 if passed else 2):
            stability, difficulty = self._same_day(stability), self._eased(difficulty, 0)
        return stability, difficulty

    def _grown(self, stability: float, difficulty: float, recall: float) -> float:
        w = self.weights
        gain = math.exp((1 - recall) * w[10]) - 1
        return float(stability * (1 + self._growth * (11 - difficulty) * stability ** -w[9] * gain))

    def _left(self, stability: float, difficulty: float, recall: float) -> float:
        """Return the stability after a card was forgotten, and recalled once more the same day."""
        w = self.weights
        left = w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * math.exp((1 - recall) * w[14])
        return self._same_day(max(SHORTEST, min(float(left), stability / self._one_step)))

    def _same_day(self, stability: float) -> float:
        return float(max(SHORTEST, stability * max(1.0, self._one_step * stability ** -self.weights[19])))

    def _eased(self, difficulty: float, better: int) -> float:
        """Return the difficulty after a rating that is `better` than Good."""
        w = self.weights
        moved = difficulty - w[6] * better * (10 - difficulty) / 9
        return min(10.0, max(1.0, w[7] * self._easiest + (1 - w[7]) * moved))


@lru_cache(maxsize=64)
def forgetting(parameters: tuple[float, ...]) -> Forgetting:
    """Return the model with these weights."""
    return Forgetting(parameters)
