"""A learner's reviews as a CSV file, made row by row while it is sent."""

import csv
from collections.abc import Iterator, Mapping
from itertools import batched
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from flashcards.decks.models import Card
from flashcards.lib.days import day_as_date
from flashcards.study.card_page import one_line
from flashcards.study.models import Rating, Review, State

BATCH = 1_000
LINE_LENGTH = 200
# A spreadsheet takes a cell that begins so for a formula and runs it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
HEADER = (
    "answered_at", "study_day", "deck", "card", "question", "grade", "state_before", "interval_seconds",
    "recall_predicted", "stability_days", "difficulty", "seconds",
)  # fmt: skip
FIELDS = (
    "answered_at", "day", "deck_id", "card_id", "rating", "state_before", "interval_seconds", "recall", "stability",
    "difficulty", "duration_ms",
)  # fmt: skip


class _Line:
    """A file for `csv` that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(reviews: QuerySet[Review], zone: ZoneInfo, titles: Mapping[int, str]) -> Iterator[str]:
    """Yield the lines of the file, oldest review first; times are local to `zone`, `titles` are the decks' by id.

    Questions are read a batch at a time, each once.
    """
    writer = csv.writer(_Line())
    yield writer.writerow(HEADER)
    questions: dict[int, str] = {}
    rows = reviews.order_by("day", "answered_at", "pk").values_list(*FIELDS).iterator(BATCH)
    for batch in batched(rows, BATCH, strict=False):
        unread = {card for _, _, _, card, *_ in batch} - questions.keys()
        for card in Card.objects.filter(pk__in=unread).only("question_html") if unread else ():
            questions[card.pk] = harmless(one_line(card, LINE_LENGTH))
        for answered_at, day, deck, card_id, rating, state, interval, recall, stability, difficulty, ms in batch:
            yield writer.writerow(
                (
                    answered_at.astimezone(zone).isoformat(timespec="milliseconds"),
                    day_as_date(day).isoformat(),
                    harmless(titles.get(deck, "")),
                    card_id,
                    questions.get(card_id, ""),
                    Rating(rating).label,
                    State(state).label,
                    interval,
                    "" if recall is None else round(recall, 4),
                    round(stability, 4),
                    round(difficulty, 4),
                    round(ms / 1000, 3),
                )
            )


def harmless(text: str) -> str:
    """Return text for a cell that a spreadsheet shows and never runs: what looks like a formula gets an apostrophe."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
