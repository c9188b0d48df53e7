"""A review as a row of a table: the same words on a card's page, in the history and nowhere else."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flashcards.decks.models import Card
from flashcards.study import words
from flashcards.study.giving import given_from, words_of
from flashcards.study.models import Rating, Review, State


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review in words; `when` is in the learner's zone, `grade_class` the class of its colour."""

    review: Review
    when: datetime
    day: str
    clock: str
    grade: str
    grade_class: str
    state_before: str
    interval: str
    recall: str
    stability: str
    seconds: str
    answer: str = ""
    verdict: str = ""


def row_of(review: Review, zone: ZoneInfo, card: Card | None = None) -> ReviewRow:
    """Return a review in words for a learner who lives in `zone`; with its `card`, what was answered as well."""
    given = given_from(review.given) if card is not None else None
    when = review.answered_at.astimezone(zone)
    rating = Rating(review.rating)
    return ReviewRow(
        review=review,
        when=when,
        day=date_words(when),
        clock=f"{when:%H:%M}",
        grade=rating.label,
        grade_class=rating.name.lower(),
        state_before=State(review.state_before).label,
        interval=words.interval(review.interval_seconds),
        recall=words.percent(review.recall) if review.recall is not None else "–",
        stability=words.interval(review.stability * words.DAY),
        seconds=seconds_taken(review.duration_ms),
        answer=words_of(given, card) if card is not None else "",
        verdict=("counted as right" if given.overruled else review.slip or review.verdict)
        if given is not None
        else "",
    )


def date_words(moment: datetime) -> str:
    """Return the date of a moment as "23 Nov 2026"."""
    return f"{moment.day} {moment:%b %Y}"


def seconds_taken(duration_ms: int) -> str:
    """Return how long an answer took: "4.2 s", "48 s", "2 min 5 s"."""
    return f"{duration_ms / 1000:.1f} s" if duration_ms < 9_950 else words.time_spent(duration_ms / 1000)
