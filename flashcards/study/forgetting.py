"""The forgetting curve of one card as a picture: where its lines, dots and labels stand. Pure: no database, no clock.

Time goes from left to right in study days, recall from the foot up. After each review recall starts at 100 % and
falls as the memory model says until the next one. Several reviews on one day stand on top of each other.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flashcards.lib.days import day_as_date
from flashcards.study import words
from flashcards.study.models import Rating
from flashcards.study.scheduling import Policy, recall_after

WIDTH, HEIGHT = 360, 200
LEFT, RIGHT, TOP, BOTTOM = 43, 354, 48, 176
STACK_STEP, STACK_ROOM = 9.0, 28.0
FLOORS = (0.8, 0.6, 0.4, 0.2, 0.0)
LABEL_WIDTH = 78
SAMPLE_WIDTH = 3
SHORTEST_SPAN = 2


@dataclass(frozen=True, slots=True)
class Answered:
    """A review on the curve: its study day, grade, predicted recall (0–1, None at the first), stability left by it."""

    day: int
    rating: Rating
    recall: float | None
    stability: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A review in the picture; `grade` is the class of its colour, `title` says what it was."""

    x: float
    y: float
    grade: str
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words in the picture; `anchor` is SVG's text-anchor."""

    x: float
    y: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Curve:
    """The picture: paths in a box of `width` × `height`; the due day's place is None while it has none."""

    title: str
    past: str
    ahead: str
    grid: list[Label]
    dots: list[Dot]
    today_x: float
    due: Dot | None
    labels: list[Label]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    bottom: int = BOTTOM


@dataclass(frozen=True, slots=True)
class _Scale:
    first: int
    span: float
    floor: float

    def x(self, day: float) -> float:
        return round(LEFT + (day - self.first) / self.span * (RIGHT - LEFT), 1)

    def y(self, share: float) -> float:
        return round(BOTTOM - (share - self.floor) / (1 - self.floor) * (BOTTOM - TOP), 1)


def curve(answers: Sequence[Answered], policy: Policy, today: int, due_day: int | None) -> Curve:
    """Return the picture of a card's reviews, at least one, in order of time; days are study days."""
    last = answers[-1]
    end = max(today, last.day, due_day or 0)
    span = max(SHORTEST_SPAN, (end - answers[0].day) * 1.06 + 0.5)
    lowest = _recall(last, policy, answers[0].day + span)
    scale = _Scale(
        first=answers[0].day,
        span=span,
        floor=_floor(min([lowest, *(answer.recall for answer in answers if answer.recall is not None)])),
    )
    now = _recall(last, policy, today)
    due = None
    if due_day is not None:
        share = _recall(last, policy, due_day)
        title = f"Due {short_date(due_day, today)}, recall then {words.percent(share)}"
        due = Dot(scale.x(due_day), scale.y(share), "due", title)
    return Curve(
        title=_title(answers, now, due, today),
        past=_past(answers, policy, scale, max(today, last.day)),
        ahead="M" + " ".join(_fall(last, policy, scale, max(today, last.day), scale.first + span)),
        grid=[
            Label(LEFT - 6, scale.y(share) + 4, words.percent(share), "end")
            for share in (1.0, (1 + scale.floor) / 2, scale.floor)
        ],
        dots=_dots(answers, scale, today),
        today_x=scale.x(today),
        due=due,
        labels=_labels(scale, today, now, due_day),
    )


def short_date(day: int, today: int) -> str:
    """Return the date of a study day as "5 Dec", with its year if that is not this year."""
    date = day_as_date(day)
    year = "" if date.year == day_as_date(today).year else f" {date.year}"
    return f"{date.day} {date:%b}{year}"


def _recall(answer: Answered, policy: Policy, day: float) -> float:
    return recall_after(max(0.0, day - answer.day), answer.stability, policy)


def _floor(lowest: float) -> float:
    """Return the foot of the scale: a fifth that is below all there is to show."""
    return next((floor for floor in FLOORS if floor + 0.02 <= lowest), 0.0)


def _past(answers: Sequence[Answered], policy: Policy, scale: _Scale, until: int) -> str:
    """Return the path from the first review to `until`; each review lifts it back to 100 %."""
    path = []
    ends = [answer.day for answer in answers[1:]] + [until]
    for answer, end in zip(answers, ends, strict=True):
        path += _fall(answer, policy, scale, answer.day, max(end, answer.day))
    return "M" + " ".join(path)


def _fall(answer: Answered, policy: Policy, scale: _Scale, start: float, end: float) -> list[str]:
    """Return the points "x y" of recall falling from `start` to `end`, closer together where it is steep."""
    steps = max(1, math.ceil((scale.x(end) - scale.x(start)) / SAMPLE_WIDTH)) if end > start else 0
    days = [start + (end - start) * (step / steps) ** 2 for step in range(steps + 1)] if steps else [start]
    return [f"{scale.x(day):g} {scale.y(_recall(answer, policy, day)):g}" for day in days]


def _dots(answers: Sequence[Answered], scale: _Scale, today: int) -> list[Dot]:
    """Return the reviews where recall stood when they came; those at 100 % on one day are stacked."""
    spots = [(answer.day, answer.recall if answer.recall is not None else 1.0) for answer in answers]
    crowd = Counter(spots)
    placed: Counter[tuple[int, float]] = Counter()
    dots = []
    for answer, spot in zip(answers, spots, strict=True):
        step = min(STACK_STEP, STACK_ROOM / max(1, crowd[spot] - 1))
        before = f", recall predicted {words.percent(answer.recall)}" if answer.recall is not None else ""
        dots.append(
            Dot(
                x=scale.x(answer.day),
                y=round(scale.y(spot[1]) - placed[spot] * step, 1),
                grade=answer.rating.name.lower(),
                title=f"{answer.rating.label}, {short_date(answer.day, today)}{before}",
            )
        )
        placed[spot] += 1
    return dots


def _labels(scale: _Scale, today: int, now: float, due_day: int | None) -> list[Label]:
    """Return the words of the picture: today above, dates below, none over another."""
    x = scale.x(today)
    labels = [Label(_inside(x), 12, f"today, {words.percent(now)}", _anchor(x))]
    starts_at = scale.x(scale.first)
    if due_day is not None:
        x = scale.x(due_day)
        labels.append(Label(_inside(x), HEIGHT - 6, f"due {short_date(due_day, today)}", _anchor(x)))
        if x - starts_at < 2 * LABEL_WIDTH:
            return labels
    return [*labels, Label(starts_at, HEIGHT - 6, short_date(scale.first, today), "start")]


def _anchor(x: float) -> str:
    if x > RIGHT - LABEL_WIDTH / 2:
        return "end"
    return "start" if x < LEFT + LABEL_WIDTH / 2 else "middle"


def _inside(x: float) -> float:
    """Return where words at `x` are anchored so that they stay in the picture."""
    return min(RIGHT, max(LEFT, x))


def _title(answers: Sequence[Answered], now: float, due: Dot | None, today: int) -> str:
    since = short_date(answers[0].day, today)
    title = f"Predicted recall since {since}: {words.count(len(answers), 'review')}, {words.percent(now)} today"
    return f"{title}. {due.title}." if due is not None else f"{title}."
