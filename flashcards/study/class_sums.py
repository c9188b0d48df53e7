"""What classes did with each card in each week, and the wrong answers given: sums over their students' reviews.

A review says itself in which classes it counts (`Review.classes`), so what it added is taken away where it was added,
whoever has left or come since.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest

from flashcards.decks.kinds import Verdict
from flashcards.study.card_days import AMOUNTS, amounts_of, upsert
from flashcards.study.models import ClassCardWeek, ClassWrongWeek, Review

KEY = ("study_class_id", "card_id", "week")
WRONG_KEY = (*KEY, "kind", "what")
Key = tuple[int, int, int]
WrongKey = tuple[int, int, int, str, str]
_NOTHING = (0,) * len(AMOUNTS)


def week_of(day: int) -> int:
    """Return the week, counted from the first, that a study day is in."""
    return day // 7


def wrong_of(review: Review) -> list[tuple[str, str]]:
    """Return what was wrong about the answer of a review, as (kind, what) of ClassWrongWeek, in order.

    Nothing where none was given, it was not wrong, or the learner said that it was right after all.
    """
    given = review.given
    if review.verdict != Verdict.WRONG or given is None or given["overruled"]:
        return []
    slip = {(ClassWrongWeek.Kind.SLIP.value, review.slip)} if review.slip else set()
    return sorted(slip | {(kind, what) for kind, what in given.get("wrong", ())})


@dataclass(slots=True)
class Sums:
    """What reviews come to: the amounts by KEY, and counts of wrong answers by WRONG_KEY."""

    weeks: dict[Key, list[int]] = field(default_factory=dict)
    wrong: Counter[WrongKey] = field(default_factory=Counter)


def sums_of(reviews: Iterable[Review]) -> Sums:
    """Return what these reviews come to in all the classes that count them."""
    sums = Sums()
    for review in reviews:
        for study_class in review.classes or ():
            key = (study_class, review.card_id, week_of(review.day))
            before = sums.weeks.get(key, _NOTHING)
            sums.weeks[key] = [a + b for a, b in zip(before, amounts_of(review), strict=True)]
            sums.wrong.update((*key, *wrong) for wrong in wrong_of(review))
    return sums


def add(review: Review) -> None:
    """Count a review in the sums of the classes that it names."""
    if not review.classes:
        return
    sums = sums_of([review])
    weeks = [(*key, review.deck_id, *amounts) for key, amounts in sums.weeks.items()]
    _run(upsert(ClassCardWeek, KEY, AMOUNTS, len(weeks)), weeks)
    wrong = [(*key, review.deck_id, count) for key, count in sums.wrong.items()]
    if wrong:
        _run(upsert(ClassWrongWeek, WRONG_KEY, ("count",), len(wrong)), wrong)


def take_away(reviews: Iterable[Review]) -> None:
    """Take reviews that no longer count out of the sums that they were added to."""
    sums = sums_of(reviews)
    for key, amounts in sums.weeks.items():
        week = ClassCardWeek.objects.filter(**dict(zip(KEY, key, strict=True)))
        taken = zip(AMOUNTS, amounts, strict=True)
        week.update(**{name: Greatest(F(name) - amount, 0) for name, amount in taken})
        week.filter(reviews=0).delete()
    for wrong, count in sums.wrong.items():
        answers = ClassWrongWeek.objects.filter(**dict(zip(WRONG_KEY, wrong, strict=True)))
        answers.update(count=Greatest(F("count") - count, 0))
        answers.filter(count=0).delete()


def move_lapses(changes: Iterable[tuple[Review, int]]) -> None:
    """Add to the lapses where reviews count what their outcomes, worked out anew, have changed by: 1 or -1 each."""
    moved: Counter[Key] = Counter()
    for review, change in changes:
        for study_class in review.classes or ():
            moved[study_class, review.card_id, week_of(review.day)] += change
    for key, change in sorted(moved.items()):
        if change:
            week = ClassCardWeek.objects.filter(**dict(zip(KEY, key, strict=True)))
            week.update(lapses=Greatest(F("lapses") + change, 0))


def forget(user_id: int) -> None:
    """Take a person's reviews out of the sums, before they are deleted."""
    take_away(_counting(user_id))


def outlive(user_id: int) -> None:
    """Keep what a person's reviews added to the sums, before they are deleted: no review will say so any more."""
    sums = sums_of(_counting(user_id))
    for key, amounts in sums.weeks.items():
        kept = {f"kept_{name}": F(f"kept_{name}") + amount for name, amount in zip(AMOUNTS, amounts, strict=True)}
        ClassCardWeek.objects.filter(**dict(zip(KEY, key, strict=True))).update(**kept)
    for wrong, count in sums.wrong.items():
        answers = ClassWrongWeek.objects.filter(**dict(zip(WRONG_KEY, wrong, strict=True)))
        answers.update(kept_count=F("kept_count") + count)


def outlive_ties(study_class_id: int) -> None:
    """Keep the sums of a class, before its reviews stop saying that they count in it."""
    kept = {f"kept_{name}": F(name) for name in AMOUNTS}
    ClassCardWeek.objects.filter(study_class=study_class_id).update(**kept)
    ClassWrongWeek.objects.filter(study_class=study_class_id).update(kept_count=F("count"))


def _counting(user_id: int) -> Iterator[Review]:
    return Review.objects.filter(user=user_id, undone_at=None, classes__isnull=False).iterator()


def _run(sql: str, rows: Iterable[tuple[int | str, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for row in rows for value in row])
