"""How a class, or one student, did week by week: small pictures of bars with their numbers, and the same as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from html import escape
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum

from flashcards.classes.models import Membership, Role
from flashcards.lib.days import day_as_date
from flashcards.lib.prepared import Prepared
from flashcards.study import words
from flashcards.study.class_periods import EARLIEST, LATEST, Done
from flashcards.study.class_report.on_track import MINUTE_MS
from flashcards.study.class_report.scope import DAYS_A_WEEK, Scope
from flashcards.study.models import CardDay, ClassCardWeek, Review

SHOWN = 8
PITCH, BAR, TALLEST, HEAD, FOOT = 50, 38, 56, 20, 20

_KNOWN: dict[tuple[object, ...], int] = {}
MOST_KNOWN = 4_096
# By hand: what Django makes of it is the same, but takes it as long as the rest of the page.
_ACTIVE = f"""
    WITH weeks (week, first_day, day_after, begins, ends) AS (VALUES {{weeks}})
    SELECT weeks.week, COUNT(DISTINCT member.user_id) FROM weeks
    JOIN {Membership._meta.db_table} member ON member.study_class_id = %s AND member.role = %s
        AND member.joined_at < weeks.ends AND (member.left_at IS NULL OR member.left_at > weeks.begins)
    WHERE CASE
        WHEN member.joined_at <= weeks.begins AND (member.left_at IS NULL OR member.left_at >= weeks.ends)
            AND weeks.begins >= %s
        THEN EXISTS (
            SELECT 1 FROM {CardDay._meta.db_table} done WHERE done.user_id = member.user_id AND done.deck_id = %s
            AND done.day >= weeks.first_day AND done.day < weeks.day_after)
        ELSE EXISTS (
            SELECT 1 FROM {Review._meta.db_table} review WHERE review.user_id = member.user_id
            AND review.deck_id = %s AND review.undone_at IS NULL
            AND review.day >= weeks.first_day AND review.day < weeks.day_after
            AND review.answered_at >= %s AND review.answered_at >= member.joined_at
            AND (member.left_at IS NULL OR review.answered_at < member.left_at))
    END
    GROUP BY weeks.week
