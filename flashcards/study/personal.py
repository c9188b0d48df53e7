"""What this floor holds of a person: options, sessions, marks, every review; and how a guest's become a member's."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.accounts.personal import PersonalData
from flashcards.lib.days import day_as_date
from flashcards.study.giving import given_from, words_of
from flashcards.study.models import Action, DeckOptions, Memory, Review, State, StudySession
from flashcards.study.replay import put_state, rebuild


def export(user: User) -> dict[str, Any]:
    """Return all that is kept of the person's studying; days are dates in their own zone, moments are UTC."""
    return {
        "options": [_options(options) for options in _of(DeckOptions, user).select_related("deck", "preset")],
        "cards": (_memory(memory) for memory in _of(Memory, user).select_related("deck", "note").iterator()),
        "reviews": (_review(review) for review in _reviews(user).iterator()),
        "sessions": (_session(session) for session in _of(StudySession, user).select_related("deck").iterator()),
        "actions": (_action(action) for action in _of(Action, user).select_related("card__note").iterator()),
    }


def _of(model: Any, user: User) -> Any:
    return model.objects.filter(user=user).order_by("pk")


def _reviews(user: User) -> Any:
    reviews = Review.objects.filter(user=user).select_related("deck", "card__note")
    return reviews.order_by("answered_at", "pk")


def _options(options: DeckOptions) -> dict[str, Any]:
    return {
        "deck": options.deck.slug,
        "new_per_day": options.new_per_day,
        "reviews_per_day": options.reviews_per_day,
        "desired_retention": options.preset.desired_retention,
        "learning_steps_seconds": options.preset.learning_steps,
        "relearning_steps_seconds": options.preset.relearning_steps,
        "fsrs_parameters": options.preset.parameters,
    }


def _memory(memory: Memory) -> dict[str, Any]:
    return {
        "deck": memory.deck.slug,
        "note": memory.note.key,
        "card": memory.card_id,
        "state": State(memory.state).label,
        "stability_days": memory.stability,
        "difficulty": memory.difficulty,
        "due_day": _date(memory.due_day),
        "due_at": memory.due_at,
        "interval_days": memory.interval_days,
        "reviews": memory.reps,
        "lapses": memory.lapses,
        "leech": memory.is_leech,
        "suspended": memory.is_suspended,
        "starred": memory.is_starred,
        "buried_until": _date(memory.buried_until),
    }


def _review(review: Review) -> dict[str, Any]:
    return {
        "id": review.pk,
        "deck": review.deck.slug,
        "note": review.card.note.key,
        "card": review.card_id,
        "grade": review.get_rating_display(),
        "answered_at": review.answered_at,
        "day": _date(review.day),
        "took_seconds": review.duration_ms / 1000,
        "state_before": review.get_state_before_display(),
        "recall": review.recall,
        "interval_seconds": review.interval_seconds,
        "stability_days": review.stability,
        "difficulty": review.difficulty,
        "undone_at": review.undone_at,
        **_given(review),
    }


def _given(review: Review) -> dict[str, Any]:
    """Return what was answered, where the card asked for it."""
    given = given_from(review.given)
    if given is None:
        return {}
    words = words_of(given, review.card)
    said = {"answer": words, "verdict": review.verdict, "named_error": review.slip, "overruled": given.overruled}
    return {**said, "answered_in_seconds": given.duration_ms / 1000}


def _session(session: StudySession) -> dict[str, Any]:
    return {
        "deck": session.deck.slug,
        "day": _date(session.day),
        "started_at": session.started_at,
        "ended_at": session.ended_at,
        "cards": session.total,
        "answer_not_graded_yet": session.given and session.given["text"],
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "did": action.kind,
        "note": action.card.note.key,
        "card": action.card_id,
        "done_at": action.done_at,
        "undone_at": action.undone_at,
    }


def _date(day: int | None) -> str | None:
    return None if day is None else day_as_date(day).isoformat()


def adopt(guest: User, member: User) -> None:
    """Make all that the guest did the member's; of a card both know, the logs are joined and the memory follows."""
    taken = dict(DeckOptions.objects.filter(user=member).values_list("deck_id", "pk"))
    for options in DeckOptions.objects.filter(user=guest):
        if options.deck_id in taken:
            StudySession.objects.filter(options=options).update(options=taken[options.deck_id])
        else:
            DeckOptions.objects.filter(pk=options.pk).update(user=member)
    StudySession.objects.filter(user=guest, ended_at=None).update(ended_at=timezone.now())
    for model in (StudySession, Action, Review):
        model.objects.filter(user=guest).update(user=member)
    known = Memory.objects.filter(user=member).values("card_id")
    both = list(Memory.objects.filter(user=guest, card_id__in=known))
    Memory.objects.filter(Q(user=guest) & ~Q(card_id__in=known)).update(user=member)
    for theirs in both:
        ours = Memory.objects.select_for_update().get(user=member, card_id=theirs.card_id)
        ours.is_starred = ours.is_starred or theirs.is_starred
        ours.is_suspended = ours.is_suspended or theirs.is_suspended
        ours.buried_until = max(filter(None, (ours.buried_until, theirs.buried_until)), default=None)
        put_state(ours, rebuild(member.pk, ours.card_id))
        ours.save()


def data() -> PersonalData:
    """Return what to register with the accounts floor; deleting the person's row deletes all of this with it."""
    return PersonalData("study", export=export, adopt=adopt)
