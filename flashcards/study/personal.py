"""What this floor holds of a person: options, sessions, marks, every review; and how a guest's become a member's."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.accounts.personal import NUMBER, ClassEnd, Deletion, Fate, Fates, PersonalData, counted
from flashcards.classes.models import StudyClass
from flashcards.decks.models import Card, Deck
from flashcards.lib.days import day_as_date
from flashcards.study import class_sums, keeping
from flashcards.study.giving import given_from, words_of
from flashcards.study.models import Action, Budget, CardDay, DeckOptions, Memory, Review, Standing, State, StudySession
from flashcards.study.replay import put_state, rebuild


def export(user: User) -> dict[str, Any]:
    """Return all that is kept of the person's studying; days are dates in their own zone, moments are UTC."""
    classes = dict(StudyClass.objects.filter(memberships__user=user).values_list("pk", "name"))
    sessions = _of(StudySession, user).select_related("deck", "topic", "tag", "assignment")
    return {
        "options": [_options(options) for options in _of(DeckOptions, user).select_related("deck", "preset")],
        "cards": (_memory(memory) for memory in _of(Memory, user).select_related("deck", "note").iterator()),
        "reviews": (_review(review, classes) for review in _reviews(user).iterator()),
        "sessions": (_session(session) for session in sessions.iterator()),
        "actions": (_action(action) for action in _of(Action, user).select_related("card__note").iterator()),
        "minutes_a_day": [
            {"class": str(mine.assignment.study_class), "assignment": mine.assignment.title, "minutes": mine.minutes}
            for mine in _of(Budget, user).select_related("assignment__study_class")
        ],
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
        "step": memory.step,
        "stability_days": memory.stability,
        "difficulty": memory.difficulty,
        "due_day": _date(memory.due_day),
        "due_at": memory.due_at,
        "last_day": _date(memory.last_day),
        "last_answered_at": memory.last_answered_at,
        "interval_days": memory.interval_days,
        "reviews": memory.reps,
        "lapses": memory.lapses,
        "leech": memory.is_leech,
        "suspended": memory.is_suspended,
        "starred": memory.is_starred,
        "buried_until": _date(memory.buried_until),
    }


def _review(review: Review, classes: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": review.pk,
        "deck": review.deck.slug,
        "note": review.card.note.key,
        "card": review.card_id,
        "grade": review.get_rating_display(),
        "answered_at": review.answered_at,
        "day": _date(review.day),
        "day_ends_at": review.day_ends_at,
        "took_seconds": review.duration_ms / 1000,
        "state_before": review.get_state_before_display(),
        "recall": review.recall,
        "interval_seconds": review.interval_seconds,
        "stability_days": review.stability,
        "difficulty": review.difficulty,
        "undone_at": review.undone_at,
        "counts_in_classes": [classes.get(pk, "a class that is gone") for pk in review.classes or []],
        "verdict": review.verdict,
        "named_error": review.slip,
        **_given(review),
    }


def _given(review: Review) -> dict[str, Any]:
    """Return what was answered, where the card asked for it."""
    given = given_from(review.given)
    if given is None:
        return {}
    words = words_of(given, review.card)
    return {"answer": words, "overruled": given.overruled, "answered_in_seconds": given.duration_ms / 1000}


