"""The history: every review that stands, filtered, summed up, and as a CSV file."""

import csv
import io
import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck
from flashcards.study.answering import Answer, record_offline
from flashcards.study.calendar_grid import halves, level
from flashcards.study.models import Rating, Review
from flashcards.study.options import options_for

from .material import make_deck

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


def review(user: User, card: Card, rating: int, when: datetime, duration_ms: int = 4200) -> Review:
    answer = Answer(uuid4(), card.pk, Rating(rating), None, duration_ms, when)
    return record_offline(user, options_for(user, card.deck), card, answer).review


def cards_of(deck: Deck) -> list[Card]:
    return list(deck.cards.select_related("deck").order_by("position"))


def look(client: Client, **query: Any) -> Any:
    response = client.get(reverse("study:history"), query)
    assert response.status_code == 200
    return response


def shown(response: Any) -> list[Review]:
    return [entry.row.review for entry in response.context["entries"]]


def rows_of(client: Client, **query: Any) -> list[dict[str, str]]:
    response = client.get(reverse("study:history_csv"), query)
    assert isinstance(response, StreamingHttpResponse)
    text = b"".join(response).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_without_reviews_it_says_what_belongs_here(client_of_alice: Client) -> None:
    response = look(client_of_alice)
    assert "No reviews yet" in response.content.decode()
    assert rows_of(client_of_alice) == []


def test_the_latest_comes_first_in_the_learners_own_time(client_of_alice: Client, alice: User, deck: Deck) -> None:
    first, second, *_ = cards_of(deck)
    review(alice, first, Rating.EASY, NOON)
    review(alice, second, Rating.AGAIN, NOON + timedelta(days=1), duration_ms=65_000)
    entry, _ = look(client_of_alice).context["entries"]
    row = entry.row
    assert (row.day, row.clock, row.grade, row.state_before, row.interval, row.recall, row.seconds) == (
        "3 Mar 2026", "13:00", "Again", "New", "1 min", "–", "1 min 5 s",
    )  # fmt: skip
    assert (entry.line, entry.url) == ("Question 0.1.1", reverse("study:card", args=[second.pk]))


def test_undone_reviews_and_those_of_others_are_not_there(
    client_of_alice: Client, alice: User, bob: User, deck: Deck
) -> None:
    card = cards_of(deck)[0]
    stands = review(alice, card, Rating.GOOD, NOON)
    undone = review(alice, card, Rating.GOOD, NOON + timedelta(days=2))
    Review.objects.filter(pk=undone.pk).update(undone_at=timezone.now())
    review(bob, card, Rating.GOOD, NOON)
    response = look(client_of_alice)
    assert shown(response) == [stands]
    assert response.context["totals"].reviews == 1
    assert len(rows_of(client_of_alice)) == 1


def test_filters_by_deck_study_day_and_grade(client_of_alice: Client, alice: User, deck: Deck) -> None:
    card, other = cards_of(deck)[0], cards_of(make_deck("other"))[0]
    # 02:30 in Berlin on 4 March still belongs to the study day of 3 March.
    night = review(alice, card, Rating.AGAIN, datetime(2026, 3, 4, 1, 30, tzinfo=UTC))
    early = review(alice, card, Rating.GOOD, NOON)
    elsewhere = review(alice, other, Rating.GOOD, NOON)
    wanted: list[tuple[dict[str, object], set[Review]]] = [
        ({}, {night, early, elsewhere}),
        ({"deck": "other"}, {elsewhere}),
        ({"from": "2026-03-03", "to": "2026-03-03"}, {night}),
        ({"from": "2026-03-04"}, set()),
        ({"to": "2026-03-02"}, {early, elsewhere}),
        ({"grade": 1}, {night}),
        ({"grade": 3, "deck": "deck", "from": "", "to": ""}, {early}),
    ]
    for query, reviews in wanted:
        response = look(client_of_alice, **query)
        assert set(shown(response)) == reviews
        assert response.context["totals"].reviews == len(reviews)
        assert {row["answered_at"][:10] for row in rows_of(client_of_alice, **query)} == {
            {night: "2026-03-04"}.get(found, "2026-03-02") for found in reviews
        }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("from", "abc"),
        ("from", "9999-99-99"),
        ("to", "\0"),
        ("to", "2026-02-30"),
        ("to", "9" * 5000),
        ("deck", "bobs"),
        ("deck", "\0"),
        ("grade", "9"),
        ("grade", "0"),
        ("grade", "\0"),
        ("grade", "٣"),
    ],
)
def test_a_senseless_filter_is_told_at_its_field(
    client_of_alice: Client, alice: User, bob: User, deck: Deck, field: str, value: str
) -> None:
    bobs = cards_of(make_deck("bobs", is_public=False, owner=bob))[0]
    review(bob, bobs, Rating.GOOD, NOON)
    mine = review(alice, cards_of(deck)[0], Rating.GOOD, NOON)
    response = look(client_of_alice, **{field: value})
    assert list(response.context["form"].errors) == [field]
    assert shown(response) == [mine]
    assert "left out" in response.content.decode()
    refused = client_of_alice.get(reverse("study:history_csv"), {field: value})
    assert (refused.status_code, refused["Content-Type"]) == (400, "text/html; charset=utf-8")


