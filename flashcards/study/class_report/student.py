"""A student's own page: what their teachers see of them, to the number, and nothing that they don't."""

from dataclasses import dataclass

from flashcards.classes.models import Membership
from flashcards.decks.models import Card
from flashcards.study.card_page import one_line
from flashcards.study.class_periods import Done, Period, done_by_card, done_by_day, periods_of
from flashcards.study.class_report.on_track import MINUTE_MS, Line, lines_of, students
from flashcards.study.class_report.scope import Scope
from flashcards.study.class_report.trends import Trend, student_trend

MOST_LAPSED = 10


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic as the student stands in it; `known` is predicted recall in percent of all its cards."""

    title: str
    seen: int
    cards: int
    known: int


@dataclass(frozen=True, slots=True)
class LapsedCard:
    """A card that the student forgot, and how often in how many reviews."""

    pk: int
    line: str
    lapses: int
    reviews: int


@dataclass(frozen=True, slots=True)
class StudentPage:
    """The page. `line` and `topics` are of today, and there only while the student is in the class."""

    line: Line | None
    topics: list[TopicLine]
    reviews: int
    minutes: int
    trend: Trend
    lapsed: list[LapsedCard]


def student_page(scope: Scope, member: Membership) -> StudentPage:
    """Return what the page of a student shows of the deck of `scope`."""
    periods = periods_of(scope.study_class, [member.user_id], scope.shared_at)
    days = done_by_day(periods, scope.deck.pk)[member.user_id]
    all_days = sum(days.values(), Done())
    line = next(iter(lines_of(scope, list(students(scope).filter(pk=member.pk)))), None)
    return StudentPage(
        line=line,
        topics=[
            TopicLine(
                topic.title,
                line.seen_by_topic.get(topic.pk, 0),
                topic.cards,
                round(100 * line.topics.get(topic.pk, 0.0)),
            )
            for topic in scope.topics
        ]
        if line is not None
        else [],
        reviews=all_days.reviews,
        minutes=round(all_days.duration_ms / MINUTE_MS),
        trend=student_trend(scope, days),
        lapsed=_lapsed(scope, member.user_id, periods[member.user_id]),
    )


def _lapsed(scope: Scope, user: int, periods: list[Period]) -> list[LapsedCard]:
    done = {card: each for card, each in done_by_card(user, periods, scope.deck.pk).items() if each.lapses}
    worst = sorted(done, key=lambda card: (-done[card].lapses, done[card].reviews, card))[:MOST_LAPSED]
    cards = Card.objects.filter(archived_at=None).in_bulk(worst)
    return [
        LapsedCard(card, one_line(cards[card], 120), done[card].lapses, done[card].reviews)
        for card in worst
        if card in cards
    ]
