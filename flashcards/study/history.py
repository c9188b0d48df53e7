"""All of a learner's reviews: which there are, what they come to, and how they lie over the days."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet, Sum
from django.urls import reverse

from flashcards.accounts.models import User
from flashcards.decks.access import may_study
from flashcards.decks.models import Deck
from flashcards.lib.days import day_as_date
from flashcards.study import words
from flashcards.study.calendar_grid import Half, day_words, first_day, halves
from flashcards.study.card_page import one_line
from flashcards.study.days import zone_of
from flashcards.study.history_filters import Filters
from flashcards.study.models import Memory, Rating, Review, State
from flashcards.study.review_rows import ReviewRow, row_of

# By day first: there is an index of it, and a learner's days run on like time.
LATEST_FIRST = ("-day", "-answered_at", "-pk")
_SHOWN = (
    "answered_at", "rating", "state_before", "interval_seconds", "recall", "stability", "duration_ms", "user", "card",
    "deck",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Totals:
    """What reviews come to. Retention is that of cards in review alone; a percent that would say nothing is None."""

    reviews: int
    recalled: str | None
    spent: str
    in_review: int
    retention: str | None
    predicted: str | None


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day with reviews, for the table: its words, its date as an address gives it, and its numbers."""

    day: str
    iso: str
    reviews: int
    recalled: str | None


@dataclass(frozen=True, slots=True)
class Year:
    """The last 365 study days: as a picture, in a sentence, and as a table of the days with reviews, latest first."""

    halves: list[Half]
    summary: str
    rows: list[DayRow]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the history: the review, the card's line, and its page ("" where its deck is closed to the learner)."""

    row: ReviewRow
    line: str
    url: str


def decks_met(user: User) -> QuerySet[Deck]:
    """Return the decks that the learner has met cards of, by title; also those since closed to them."""
    return Deck.objects.filter(Exists(Memory.objects.filter(user=user, deck=OuterRef("pk")))).only("slug", "title")


def reviews_of(user: User, filters: Filters) -> QuerySet[Review]:
    """Return the learner's reviews that stand and pass the filters, the latest first."""
    asked = {
        "deck_id": filters.deck_id,
        "day__gte": filters.first_day,
        "day__lte": filters.last_day,
        "rating": filters.rating,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    return Review.objects.filter(user=user, undone_at=None, **given).order_by(*LATEST_FIRST)


def totals(user: User, filters: Filters) -> Totals:
    """Return what the learner's reviews that pass the filters come to, in one query."""
    in_review = Q(state_before=State.REVIEW)
    recalled = Q(rating__gt=Rating.AGAIN)
    sums = reviews_of(user, filters).aggregate(
        reviews=Count("pk"),
        recalled=Count("pk", filter=recalled),
        spent=Sum("duration_ms"),
        in_review=Count("pk", filter=in_review),
        held=Count("pk", filter=in_review & recalled),
        predicted=Avg("recall", filter=in_review),
    )
    # Among reviews picked by their grade, how many were recalled says nothing.
    judged = filters.rating is None
    return Totals(
        reviews=sums["reviews"],
        recalled=_share(sums["recalled"], sums["reviews"]) if judged else None,
        spent=words.time_spent((sums["spent"] or 0) / 1000),
        in_review=sums["in_review"],
        retention=_share(sums["held"], sums["in_review"]) if judged else None,
        predicted=words.percent(sums["predicted"]) if sums["predicted"] is not None else None,
    )


def year(user: User, filters: Filters, today: int) -> Year:
    """Return the 365 study days up to `today`, filtered by deck and grade alone, in one query."""
    reviews = reviews_of(user, filters.of_any_day()).filter(day__gte=first_day(today), day__lte=today)
    days = reviews.order_by("-day").values_list("day")
    found = list(days.annotate(reviews=Count("pk"), recalled=Count("pk", filter=Q(rating__gt=Rating.AGAIN))))
    counts = {day: number for day, number, _ in found}
    return Year(
        halves=halves(counts, today),
        summary=_year_words(counts),
        rows=[
            DayRow(
                day_words(day),
                day_as_date(day).isoformat(),
                number,
                _share(recalled, number) if filters.rating is None else None,
            )
            for day, number, recalled in found
        ],
    )


def entries(user: User, reviews: QuerySet[Review], start: int, stop: int) -> list[Entry]:
    """Return the reviews from place `start` to before `stop` as rows, in two queries."""
    zone = zone_of(user)
    # Their ids first: what a late page skips is then skipped without its card and deck.
    ids = list(reviews.values_list("pk", flat=True)[start:stop])
    fields = ("card__question_html", "deck__title", "deck__slug", "deck__is_public", "deck__owner_id")
    rows = Review.objects.filter(pk__in=ids).select_related("card", "deck").only(*_SHOWN, *fields)
    return [
        Entry(
            row=row_of(review, zone),
            line=one_line(review.card),
            url=reverse("study:card", args=[review.card_id]) if may_study(user, review.deck) else "",
        )
        for review in rows.order_by(*LATEST_FIRST)
    ]


def _share(part: int, whole: int) -> str | None:
    return words.percent(part / whole) if whole else None


def _year_words(counts: Mapping[int, int]) -> str:
    if not counts:
        return "No reviews in the last 365 days."
    total = words.count(sum(counts.values()), "review")
    most = max(counts, key=lambda day: (counts[day], day))
    return f"{total} on {words.count(len(counts), 'day')} of the last 365; most on {day_words(most)}: {counts[most]}."
