"""Sittings: begin one, show its next card, move past it.

What is on show is stored with the session, so that every tab and every reload shows the same card. It is always
either the plan's card at the cursor or a card in learning. A session whose plan no longer fits what is true (a card
suspended or archived meanwhile) has the plan picked anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck, Tag, Topic
from flashcards.lib.prepared import Prepared
from flashcards.study import exam_day, queue
from flashcards.study.days import Moment, moment_for
from flashcards.study.models import Assignment, Memory, State, StudySession
from flashcards.study.options import options_for
from flashcards.study.queue import LEARN_AHEAD, Entry, Scope

NOT_FOR_GRADING = (
    "deck__introduction",
    "deck__introduction_html",
    "current_card__question_html",
    "current_card__answer_html",
    "current_card__explanation_html",
    "current_card__data",
    "current_card__search_text",
)
SESSION = Prepared(
    lambda pk, user: (
        StudySession.objects.select_related("deck", "topic", "tag", "assignment", "options", "current_card")
        .defer(*NOT_FOR_GRADING)
        .filter(pk=pk, user=user)
    )
)
MEMORY_AND_CARD = Prepared(
    lambda user, card: (
        Memory.objects.select_related("card__topic").defer("card__search_text").filter(user=user, card=card)
    )
)
CARD = Prepared(
    lambda user, card: (
        Card.objects.select_related("topic")
        .defer("search_text")
        .annotate(met=Exists(Memory.objects.filter(user=user, card=OuterRef("pk"))))
        .filter(pk=card)
    )
)


class SessionMoved(Exception):
    """Another request changed the session meanwhile; nothing is stored, try again from a fresh reading."""


@dataclass(slots=True)
class Shown:
    """What a session shows: the card (None: nothing is left), its memory (None if new) and what is in learning."""

    card: Card | None
    memory: Memory | None
    learning: list[tuple[int, datetime]]


def get_session(user: User, pk: int) -> StudySession | None:
    """Return the learner's session with all that a grade needs of it, in one query; None if it is not theirs."""
    session = SESSION.one(pk, user.pk)
    if session is not None:
        session.user = user
    return session


def open_session(
    user: User,
    deck: Deck,
    topic: Topic | None,
    tag: Tag | None,
    now: datetime,
    *,
    assignment: Assignment | None = None,
) -> StudySession:
    """Return today's session of this deck and scope; begins it, and ends the deck's other ones, if need be."""
    moment = moment_for(user, now)
    open_ones = StudySession.objects.filter(user=user, deck=deck, ended_at=None).select_related(
        "options", "current_card"
    )
    session = open_ones.order_by("-started_at", "-pk").first()
    wanted = StudySession(user=user, deck=deck, topic=topic, tag=tag, assignment=assignment)
    if session is None or session.day != moment.day or scope_of(session) != scope_of(wanted):
        return _begin(wanted, moment)
    session.user, session.deck, session.topic, session.tag = user, deck, topic, tag
    session.assignment = assignment
    if not fitting([session], user.pk, moment.day):
        replan(session, moment)
        save(session)
    return session


def reopen(session: StudySession, now: datetime) -> StudySession:
    """Return today's session of the deck and scope of one that may be over."""
    scope = (session.deck, session.topic, session.tag)
    return open_session(session.user, *scope, now, assignment=session.assignment)


def _begin(session: StudySession, moment: Moment) -> StudySession:
    session.day, session.started_at, session.shown_at = moment.day, moment.now, moment.now
    session.options = options_for(session.user, session.deck)
    with transaction.atomic():
        open_ones = StudySession.objects.filter(user=session.user, deck=session.deck, ended_at=None)
        open_ones.update(ended_at=moment.now)
        replan(session, moment)
        session.save()
    return session


def is_over(session: StudySession, moment: Moment) -> bool:
    """Whether the session was ended, or its study day has passed; its answers still count."""
    return session.ended_at is not None or session.day != moment.day


