"""What the page says when a session is done: what was done, what comes in the next seven days, what may come next."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from flashcards.accounts.models import User
from flashcards.lib.days import day_as_date
from flashcards.study import queue, words
from flashcards.study.days import Moment, zone_of
from flashcards.study.models import Memory, Rating, Review, State, StudySession
from flashcards.study.sessions import Shown, scope_of
from flashcards.study.topics import TopicLine, topic_lines

FORECAST_DAYS = 7
LEARN_AHEAD_MOST = 20
MORE_NEW = 10
OTHER_TOPICS_MOST = 5
BAR_WIDTH, BAR_GAP, CHART_HEIGHT = 32, 8, 80


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """A bar of the forecast: its day's name, how many cards fall due, and its place in a 280 × 80 picture."""

    label: str
    count: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A session in numbers; `recalled_percent` is None when nothing was answered."""

    cards: int
    answers: int
    recalled_percent: int | None
    minutes_text: str
    forecast: list[ForecastDay]
    next_text: str
    learn_ahead_count: int
    more_new_count: int
    other_topics: list[TopicLine]


def summarise(user: User, session: StudySession, shown: Shown, moment: Moment) -> Summary:
    """Return what a finished session comes to."""
    scope = scope_of(session)
    sums = Review.objects.filter(session=session, undone_at=None).aggregate(
        cards=Count("card", distinct=True),
        answers=Count("pk"),
        recalled=Count("pk", filter=Q(rating__gt=Rating.AGAIN)),
        spent=Sum("duration_ms"),
    )
    forecast = forecast_days(user, scope, moment)
    more, ahead = queue.can_add(scope, session.options, moment, MORE_NEW, LEARN_AHEAD_MOST)
    return Summary(
        cards=sums["cards"],
        answers=sums["answers"],
        recalled_percent=round(100 * sums["recalled"] / sums["answers"]) if sums["answers"] else None,
        minutes_text=words.time_spent((sums["spent"] or 0) / 1000),
        forecast=forecast,
        next_text=_next_text(user, scope, shown, moment),
        learn_ahead_count=ahead,
        more_new_count=more,
        other_topics=_other_topics(user, session, moment),
    )


def _other_topics(user: User, session: StudySession, moment: Moment) -> list[TopicLine]:
    """Return the topics beside the one just studied that have something to ask now; none after the whole deck."""
    if session.topic_id is None and session.tag_id is None:
        return []
    others = [topic for topic in session.deck.topics.select_related("deck") if topic.pk != session.topic_id]
    lines = topic_lines(user, session.deck, others, moment)
    return [line for line in lines if line.today.is_ready(moment.now)][:OTHER_TOPICS_MOST]


def forecast_days(user: User, scope: queue.Scope, moment: Moment) -> list[ForecastDay]:
    """Return how many cards of the scope fall due on each of the next seven days, as bars."""
    week = range(moment.day + 1, moment.day + 1 + FORECAST_DAYS)
    rows = queue.active(scope, moment.day + FORECAST_DAYS).filter(due_day__gte=week.start, due_day__lt=week.stop)
    counts = dict(rows.values_list("due_day").annotate(Count("pk")))
    most = max([1, *counts.values()])
    days = []
    for place, day in enumerate(week):
        number = counts.get(day, 0)
        height = round(number / most * CHART_HEIGHT)
        days.append(
            ForecastDay(
                label=f"{day_as_date(day):%a}",
                count=number,
                x=place * (BAR_WIDTH + BAR_GAP),
                y=CHART_HEIGHT - height,
                width=BAR_WIDTH,
                height=height,
            )
        )
    return days


def _next_text(user: User, scope: queue.Scope, shown: Shown, moment: Moment) -> str:
    if shown.learning:
        at = shown.learning[0][1].astimezone(zone_of(user))
        return f"Next: {words.count(len(shown.learning), 'card')} at {at:%H:%M}."
    coming = queue.active(scope, moment.day + 1).filter(due_day__gt=moment.day).exclude(state=State.NEW)
    first: Memory | None = coming.order_by("due_day").first()
    if first is None or first.due_day is None:
        return "Nothing is due."
    number = words.count(coming.filter(due_day=first.due_day).count(), "card")
    days = first.due_day - moment.day
    return f"Nothing more is due today. Next: {number} {'tomorrow' if days == 1 else f'in {days} days'}."


def backlog_text(session: StudySession, moment: Moment) -> str:
    """Return what to say when more is due than today's limit lets through; empty when it is not."""
    scope = scope_of(session)
    waiting = queue.due(scope, moment.day).count()
    if waiting <= queue.allowance(session.options, moment.day).reviews:
        return ""
    days = queue.catch_up_days(scope, session.options, moment)
    return backlog_sentence(waiting, session.options.reviews_per_day, days)


def backlog_sentence(waiting: int, limit: int, days: int | None) -> str:
    """Return what to say of `waiting` cards under a limit a day; `days` to catch up, None for more than a year."""
    when = f"you catch up in {words.count(days, 'day')}" if days else "the pile does not get smaller; raise the limit"
    return f"{words.count(waiting, 'card')} waiting. Today: those most worth saving; at {limit} a day {when}."
