"""What a learner did with each card on each day, kept beside the log in the transaction of each review.

Counting a review also finds the classes that count it, in the same statement: those in which its learner was a
student when they answered, and with which the deck was shared by then and is now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import Model

from flashcards.classes.models import Membership, Role, StudyClass
from flashcards.decks.models import ClassDeck
from flashcards.study.models import CardDay, Rating, Review, Standing, State

AMOUNTS = ("reviews", "again", "lapses", "duration_ms")
Amounts = tuple[int, int, int, int]


def table_of(model: type[Model]) -> str:
    """Return the name of a model's table."""
    return model._meta.db_table  # noqa: SLF001  nothing else knows it


@lru_cache
def upsert(model: type[Model], key: tuple[str, ...], amounts: tuple[str, ...], rows: int = 1) -> str:
    """Return SQL that adds to `amounts` of rows of sums, making those that are missing.

    Its columns are `key`, by which a row is unique, then the deck and `amounts`.
    """
    table = table_of(model)
    columns = (*key, "deck_id", *amounts)
    row = f"({', '.join(['%s'] * len(columns))})"
    sums = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in amounts)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)} "  # noqa: S608  names of our own columns
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sums}"
    )


# One statement instead of three: this is done at every grade.
_ADD = f"""
    {upsert(CardDay, ("user_id", "card_id", "day"), AMOUNTS)} RETURNING (
        SELECT {{listed}} FROM {table_of(ClassDeck)} shared
        JOIN {table_of(StudyClass)} class ON class.id = shared.study_class_id AND class.locked_at IS NULL
        JOIN {table_of(Membership)} member ON member.study_class_id = class.id
        WHERE shared.deck_id = %s AND member.user_id = %s AND member.role = %s
        AND shared.shared_at <= %s AND member.joined_at <= %s AND (member.left_at IS NULL OR member.left_at > %s)
    ), EXISTS (
        SELECT 1 FROM {table_of(Standing)} standing WHERE standing.user_id = %s AND standing.deck_id = %s
    )
"""  # noqa: S608  names of our own tables
_ADD_ON = {
    "sqlite": _ADD.format(listed="group_concat(DISTINCT class.id)"),
    "postgresql": _ADD.format(listed="string_agg(DISTINCT CAST(class.id AS text), ',')"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What counting a review found: ids of the classes that count it, and whether its learner's standing is kept."""

    classes: list[int]
    has_standing: bool


def amounts_of(review: Review) -> Amounts:
    """Return what one review adds to sums: AMOUNTS."""
    return 1, int(review.rating == Rating.AGAIN), int(is_lapse(review.rating, review.state_before)), review.duration_ms


def is_lapse(rating: int, state_before: int) -> bool:
    """Return whether a review so rated was a card in review forgotten."""
    return rating == Rating.AGAIN and state_before == State.REVIEW


def add(review: Review) -> Counted:
    """Count a review that is about to be stored in its learner's day, and find the classes that count it."""
    at = connection.ops.adapt_datetimefield_value(review.answered_at)
    user, deck = review.user_id, review.deck_id
    row = (user, review.card_id, review.day, deck, *amounts_of(review))
    with connection.cursor() as cursor:
        cursor.execute(_ADD_ON[connection.vendor], (*row, deck, user, Role.STUDENT.value, at, at, at, user, deck))
        classes, has_standing = cursor.fetchone()
    return Counted(sorted(map(int, classes.split(","))) if classes else [], bool(has_standing))


def keep(user_id: int, card_id: int, log: Iterable[Review]) -> None:
    """Store the days of a card anew from its reviews that stand."""
    CardDay.objects.filter(user=user_id, card=card_id).delete()
    CardDay.objects.bulk_create(days_of(user_id, card_id, log))


def days_of(user_id: int, card_id: int, log: Iterable[Review]) -> list[CardDay]:
    """Return the days of a card, not stored, from its reviews that stand."""
    days: dict[int, CardDay] = {}
    for review in log:
        day = days.get(review.day)
        if day is None:
            nothing = dict.fromkeys(AMOUNTS, 0)
            day = CardDay(user_id=user_id, card_id=card_id, deck_id=review.deck_id, day=review.day, **nothing)
            days[review.day] = day
        for name, amount in zip(AMOUNTS, amounts_of(review), strict=True):
            setattr(day, name, getattr(day, name) + amount)
    return list(days.values())