def scope_of(session: StudySession) -> Scope:
    """Return what part of the deck the session studies."""
    return Scope(session.user_id, session.deck_id, session.topic_id, session.tag_id, session.assignment_id)


def replan(session: StudySession, moment: Moment, *, extra_new: int = 0, ahead: int = 0) -> None:
    """Pick the plan anew from what is true now, with what was asked for on top of the limits (not saved)."""
    scope = scope_of(session)
    in_learning = len(queue.learning(scope, moment.day))
    done = session.total - remaining(session, in_learning) if session.revision else 0
    assignment = session.assignment
    if assignment is not None and exam_day.is_aimed(assignment, moment.day):
        plan = exam_day.make_plan(assignment, scope, session.options, moment, extra_new=extra_new, ahead=ahead)
    else:
        plan = queue.make_plan(scope, session.options, moment, extra_new, ahead)
    session.plan = [list(entry) for entry in plan]
    session.cursor = 0
    session.revision += 1
    session.plan_changed = True
    session.current_card = None
    session.total = max(0, done) + remaining(session, in_learning)


def remaining(session: StudySession, in_learning: int) -> int:
    """Return how many cards the session still holds, `in_learning` of them in steps."""
    return len(session.plan) - session.cursor + in_learning


def show(session: StudySession, moment: Moment) -> Shown:
    """Return what the session shows now: the card already on show while it can be asked, else the next (not saved)."""
    in_learning = queue.learning(scope_of(session), moment.day)
    if session.current_card_id is not None:
        card, memory = _load(session.user_id, session.current_card_id)
        if card is not None and _may_stay(session, card, memory, moment):
            return Shown(card, memory, in_learning)
        session.current_card = None
    return _next(session, in_learning, moment)


def upcoming(session: StudySession, moment: Moment, count: int) -> list[tuple[Card, Memory | None]]:
    """Return the next `count` cards and the memories of them in the order of asking, the one on show first.

    It is what would follow if every answer were Easy: any other may bring a card back in between.
    """
    in_learning = queue.learning(scope_of(session), moment.day)
    due_now = [card_id for card_id, at in in_learning if at <= moment.now]
    soon = [card_id for card_id, at in in_learning if moment.now < at <= moment.now + LEARN_AHEAD]
    planned = [card_id for card_id, _ in session.plan[session.cursor :]]
    shown = [session.current_card_id] if session.current_card_id is not None else []
    asked = list(dict.fromkeys([*shown, *due_now, *planned, *soon]))[:count]
    cards = Card.objects.select_related("topic").defer("search_text").filter(archived_at=None).in_bulk(asked)
    memories = {memory.card_id: memory for memory in Memory.objects.filter(user=session.user_id, card_id__in=asked)}
    return [(cards[card_id], memories.get(card_id)) for card_id in asked if card_id in cards]


def _next(session: StudySession, in_learning: list[tuple[int, datetime]], moment: Moment) -> Shown:
    card, memory = None, None
    due = next((card_id for card_id, at in in_learning if at <= moment.now), None)
    if due is None and session.cursor < len(session.plan):
        card, memory = _planned(session, moment)
    if card is None:
        soon = moment.now + LEARN_AHEAD
        due = due or next((card_id for card_id, at in in_learning if at <= soon), None)
        card, memory = _load(session.user_id, due) if due is not None else (None, None)
    session.current_card = card
    session.shown_at = moment.now
    return Shown(card, memory, in_learning)


def _planned(session: StudySession, moment: Moment) -> tuple[Card | None, Memory | None]:
    """Return the plan's card at the cursor; if it can't be asked any more, that of a plan picked anew."""
    for _ in range(2):
        if session.cursor >= len(session.plan):
            break
        card_id, entry = session.plan[session.cursor]
        card, memory = _load(session.user_id, card_id, entry)
        if card is not None and card.archived_at is None and _fits(entry, memory, moment.day):
            return card, memory
        replan(session, moment)
    return None, None


