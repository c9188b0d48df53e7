"""What a learner does on the study page, each in one transaction: grade, suspend, bury, star, undo, ask for more."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction

from flashcards.decks.models import Card
from flashcards.study import class_sums, giving, sessions, standings
from flashcards.study.answering import GONE, STALE, Answer, CardGone, Recorded, StaleAnswer, record, standing
from flashcards.study.days import Moment, moment_for
from flashcards.study.models import Action, Memory, Review, StudySession
from flashcards.study.replay import held_memory, keep, put_state, rebuild
from flashcards.study.sessions import SessionMoved, Shown

ATTEMPTS = 5
FLAG_OF = {Action.Kind.SUSPEND: "is_suspended", Action.Kind.BURY: "buried_until", Action.Kind.STAR: "is_starred"}


@dataclass(slots=True)
class Step:
    """Where a session stands after something was done in it: what it shows now, and the answer stored, if any."""

    session: StudySession
    shown: Shown
    recorded: Recorded | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What a learner answers to the card on show, as `seed` and `edition` knew it; `text` None: “I don't know”.

    `overrules`: the answer given before was right after all, the learner says.
    """

    card_id: int
    seed: int
    edition: str
    text: str | None
    duration_ms: int
    overrules: bool = False


class NothingToUndo(Exception):
    """The session holds nothing that can be undone."""


def grade(session: StudySession, answer: Answer, now: datetime) -> Step:
    """Store an answer given on the study page and move on.

    Raises AnswerRefused (nothing is counted; the session still shows what it showed).
    """
    tried = False

    def store(session: StudySession, moment: Moment) -> Recorded:
        nonlocal tried
        stored = standing(session.user, answer) if tried else None
        tried = True
        if stored is not None:
            return Recorded(stored, None, repeated=True)
        card = _card(session, answer.card_id)
        given = giving.given_from(session.given)
        answered = replace(answer, given=given) if given is not None and given.card == card.pk else answer
        recorded = record(session.user, session.options, card, answered, session)
        if not recorded.repeated:
            session.sequence += 1
            sessions.move_past(session, answer.card_id)
        return recorded

    return _attempt(session, store, now)


def give(session: StudySession, response: Response, now: datetime) -> Step:
    """Judge what the learner answers to the card on show; the first answer to a showing stands.

    Raises AnswerRefused when the page showed another card, showing or wording, and kinds.Unreadable for an answer
    that is asked for again. Nothing is changed then.
    """

    def judge(session: StudySession, moment: Moment) -> None:
        card = _card(session, response.card_id)
        memory = held_memory(session.user_id, card.pk)
        seed = giving.seed_for(session.user_id, card, memory.reps if memory is not None else 0)
        if session.current_card_id != card.pk or seed != response.seed:
            raise StaleAnswer(STALE)
        if card.data.get("edition") != response.edition:
            raise StaleAnswer(giving.EDITED)
        given = giving.standing_answer(session.given, card, seed)
        if given is None:
            given = giving.judged(card, seed, response.text, response.duration_ms)
        session.given = replace(given, overruled=given.overruled or response.overrules).stored()

    return _attempt(session, judge, now)


def suspend(session: StudySession, card_id: int, now: datetime) -> Step:
    """Take a card out of study until it is resumed. Raises CardGone for a card the deck does not have."""
    return _attempt(session, partial(_mark, card_id=card_id, kind=Action.Kind.SUSPEND), now)


def bury(session: StudySession, card_id: int, now: datetime) -> Step:
    """Put a card off until the learner's next study day. Raises CardGone for a card the deck does not have."""
    return _attempt(session, partial(_mark, card_id=card_id, kind=Action.Kind.BURY), now)


def star(session: StudySession, card_id: int, now: datetime) -> Step:
    """Star a card, or take its star away. Raises CardGone for a card the deck does not have."""
    return _attempt(session, partial(_mark, card_id=card_id, kind=Action.Kind.STAR), now)


def undo(session: StudySession, now: datetime) -> Step:
    """Take back the last thing done in the session: card, log, counts and place in the queue are as before it.

    Raises NothingToUndo.
    """
    return _attempt(session, _undo, now)


def ask_more(session: StudySession, now: datetime, *, new: int = 0, ahead: int = 0) -> Step:
    """Add cards beyond the day's limits to the session: new ones, or ones that fall due in the next days."""

    def extend(session: StudySession, moment: Moment) -> None:
        sessions.replan(session, moment, extra_new=new, ahead=ahead)

    return _attempt(session, extend, now)


