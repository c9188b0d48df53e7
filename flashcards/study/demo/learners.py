"""Who the simulated learners are: how well they remember, when they study, what they get wrong again and again.

Everything is drawn from chance that is seeded by name, so the same seed makes the same people.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from flashcards.decks.kinds.number_lines import read_numbers
from flashcards.decks.kinds.numbers import Numbers
from flashcards.decks.models import Card


@dataclass(frozen=True, slots=True)
class Habit:
    """When somebody studies: how likely on each weekday (Monday first), how many minutes, how many new cards a day.

    `begins` and `ends` are parts (0–1) of the time that the class has been there; `crams`: little happens except in
    the days before the middle and the end of that time.
    """

    weekdays: tuple[float, ...]
    minutes: float
    new_a_day: int
    begins: float = 0.0
    ends: float = 1.0
    crams: bool = False


_STEADY = Habit((0.8, 0.75, 0.8, 0.7, 0.5, 0.3, 0.6), 19, 12)
_KEEN = Habit((0.95, 0.95, 0.95, 0.95, 0.9, 0.8, 0.9), 28, 18)
_AT_THE_WEEKEND = Habit((0.1, 0.05, 0.15, 0.1, 0.2, 0.8, 0.9), 32, 18)
_CRAMMING = Habit((0.12, 0.1, 0.12, 0.1, 0.05, 0.05, 0.2), 18, 20, crams=True)
_DROPPING_OUT = Habit((0.7, 0.6, 0.65, 0.5, 0.3, 0.1, 0.4), 13, 10, ends=0.45)
_LATE = Habit((0.75, 0.7, 0.8, 0.7, 0.4, 0.4, 0.7), 20, 15, begins=0.3)
_NOW_AND_THEN = Habit((0.35, 0.3, 0.4, 0.3, 0.15, 0.15, 0.3), 9, 7)
_NOT_YET = Habit((0.0,) * 7, 0, 0)

_IN_TURN = (
    _STEADY, _CRAMMING, _KEEN, _NOW_AND_THEN, _STEADY, _AT_THE_WEEKEND, _DROPPING_OUT, _STEADY, _LATE, _CRAMMING,
    _STEADY, _AT_THE_WEEKEND, _STEADY, _NOW_AND_THEN, _NOT_YET,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Learner:
    """One simulated learner.

    `strength`: their memory's stability as a part of what the scheduler takes for usual. `topics`: the same by topic.
    `slips`: the named errors they make. `guesses`: how often they try an answer that they do not know. `hour`: when
    they usually sit down. `pace`: the time they take for a card as a part of the usual.
    """

    number: int
    habit: Habit
    strength: float
    topics: dict[int, float]
    slips: frozenset[str]
    guesses: float
    hour: float
    pace: float

    def hold_on(self, topic_id: int) -> float:
        """Return how well they keep this topic's cards: 1 is usual, less is forgotten sooner."""
        return self.strength * self.topics.get(topic_id, 1.0)


def chance_of(*names: object) -> Random:
    """Return chance that is the same for the same names, on every machine."""
    return Random(".".join(map(str, names)))  # noqa: S311 - a simulation, no secret


def draw_learners(count: int, seed: int, cards: Iterable[Card]) -> list[Learner]:
    """Return `count` different learners who are to study these cards."""
    shared = chance_of(seed, "class")
    habits = [_IN_TURN[place % len(_IN_TURN)] for place in range(count)]
    shared.shuffle(habits)
    known = list(cards)
    hardness = {topic: shared.lognormvariate(0, 0.45) for topic in sorted({card.topic_id for card in known})}
    spread = _spread_of_slips(known, shared)
    return [
        _draw_learner(number, habit, hardness, spread, chance_of(seed, number, "learner"))
        for number, habit in enumerate(habits, start=1)
    ]


def _draw_learner(
    number: int, habit: Habit, hardness: dict[int, float], spread: dict[str, float], chance: Random
) -> Learner:
    strength = min(2.5, max(0.2, chance.lognormvariate(0.1, 0.5)))
    return Learner(
        number=number,
        habit=habit,
        strength=strength,
        topics={topic: shared * chance.lognormvariate(0, 0.35) for topic, shared in hardness.items()},
        slips=frozenset(name for name, part in spread.items() if chance.random() < part / strength**0.3),
        guesses=chance.uniform(0.35, 0.95),
        hour=chance.choice((6.8, 12.6, 17.0, 19.0, 20.0, 20.6, 21.2)),
        pace=min(1.8, max(0.55, chance.lognormvariate(0, 0.3))),
    )


def _spread_of_slips(cards: list[Card], chance: Random) -> dict[str, float]:
    """Return what part of the class makes each named error: those found on several cards are spread the widest."""
    found = Counter(name for card in cards for name in named_slips(card))
    return {
        name: chance.choice((0.7, 0.45, 0.2)) if places > 1 else chance.choice((0.45, 0.15, 0.05, 0.05))
        for name, places in sorted(found.items())
    }


def named_slips(card: Card) -> list[str]:
    """Return the names of the errors that the card's kind tells apart."""
    if card.kind == "numeric":
        return [slip.name for slip in numbers_of(card.data["numbers"]).slips]
    if card.kind == "choice":
        return [option["slip"] for option in card.data["options"] if option["slip"]]
    if card.kind == "typed":
        return [wrong["slip"] for wrong in card.data["wrong"] if wrong["slip"]]
    return []


@lru_cache(maxsize=1024)
def numbers_of(source: str) -> Numbers:
    """Return what a numeric note declares."""
    return read_numbers(source, "answer")
