"""What a simulated learner answers: rightly, with an error that they make again and again, or with a guess.

Every answer goes through the card's kind, so that its verdict and its named error are what they would be for anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from flashcards.decks import kinds
from flashcards.decks.kinds import Unreadable, Verdict
from flashcards.decks.kinds.number_words import as_text
from flashcards.decks.kinds.numbers import Outcome
from flashcards.decks.kinds.numeric import Numeric
from flashcards.decks.models import Card
from flashcards.lib.expressions import Value
from flashcards.study import giving
from flashcards.study.demo.learners import Learner, named_slips, numbers_of
from flashcards.study.giving import Given
from flashcards.study.models import Rating

SECONDS = {"basic": 9, "reversed": 8, "cloze": 7, "occlusion": 7, "choice": 13, "typed": 11, "numeric": 36}
USUAL_SECONDS = 10
ANSWERED_AFTER = 0.7
"""Of the time that a card takes: the rest is for reading what was right."""
STILL_SLIPS = 0.6
"""How likely somebody who knows the card makes an error of theirs; each correction leaves this part of it."""
TYPING_ERROR = 0.05
OVERRULES = 0.02


@dataclass(slots=True)
class Attempt:
    """A card on show: its seed, whether it is known, how often the learner has met it, and the milliseconds taken."""

    card: Card
    seed: int
    knows: bool
    met: int
    duration_ms: int


@dataclass(slots=True)
class Answers:
    """One learner's answers. `others` are what other typed cards accept: what is mixed up."""

    learner: Learner
    others: Sequence[str]
    chance: Random

    def seconds(self, card: Card, met: int) -> float:
        """Return how long the learner takes over the card."""
        usual = SECONDS.get(card.kind, USUAL_SECONDS) * self.learner.pace * (1.4 if met == 0 else 1.0)
        return min(300.0, max(1.5, usual * self.chance.lognormvariate(0, 0.4)))

    def answer(self, attempt: Attempt) -> tuple[Rating, Given | None]:
        """Return the grade, and what was answered if the card asks."""
        if kinds.asking(attempt.card.kind) is None:
            return self._grade() if attempt.knows else Rating.AGAIN, None
        given = self._judged(attempt, self._text(attempt))
        if given.verdict == Verdict.RIGHT:
            return self._grade(), given
        if given.verdict == Verdict.NEAR:
            return (Rating.GOOD if self.chance.random() < 0.8 else Rating.AGAIN), given
        if given.verdict == Verdict.WRONG and attempt.knows and self.chance.random() < OVERRULES:
            return Rating.GOOD, replace(given, overruled=True)
        return Rating.AGAIN, given

    def _grade(self) -> Rating:
        return self.chance.choices((Rating.HARD, Rating.GOOD, Rating.EASY), (0.1, 0.78, 0.12))[0]

    def _judged(self, attempt: Attempt, text: str | None) -> Given:
        milliseconds = round(attempt.duration_ms * ANSWERED_AFTER)
        try:
            return giving.judged(attempt.card, attempt.seed, text, milliseconds)
        except Unreadable:
            return giving.judged(attempt.card, attempt.seed, None, milliseconds)

    def _text(self, attempt: Attempt) -> str | None:
        """Return what is given, None for “I don't know”."""
        own = self.learner.slips.intersection(named_slips(attempt.card))
        slips = own if self._errs(attempt) else frozenset()
        if not attempt.knows and not slips and self.chance.random() > self.learner.guesses:
            return None
        if attempt.card.kind == "numeric":
            return self._number(attempt, slips)
        if attempt.card.kind == "choice":
            return self._options(attempt, slips)
        if attempt.card.kind == "typed":
            return self._word(attempt, slips)
        return None

    def _errs(self, attempt: Attempt) -> bool:
        """Return whether the learner makes an error of theirs, should the card have one: less with each correction."""
        return self.chance.random() < (STILL_SLIPS ** (1 + 0.5 * attempt.met) if attempt.knows else 0.85)

    def _number(self, attempt: Attempt, slips: frozenset[str]) -> str:
        numbers = numbers_of(attempt.card.data["numbers"])
        outcome = _outcome(attempt)
        own = [value for slip, value in zip(numbers.slips, outcome.slips, strict=True) if slip.name in slips]
        value = outcome.answer
        if own:
            value = own[0]
        elif not attempt.knows:
            value = self.chance.choice(outcome.slips) if outcome.slips and self.chance.random() < 0.4 else off(value)
        return as_text(value, numbers.format)

    def _options(self, attempt: Attempt, slips: frozenset[str]) -> str:
        options = attempt.card.data["options"]
        right = [option["key"] for option in options if option["right"]]
        wrong = [option for option in options if not option["right"]]
        tempting = [option["key"] for option in wrong if option["slip"] in slips]
        if not wrong or (attempt.knows and not tempting):
            return " ".join(right)
        one = tempting[0] if tempting else self._tempted([option["key"] for option in wrong])
        if len(right) < 2:
            return one
        kept = right[1:] if self.chance.random() < 0.5 else right
        return " ".join([*kept, one] if tempting or kept == right else kept)

    def _tempted(self, keys: list[str]) -> str:
        # A key is a digest: its first digits say how many it tempts, the same for the whole class.
        return self.chance.choices(keys, [1 / (0.1 + int(key[:4], 16) / 0xFFFF) for key in keys])[0]

    def _word(self, attempt: Attempt, slips: frozenset[str]) -> str:
        data = attempt.card.data
        own = [wrong["text"] for wrong in data["wrong"] if wrong["slip"] in slips and wrong["slip"]]
        if own:
            return str(own[0])
        if not attempt.knows:
            known = [wrong["text"] for wrong in data["wrong"]]
            return str(known[0] if known and self.chance.random() < 0.6 else self.chance.choice(self.others))
        word = str(data["accepted"][0])
        if len(word) > 5 and self.chance.random() < TYPING_ERROR:
            at = self.chance.randrange(1, len(word) - 1)
            return word[:at] + word[at + 1 :]
        return word.lower() if self.chance.random() < 0.3 else word


def _outcome(attempt: Attempt) -> Outcome:
    kind = kinds.get(attempt.card.kind)
    if not isinstance(kind, Numeric):
        raise TypeError(f"{attempt.card.kind} draws no numbers")
    return kind.outcome(attempt.card.data, attempt.seed)


def off(value: Value) -> Value:
    """Return a number, or several, that is wrong without a name for it."""
    if isinstance(value, tuple):
        first, *rest = value
        return (first + 1, *rest)
    return value + 1 if isinstance(value, int) else value * 1.5