def _attempt(session: StudySession, work: Callable[[StudySession, Moment], Recorded | None], now: datetime) -> Step:
    """Do `work` and store where the session then stands, in one transaction; from a fresh reading if overtaken."""
    user = session.user
    moment = moment_for(user, now)
    for _ in range(ATTEMPTS):
        try:
            with transaction.atomic():
                recorded = work(session, moment)
                over = sessions.is_over(session, moment)
                shown = Shown(None, None, []) if over else sessions.show(session, moment)
                if recorded is None or not recorded.repeated:
                    sessions.save(session)
        except (SessionMoved, IntegrityError):
            # Overtaken: the session moved on, or this very answer (or the card's first) was stored meanwhile.
            fresh = sessions.get_session(user, session.pk)
            if fresh is None:
                raise
            session = fresh
        else:
            return _on(session, now, recorded) if over else Step(session, shown, recorded)
    raise SessionMoved


def _on(session: StudySession, now: datetime, recorded: Recorded | None) -> Step:
    """Return what today's session shows, for a page that was left open from one that is over."""
    step = look(sessions.reopen(session, now), now)
    step.recorded = recorded
    return step


def _card(session: StudySession, card_id: int) -> Card:
    """Return a card of the session's deck, without its HTML. Raises CardGone."""
    if session.current_card is not None and session.current_card.pk == card_id:
        return session.current_card
    slim = Card.objects.only("note_id", "deck_id", "archived_at", "kind")
    card = slim.filter(pk=card_id, deck=session.deck_id).first()
    if card is None:
        raise CardGone(GONE)
    return card


def _memory(session: StudySession, card: Card) -> Memory:
    """Return the learner's memory of the card, held against other requests; a new one, not stored, if none is."""
    stored = held_memory(session.user_id, card.pk)
    return stored or Memory(user=session.user, card_id=card.pk, note_id=card.note_id, deck_id=card.deck_id)


def _mark(session: StudySession, moment: Moment, card_id: int, kind: Action.Kind) -> None:
    card = _card(session, card_id)
    memory = _memory(session, card)
    session.sequence += 1
    Action.objects.create(
        user=session.user,
        session=session,
        sequence=session.sequence,
        cursor=session.cursor,
        revision=session.revision,
        was_on_show=session.current_card_id == card.pk,
        card_id=card.pk,
        kind=kind,
        before=getattr(memory, FLAG_OF[kind]),
        done_at=moment.now,
    )
    if kind == Action.Kind.STAR:
        memory.is_starred = not memory.is_starred
    elif kind == Action.Kind.BURY:
        memory.buried_until = moment.day + 1
    else:
        memory.is_suspended = True
    keep(memory)
    if kind != Action.Kind.STAR:
        sessions.move_past(session, card.pk)


def _undo(session: StudySession, moment: Moment) -> None:
    place = {"session": session, "sequence": session.sequence, "undone_at": None}
    review = Review.objects.select_related("card").filter(**place).first()
    done = review or Action.objects.select_related("card").filter(**place).first()
    if done is None:
        raise NothingToUndo
    done.undone_at = moment.now
    done.save(update_fields=["undone_at"])
    memory = _memory(session, done.card)
    _put_back(memory, done)
    session.sequence -= 1
    if done.revision == session.revision:
        session.cursor = done.cursor
    else:
        sessions.replan(session, moment)
        if memory.due_at is None and getattr(done, "kind", None) != Action.Kind.STAR:
            session.total = max(0, session.total - 1)  # the card counted as done; now the new plan holds it
    if done.was_on_show:
        sessions.bring_back(session, done.card_id, memory, getattr(done, "given", None))


def _put_back(memory: Memory, done: Review | Action) -> None:
    """Set the memory to what it was before `done`."""
    if isinstance(done, Action):
        setattr(memory, FLAG_OF[Action.Kind(done.kind)], done.before)
    else:
        # Whether it was a lapse may have changed before its memory was held.
        done.refresh_from_db(fields=["state_before"])
        class_sums.take_away([done])
        put_state(memory, rebuild(memory.user_id, memory.card_id))
    keep(memory)
    if isinstance(done, Review):
        standings.spoil(memory.user_id, [memory.deck_id])


def look(session: StudySession, now: datetime) -> Step:
    """Return what the session shows now, storing it so that other tabs show the same."""
    moment = moment_for(session.user, now)
    before = (session.current_card_id, session.revision)
    shown = sessions.show(session, moment)
    if (session.current_card_id, session.revision) != before:
        # A request that stored the session meanwhile has the last word; what is shown here can still be answered.
        with suppress(SessionMoved):
            sessions.save(session)
    return Step(session, shown)
