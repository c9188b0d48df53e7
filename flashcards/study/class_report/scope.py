"""What a report is about: a class, one of its decks, today in the class's time zone, and the weeks looked at."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Count, Q, QuerySet
from django.http import Http404, QueryDict

from flashcards.classes.models import StudyClass
from flashcards.decks.models import ClassDeck, Deck, Topic
from flashcards.lib.days import day_as_date, study_day
from flashcards.lib.prepared import Prepared
from flashcards.study.models import Assignment
from flashcards.study.queue import Scope as CardScope

DAY_STARTS_AT = 4
DAYS_A_WEEK = 7
WEEKS = (1, 4, 8, 16)
USUAL_WEEKS = 4


@dataclass(frozen=True, slots=True)
class TopicSize:
    """A topic with its number of cards that are asked."""

    pk: int
    title: str
    cards: int


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report is about. `topics` are those with cards, `assigned_topics` those that `assignment` is of.

    `assignment` is the next to be due of those that are open, if any.
    """

    study_class: StudyClass
    decks: list[Deck]
    deck: Deck
    shared_at: datetime
    topics: list[TopicSize]
    assignment: Assignment | None
    assigned_topics: list[TopicSize]
    day: int
    weeks: int

    @property
    def cards(self) -> int:
        """How many cards of the deck are asked."""
        return sum(topic.cards for topic in self.topics)

    @property
    def first_week(self) -> int:
        """The first of the weeks looked at."""
        return self.day // DAYS_A_WEEK - self.weeks + 1

    @property
    def due_day(self) -> int | None:
        """The study day on which the next assignment is due."""
        return self.assignment.due_on.toordinal() if self.assignment else None


def class_day(study_class: StudyClass, now: datetime) -> int:
    """Return the study day of `now` in the class's own time zone."""
    try:
        zone = ZoneInfo(study_class.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return study_day(now, zone, DAY_STARTS_AT)


def shared_decks(study_class: StudyClass) -> list[ClassDeck]:
    """Return what is shared with the class with its decks, by title."""
    return list(ClassDeck.objects.filter(study_class=study_class).select_related("deck").order_by("deck__title", "pk"))


def scope_of(study_class: StudyClass, query: QueryDict, now: datetime) -> Scope | None:
    """Return what the address asks for, None if no deck is shared yet; raises Http404 for a deck that is not."""
    shared = shared_decks(study_class)
    slug = query.get("deck", "")
    chosen = next((each for each in shared if slug in {"", each.deck.slug}), None)
    if chosen is None:
        if slug:
            raise Http404("No such deck in this class.")
        return None
    day = class_day(study_class, now)
    date = day_as_date(day)
    under_way = Assignment.objects.filter(
        study_class=study_class, deck=chosen.deck, opens_on__lte=date, due_on__gte=date
    )  # fmt: skip
    assignment = under_way.order_by("due_on", "pk").first()
    sizes = list(SIZED(chosen.deck_id, assignment.pk if assignment is not None else 0))
    return Scope(
        study_class=study_class,
        decks=[each.deck for each in shared],
        deck=chosen.deck,
        shared_at=chosen.shared_at,
        topics=[TopicSize(pk, title, cards) for pk, title, cards, _ in sizes],
        assignment=assignment,
        assigned_topics=[TopicSize(pk, title, cards) for pk, title, cards, assigned in sizes if assigned],
        day=day,
        weeks=_weeks(query.get("weeks", "")),
    )


def _weeks(text: str) -> int:
    return int(text) if text in map(str, WEEKS) else USUAL_WEEKS


def _sized(deck: int, assignment: int) -> QuerySet[Topic, tuple[int, str, int, int]]:
    """Return the topics that have cards: how many, and how many of them are the assignment's (0: of none, so all)."""
    live = Q(cards__archived_at=None)
    assigned = live & CardScope(0, deck, assignment_id=assignment).on("cards__")
    topics = Topic.objects.filter(deck=deck).annotate(
        live=Count("cards", filter=live), assigned=Count("cards", filter=assigned)
    )  # fmt: skip
    return topics.filter(live__gt=0).order_by("position", "pk").values_list("pk", "title", "live", "assigned")


SIZED = Prepared(_sized)
