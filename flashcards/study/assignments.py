"""Assignments: who sees which, and the writes of teachers and learners. Days are dates in the class's time zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from flashcards.accounts.models import User
from flashcards.classes.access import memberships_of
from flashcards.classes.models import Event, Membership, Role, StudyClass
from flashcards.classes.services import record
from flashcards.decks.models import ClassDeck, Deck, Tag, Topic
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.text import text_problems
from flashcards.lib.whole_numbers import LARGEST_ID, whole_number
from flashcards.study.models import Assignment, Budget, StudySession

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What a teacher writes into the form of an assignment."""

    title: str
    deck: Deck
    topics: Sequence[Topic]
    tags: Sequence[Tag]
    opens_on: date
    due_on: date
    goal: str
    is_exam: bool


def today_in(study_class: StudyClass, now: datetime) -> date:
    """Return the date in the class's time zone; in UTC if that zone is not known any more."""
    try:
        zone = ZoneInfo(study_class.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return now.astimezone(zone).date()


def of_class(study_class: StudyClass) -> QuerySet[Assignment]:
    """Return the assignments of a class in order of their due days, with what they are of.

    One whose deck is not shared with the class any more is not there.
    """
    return _there().filter(study_class=study_class)


def _there() -> QuerySet[Assignment]:
    shared = ClassDeck.objects.filter(study_class=OuterRef("study_class"), deck=OuterRef("deck"))
    rows = Assignment.objects.filter(Exists(shared)).select_related("deck", "study_class")
    return rows.defer("deck__introduction", "deck__introduction_html").prefetch_related("topics", "tags")


def for_student(user: User, now: datetime) -> list[Assignment]:
    """Return what the classes in which `user` is a student have opened for them, the first due first."""
    classes = memberships_of(user).filter(role=Role.STUDENT).values_list("study_class", flat=True)
    return [each for each in _there().filter(study_class__in=list(classes)) if is_open(each, now)]


def is_open(assignment: Assignment, now: datetime) -> bool:
    """Whether the assignment's opening day has come."""
    return assignment.opens_on <= today_in(assignment.study_class, now)


def seen_by(membership: Membership, now: datetime) -> list[Assignment]:
    """Return the assignments of the class that this member sees: staff all, students from their opening day on."""
    rows = of_class(membership.study_class)
    return [each for each in rows if membership.role != Role.STUDENT or is_open(each, now)]


def of_class_or_404(membership: Membership, pk: int, now: datetime) -> Assignment:
    """Return the assignment of the member's class if they see it, else raise Http404."""
    found = of_class(membership.study_class).filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None or (membership.role == Role.STUDENT and not is_open(found, now)):
        raise Http404("No such assignment.")
    return found


def own_or_404(user: User, pk: int, now: datetime) -> Assignment:
    """Return the assignment if it is of a class that `user` is in and they see it, else raise Http404."""
    found = _there().filter(pk=pk).first() if pk <= LARGEST_ID else None
    member = memberships_of(user).filter(study_class=found.study_class_id).first() if found is not None else None
    if found is None or member is None or (member.role == Role.STUDENT and not is_open(found, now)):
        raise Http404("No such assignment.")
    return found


def to_study_or_404(user: User, deck: Deck, pk: str, now: datetime) -> Assignment:
    """Return the assignment of `deck` that an address names for `user` to study, else raise Http404."""
    found = own_or_404(user, whole_number(pk) or 0, now)
    if found.deck_id != deck.pk:
        raise Http404("No such assignment.")
    return found


def save(teacher: Membership, assignment: Assignment, wish: Wish, now: datetime) -> Assignment:
    """Store a new or changed assignment of the teacher's class and return it. Raises Refused.

    Sessions under way are planned anew by what holds then.
    """
    problems = _problems(teacher.study_class, wish)
    if problems:
        raise Refused(problems)
    done = "changed" if assignment.pk else "new"
    for name in ("title", "deck", "opens_on", "due_on", "goal", "is_exam"):
        setattr(assignment, name, getattr(wish, name))
    assignment.study_class = teacher.study_class
    with transaction.atomic():
        assignment.save()
        assignment.topics.set(wish.topics)
        assignment.tags.set(wish.tags)
        _end_sessions(assignment, now)
        _record(teacher, f"{done}: {assignment.title}", now)
    return assignment


def delete(teacher: Membership, assignment: Assignment, now: datetime) -> None:
    """Delete an assignment. What was studied stays in the log."""
    with transaction.atomic():
        _end_sessions(assignment, now)
        _record(teacher, f"deleted: {assignment.title}", now)
        assignment.delete()


def set_minutes(user: User, assignment: Assignment, minutes: int, now: datetime) -> None:
    """Store the minutes a day that a learner has for an assignment; a session under way follows them."""
    with transaction.atomic():
        Budget.objects.update_or_create(user=user, assignment=assignment, defaults={"minutes": minutes})
        _end_sessions(assignment, now, user)


def _problems(study_class: StudyClass, wish: Wish) -> list[Problem]:
    problems = text_problems("title", wish.title, limit=LONGEST_TITLE, one_line=True)
    if not wish.title:
        problems.append(Problem("title", "The assignment needs a title."))
    if wish.due_on < wish.opens_on:
        problems.append(Problem("due_on", "It is due before it opens."))
    if not ClassDeck.objects.filter(study_class=study_class, deck=wish.deck).exists():
        problems.append(Problem("deck", "This deck is not shared with the class."))
    if any(topic.deck_id != wish.deck.pk for topic in wish.topics):
        problems.append(Problem("topics", "Choose topics of the deck above only."))
    if any(tag.deck_id != wish.deck.pk for tag in wish.tags):
        problems.append(Problem("tags", "Choose tags of the deck above only."))
    return problems


def _end_sessions(assignment: Assignment, now: datetime, user: User | None = None) -> None:
    """End what is under way: the next answer still counts, and the session that follows is planned anew."""
    sessions = StudySession.objects.filter(assignment=assignment, ended_at=None)
    if user is not None:
        sessions = sessions.filter(user=user)
    sessions.update(ended_at=now)


def _record(teacher: Membership, words: str, now: datetime) -> None:
    record(Event.Kind.ASSIGNED, now, study_class=teacher.study_class, actor=teacher.user, words=words)
