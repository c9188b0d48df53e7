"""The one place where a review is written: each answer exactly once, in one transaction with the memory it changes
and the sums it counts in.

An answer carries an id made before it is sent. Sending it again changes nothing and answers the same. It also says
which showing of the card it answers (the card's count of reviews then), so that a page left open elsewhere cannot
grade a card that has been graded since. An answer given offline says none: it takes its place in the log by time,
and the memory follows.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from flashcards.accounts.models import User
from flashcards.decks import kinds
from flashcards.decks.models import Card
from flashcards.study import card_days, class_sums, standings
from flashcards.study.days import Moment, moment_for
from flashcards.study.giving import NOT_ANSWERED, NOT_OVERRULED, Given, allows, seed_for
from flashcards.study.models import DeckOptions, Memory, Rating, Review, StudySession
from flashcards.study.replay import OUTCOME_FIELDS, apply_review, held_memory, put_state, rebuild, state_of
from flashcards.study.scheduling import is_leech

LONGEST_ANSWER_MS = 600_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a learner sends. `showing` is the card's count of reviews when it was shown, None if answered offline.

    `preset_id` names the settings that the page's intervals came from; None if the page showed none. `given` is what
    was answered where the kind of card asks for it.
    """

    id: UUID
    card_id: int
    rating: Rating
    showing: int | None
    duration_ms: int
    answered_at: datetime
    preset_id: int | None = None
    given: Given | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of an answer: the review that stands for it, the memory after it, and whether it was sent before.

    `became_leech` is True when this answer made the card a leech (again).
    """

    review: Review
    memory: Memory | None
    repeated: bool
    became_leech: bool = False


class AnswerRefused(Exception):
    """The answer was not counted; `str()` tells the learner why. Nothing has been changed."""


class StaleAnswer(AnswerRefused):
    """The card has been graded since this page showed it."""


class OptionsChanged(AnswerRefused):
    """The page's intervals came from settings that the learner has changed since."""


class CardGone(AnswerRefused):
    """The card was taken out of the deck."""


class NotAllowed(AnswerRefused):
    """What was answered does not allow this grade, or nothing was answered where the card asks for it."""


class AnswerIdTaken(AnswerRefused):
    """Another answer has this id already."""


STALE = "This card was already graded, perhaps in another tab. Nothing was counted twice."
CHANGED = "You have changed this deck's options since this card was shown. Its intervals are now as below."
GONE = "This card has been taken out of the deck. Your earlier reviews of it are kept."
ID_TAKEN = "This answer could not be told from another one and was not counted. Please grade the card again."


def record(user: User, options: DeckOptions, card: Card, answer: Answer, session: StudySession | None) -> Recorded:
    """Store one answer and the memory it leaves; must run inside a transaction, which the caller owns.

    `card` is of the options' deck. Raises StaleAnswer, CardGone, OptionsChanged or NotAllowed with nothing changed,
    and IntegrityError (the transaction is then lost) when another request stored the same id or the card's first
    review at the same time: the caller asks `standing` or tries again.
    """
    memory = held_memory(user.pk, card.pk)
    reps = memory.reps if memory is not None else 0
    refusal = _refusal(user, answer, reps, card, options)
    if refusal is not None:
        stored = standing(user, answer)
        if stored is None:
            raise refusal
        return Recorded(stored, memory, repeated=True)
    if memory is None:
        memory = Memory(user=user, card_id=card.pk, note_id=card.note_id, deck_id=card.deck_id)
    late = memory.last_answered_at is not None and answer.answered_at <= memory.last_answered_at
    moment = moment_for(user, answer.answered_at)
    if late and answer.showing is not None and memory.last_answered_at is not None:
        # The server's clock stepped back: what is answered on the page now comes after what is stored.
        moment = moment_for(user, memory.last_answered_at + timedelta(microseconds=1))
        late = False
    review = _review(user, options, card, answer, moment)
    if session is not None:
        review.session_id = session.pk
        review.sequence = session.sequence + 1
        review.cursor = session.cursor
        review.revision = session.revision
        review.was_on_show = session.current_card_id == card.pk
    lapses = memory.lapses
    _apply(memory, review)
    counted = card_days.add(review)
    review.classes = counted.classes or None
    review.save(force_insert=True)
    class_sums.add(review)
    if late:
        put_state(memory, rebuild(user.pk, card.pk))
        review.refresh_from_db(fields=OUTCOME_FIELDS)
    memory.save(force_insert=memory.pk is None)
    if counted.has_standing:
        standings.spoil(user.pk, [card.deck_id])
    leech = memory.lapses > lapses and is_leech(memory.lapses)
    return Recorded(review, memory, repeated=False, became_leech=leech)


def _refusal(user: User, answer: Answer, reps: int, card: Card, options: DeckOptions) -> AnswerRefused | None:
    """Return why an answer not sent before would not count; None if it does."""
    if answer.showing is not None and answer.showing != reps:
        return StaleAnswer(STALE)
    if card.archived_at is not None:
        return CardGone(GONE)
    if answer.preset_id is not None and answer.preset_id != options.preset_id:
        return OptionsChanged(CHANGED)
    if kinds.asking(card.kind) is not None:
        if answer.given is None or answer.given.seed != seed_for(user.pk, card, reps):
            return NotAllowed(NOT_ANSWERED)
        if not allows(answer.given, answer.rating):
            return NotAllowed(NOT_OVERRULED)
    return None


def standing(user: User, answer: Answer) -> Review | None:
    """Return the review already stored under the answer's id (even if undone since), None if there is none.

    Raises AnswerIdTaken when it belongs to another person or card.
    """
    stored = Review.objects.filter(pk=answer.id).first()
    if stored is not None and (stored.user_id != user.pk or stored.card_id != answer.card_id):
        raise AnswerIdTaken(ID_TAKEN)
    return stored


def record_offline(user: User, options: DeckOptions, card: Card, answer: Answer) -> Recorded:
    """Store an answer given away from any session, in a transaction of its own; raises StaleAnswer, CardGone."""
    try:
        with transaction.atomic():
            return record(user, options, card, answer, None)
    except IntegrityError:
        stored = standing(user, answer)
        if stored is None:
            raise
        return Recorded(stored, Memory.objects.filter(user=user, card_id=card.pk).first(), repeated=True)


def _review(user: User, options: DeckOptions, card: Card, answer: Answer, moment: Moment) -> Review:
    given = answer.given
    return Review(
        id=answer.id,
        user=user,
        card_id=card.pk,
        deck_id=card.deck_id,
        rating=answer.rating,
        answered_at=moment.now,
        day=moment.day,
        day_ends_at=moment.day_ends_at,
        duration_ms=min(max(answer.duration_ms, 0), LONGEST_ANSWER_MS),
        preset_id=options.preset_id,
        given=given.stored() if given is not None else None,
        verdict=given.verdict if given is not None else "",
        slip=given.slip if given is not None else "",
    )


def _apply(memory: Memory, review: Review) -> None:
    state, outcome = apply_review(state_of(memory), review)
    put_state(memory, state)
    for name in OUTCOME_FIELDS:
        setattr(review, name, getattr(outcome, name))