"""  # noqa: S608, SLF001  names of our own tables


@dataclass(frozen=True, slots=True)
class Week:
    """A week: the date of its first day, and what was done in it. `active`: students who studied."""

    label: str
    done: Done
    active: int = 0

    @property
    def minutes(self) -> int:
        """The minutes spent."""
        return round(self.done.duration_ms / MINUTE_MS)

    @property
    def lapse_rate(self) -> float:
        """Lapses by review, 0 to 1."""
        return self.done.lapses / self.done.reviews if self.done.reviews else 0.0

    @property
    def lapse_words(self) -> str:
        """The lapse rate as people read it; a dash where nothing was reviewed."""
        return words.percent(self.lapse_rate) if self.done.reviews else "–"


@dataclass(frozen=True, slots=True)
class Trend:
    """Weeks, the latest last, and a picture for each thing counted: its name and its SVG, whose texts are escaped."""

    weeks: list[Week]
    pictures: list[tuple[str, str]]


def class_trend(scope: Scope) -> Trend:
    """Return how the class did in the last weeks; two queries."""
    numbers = _last_weeks(scope)
    sums = SUMS(scope.study_class.pk, scope.deck.pk, numbers.start)
    done = {week: Done(*rest) for week, *rest in sums}
    active = _active(scope, done)
    weeks = [Week(_label(week), done.get(week, Done()), active.get(week, 0)) for week in numbers]
    return Trend(
        weeks,
        [
            ("Active students", bars("Active students", weeks, [week.active for week in weeks])),
            ("Reviews", bars("Reviews", weeks, [week.done.reviews for week in weeks])),
            ("Minutes", bars("Minutes", weeks, [week.minutes for week in weeks])),
            (
                "Lapse rate, %",
                bars("Lapse rate in percent", weeks, [round(week.lapse_rate * 100) for week in weeks]),
            ),
        ],
    )


def student_trend(scope: Scope, days: Mapping[int, Done]) -> Trend:
    """Return how a student did in the last weeks, from what they did each day."""
    weeks = [
        Week(_label(week), sum((done for day, done in days.items() if day // DAYS_A_WEEK == week), Done()))
        for week in _last_weeks(scope)
    ]
    return Trend(weeks, [("Minutes", bars("Minutes", weeks, [week.minutes for week in weeks]))])


def bars(name: str, weeks: Sequence[Week], values: Sequence[int]) -> str:
    """Return a picture of one bar a week with its number over it."""
    width, most = PITCH * len(weeks), max([1, *values])
    parts = []
    for place, (week, value) in enumerate(zip(weeks, values, strict=True)):
        height = round(value / most * TALLEST)
        x, y = place * PITCH + (PITCH - BAR) // 2, HEAD + TALLEST - height
        middle = place * PITCH + PITCH // 2
        parts.append(
            f'<rect class="chart-bar" x="{x}" y="{y}" width="{BAR}" height="{height}"/>'
            f'<text class="chart-text strong" x="{middle}" y="{y - 5}">{_compact(value)}</text>'
            f'<text class="chart-text" x="{middle}" y="{HEAD + TALLEST + 15}">{escape(week.label)}</text>'
        )
    title = f"{name} by week: " + ", ".join(
        f"{week.label} {value}" for week, value in zip(weeks, values, strict=True)
    )  # fmt: skip
    return (
        f'<svg class="chart trend" viewBox="0 0 {width} {HEAD + TALLEST + FOOT}" role="img">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _compact(value: int) -> str:
    return str(value) if value < 10_000 else f"{value / 1000:.0f}k"


def _last_weeks(scope: Scope) -> range:
    last = scope.day // DAYS_A_WEEK
    return range(last - SHOWN + 1, last + 1)


def _label(week: int) -> str:
    first = day_as_date(max(1, week * DAYS_A_WEEK))
    return f"{first.day} {first:%b}"


def _sums(study_class: int, deck: int, first_week: int) -> QuerySet[ClassCardWeek, tuple[int, int, int, int]]:
    weeks = ClassCardWeek.objects.filter(study_class=study_class, deck=deck, week__gte=first_week).order_by()
    return weeks.values_list("week").annotate(Sum("reviews"), Sum("lapses"), Sum("duration_ms"))


SUMS = Prepared(_sums)


def _active(scope: Scope, done: Mapping[int, Done]) -> dict[int, int]:
    """Return how many students studied the deck in each of these weeks, while in the class; one query or none.

    What was counted is remembered beside what was done in that week: a review more or less makes it another.
    """
    keys = {
        week: (scope.study_class.pk, scope.study_class.created_at, scope.deck.pk, scope.shared_at, week, each)
        for week, each in done.items()
    }
    unknown = [week for week, key in keys.items() if key not in _KNOWN]
    if unknown:
        counted = _count_active(scope, unknown)
        if len(_KNOWN) > MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN.update({keys[week]: counted.get(week, 0) for week in unknown})
    return {week: _KNOWN[key] for week, key in keys.items()}


def _count_active(scope: Scope, weeks: Sequence[int]) -> dict[int, int]:
    """Count them. A week that lies wholly in a membership is looked up in the sums, one at its ends in the reviews."""
    at, deck = connection.ops.adapt_datetimefield_value, scope.deck.pk
    params: list[Any] = []
    for week in weeks:
        first, after = week * DAYS_A_WEEK, (week + 1) * DAYS_A_WEEK
        params += [week, first, after, at(_midnight(first) - EARLIEST), at(_midnight(after) + LATEST)]
    shared_at = at(scope.shared_at)
    params += [scope.study_class.pk, Role.STUDENT.value, shared_at, deck, deck, shared_at]
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVE.format(weeks=", ".join(["(%s, %s, %s, %s, %s)"] * len(weeks))), params)
        return dict(cursor.fetchall())


def _midnight(day: int) -> datetime:
    return datetime.combine(day_as_date(max(2, day)), time(), tzinfo=UTC)
