"""Do the sums agree with the log? Both are read in the order of learners or cards, and one card at a time is held."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, F, Q, Sum

from flashcards.classes.models import StudyClass
from flashcards.decks.kinds import Verdict
from flashcards.lib.days import day_as_date
from flashcards.study import class_sums
from flashcards.study.card_days import AMOUNTS
from flashcards.study.class_sums import KEY, WRONG_KEY
from flashcards.study.models import CardDay, ClassCardWeek, ClassWrongWeek, Rating, Review, State

Row = tuple[Any, ...]
Sums = Mapping[Row, Row]
Grouped = Iterator[tuple[Any, Sums]]
_COUNTED = (
    "card_id", "day", "rating", "state_before", "duration_ms", "classes", "verdict", "slip", "given",
)  # fmt: skip


def differences() -> Iterator[str]:
    """Yield one line for each sum that differs from what the log comes to."""
    yield from _compared(_stored_days(), _logged_days(), AMOUNTS, _name_of_day)
    logged = (F(name) - F(f"kept_{name}") for name in AMOUNTS)
    weeks = ClassCardWeek.objects.order_by("card_id").values_list(*KEY, *logged)
    yield from _compared(_by_card(weeks.iterator(), len(KEY)), _logged_weeks(), AMOUNTS, _name_of_week)
    wrong = ClassWrongWeek.objects.order_by("card_id").values_list(*WRONG_KEY, F("count") - F("kept_count"))
    yield from _compared(_by_card(wrong.iterator(), len(WRONG_KEY)), _logged_wrong(), ("count",), _name_of_week)


def _compared(stored: Grouped, logged: Grouped, columns: tuple[str, ...], name: Callable[[Row], str]) -> Iterator[str]:
    """Yield the differences between sums grouped alike, both in the order of their groups."""
    tagged = merge(
        ((group, "stored", sums) for group, sums in stored),
        ((group, "logged", sums) for group, sums in logged),
        key=itemgetter(0),
    )
    nothing = (0,) * len(columns)
    for _, sides in groupby(tagged, key=itemgetter(0)):
        of_group: dict[str, Sums] = {side: sums for _, side, sums in sides}
        ours, theirs = of_group.get("stored", {}), of_group.get("logged", {})
        for key in sorted(ours.keys() | theirs.keys()):
            there = zip(columns, ours.get(key, nothing), theirs.get(key, nothing), strict=True)
            for column, is_stored, is_logged in there:
                if is_stored != is_logged:
                    yield f"{name(key)}: {column} is {is_stored}, the log says {is_logged}"


def _stored_days() -> Grouped:
    rows = CardDay.objects.order_by("user_id", "card_id").values_list("user", "card", "day", *AMOUNTS)
    return _by_learner(rows.iterator())


def _logged_days() -> Grouped:
    again = Q(rating=Rating.AGAIN)
    standing = (
        Review.objects.filter(undone_at=None).order_by("user_id", "card_id", "day").values_list("user", "card", "day")
    )
    rows = standing.annotate(
        reviews=Count("pk"),
        again=Count("pk", filter=again),
        lapses=Count("pk", filter=again & Q(state_before=State.REVIEW)),
        took=Sum("duration_ms"),
    )
    return _by_learner(rows.iterator())


def _logged_weeks() -> Grouped:
    classes = set(StudyClass.objects.values_list("pk", flat=True))
    for card, reviews in groupby(_counting().iterator(), key=lambda review: review.card_id):
        weeks = class_sums.sums_of(reviews).weeks
        yield card, {key: tuple(amounts) for key, amounts in weeks.items() if key[0] in classes}


def _logged_wrong() -> Grouped:
    classes = set(StudyClass.objects.values_list("pk", flat=True))
    wrong = _counting().filter(verdict=Verdict.WRONG)
    for card, reviews in groupby(wrong.iterator(), key=lambda review: review.card_id):
        counts = class_sums.sums_of(reviews).wrong
        yield card, {key: (count,) for key, count in counts.items() if key[0] in classes}


def _counting() -> Any:
    """Return the reviews that count in classes, some of which may be gone with their sums, in the order of cards."""
    return Review.objects.filter(undone_at=None, classes__isnull=False).order_by("card_id").only(*_COUNTED)


def _by_learner(rows: Iterable[Row]) -> Grouped:
    """Return rows that begin with learner, card and day, by learner and card."""
    for group, of_group in groupby(rows, key=itemgetter(0, 1)):
        yield group, {row[:3]: row[3:] for row in of_group}


def _by_card(rows: Iterable[Row], width: int) -> Grouped:
    """Return rows that begin with a key of this width, the card in its second place, by card."""
    for card, of_card in groupby(rows, key=itemgetter(1)):
        yield card, {row[:width]: row[width:] for row in of_card}


def _name_of_day(key: Row) -> str:
    user, card, day = key
    return f"user {user} card {card} day {day_as_date(day)}"


def _name_of_week(key: Row) -> str:
    study_class, card, week, *wrong = key
    return " ".join([f"class {study_class} card {card} week of {day_as_date(7 * week)}", *wrong])