def _session(session: StudySession) -> dict[str, Any]:
    return {
        "deck": session.deck.slug,
        "topic": session.topic and session.topic.title,
        "tag": session.tag and session.tag.name,
        "assignment": session.assignment and session.assignment.title,
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


def on_deck(deck: Deck) -> list[str]:
    """Return how many reviews of the deck's cards there are, and by how many learners; nothing for none."""
    reviews = Review.objects.filter(card__in=Card.objects.filter(deck=deck), undone_at=None)
    count, learners = reviews.count(), reviews.order_by().values("user").distinct().count()
    return [f"{counted(count, 'review')} by {counted(learners, 'learner')}"] if count else []


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
    both = list(Memory.objects.filter(user=guest, card_id__in=known).order_by("card_id"))
    CardDay.objects.filter(Q(user=guest) & ~Q(card_id__in=known)).update(user=member)
    Memory.objects.filter(Q(user=guest) & ~Q(card_id__in=known)).update(user=member)
    for theirs in both:
        ours = Memory.objects.select_for_update().get(user=member, card_id=theirs.card_id)
        ours.is_starred = ours.is_starred or theirs.is_starred
        ours.is_suspended = ours.is_suspended or theirs.is_suspended
        ours.buried_until = max(filter(None, (ours.buried_until, theirs.buried_until)), default=None)
        put_state(ours, rebuild(member.pk, ours.card_id))
        ours.save()
    Standing.objects.filter(user=member).update(is_stale=True)
    chosen = Budget.objects.filter(user=member).values("assignment")
    Budget.objects.filter(Q(user=guest) & ~Q(assignment__in=chosen)).update(user=member)


def holdings(user: User) -> list[str]:
    """Return how much the person has studied, a line each."""
    reviews = Review.objects.filter(user=user, undone_at=None).count()
    cards = Memory.objects.filter(user=user).count()
    lines = [(reviews, counted(reviews, "review")), (cards, f"memory of {counted(cards, 'card')}")]
    return [words for number, words in lines if number]


def delete(user: User) -> None:
    """Take the person's reviews out of the sums of classes, or, as the school chose, only what they alone typed.

    The rest goes with the person.
    """
    if settings.KEEP_SUMS_OF_DELETED:
        keeping.forget_words_of(user.pk)
        class_sums.outlive(user.pk)
    else:
        class_sums.forget(user.pk)


def data() -> PersonalData:
    """Return what to register with the accounts floor; nearly all of it goes with the person's row."""
    return PersonalData("study", export=export, adopt=adopt, delete=delete, holdings=holdings, fates=FATES)


_UNDO = "no: what undoing needs"
_PLACE = "no: the place in the session, of use to the program alone"
_SUMS = "no: sums of the reviews"
_STANDING = "no: worked out from the cards"
_OF_CLASS = "no: what a class did together or is to do"
FATES: Fates = {
    "study.DeckOptions": (
        Fate("id", NUMBER, Deletion.DELETED),
        Fate("user deck preset new_per_day reviews_per_day", "yes", Deletion.DELETED),
    ),
    "study.Memory": (
        Fate("id", NUMBER, Deletion.DELETED),
        Fate("user card note deck state step stability difficulty due_day due_at", "yes", Deletion.DELETED),
        Fate("last_day last_answered_at interval_days reps lapses", "yes", Deletion.DELETED),
        Fate("is_leech is_suspended is_starred buried_until", "yes", Deletion.DELETED),
    ),
    "study.StudySession": (
        Fate("id", NUMBER, Deletion.DELETED),
        Fate("user deck topic tag assignment day started_at ended_at total given", "yes", Deletion.DELETED),
        Fate("options plan cursor revision current_card shown_at sequence version", _PLACE, Deletion.DELETED),
    ),
    "study.Review": (
        Fate("id user card deck rating answered_at day day_ends_at duration_ms", "yes", Deletion.DELETED),
        Fate("verdict slip undone_at", "yes", Deletion.DELETED),
        Fate("given classes", "yes", Deletion.DELETED, ClassEnd.EMPTIED_UNLESS_NEEDED),
        Fate("state_before recall interval_seconds stability difficulty", "yes", Deletion.DELETED),
        Fate("session sequence cursor revision was_on_show", _UNDO, Deletion.DELETED),
        Fate("preset", "no: the options say it", Deletion.DELETED),
    ),
    "study.Action": (
        Fate("id", NUMBER, Deletion.DELETED),
        Fate("user card kind done_at undone_at", "yes", Deletion.DELETED),
        Fate("session sequence cursor revision was_on_show before", _UNDO, Deletion.DELETED),
    ),
    "study.CardDay": (Fate("id user card deck day reviews again lapses duration_ms", _SUMS, Deletion.DELETED),),
    "study.Standing": (
        Fate("id study_class user deck day seen topics cards is_stale", _STANDING, Deletion.DELETED, ClassEnd.DELETED),
    ),
    "study.Budget": (
        Fate("id", NUMBER, Deletion.DELETED, ClassEnd.DELETED),
        Fate("user assignment minutes", "yes", Deletion.DELETED, ClassEnd.DELETED),
    ),
    "study.Assignment": (
        Fate("id study_class deck title topics tags opens_on due_on", _OF_CLASS, Deletion.OWN),
        Fate("goal is_exam created_at", _OF_CLASS, Deletion.OWN),
    ),
    "study.ClassCardWeek": (
        Fate("id study_class card deck week", _OF_CLASS, Deletion.SUMMED, ClassEnd.SUMMED),
        Fate("reviews again lapses duration_ms", _OF_CLASS, Deletion.SUMMED, ClassEnd.SUMMED),
        Fate("kept_reviews kept_again kept_lapses kept_duration_ms", _OF_CLASS, Deletion.SUMMED, ClassEnd.SUMMED),
    ),
    "study.ClassWrongWeek": (
        Fate("id study_class card deck week kind what count kept_count", _OF_CLASS, Deletion.SUMMED, ClassEnd.SUMMED),
    ),
}
