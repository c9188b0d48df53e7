"""A learner's reviews as a CSV file, made row by row while it is sent."""

import csv
from collections.abc import Iterator, Mapping
from itertools import batched
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from flashcards.decks.models import Card
from flashcards.lib.days import day_as_date
from flashcards.lib.tables.cells import harmless
from flashcards.lib.tables.writing import Line
from flashcards.study.card_page import one_line
from flashcards.study.giving import given_from, words_of
from flashcards.study.models import Rating, Review, State

BATCH = 1_000
LINE_LENGTH = 200
HEADER = (
    "answered_at", "study_day", "deck", "card", "question", "grade", "state_before", "interval_seconds",
    "recall_predicted", "stability_days", "difficulty", "seconds", "answer", "verdict", "named_error", "overruled",
)  # fmt: skip
FIELDS = (
    "answered_at", "day", "deck_id", "card_id", "rating", "state_before", "interval_seconds", "recall", "stability",
    "difficulty", "duration_ms", "given", "verdict", "slip",
)  # fmt: skip


def csv_lines(reviews: QuerySet[Review], zone: ZoneInfo, titles: Mapping[int, str]) -> Iterator[str]:
    """Yield the lines of the file, oldest review first; times are local to `zone`, `titles` are the decks' by id.

    Questions are read a batch at a time, each once.
    """
    writer = csv.writer(Line())
    yield writer.writerow(HEADER)
    cards: dict[int, Card] = {}
    rows = reviews.order_by("day", "answered_at", "pk").values_list(*FIELDS).iterator(BATCH)
    for batch in batched(rows, BATCH, strict=False):
        unread = {card for _, _, _, card, *_ in batch} - cards.keys()
        cards |= Card.objects.only("question_html", "kind", "data").in_bulk(unread) if unread else {}
        for (
            answered_at,
            day,
            deck,
            card_id,
            rating,
            state,
            interval,
            recall,
            stability,
            difficulty,
            ms,
            *said,
        ) in batch:
            yield writer.writerow(
                (
                    answered_at.astimezone(zone).isoformat(timespec="milliseconds"),
                    day_as_date(day).isoformat(),
                    harmless(titles.get(deck, "")),
                    card_id,
                    harmless(one_line(cards[card_id], LINE_LENGTH)) if card_id in cards else "",
                    Rating(rating).label,
                    State(state).label,
                    interval,
                    "" if recall is None else round(recall, 4),
                    round(stability, 4),
                    round(difficulty, 4),
                    round(ms / 1000, 3),
                    *_answer(cards.get(card_id), *said),
                )
            )


def _answer(card: Card | None, stored: dict[str, Any] | None, verdict: str, slip: str) -> tuple[str, ...]:
    """Return the cells that say what was answered: the words, what they were, the named error, whether overruled."""
    given = given_from(stored)
    if given is None or card is None:
        return ("", "", "", "")
    return (harmless(words_of(given, card)), verdict, harmless(slip), "yes" if given.overruled else "no")
