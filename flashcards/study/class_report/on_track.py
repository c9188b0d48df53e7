"""Who is on track: a line for each student, and the rule by which it is said."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from flashcards.classes.models import Membership, Role
from flashcards.study import words
from flashcards.study.class_periods import Done, Period, done_by_day, is_whole, periods_of
from flashcards.study.class_report.scope import DAYS_A_WEEK, Scope, TopicSize
from flashcards.study.models import CardDay, Memory, Standing, State
from flashcards.study.standings import DeckStanding, standings_on

ROWS = 40
SORTS = {"name": "Student", "last": "Last active", "seen": "Cards seen"}
ON_TRACK, BEHIND, NOT_BEGUN = "on track", "behind", "not begun"
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Line:
    """A student as their teachers see them. Recall is a share of 1; `recall_due` is None without an assignment."""

    pk: int
    name: str
    url: str
    last_active: str
    seen: int
    cards: int
    recall: float
    recall_due: float | None
    minutes: int
    word: str
    topics: dict[int, float]
    seen_by_topic: dict[int, int]

    @property
    def recall_words(self) -> str:
        """Predicted recall today."""
        return words.percent(self.recall)

    @property
    def due_words(self) -> str:
        """Predicted recall on the due day."""
        return words.percent(self.recall_due) if self.recall_due is not None else ""

    @property
    def mark(self) -> str:
        """The class of its colour."""
        return {ON_TRACK: "good", BEHIND: "hard"}.get(self.word, "")


def rule(scope: Scope) -> str:
    """Return in a sentence when a student is on track."""
    if scope.assignment is None:
        return (
            "On track: has seen cards of this deck and studied it in the last 7 days. Behind: not in the last 7 days."
        )
    return (
        f"On track: the part of the cards seen is at least the part of the time for “{scope.assignment.title}” that is"
        f" over, {words.percent(elapsed(scope))} today. Behind: it is less."
    )


def elapsed(scope: Scope) -> float:
    """Return how much of the time between opening and due day is over, 0 to 1."""
    assignment = scope.assignment
    if assignment is None or scope.day < assignment.opens_on.toordinal():
        return 0.0
    days = assignment.due_on.toordinal() - assignment.opens_on.toordinal() + 1
    return min(1.0, max(0.0, (scope.day - assignment.opens_on.toordinal()) / max(1, days)))


def page_of(scope: Scope, number: str, sort: str) -> tuple[Page[Membership], list[Line]]:
    """Return a page of the class's students (the nearest there is) and their lines."""
    page = Paginator(_sorted(scope, sort), ROWS).get_page(number)
    return page, lines_of(scope, list(page))


def students(scope: Scope) -> QuerySet[Membership]:
    """Return the memberships of those who are students now, with the people and the day they last studied the deck."""
    now = Membership.objects.filter(study_class=scope.study_class, role=Role.STUDENT, left_at=None)
    days = CardDay.objects.filter(user=OuterRef("user"), deck=scope.deck).order_by("-day").values("day")
    named = now.select_related("user").only("name", "left_at", "joined_at", "user__name", "user__email")
    return named.annotate(last_day=Subquery(days[:1])).order_by("name", "pk")


def _sorted(scope: Scope, sort: str) -> QuerySet[Membership]:
    members = students(scope)
    if sort == "last":
        return members.order_by(F("last_day").desc(nulls_last=True), "name", "pk")
    if sort == "seen":
        # A standing that is stale or not there yet is counted from the memories, like it will be.
        standing = Standing.objects.filter(
            study_class=scope.study_class, user=OuterRef("user"), deck=scope.deck, is_stale=False
        ).values("seen")
        met = Memory.objects.filter(
            user=OuterRef("user"), deck=scope.deck, card__archived_at=None, last_answered_at__gte=OuterRef("joined_at")
        )
        counted = met.exclude(state=State.NEW).order_by().values("user").annotate(met=Count("pk")).values("met")
        seen = Coalesce(Subquery(standing), Subquery(counted), 0, output_field=IntegerField())
        return members.annotate(seen=seen).order_by("-seen", "name", "pk")
    return members


def lines_of(scope: Scope, members: Sequence[Membership]) -> list[Line]:
    """Return the lines of these `students`, in order; the number of queries does not grow with them."""
    users = [member.user_id for member in members]
    if not users:
        return []
    periods = periods_of(scope.study_class, users, scope.shared_at)
    latest = {member.user_id: day for member in members if (day := member.last_day) is not None}  # type: ignore[attr-defined]  # by `students`
    since = scope.day - DAYS_A_WEEK + 1
    done = done_by_day(periods, scope.deck.pk, since, last=latest)
    wanted = [scope.day] if scope.due_day is None else [scope.day, scope.due_day]
    now, *later = standings_on(scope.study_class, periods, scope.deck, scope.day, wanted)
    due = later[0] if later else None
    return [
        _line(
            scope,
            member,
            _Found(
                _last(periods[member.user_id], latest.get(member.user_id), done[member.user_id]),
                sum((each for day, each in done[member.user_id].items() if day >= since), Done()),
                now.get(member.user_id),
                due.get(member.user_id) if due is not None else None,
            ),
        )
        for member in members
    ]


def _last(periods: list[Period], latest: int | None, done: dict[int, Done]) -> int | None:
    """Return the day on which a student last studied while in the class, None if never."""
    if latest is not None and is_whole(periods, latest):
        return latest
    return max(done, default=None)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found of a student: the day they last studied, the last seven days, standings now and when due."""

    last: int | None
    week: Done
    now: DeckStanding | None
    due: DeckStanding | None


def _line(scope: Scope, member: Membership, found: _Found) -> Line:
    topics = found.now.topics if found.now is not None else {}
    seen = {topic: each.seen for topic, each in topics.items()}
    return Line(
        pk=member.pk,
        name=name_of(member),
        url=reverse("study:class_student", args=[scope.study_class.slug, member.pk]),
        last_active=words.in_days(found.last - scope.day) if found.last is not None else "",
        seen=sum(seen.values()),
        cards=scope.cards,
        recall=mean_recall(found.now, scope.topics),
        recall_due=mean_recall(found.due, scope.assigned_topics) if scope.assignment is not None else None,
        minutes=round(found.week.duration_ms / MINUTE_MS),
        word=_word(scope, seen, found.last),
        topics={topic: each.recall for topic, each in topics.items()},
        seen_by_topic=seen,
    )


def name_of(member: Membership) -> str:
    """Return what a class calls somebody; one whom it has forgotten has no name."""
    return member.name or (str(member.user) if member.left_at is None else "No name")


def mean_recall(standing: DeckStanding | None, topics: Sequence[TopicSize]) -> float:
    """Return the predicted recall, 0 to 1, over all cards of these topics; cards never seen count as not recalled."""
    cards = sum(topic.cards for topic in topics)
    if standing is None or not cards:
        return 0.0
    return (
        sum(standing.topics[topic.pk].recall * topic.cards for topic in topics if topic.pk in standing.topics) / cards
    )


def _word(scope: Scope, seen: dict[int, int], last: int | None) -> str:
    if not sum(seen.values()):
        return NOT_BEGUN
    if scope.assignment is None:
        return ON_TRACK if last is not None and last > scope.day - DAYS_A_WEEK else BEHIND
    cards = sum(topic.cards for topic in scope.assigned_topics)
    part = sum(seen.get(topic.pk, 0) for topic in scope.assigned_topics) / cards if cards else 1.0
    return ON_TRACK if part >= elapsed(scope) else BEHIND