def test_days_that_run_backwards_are_told(client_of_alice: Client, alice: User, deck: Deck) -> None:
    review(alice, cards_of(deck)[0], Rating.GOOD, NOON)
    response = look(client_of_alice, **{"from": "2026-03-02", "to": "2026-03-01"})
    assert list(response.context["form"].errors) == ["to"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_time_are_dates_like_others(client_of_alice: Client, alice: User, deck: Deck, day: str) -> None:
    review(alice, cards_of(deck)[0], Rating.GOOD, NOON)
    assert len(shown(look(client_of_alice, **{"from": day}))) == (day < "2026")
    assert len(rows_of(client_of_alice, to=day)) == (day > "2026")


@pytest.mark.parametrize("page", ["", "0", "-1", "abc", "\0", "2", "9" * 5000, "1e9", "²"])
def test_any_page_number_shows_a_page(client_of_alice: Client, alice: User, deck: Deck, page: str) -> None:
    review(alice, cards_of(deck)[0], Rating.GOOD, NOON)
    assert len(shown(look(client_of_alice, page=page))) == 1


def test_pages_hold_a_hundred_and_keep_the_filters(client_of_alice: Client, alice: User, deck: Deck) -> None:
    many(alice, deck, 105)
    first = look(client_of_alice, grade=3)
    assert len(shown(first)) == 100
    assert "?grade=3&amp;page=2" in first.content.decode()
    second = look(client_of_alice, grade=3, page=2)
    assert len(shown(second)) == 5
    assert not set(shown(first)) & set(shown(second))


def many(user: User, deck: Deck, count: int) -> None:
    """Store `count` reviews of the deck's cards, one a minute, each a first Good."""
    cards = cards_of(deck)
    template = review(user, cards[0], Rating.GOOD, NOON)
    rows = []
    for place in range(1, count):
        row = Review.objects.get(pk=template.pk)
        row.pk, row.card = uuid4(), cards[place % len(cards)]
        row.answered_at = NOON + timedelta(minutes=place)
        rows.append(row)
    Review.objects.bulk_create(rows)


def test_queries_do_not_grow_with_rows(client_of_alice: Client, alice: User, deck: Deck) -> None:
    counts = []
    for number in (5, 50):
        Review.objects.all().delete()
        many(alice, deck, number)
        look(client_of_alice)
        with CaptureQueriesContext(connection) as queries:
            assert len(shown(look(client_of_alice))) == number
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7


def test_the_summary_tells_retention_of_cards_in_review_beside_what_was_predicted(
    client_of_alice: Client, alice: User, deck: Deck
) -> None:
    first, second, *_ = cards_of(deck)
    for card, rating in ((first, Rating.GOOD), (second, Rating.AGAIN)):
        review(alice, card, Rating.EASY, NOON, duration_ms=30_000)
        review(alice, card, rating, NOON + timedelta(days=8), duration_ms=30_000)
    recalls = [found.recall for found in Review.objects.filter(state_before=2)]
    totals = look(client_of_alice).context["totals"]
    assert (totals.reviews, totals.recalled, totals.spent) == (4, "75 %", "2 min 0 s")
    assert (totals.in_review, totals.retention) == (2, "50 %")
    assert totals.predicted == f"{sum(recall or 0 for recall in recalls) / 2 * 100:.0f} %"


def test_the_year_counts_study_days_and_follows_deck_and_grade(
    client_of_alice: Client, alice: User, deck: Deck, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = cards_of(deck)[0]
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=10))
    review(alice, card, Rating.GOOD, NOON - timedelta(days=355))
    review(alice, card, Rating.AGAIN, NOON - timedelta(days=354))
    review(alice, card, Rating.GOOD, NOON)
    review(alice, card, Rating.GOOD, NOON + timedelta(minutes=1))
    response = look(client_of_alice, **{"from": "2026-03-01"})
    rows = response.context["year"].rows
    assert [(row.day, row.iso, row.reviews) for row in rows] == [
        ("Mon 2 Mar 2026", "2026-03-02", 2),
        ("Thu 13 Mar 2025", "2025-03-13", 1),
    ]
    text = response.content.decode()
    assert "<title>Mon 2 Mar 2026: 2 reviews</title>" in text
    assert "<title>Sun 1 Mar 2026: no reviews</title>" in text
    assert [row.reviews for row in look(client_of_alice, grade=1).context["year"].rows] == [1]


@pytest.mark.parametrize("today", [date(2026, 11, 23), date(2026, 11, 29), date(2024, 2, 29), date(2025, 1, 1)])
def test_the_year_has_each_day_once_and_no_month_over_another(today: date) -> None:
    pictures = halves({}, today.toordinal())
    days = [date.fromisoformat(cell.iso) for half in pictures for cell in half.cells]
    assert days == [today - timedelta(days=back) for back in range(364, -1, -1)]
    for half in pictures:
        assert len({(cell.x, cell.y) for cell in half.cells}) == len(half.cells)
        assert all(cell.x + 10 <= half.width and cell.y + 10 <= half.height for cell in half.cells)
        places = [label.x for label in half.months]
        assert all(after - before >= 36 for before, after in itertools.pairwise(places))


