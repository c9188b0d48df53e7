"""What of a person's answers a class may no longer know: after its keeping time, or when the person is deleted."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from itertools import batched
from uuid import UUID

from django.db import transaction

from flashcards.classes.models import Membership, Role, StudyClass
from flashcards.study.class_sums import outlive_ties, week_of, wrong_of
from flashcards.study.models import Budget, ClassWrongWeek, Review, Standing

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many reviews no longer say that they count in a class, and how many standings and budgets were deleted."""

    reviews: int
    standings: int
    budgets: int


def clear_class(study_class: StudyClass) -> Cleared:
    """Cut the ties between a class and the reviews made in it; its sums stay.

    A review that counts in no other class loses what was answered, too. Once done, it finds nothing to do.
    """
    students = Membership.objects.filter(study_class=study_class, role=Role.STUDENT).values("user")
    with transaction.atomic():
        outlive_ties(study_class.pk)
        reviews = _clear_reviews(study_class.pk)
        standing_count, _ = Standing.objects.filter(study_class=study_class, user__in=students).delete()
        budget_count, _ = Budget.objects.filter(assignment__study_class=study_class).delete()
    return Cleared(reviews, standing_count, budget_count)


def _clear_reviews(study_class: int) -> int:
    left: defaultdict[tuple[int, ...], list[UUID]] = defaultdict(list)
    # Whoever was a student once may be a teacher now.
    people = Membership.objects.filter(study_class=study_class).values("user")
    counting = Review.objects.filter(user__in=people, classes__isnull=False)
    for review in counting.only("classes").iterator():
        classes: list[int] = review.classes or []
        if study_class in classes:
            left[tuple(sorted(set(classes) - {study_class}))].append(review.pk)
    for others, reviews in left.items():
        _name_classes(reviews, others)
    return sum(map(len, left.values()))


def _name_classes(reviews: Collection[UUID], classes: tuple[int, ...]) -> None:
    """Let reviews count in these classes alone; without any, what was answered goes."""
    for some in batched(reviews, AT_ONCE):
        found = Review.objects.filter(pk__in=some)
        if classes:
            found.update(classes=list(classes))
        else:
            found.update(classes=None, given=None)


def forget_words_of(user_id: int) -> None:
    """Delete from the sums of classes the wrong words that nobody but this person typed."""
    theirs: Counter[tuple[int, int, int, str]] = Counter()
    for review in Review.objects.filter(user=user_id, undone_at=None, classes__isnull=False).iterator():
        words = [what for kind, what in wrong_of(review) if kind == ClassWrongWeek.Kind.TYPED]
        for study_class in review.classes or ():
            theirs.update((study_class, review.card_id, week_of(review.day), what) for what in words)
    for (study_class, card, week, what), count in theirs.items():
        typed = ClassWrongWeek.objects.filter(kind=ClassWrongWeek.Kind.TYPED, study_class=study_class, card=card)
        typed.filter(week=week, what=what, count__lte=count).delete()
