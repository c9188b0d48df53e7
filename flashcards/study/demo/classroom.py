"""The demo class in the database: it is made in bulk, a learner at a time, and removed with all its people."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q, QuerySet

from flashcards.accounts import personal
from flashcards.accounts.models import User
from flashcards.classes import services as class_services
from flashcards.classes.models import Event, Membership, Role, StudyClass
from flashcards.decks.models import Card, ClassDeck, Deck, Topic
from flashcards.lib.days import day_as_date
from flashcards.study import card_days, class_sums
from flashcards.study.days import moment_for
from flashcards.study.demo.learners import Learner, draw_learners
from flashcards.study.demo.sittings import Term, new_a_day
from flashcards.study.demo.studying import Material, Studied, study
from flashcards.study.models import Assignment, DeckOptions, Memory, Preset, Review
from flashcards.study.options import DEFAULT_POLICY, preset_for
from flashcards.study.replay import put_state

NAME = "Demo class"
TEACHER = "demo-teacher@example.org"
STUDENT = "demo-student-{:02}@example.org"
PEOPLE = re.compile(r"demo-(teacher|student-\d+)@example\.org")
FIRST_NUMBER = 10_001
ASSIGNED_TOPICS = 10
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Size:
    """How many students study for how many weeks, and which seed they are drawn by."""

    students: int
    weeks: int
    seed: int


def demo_people() -> QuerySet[User]:
    """Return the people of the demo class: its teacher and students."""
    return User.objects.filter(email__regex=f"^{PEOPLE.pattern}$").order_by("pk")


def make(deck: Deck, size: Size, password: str, now: datetime, tell: Callable[[str], None]) -> StudyClass:
    """Make the class with its people, who have studied `deck` until `now` and all sign in with `password`.

    `tell` is called with a line for each student. Who studies is stored a learner at a time, each in a transaction.
    """
    cards = list(Card.objects.filter(deck=deck, archived_at=None).defer("search_text").order_by("position"))
    learners = draw_learners(size.students, size.seed, cards)
    with transaction.atomic():
        teacher, *users = _people(learners, password, now - timedelta(weeks=size.weeks))
        term = _term(teacher, size.weeks, now)
        study_class = _class(teacher, deck, term)
        _enrol(study_class, learners, users, term)
        _assign(study_class, teacher, deck, term, now)
        preset = preset_for(DEFAULT_POLICY)
        DeckOptions.objects.bulk_create(_options(learners, users, deck, preset))
    for learner, user in zip(learners, users, strict=True):
        studied = study(learner, user, Material(cards, preset.pk, size.seed), term, now)
        _store(studied, user, cards)
        tell(f"{user.name}: {len(studied.reviews):,} reviews of {len(studied.states)} cards.")
    return study_class


def remove() -> int:
    """Delete the demo class, its people and what is recorded of them; return how many people there were."""
    people = list(demo_people())
    with transaction.atomic():
        made = StudyClass.objects.filter(memberships__user__email=TEACHER, memberships__role=Role.OWNER).distinct()
        for study_class in made:
            Event.objects.filter(study_class=study_class).delete()
            study_class.delete()
        Event.objects.filter(Q(actor__in=people) | Q(person__in=people)).delete()
        # Not as a person is deleted, which leaves lines and sums: nobody was there.
        Review.objects.filter(user__in=people).delete()
        for person in people:
            for data in personal.registered():
                if data.delete is not None:
                    data.delete(person)
            person.delete()
    return len(people)


def _people(learners: list[Learner], password: str, joined: datetime) -> list[User]:
    """Return the teacher and the students, stored; they share a password, so it is hashed once."""
    hashed = make_password(password)
    names = [(TEACHER, "Demo teacher")]
    names += [(STUDENT.format(learner.number), f"Student {learner.number:02}") for learner in learners]
    people = [User(email=email, name=name, password=hashed, date_joined=joined) for email, name in names]
    return User.objects.bulk_create(people)


def _term(teacher: User, weeks: int, now: datetime) -> Term:
    today = moment_for(teacher, now).day
    return Term(today - 7 * weeks + 1, today)


def _class(teacher: User, deck: Deck, term: Term) -> StudyClass:
    began = _morning(term.first)
    made = StudyClass(
        name=NAME, starts_on=day_as_date(term.first), ends_on=day_as_date(term.last + 42), time_zone=teacher.time_zone
    )
    class_services.create_class(teacher, made, began)
    StudyClass.objects.filter(pk=made.pk).update(created_at=began)
    shared = ClassDeck.objects.create(study_class=made, deck=deck)
    ClassDeck.objects.filter(pk=shared.pk).update(shared_at=began)
    class_services.record(Event.Kind.SHARED, began, study_class=made, actor=teacher, words=deck.title)
    return made


def _enrol(study_class: StudyClass, learners: list[Learner], users: list[User], term: Term) -> None:
    """Let everybody join before the first day on which they study."""
    memberships, events = [], []
    for learner, user in zip(learners, users, strict=True):
        joined = _morning(term.day_at(learner.habit.begins)) + timedelta(seconds=learner.number)
        memberships.append(
            Membership(
                study_class=study_class,
                user=user,
                role=Role.STUDENT,
                name=user.name,
                student_number=str(FIRST_NUMBER + learner.number - 1),
                joined_at=joined,
            )
        )
        events.append(Event(study_class=study_class, actor=user, person=user, kind=Event.Kind.JOINED, at=joined))
    Membership.objects.bulk_create(memberships)
    Event.objects.bulk_create(events)


def _assign(study_class: StudyClass, teacher: User, deck: Deck, term: Term, now: datetime) -> None:
    first = Topic.objects.filter(deck=deck).order_by("position", "pk")[:ASSIGNED_TOPICS]
    homework = Assignment.objects.create(
        study_class=study_class,
        deck=deck,
        title="The first topics by heart",
        opens_on=day_as_date(term.first),
        due_on=day_as_date(term.last + 14),
        goal=Assignment.Goal.RECALLED,
    )
    homework.topics.set(first)
    Assignment.objects.create(
        study_class=study_class,
        deck=deck,
        title="Exam",
        opens_on=day_as_date(term.first),
        due_on=day_as_date(term.last + 28),
        goal=Assignment.Goal.RECALLED,
        is_exam=True,
    )
    for title in (homework.title, "Exam"):
        class_services.record(Event.Kind.ASSIGNED, now, study_class=study_class, actor=teacher, words=title)


def _options(learners: list[Learner], users: list[User], deck: Deck, preset: Preset) -> Iterator[DeckOptions]:
    for learner, user in zip(learners, users, strict=True):
        yield DeckOptions(user=user, deck=deck, preset=preset, new_per_day=max(20, new_a_day(learner.habit)))


def _store(studied: Studied, user: User, cards: Iterable[Card]) -> None:
    """Store a learner's reviews, the memories that they leave and the sums that they count in, in one transaction."""
    notes = {card.pk: card for card in cards}
    memories = []
    for card_id, state in studied.states.items():
        memory = Memory(user=user, card_id=card_id, note_id=notes[card_id].note_id, deck_id=notes[card_id].deck_id)
        put_state(memory, state)
        memories.append(memory)
    with transaction.atomic():
        for review in studied.reviews:
            review.classes = card_days.add(review).classes or None
            class_sums.add(review)
        Review.objects.bulk_create(studied.reviews, batch_size=BATCH)
        Memory.objects.bulk_create(memories)


def _morning(day: int) -> datetime:
    """Return half past four on a study day: earlier than anybody studies."""
    return datetime.combine(day_as_date(day), datetime.min.time(), tzinfo=UTC) + timedelta(hours=4, minutes=30)
