"""Whether and when students reached the goal of an assignment, worked out from the log as it was on the due day.

Every card seen: on the day on which the last of them was first met. Recalled: on the first day after whose reviews the
recall predicted for the due day was 90 % or more over all cards, if it still is after the due day's.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from flashcards.classes.models import StudyClass
from flashcards.decks.models import ClassDeck
from flashcards.study.assignment_lines import GOAL_RECALL, cards_of
from flashcards.study.class_periods import Period, periods_of
from flashcards.study.models import Assignment, DeckOptions, Review
from flashcards.study.options import DEFAULT_POLICY
from flashcards.study.predicting import Forgetting, forgetting

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Target:
    """An assignment with its cards that are asked."""

    assignment: Assignment
    cards: frozenset[int]


@dataclass(slots=True)
class _Course:
    """One student on the way to one target: what each card met is recalled with on the due day."""

    target: Target
    model: Forgetting
    recall: dict[int, float] = field(default_factory=dict)
    total: float = 0.0
    reached_on: int | None = None

    def review(self, card: int, day: int, stability: float) -> None:
        """Take in one more review."""
        ahead = max(0, self.target.assignment.due_on.toordinal() - day)
        recall = self.model.recall(ahead, stability)
        self.total += recall - self.recall.get(card, 0.0)
        self.recall[card] = recall

    def end_day(self, day: int) -> None:
        """Say whether the goal is reached after the reviews of a day."""
        if not self._is_reached():
            self.reached_on = None
        elif self.reached_on is None:
            self.reached_on = day

    def _is_reached(self) -> bool:
        cards = len(self.target.cards)
        if self.target.assignment.goal == Assignment.Goal.SEEN:
            return len(self.recall) == cards
        return self.total >= GOAL_RECALL * cards


def targets_of(assignments: Iterable[Assignment]) -> list[Target]:
    """Return the assignments with their cards; those without any are left out."""
    there = list(assignments)
    cards = cards_of(there)
    return [Target(each, frozenset(cards[each.pk])) for each in there if cards[each.pk]]


def reached(
    study_class: StudyClass, targets: Collection[Target], users: Collection[int]
) -> dict[tuple[int, int], int]:
    """Return by student and assignment the study day on which the goal was reached; three queries for each target.

    Only reviews made while in the class count.
    """
    days: dict[tuple[int, int], int] = {}
    shared = dict(ClassDeck.objects.filter(study_class=study_class).values_list("deck", "shared_at"))
    for target in targets:
        if target.assignment.deck_id not in shared:
            continue
        periods = periods_of(study_class, users, shared[target.assignment.deck_id])
        models = _models(target.assignment.deck_id, users)
        usual = forgetting(DEFAULT_POLICY.parameters)
        for user, reviews in groupby(_log(target, periods), key=itemgetter(0)):
            course = _Course(target, models.get(user, usual))
            for day, of_day in groupby(reviews, key=itemgetter(1)):
                for _, _, card, stability in of_day:
                    course.review(card, day, stability)
                course.end_day(day)
            if course.reached_on is not None:
                days[user, target.assignment.pk] = course.reached_on
    return days


def _log(target: Target, periods: Mapping[int, list[Period]]) -> Iterator[tuple[int, int, int, float]]:
    """Return user, day, card and stability of each review in the periods of the target's cards, in order."""
    reviews = Review.objects.filter(
        user__in=list(periods),
        deck=target.assignment.deck_id,
        day__lte=target.assignment.due_on.toordinal(),
        undone_at=None,
    )
    columns = ("user_id", "day", "card_id", "stability", "answered_at")
    rows = reviews.order_by("user_id", "day", "answered_at").values_list(*columns)
    for user, day, card, stability, at in rows.iterator(BATCH):
        if card in target.cards and any(period.holds(at) for period in periods[user]):
            yield user, day, card, stability


def _models(deck: int, users: Collection[int]) -> dict[int, Forgetting]:
    options = DeckOptions.objects.filter(deck=deck, user__in=users)
    return {
        user: forgetting(tuple(parameters)) for user, parameters in options.values_list("user", "preset__parameters")
    }
