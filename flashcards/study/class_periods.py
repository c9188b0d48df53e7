"""What learners did while they were in a class: nothing from before they came or after they left.

Days of which every moment lies in a membership are read from the sums; what lies around its ends from the reviews.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet, Sum

from flashcards.classes.models import Membership, Role, StudyClass
from flashcards.study.models import CardDay, Rating, Review, State

# Zones reach from 12 hours behind UTC to 14 before it, and a study day begins at noon at the latest.
EARLIEST, LATEST = timedelta(hours=14), timedelta(hours=24)
LAST_DAY = 2**31 - 1
LAPSED = Q(rating=Rating.AGAIN, state_before=State.REVIEW)
OF_DAYS = {"count": Sum("reviews"), "forgotten": Sum("lapses"), "spent": Sum("duration_ms")}
OF_REVIEWS = {"count": Count("pk"), "forgotten": Count("pk", filter=LAPSED), "spent": Sum("duration_ms")}


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: reviews, lapses, milliseconds."""

    reviews: int = 0
    lapses: int = 0
    duration_ms: int = 0

    def __add__(self, other: "Done") -> "Done":
        return Done(self.reviews + other.reviews, self.lapses + other.lapses, self.duration_ms + other.duration_ms)


@dataclass(frozen=True, slots=True)
class Period:
    """A membership's time: `begins` belongs to it, `ends` (None: it goes on) does not."""

    begins: datetime
    ends: datetime | None

    def holds(self, moment: datetime) -> bool:
        """Return whether a moment lies in the period."""
        return self.begins <= moment and (self.ends is None or moment < self.ends)

    @property
    def whole_days(self) -> range:
        """The study days all of which lies in the period, whatever the learner's time zone was."""
        last = (self.ends - LATEST).toordinal() if self.ends else LAST_DAY
        return range((self.begins + EARLIEST).toordinal() + 1, last)

    def edges(self, since: int) -> list[range]:
        """Return the study days from `since` on that may lie in the period in part."""
        whole = self.whole_days
        days = [range(max(since, (self.begins - LATEST).toordinal()), whole.start)]
        if self.ends:
            days.append(range(max(since, whole.start, whole.stop), (self.ends + EARLIEST).toordinal() + 1))
        return [each for each in days if each]


def periods_of(study_class: StudyClass, users: Collection[int], shared_at: datetime) -> dict[int, list[Period]]:
    """Return the times since `shared_at` in which these learners were students of the class; one query."""
    rows = Membership.objects.filter(study_class=study_class, role=Role.STUDENT, user__in=users)
    periods: dict[int, list[Period]] = {user: [] for user in users}
    for user, joined, left in rows.values_list("user_id", "joined_at", "left_at"):
        if left is None or left > shared_at:
            periods[user].append(Period(max(joined, shared_at), left))
    return periods


def done_by_day(
    periods: Mapping[int, list[Period]], deck: int, since: int = 0, *, last: Mapping[int, int] | None = None
) -> dict[int, dict[int, Done]]:
    """Return by learner and study day what each did in the deck, from `since` on; at most two queries.

    `last` says when they last studied it, in a period or not: where that day lies in one only in part, what was done
    in the period on it and on others at its ends is told too, however long ago.
    """
    done: dict[int, dict[int, Done]] = {user: {} for user in periods}
    days = CardDay.objects.filter(user__in=list(periods), deck=deck, day__gte=since)
    for user, day, *sums in days.values_list("user_id", "day").annotate(**OF_DAYS):
        if is_whole(periods[user], day):
            done[user][day] = Done(*sums)
    unsure = {user for user, day in (last or {}).items() if not is_whole(periods[user], day)}
    wanted = _edge_condition(periods, {user: 0 if user in unsure else since for user in periods})
    if wanted is not None:
        for user, day, *sums in _edge_reviews(wanted, deck).values_list("user_id", "day").annotate(**OF_REVIEWS):
            done[user].setdefault(day, Done(*sums))
    return done


def is_whole(periods: list[Period], day: int) -> bool:
    """Return whether all of a study day lies in one of the periods."""
    return any(day in period.whole_days for period in periods)


def done_by_card(user: int, periods: list[Period], deck: int) -> dict[int, Done]:
    """Return by card what one learner did in the deck; at most two queries."""
    done: dict[int, Done] = defaultdict(Done)
    whole = [
        Q(day__gte=period.whole_days.start, day__lt=period.whole_days.stop) for period in periods if period.whole_days
    ]
    if whole:
        days = CardDay.objects.filter(reduce(or_, whole), user=user, deck=deck)
        for card, *sums in days.values_list("card_id").annotate(**OF_DAYS):
            done[card] = Done(*sums)
    wanted = _edge_condition({user: periods}, {user: 0})
    if wanted is not None:
        for card, *sums in _edge_reviews(wanted, deck).values_list("card_id").annotate(**OF_REVIEWS):
            done[card] += Done(*sums)
    return dict(done)


def _edge_condition(periods: Mapping[int, list[Period]], since: Mapping[int, int]) -> Q | None:
    """Return the condition on reviews at the ends of the periods; None if all of these days lie before `since`."""
    found = [
        Q(user=user, day__gte=days.start, day__lt=days.stop, answered_at__gte=period.begins)
        & (Q(answered_at__lt=period.ends) if period.ends else Q())
        for user, all_periods in periods.items()
        for period in all_periods
        for days in period.edges(since[user])
    ]
    return reduce(or_, found) if found else None


def _edge_reviews(wanted: Q, deck: int) -> QuerySet[Review]:
    return Review.objects.filter(wanted, deck=deck, undone_at=None)
