"""Which notes must stay although the import that made them is undone: somebody else has learnt from them."""

from collections.abc import Sequence

from django.db.models import Q

from flashcards.accounts.models import User
from flashcards.study.models import Memory, Review


def needed_notes(notes: Sequence[int], user: User | None) -> set[int]:
    """Return which of these notes (pks) somebody other than `user` has reviewed or marked, or a class counts."""
    others = ~Q(user=user) if user is not None else Q()
    memories = Memory.objects.filter(others, note__in=notes).values_list("note", flat=True)
    reviews = Review.objects.filter(others | Q(classes__isnull=False), card__note__in=notes)
    return {*memories.distinct(), *reviews.values_list("card__note", flat=True).distinct()}
