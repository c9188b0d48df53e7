"""A learner's plan and forecast for an assignment that aims at its exam day: `aiming`, fed from what is stored."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from flashcards.study import queue
from flashcards.study.aiming import Aim, Held, Pace, within
from flashcards.study.days import Moment
from flashcards.study.models import Assignment, Budget, DeckOptions, Rating, Review, State
from flashcards.study.options import policy_of
from flashcards.study.predicting import forgetting
from flashcards.study.queue import Entry, Scope

USUAL_MINUTES = 12
USUAL_PACE = Pace(review=12.0, again=12.0, new=40.0)
USUAL_WEIGHT = 20
"""The usual pace counts as much as so many answers of the learner's own."""
PACE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card that may be asked today: why it would be in a plan, its topic and its note."""

    entry: Entry
    topic: int
    note: int


def is_aimed(assignment: Assignment, day: int) -> bool:
    """Whether sessions of the assignment aim at its exam day on the learner's study day `day`."""
    return assignment.is_exam and day <= assignment.due_on.toordinal()


def minutes_of(user_id: int, assignments: Collection[int]) -> dict[int, int]:
    """Return the minutes a day that the learner has for each assignment; the usual ones where they said none."""
    said = dict(Budget.objects.filter(user=user_id, assignment__in=assignments).values_list("assignment", "minutes"))
    return {pk: said.get(pk, USUAL_MINUTES) for pk in assignments}


def pace_of(user_id: int, day: int, decks: Collection[int]) -> dict[int, Pace]:
    """Return how quickly the learner answers in each deck, by their last thirty days and what is usual."""
    answers = Review.objects.filter(user=user_id, day__gt=day - PACE_DAYS, deck__in=decks, undone_at=None).order_by()
    spent: dict[tuple[int, int], tuple[float, int, int]] = {}
    rows = answers.values_list("deck", "state_before").annotate(
        Sum("duration_ms"), Count("pk"), again=Count("pk", filter=Q(rating=Rating.AGAIN))
    )
    for deck, state, duration_ms, number, again in rows:
        spent[deck, state] = (duration_ms / 1000, number, again)
    return {deck: _pace(deck, spent) for deck in decks}


def _pace(deck: int, spent: dict[tuple[int, int], tuple[float, int, int]]) -> Pace:
    none = (0.0, 0, 0)
    new, news, _ = spent.get((deck, State.NEW), none)
    steps = spent.get((deck, State.LEARNING), none)[0]
    reviewed, reviews, lapses = spent.get((deck, State.REVIEW), none)
    again = spent.get((deck, State.RELEARNING), none)[0]
    return Pace(
        review=_blended(USUAL_PACE.review, reviewed, reviews),
        again=_blended(USUAL_PACE.again, again, lapses),
        new=_blended(USUAL_PACE.new, new + steps, news),
    )


def _blended(usual: float, spent: float, number: int) -> float:
    return (usual * USUAL_WEIGHT + spent) / (USUAL_WEIGHT + number)


def make_plan(
    assignment: Assignment, scope: Scope, options: DeckOptions, moment: Moment, *, extra_new: int, ahead: int
) -> list[tuple[int, int]]:
    """Return what today's session of the assignment asks, as `queue.make_plan` does.

    What counts is what is left of the learner's minutes, not the deck's limits. Cards of a note that is asked already
    come last.
    """
    pace = pace_of(scope.user_id, moment.day, [scope.deck_id])[scope.deck_id]
    budget = 60.0 * minutes_of(scope.user_id, [assignment.pk])[assignment.pk]
    left = budget - _spent(scope, moment.day) - pace.again * len(queue.learning(scope, moment.day))
    held, candidates = _candidates(scope, moment.day)
    aim = Aim(assignment.due_on.toordinal(), pace, forgetting(policy_of(options.preset_id).parameters))
    asked = queue.allowance(options, moment.day).notes
    seen = set(asked)
    first: list[tuple[Held, float]] = []
    siblings: list[tuple[Held, float]] = []
    for ranked in aim.ranking(held, moment.day, budget):
        note = candidates[ranked[0].card].note
        (siblings if note in seen else first).append(ranked)
        seen.add(note)
    picked = [one.card for one in within(first + siblings, left)]
    apart, together = picked[: len(first)], picked[len(first) :]
    entries = queue.mix([(card, candidates[card].topic, candidates[card].entry) for card in apart])
    entries += [(card, int(candidates[card].entry)) for card in together]
    planned = {candidates[card].note for card in picked}
    return entries + queue.extras(scope, moment, planned | asked, extra_new, ahead)


def _spent(scope: Scope, day: int) -> float:
    """Return the seconds that the learner spent today on cards of the scope."""
    today = Review.objects.filter(scope.on("card__"), user=scope.user_id, day=day, deck=scope.deck_id, undone_at=None)
    return (today.aggregate(spent=Sum("duration_ms"))["spent"] or 0) / 1000


def _candidates(scope: Scope, day: int) -> tuple[list[Held], dict[int, Candidate]]:
    """Return what may be asked on `day`: seen cards that are neither in steps nor asked today, then new ones."""
    held, found = [], {}
    seen = queue.active(scope, day).filter(due_at=None).exclude(state=State.NEW).order_by("card_id")
    in_review = Q(state=State.REVIEW) & ~Q(last_day=day)
    rows = seen.filter(Q(due_day__lte=day) | in_review).values_list(
        "card_id", "stability", "difficulty", "last_day", "due_day", "card__topic_id", "note_id"
    )
    for card, stability, difficulty, last_day, due_day, topic, note in rows:
        held.append(Held(card, stability, difficulty or 5.0, last_day or day))
        found[card] = Candidate(Entry.REVIEW if (due_day or 0) <= day else Entry.AHEAD, topic, note)
    for card, topic, note in queue.unseen(scope, day).values_list("pk", "topic_id", "note_id"):
        held.append(Held(card))
        found[card] = Candidate(Entry.NEW, topic, note)
    return held, found
