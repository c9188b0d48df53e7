"""When a simulated learner sits down to study, and for how long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from flashcards.accounts.models import User
from flashcards.lib.days import day_as_date
from flashcards.study.days import Moment, moment_for
from flashcards.study.demo.learners import Habit, Learner

LONGEST_MINUTES = 100
CRAMMED_DAYS = 3
PAUSE_DAYS = (5, 9)
OFTEN_PAUSES = 0.4


@dataclass(frozen=True, slots=True)
class Term:
    """The study days on which the class has been there, `last` being today."""

    first: int
    last: int

    def part(self, day: int) -> float:
        """Return how much of it has passed at the end of `day`, 0 to 1."""
        return (day - self.first + 1) / (self.last - self.first + 1)

    def day_at(self, part: float) -> int:
        """Return the day after which that part of it has passed."""
        return self.first + round(part * (self.last - self.first))


@dataclass(frozen=True, slots=True)
class Sitting:
    """Some time with the cards, from a moment on."""

    begins: Moment
    minutes: float
    new_cards: int


def sittings(learner: Learner, user: User, term: Term, now: datetime, chance: Random) -> Iterator[Sitting]:
    """Yield the learner's sittings up to `now`, in order, at most one a day."""
    habit = learner.habit
    pause = _pause(term, chance)
    for day in range(term.day_at(habit.begins), term.day_at(habit.ends) + 1):
        crams = habit.crams and _is_before_a_test(day, term)
        likely = 0.9 if crams else habit.weekdays[day_as_date(day).weekday()]
        minutes = habit.minutes * chance.lognormvariate(0, 0.35) * (2.6 if crams else 1)
        begins = _beginning(learner, day, chance)
        if chance.random() < likely and day not in pause and begins < now:
            moment = moment_for(user, begins)
            yield Sitting(moment, min(minutes, LONGEST_MINUTES), habit.new_a_day * (3 if crams else 1))


def new_a_day(habit: Habit) -> int:
    """Return the most new cards that somebody with this habit takes on in a day."""
    return habit.new_a_day * (3 if habit.crams else 1)


def _is_before_a_test(day: int, term: Term) -> bool:
    return any(term.day_at(part) - CRAMMED_DAYS < day <= term.day_at(part) for part in (0.5, 1.0))


def _pause(term: Term, chance: Random) -> range:
    """Return days on which the learner is ill or away; most have none."""
    begins, length = chance.randint(term.first, term.last), chance.randint(*PAUSE_DAYS)
    return range(begins, begins + (length if chance.random() < OFTEN_PAUSES else 0))


def _beginning(learner: Learner, day: int, chance: Random) -> datetime:
    hour = min(22.0, max(5.0, chance.gauss(learner.hour, 0.6)))
    midnight = datetime.combine(day_as_date(day), datetime.min.time(), tzinfo=UTC)
    return midnight + timedelta(seconds=round(hour * 3600), microseconds=chance.randrange(1_000_000))
