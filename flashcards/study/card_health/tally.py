"""Answers counted, card by card: how often, how well against what was predicted, how long, by how many.

Only answers to cards past their first steps are held against a prediction: the scheduler predicts them a day or more
ahead. The gap is the share recalled less the share predicted. Its standard error is that of a sum of independent
answers that come true as predicted, √Σp(1 − p) / n.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, FloatField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Least

from flashcards.decks.models import Deck
from flashcards.study.models import Rating, Review, State

Z = 1.96
LONGEST_MS = 60_000
"""A learner who went away is counted with a minute."""
LEAST_ELSEWHERE = 20
"""Predicted answers to other cards that a learner has to have before they say something about how well they know."""


@dataclass(slots=True)
class Tally:
    """Sums over the answers to one card; `asked` are those that were predicted, `spread` is Σp(1 − p)."""

    reviews: int = 0
    again: int = 0
    asked: int = 0
    recalled: int = 0
    predicted: float = 0.0
    spread: float = 0.0
    milliseconds: int = 0
    learners: int = 0

    def add(self, other: "Tally") -> None:
        """Count the answers of `other` as well; its learners are others."""
        self.reviews += other.reviews
        self.again += other.again
        self.asked += other.asked
        self.recalled += other.recalled
        self.predicted += other.predicted
        self.spread += other.spread
        self.milliseconds += other.milliseconds
        self.learners += other.learners

    @property
    def seconds(self) -> float:
        """Seconds an answer took, on average; each counts as a minute at most."""
        return self.milliseconds / self.reviews / 1000 if self.reviews else 0.0

    @property
    def observed(self) -> float:
        """The share of the predicted answers that were recalled, 0 to 1."""
        return self.recalled / self.asked if self.asked else 0.0

    @property
    def expected(self) -> float:
        """The share that was predicted, 0 to 1."""
        return self.predicted / self.asked if self.asked else 0.0

    @property
    def gap(self) -> float:
        """Observed less expected."""
        return self.observed - self.expected

    @property
    def margin(self) -> float:
        """Half the width of the gap's 95 % interval; 1 where nothing was predicted."""
        return Z * math.sqrt(self.spread) / self.asked if self.asked else 1.0


@dataclass(slots=True)
class Card:
    """One card's sums, and how well it tells those who know the material from those who don't.

    `correlation` is Pearson's, over learners, between their gap at this card and their gap at all others; `judges` is
    how many learners it rests on. None below 4.
    """

    tally: Tally
    correlation: float | None = None
    judges: int = 0

    @property
    def at_most(self) -> float:
        """The upper end of the correlation's 95 % interval (Fisher's transformation); 1 where there is none."""
        if self.correlation is None or self.judges < 4:
            return 1.0
        bounded = max(-0.999, min(0.999, self.correlation))
        return math.tanh(math.atanh(bounded) + Z / math.sqrt(self.judges - 3))


@dataclass(frozen=True, slots=True)
class _Part:
    card: int
    user: int
    tally: Tally


def cards_of(deck: Deck, first_day: int) -> dict[int, Card]:
    """Return by card the sums of a deck's reviews since a study day; one query, whatever the deck."""
    parts = [_Part(row[0], row[1], _tally(row[2:])) for row in _rows(deck, first_day)]
    learners: dict[int, Tally] = {}
    cards: dict[int, Card] = {}
    for part in parts:
        learners.setdefault(part.user, Tally()).add(part.tally)
        cards.setdefault(part.card, Card(Tally())).tally.add(part.tally)
    for card, points in _points(parts, learners).items():
        cards[card].judges = len(points)
        cards[card].correlation = correlation(points)
    return cards


def _rows(deck: Deck, first_day: int) -> QuerySet[Review, tuple[int, ...]]:
    reviews = Review.objects.filter(deck=deck, undone_at=None, day__gte=first_day, card__archived_at=None)
    was_predicted = Q(state_before=State.REVIEW, recall__isnull=False)
    zero = Value(0.0, output_field=FloatField())
    return (
        reviews.order_by()
        .values_list("card_id", "user_id")
        .annotate(
            reviews=Count("pk"),
            again=Count("pk", filter=Q(rating=Rating.AGAIN)),
            asked=Count("pk", filter=was_predicted),
            recalled=Count("pk", filter=was_predicted & Q(rating__gt=Rating.AGAIN)),
            predicted=Coalesce(Sum("recall", filter=was_predicted), zero),
            spread=Coalesce(Sum(F("recall") * (1 - F("recall")), filter=was_predicted), zero),
            milliseconds=Sum(Least("duration_ms", Value(LONGEST_MS))),
        )
    )


def _tally(values: Iterable[int | float]) -> Tally:
    reviews, again, asked, recalled, predicted, spread, milliseconds = values
    return Tally(int(reviews), int(again), int(asked), int(recalled), predicted, spread, int(milliseconds), learners=1)


def _points(parts: list[_Part], learners: dict[int, Tally]) -> dict[int, list[tuple[float, float]]]:
    """Return by card, for each learner who can be judged by the other cards, the gap there and the gap here."""
    points: dict[int, list[tuple[float, float]]] = {}
    for part in parts:
        here, everywhere = part.tally, learners[part.user]
        elsewhere = everywhere.asked - here.asked
        if here.asked and elsewhere >= LEAST_ELSEWHERE:
            there = (everywhere.recalled - here.recalled - everywhere.predicted + here.predicted) / elsewhere
            points.setdefault(part.card, []).append((there, here.gap))
    return points


def correlation(points: list[tuple[float, float]]) -> float | None:
    """Return Pearson's correlation of the pairs, −1 to 1; None for fewer than four or where one side never varies."""
    if len(points) < 4:
        return None
    count = len(points)
    mean_x, mean_y = (sum(point[axis] for point in points) / count for axis in (0, 1))
    covered = sum((x - mean_x) * (y - mean_y) for x, y in points)
    square = sum((x - mean_x) ** 2 for x, _ in points) * sum((y - mean_y) ** 2 for _, y in points)
    return covered / math.sqrt(square) if square > 0 else None
