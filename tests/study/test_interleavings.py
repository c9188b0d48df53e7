"""Any interleaving of answers, repeats, undos, reloads, tabs, offline answers and day changes keeps the invariants:
the log gives the stored memory, nothing counts twice, undo brings back exactly what was, and the counts are true."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from flashcards.accounts.models import User
from flashcards.decks.models import Card
from flashcards.study import grading, queue, sessions, words
from flashcards.study.answering import Answer, StaleAnswer, record_offline
from flashcards.study.days import moment_for
from flashcards.study.models import DeckOptions, Memory, Rating, Review, StudySession
from flashcards.study.showing import Showing, present
from flashcards.study.verifying import differences

from .material import make_deck

ratings = st.sampled_from(Rating)


@dataclass
class Scene:
    """What the learner sees and what is stored, to be compared with what it is after an undo."""

    session: int
    revision: int
    current: int | None
    place: tuple[object, ...]
    memories: list[dict[str, object]]
    log: set[UUID]


class Studying(RuleBasedStateMachine):
    """One learner, one deck of four notes with two cards each, and whatever they may do."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.user = User.objects.create_guest(time_zone="America/New_York")
        self.deck = make_deck(notes=2, cards_a_note=2)
        self.now = datetime(2026, 3, 6, 15, tzinfo=UTC)
        self.scenes: list[Scene] = []
        self.sent: list[Answer] = []
        self.archived = False
        self.step = self.open()
        DeckOptions.objects.update(new_per_day=3, reviews_per_day=4)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def open(self) -> grading.Step:
        return grading.look(sessions.open_session(self.user, self.deck, None, None, self.now), self.now)

    @property
    def session(self) -> StudySession:
        session = sessions.get_session(self.user, self.step.session.pk)
        assert session is not None
        return session

    @property
    def card(self) -> Card | None:
        return self.step.shown.card

    def scene(self) -> Scene:
        session = StudySession.objects.get(pk=self.step.session.pk)
        flags = [f.attname for f in Memory._meta.concrete_fields if f.name != "id"]
        standing = Review.objects.filter(undone_at=None)
        return Scene(
            session.pk,
            session.revision,
            session.current_card_id,
            (session.cursor, session.sequence, session.total, session.plan),
            list(Memory.objects.order_by("card_id").values(*flags)),
            set(standing.values_list("pk", flat=True)),
        )

    def answer(self, card: Card, rating: Rating, *, showing: int | None = None) -> Answer:
        memory = Memory.objects.filter(user=self.user, card=card).first()
        reps = (memory.reps if memory else 0) if showing is None else showing
        return Answer(uuid4(), card.pk, rating, reps, 1500, self.now)

    def done(self, before: Scene, step: grading.Step) -> None:
        """Remember how it was before what was done in this session; a new day's session has nothing to undo."""
        if step.session.pk == before.session:
            self.scenes.append(before)
        else:
            self.scenes = []
        self.step = step

    @precondition(lambda self: self.card is not None)
    @rule(rating=ratings)
    def grade(self, rating: Rating) -> None:
        assert self.card is not None
        answer, before = self.answer(self.card, rating), self.scene()
        grade = next(g for g in self.shown().grades if g.rating == rating)
        step = grading.grade(self.session, answer, self.now)
        assert step.recorded is not None
        assert step.recorded.review.rating == rating
        moment = moment_for(self.user, self.now)
        if moment.day == self.step.session.day:
            memory = Memory.objects.get(user=self.user, card=answer.card_id)
            if memory.due_at is None:
                assert memory.due_day == moment.day + memory.interval_days
            assert grade.interval_long == present_interval(step)
        self.sent.append(answer)
        self.done(before, step)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        answer, before = data.draw(st.sampled_from(self.sent)), self.scene()
        step = grading.grade(self.session, answer, self.now)
        assert step.recorded is not None
        assert step.recorded.repeated
        after = self.scene()
        assert (after.memories, after.log) == (before.memories, before.log)
        self.seen(before, step)

    def seen(self, before: Scene, step: grading.Step) -> None:
        if step.session.pk != before.session:
            self.scenes = []
        self.step = step

    @precondition(lambda self: self.card is not None)
    @rule(rating=ratings, off=st.sampled_from([-1, 1, 7]))
    def answer_from_an_old_page(self, rating: Rating, off: int) -> None:
        assert self.card is not None
        answer, before = self.answer(self.card, rating), self.scene()
        assert answer.showing is not None
        old = Answer(answer.id, answer.card_id, rating, answer.showing + off, 10, self.now)
        with pytest.raises(StaleAnswer):
            grading.grade(self.session, old, self.now)
        assert self.scene() == before

    @rule(rating=ratings, data=st.data())
    def grade_in_another_tab(self, rating: Rating, data: st.DataObject) -> None:
        cards = list(Card.objects.filter(deck=self.deck, archived_at=None).order_by("pk"))
        answer, before = self.answer(data.draw(st.sampled_from(cards)), rating), self.scene()
        step = grading.grade(self.session, answer, self.now)
        self.sent.append(answer)
        self.done(before, step)

    @rule(rating=ratings, hours=st.integers(0, 60), data=st.data())
    def answer_arrives_late(self, rating: Rating, hours: int, data: st.DataObject) -> None:
        card = data.draw(st.sampled_from(list(Card.objects.filter(archived_at=None).order_by("pk"))))
        then = self.now - timedelta(hours=hours, seconds=1)
        options = DeckOptions.objects.get(user=self.user)
        answer = Answer(uuid4(), card.pk, rating, None, 10, then)
        assert not record_offline(self.user, options, card, answer).repeated
        assert record_offline(self.user, options, card, answer).repeated
        self.scenes = []

    @rule()
    def reload(self) -> None:
        before = self.step
        self.step = self.open()
        if self.step.session.pk != before.session.pk:
            self.scenes = []

    @rule()
    def undo(self) -> None:
        session = self.session
        over = sessions.is_over(session, moment_for(self.user, self.now))
        if session.sequence == 0:
            with pytest.raises(grading.NothingToUndo):
                grading.undo(session, self.now)
            return
        step = grading.undo(session, self.now)
        was = self.scenes.pop() if self.scenes else None
        self.step = step
        if over:
            self.scenes = []
        elif was is not None:
            now = self.scene()
            assert (now.memories, now.log) == (was.memories, was.log)
            if now.revision == was.revision:
                assert now.place == was.place
                assert now.current == was.current or self.archived

    @precondition(lambda self: self.card is not None)
    @rule(what=st.sampled_from([grading.suspend, grading.bury, grading.star]))
    def mark(self, what: object) -> None:
        assert self.card is not None
        assert callable(what)
        before = self.scene()
        self.done(before, what(self.session, self.card.pk, self.now))

    @rule()
    def ask_more(self) -> None:
        step = grading.ask_more(self.session, self.now, new=2, ahead=2)
        self.seen(self.scene(), step)
        self.step = step

    @rule(seconds=st.sampled_from([1, 61, 601, 3600, 5 * 3600, 86_400, 3 * 86_400, 40 * 86_400]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(data=st.data())
    def an_editor_takes_a_card_out(self, data: st.DataObject) -> None:
        cards = list(Card.objects.filter(archived_at=None).order_by("pk"))
        if len(cards) > 3:
            Card.objects.filter(pk=data.draw(st.sampled_from(cards)).pk).update(archived_at=self.now)
            self.archived = True

    def shown(self) -> Showing:
        return present(self.user, self.step.session, self.step.shown, moment_for(self.user, self.now))

    @invariant()
    def the_log_is_the_truth(self) -> None:
        assert list(differences()) == []

    @invariant()
    def the_counts_are_true(self) -> None:
        step = self.open()
        if step.session.pk != self.step.session.pk:
            self.scenes = []
        self.step = step
        moment = moment_for(self.user, self.now)
        scope = queue.Scope(self.user.pk, self.deck.pk)
        shown = present(self.user, step.session, step.shown, moment)
        due = set(queue.due(scope, moment.day).values_list("card_id", flat=True))
        ahead = {card for card, entry in step.session.plan[step.session.cursor :] if entry == queue.Entry.AHEAD}
        fresh = set(queue.unseen(scope, moment.day).values_list("pk", flat=True))
        planned = [card for card, _ in step.session.plan[step.session.cursor :]]
        assert len(planned) == len(set(planned))
        assert set(planned) <= due | fresh | ahead
        assert shown.counts.new == len(set(planned) & fresh)
        assert shown.counts.due == len(set(planned) & (due | ahead))
        assert (
            shown.counts.learning
            == Memory.objects.filter(due_at__isnull=False, is_suspended=False, card__archived_at=None)
            .exclude(buried_until__gt=moment.day)
            .count()
        )
        assert 0 <= shown.progress.done <= shown.progress.total


def present_interval(step: grading.Step) -> str:
    assert step.recorded is not None
    return words.interval_long(step.recorded.review.interval_seconds)


@pytest.mark.django_db
def test_any_interleaving_keeps_the_invariants() -> None:
    run_state_machine_as_test(
        Studying,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        ),
    )
