"""Reviews from what files say of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flashcards.accounts.models import User
from flashcards.decks.formats.records import ReviewRecord
from flashcards.decks.models import Card
from flashcards.study.answering import LONGEST_ANSWER_MS
from flashcards.study.days import moment_for
from flashcards.study.giving import given_from
from flashcards.study.models import Review


def review_from(said: ReviewRecord, pk: UUID, user: User, card: Card, preset: int) -> Review:
    """Return what a file says as a review of `card`, not stored, without its outcome; facts that can't be are left."""
    moment = moment_for(user, said.answered_at)
    review = Review(
        id=pk,
        user=user,
        card_id=card.pk,
        deck_id=card.deck_id,
        rating=said.rating,
        answered_at=said.answered_at,
        day=moment.day,
        day_ends_at=moment.day_ends_at,
        duration_ms=min(max(said.duration_ms, 0), LONGEST_ANSWER_MS),
        preset_id=preset,
    )
    _put_facts(review, said.facts)
    return review


def _put_facts(review: Review, facts: Mapping[str, Any]) -> None:
    """Set what only our own files say of a review, where it makes sense."""
    day, ends = facts.get("day"), facts.get("day_ends_at")
    # Where a learner has moved since, their own day was another than it would be here.
    if isinstance(day, int) and isinstance(ends, str) and abs(day - review.day) <= 1:
        try:
            ends_at = datetime.fromisoformat(ends)
        except ValueError:
            return
        if ends_at.tzinfo is not None and timedelta(0) < ends_at - review.answered_at <= timedelta(days=2):
            review.day, review.day_ends_at = day, ends_at
    verdict, slip, given = facts.get("verdict"), facts.get("slip"), facts.get("given")
    if isinstance(given, dict):
        try:
            answer = given_from(given)
        except TypeError:
            return
        review.given = {**given, "card": review.card_id} if answer is not None else None
        review.verdict = verdict[:8] if isinstance(verdict, str) else ""
        review.slip = slip[:80] if isinstance(slip, str) else ""
