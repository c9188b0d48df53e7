"""Storing a deck's options: nothing is rescheduled; what is open today is planned anew only if a limit changed."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from flashcards.accounts.models import User
from flashcards.decks.models import Deck
from flashcards.study import sessions
from flashcards.study.days import Moment, moment_for
from flashcards.study.grading import ATTEMPTS
from flashcards.study.models import DeckOptions, Memory, StudySession
from flashcards.study.options import DEFAULT_POLICY, options_for, policy_of, preset_for
from flashcards.study.sessions import SessionMoved


@dataclass(frozen=True, slots=True)
class Choice:
    """What a learner chooses for a deck: limits a day, desired retention (0–1), steps in seconds."""

    new_per_day: int
    reviews_per_day: int
    desired_retention: float
    learning_steps: tuple[int, ...]
    relearning_steps: tuple[int, ...]


def defaults() -> Choice:
    """Return what holds for a deck until its learner chooses otherwise."""
    options = DeckOptions()
    return Choice(
        new_per_day=options.new_per_day,
        reviews_per_day=options.reviews_per_day,
        desired_retention=DEFAULT_POLICY.desired_retention,
        learning_steps=DEFAULT_POLICY.learning_steps,
        relearning_steps=DEFAULT_POLICY.relearning_steps,
    )


def choose(user: User, deck: Deck, choice: Choice, now: datetime) -> None:
    """Store the learner's options for a deck; each card's next review is the first that heeds them.

    Today's open session goes on at the same card with what the new limits allow, and can undo as before. Raises
    SessionMoved, with nothing stored, when other requests were faster every time.
    """
    moment = moment_for(user, now)
    for _ in range(ATTEMPTS):
        try:
            with transaction.atomic():
                if _store(options_for(user, deck), choice):
                    _plan_anew(user, deck, moment)
        except (SessionMoved, IntegrityError):
            continue
        return
    raise SessionMoved


def _store(options: DeckOptions, choice: Choice) -> bool:
    """Store the options under a new preset and return whether a limit changed."""
    policy = replace(
        policy_of(options.preset_id),
        desired_retention=choice.desired_retention,
        learning_steps=choice.learning_steps,
        relearning_steps=choice.relearning_steps,
    )
    limits = (options.new_per_day, options.reviews_per_day)
    options.preset = preset_for(policy)
    options.new_per_day, options.reviews_per_day = choice.new_per_day, choice.reviews_per_day
    options.save(update_fields=["preset", "new_per_day", "reviews_per_day"])
    return limits != (choice.new_per_day, choice.reviews_per_day)


def _plan_anew(user: User, deck: Deck, moment: Moment) -> None:
    for pk in StudySession.objects.filter(user=user, deck=deck, day=moment.day, ended_at=None).values_list("pk"):
        session = sessions.get_session(user, pk[0])
        if session is not None:
            card_id = session.current_card_id
            sessions.replan(session, moment)
            _stay_at(session, card_id)
            sessions.save(session)


def _stay_at(session: StudySession, card_id: int | None) -> None:
    """Keep the card that was on show there, if it is in steps or the new plan still has it."""
    if card_id is None:
        return
    memory = Memory.objects.filter(user=session.user_id, card_id=card_id).first()
    in_steps = memory is not None and memory.due_at is not None
    if in_steps or any(planned == card_id for planned, _ in session.plan):
        sessions.bring_back(session, card_id, memory or Memory(user=session.user, card_id=card_id), session.given)