def _load(user_id: int, card_id: int, entry: int = Entry.REVIEW) -> tuple[Card | None, Memory | None]:
    """Return a card with its HTML and the learner's memory of it: one query if `entry` says rightly what it is."""
    if entry != Entry.NEW:
        memory = MEMORY_AND_CARD.one(user_id, card_id)
        if memory is not None:
            return memory.card, memory
    card = CARD.one(user_id, card_id)
    if card is None or not card.met:
        return card, None
    return card, Memory.objects.filter(user_id=user_id, card_id=card_id).first()


def _may_stay(session: StudySession, card: Card, memory: Memory | None, moment: Moment) -> bool:
    if card.archived_at is not None:
        return False
    if session.cursor < len(session.plan) and session.plan[session.cursor][0] == card.pk:
        return _fits(session.plan[session.cursor][1], memory, moment.day)
    return memory is not None and memory.due_at is not None and _is_active(memory, moment.day)


def _is_active(memory: Memory, day: int) -> bool:
    return not memory.is_suspended and (memory.buried_until is None or memory.buried_until <= day)


def _fits(entry: int, memory: Memory | None, day: int) -> bool:
    """Whether a card is still what the plan took it for."""
    if memory is None or memory.state == State.NEW:
        return entry == Entry.NEW and (memory is None or _is_active(memory, day))
    if memory.due_at is not None or memory.due_day is None or not _is_active(memory, day):
        return False
    if entry == Entry.AHEAD:
        return memory.state == State.REVIEW and memory.last_day != day
    return entry == Entry.REVIEW and memory.due_day <= day


def fitting(sessions: Sequence[StudySession], user_id: int, day: int) -> list[StudySession]:
    """Return those of the learner's `sessions` of which every card still planned can be asked as planned."""
    planned = {session.pk: session.plan[session.cursor :] for session in sessions}
    cards = {card_id for entries in planned.values() for card_id, _ in entries}
    memories = {memory.card_id: memory for memory in Memory.objects.filter(user=user_id, card_id__in=cards)}
    there = set(Card.objects.filter(pk__in=cards, archived_at=None).values_list("pk", flat=True))
    return [
        session
        for session in sessions
        if all(card in there and _fits(entry, memories.get(card), day) for card, entry in planned[session.pk])
    ]


def move_past(session: StudySession, card_id: int) -> None:
    """Put `card_id` behind the session (not saved)."""
    if session.cursor < len(session.plan) and session.plan[session.cursor][0] == card_id:
        session.cursor += 1
    if session.current_card_id == card_id:
        session.current_card = None
        session.given = None


def bring_back(session: StudySession, card_id: int, memory: Memory, given: dict[str, Any] | None) -> None:
    """Put `card_id` on show again, with the answer given to it, if any (not saved).

    It is in learning, or takes its place in the plan at the cursor.
    """
    session.current_card_id = card_id
    session.given = given
    if memory.due_at is not None:
        return
    at_cursor = session.plan[session.cursor : session.cursor + 1]
    if at_cursor and at_cursor[0][0] == card_id:
        return
    entry = Entry.NEW if memory.state == State.NEW else Entry.REVIEW
    if memory.due_day is not None and memory.due_day > session.day:
        entry = Entry.AHEAD
    waiting = [planned for planned in session.plan[session.cursor :] if planned[0] != card_id]
    session.plan_changed = True
    session.plan = [*session.plan[: session.cursor], [card_id, int(entry)], *waiting]


def save(session: StudySession) -> None:
    """Store where the session stands, unless another request stored it since it was read: then SessionMoved."""
    values: dict[str, Any] = {
        "version": session.version + 1,
        "sequence": session.sequence,
        "cursor": session.cursor,
        "current_card": session.current_card_id,
        "shown_at": session.shown_at,
        "given": session.given,
    }
    if session.plan_changed:
        values |= {"plan": session.plan, "revision": session.revision, "total": session.total}
    if not StudySession.objects.filter(pk=session.pk, version=session.version).update(**values):
        raise SessionMoved
    session.version += 1
    session.plan_changed = False
