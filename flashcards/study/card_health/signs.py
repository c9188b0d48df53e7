"""The signs that a card does not work: when each is told, how sure the numbers have to be, and what to do about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from flashcards.study import words
from flashcards.study.card_health.tally import Card

LEAST_ASKED = 20
LEAST_GAP = 0.05
LEAST_JUDGES = 20
MOST_CORRELATION = 0.1
LEAST_LEECHES, LEECH_SHARE = 2, 0.1
TIMES_SLOWER, LEAST_SECONDS_MORE, LEAST_REVIEWS = 2.0, 5.0, 10
NEVER_FAILED_REVIEWS, NEVER_FAILED_LEARNERS = 40, 3
IDLE_ANSWERS = 30
LEAST_REPORTS = 2


class Sign(StrEnum):
    """What may be wrong with a card; its value is what addresses say."""

    HARDER = "harder"
    EASIER = "easier"
    BLIND = "blind"
    LEECH = "leech"
    SLOW = "slow"
    NEVER_FAILED = "never-failed"
    IDLE_OPTION = "idle-option"
    REPORTED = "reported"


LABELS = {
    Sign.HARDER: "Forgotten more than predicted",
    Sign.EASIER: "Recalled more than predicted",
    Sign.BLIND: "Does not tell who knows",
    Sign.LEECH: "A leech for many",
    Sign.SLOW: "Long to answer",
    Sign.NEVER_FAILED: "Never failed",
    Sign.IDLE_OPTION: "An option nobody chooses",
    Sign.REPORTED: "Reported",
}
ADVICE = {
    Sign.HARDER: "Look for two ideas in one card, a card that looks like it, or an answer that is not the only one. "
    "Split it, or ask for one thing.",
    Sign.EASIER: "The question may give the answer away. Ask without the hint, or from the other side.",
    Sign.BLIND: "Who knows the rest forgets it as often as who does not: look for an ambiguous question or a wrong "
    "answer.",
    Sign.LEECH: "Split it into smaller cards, or add an example or a picture to the explanation.",
    Sign.SLOW: "Long reading or a long answer: ask for one thing, or split a list into cards.",
    Sign.NEVER_FAILED: "It costs time and teaches nothing any more. Archive it, or ask something harder.",
    Sign.IDLE_OPTION: "Replace it by an error that learners make.",
    Sign.REPORTED: "Read what learners say about it.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One sign at one card, told in numbers. `weight` ranks: how far beyond what would pass, 1 or more."""

    sign: Sign
    words: str
    weight: float

    @property
    def label(self) -> str:
        """The sign in words."""
        return LABELS[self.sign]

    @property
    def advice(self) -> str:
        """What to do about it."""
        return ADVICE[self.sign]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a card besides its answers: leeches, open and recent reports, options that nobody chose."""

    leeches: int = 0
    reports: int = 0
    idle_options: tuple[str, ...] = ()


def usual_seconds(cards: Mapping[int, Card], kind_of: Mapping[int, str]) -> dict[str, float]:
    """Return by kind how long the card in the middle takes to answer, of those that have been answered enough."""
    taken: dict[str, list[float]] = {}
    for pk, card in cards.items():
        if card.tally.reviews >= LEAST_REVIEWS:
            taken.setdefault(kind_of.get(pk, ""), []).append(card.tally.seconds)
    return {kind: median(seconds) for kind, seconds in taken.items()}


def findings(card: Card, known: Known, usual: float) -> list[Finding]:
    """Return what may be wrong with a card, the gravest first; `usual` is how long its kind takes there."""
    found = [
        *_gap(card),
        *_blind(card),
        *_leech(card, known),
        *_slow(card, usual),
        *_never_failed(card),
        *_told(known),
    ]
    return sorted(found, key=lambda finding: -finding.weight)


def _gap(card: Card) -> Iterator[Finding]:
    tally = card.tally
    sure = abs(tally.gap) - tally.margin
    if tally.asked < LEAST_ASKED or sure < LEAST_GAP:
        return
    told = (
        f"{words.percent(tally.observed)} recalled, {words.percent(tally.expected)} predicted "
        f"(±{tally.margin * 100:.0f} points, {tally.asked} answers)"
    )
    yield Finding(Sign.HARDER if tally.gap < 0 else Sign.EASIER, told, (2 if tally.gap < 0 else 1) * sure / LEAST_GAP)


def _blind(card: Card) -> Iterator[Finding]:
    if card.correlation is None or card.judges < LEAST_JUDGES or card.at_most > MOST_CORRELATION:
        return
    told = (
        f"correlation {card.correlation:.2f} with the other cards, at most {card.at_most:.2f} ({card.judges} learners)"
    )
    yield Finding(Sign.BLIND, told, 1 + (MOST_CORRELATION - card.at_most) * 5)


def _leech(card: Card, known: Known) -> Iterator[Finding]:
    share = known.leeches / card.tally.learners if card.tally.learners else 0.0
    if known.leeches >= LEAST_LEECHES and share >= LEECH_SHARE:
        told = f"a leech for {known.leeches} of {words.count(card.tally.learners, 'learner')}"
        yield Finding(Sign.LEECH, told, 1 + share / LEECH_SHARE)


def _slow(card: Card, usual: float) -> Iterator[Finding]:
    seconds = card.tally.seconds
    is_slow = seconds >= TIMES_SLOWER * usual and seconds - usual >= LEAST_SECONDS_MORE
    if card.tally.reviews >= LEAST_REVIEWS and usual and is_slow:
        yield Finding(
            Sign.SLOW, f"{seconds:.0f} s an answer; {usual:.0f} s is usual for its kind", seconds / usual / 2
        )


def _never_failed(card: Card) -> Iterator[Finding]:
    tally = card.tally
    enough = tally.reviews >= NEVER_FAILED_REVIEWS and tally.learners >= NEVER_FAILED_LEARNERS
    if enough and not tally.again:
        told = f"{tally.reviews} answers by {tally.learners} learners, none of them Again"
        yield Finding(Sign.NEVER_FAILED, told, 1.0)


def _told(known: Known) -> Iterator[Finding]:
    if known.idle_options:
        told = "; ".join(f"“{option}”" for option in known.idle_options)
        yield Finding(Sign.IDLE_OPTION, told, 1.0)
    if known.reports >= LEAST_REPORTS:
        yield Finding(Sign.REPORTED, f"by {words.count(known.reports, 'learner')}", 1 + known.reports)