def test_more_reviews_are_never_lighter() -> None:
    levels = [level(count, 200) for count in range(201)]
    assert (levels[0], levels[1], levels[200]) == (0, 1, 4)
    assert levels == sorted(levels)


def test_htmx_gets_the_part_alone_and_the_whole_page_when_it_goes_back(
    client_of_alice: Client, alice: User, deck: Deck
) -> None:
    review(alice, cards_of(deck)[0], Rating.GOOD, NOON)
    url = reverse("study:history")
    part = client_of_alice.get(url, headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div id="history"')
    assert "<html" not in part
    back = client_of_alice.get(url, headers=HTMX | {"HX-History-Restore-Request": "true"}).content.decode()
    assert "<html" in back


def test_the_file_says_what_the_page_says(client_of_alice: Client, alice: User, deck: Deck) -> None:
    card = cards_of(deck)[0]
    review(alice, card, Rating.EASY, NOON)
    later = review(alice, card, Rating.HARD, datetime(2026, 7, 1, 1, 30, tzinfo=UTC), duration_ms=1250)
    response = client_of_alice.get(reverse("study:history_csv"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="reviews-20')
    first, second = rows_of(client_of_alice)
    assert first["answered_at"] == "2026-03-02T13:00:00.000+01:00"
    assert first["recall_predicted"] == ""
    assert second == {
        "answered_at": "2026-07-01T03:30:00.000+02:00",
        "study_day": "2026-06-30",
        "deck": "Deck",
        "card": str(card.pk),
        "question": "Question 0.0.1",
        "grade": "Hard",
        "state_before": "Review",
        "interval_seconds": str(later.interval_seconds),
        "recall_predicted": str(round(later.recall or 0, 4)),
        "stability_days": str(round(later.stability, 4)),
        "difficulty": str(round(later.difficulty, 4)),
        "seconds": "1.25",
        "answer": "",
        "verdict": "",
        "named_error": "",
        "overruled": "",
    }


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x","y")'])
def test_no_cell_is_a_formula(client_of_alice: Client, alice: User, title: str) -> None:
    deck = make_deck("formulas")
    Deck.objects.filter(pk=deck.pk).update(title=title)
    Card.objects.filter(deck=deck).update(question_html="<p>=cmd|' /C calc'!A0, \"quoted\"</p>")
    review(alice, cards_of(deck)[0], Rating.GOOD, NOON)
    (row,) = rows_of(client_of_alice)
    assert row["deck"] == f"'{title}"
    assert row["question"] == "'=cmd|' /C calc'!A0, \"quoted\""


def test_a_large_file_is_sent_in_pieces(client_of_alice: Client, alice: User, deck: Deck) -> None:
    many(alice, deck, 2_500)
    with CaptureQueriesContext(connection) as queries:
        rows = rows_of(client_of_alice)
    assert len(rows) == 2_500
    assert [row["answered_at"] for row in rows] == sorted(row["answered_at"] for row in rows)
    assert len([query for query in queries if "question_html" in query["sql"]]) == 1


def test_reviews_of_a_deck_since_closed_stay_but_lead_nowhere(
    client_of_alice: Client, alice: User, bob: User, deck: Deck
) -> None:
    review(alice, cards_of(deck)[0], Rating.GOOD, NOON)
    Deck.objects.filter(pk=deck.pk).update(is_public=False, owner=bob)
    (entry,) = look(client_of_alice, deck="deck").context["entries"]
    assert entry.url == ""


@pytest.mark.parametrize("name", ["history", "history_csv"])
def test_who_is_not_signed_in_is_asked_to(client: Client, db: None, name: str) -> None:
    url = reverse(f"study:{name}")
    assert client.get(url)["Location"] == f"{reverse('account_login')}?next={url}"


def test_among_reviews_of_one_grade_no_retention_is_told(client_of_alice: Client, alice: User, deck: Deck) -> None:
    card = cards_of(deck)[0]
    review(alice, card, Rating.EASY, NOON)
    review(alice, card, Rating.AGAIN, NOON + timedelta(days=8))
    response = look(client_of_alice, grade=1)
    totals = response.context["totals"]
    assert (totals.reviews, totals.recalled, totals.retention) == (1, None, None)
    text = response.content.decode()
    assert "true retention" not in text
    assert "Recalled</th>" not in text


def test_what_was_written_for_a_date_stays_to_be_mended(client_of_alice: Client, alice: User, deck: Deck) -> None:
    review(alice, cards_of(deck)[0], Rating.GOOD, NOON)
    text = look(client_of_alice, **{"from": "14.3.2026", "to": "2026-03-20"}).content.decode()
    assert '<input type="text" name="from" value="14.3.2026"' in text
    assert '<input type="date" name="to" value="2026-03-20"' in text
