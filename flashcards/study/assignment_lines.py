"""Where a learner stands with assignments: cards seen, predicted recall, and how ready they will be."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Note
from flashcards.lib.days import day_as_date
from flashcards.study import words
from flashcards.study.aiming import Forecast, Held, Pace, forecast
from flashcards.study.assignments import is_open
from flashcards.study.days import Moment
from flashcards.study.exam_day import is_aimed, minutes_of, pace_of
from flashcards.study.models import Assignment, DeckOptions, Memory, State
from flashcards.study.options import DEFAULT_POLICY, policy_of
from flashcards.study.predicting import forgetting

GOAL_RECALL = 0.9


@dataclass(frozen=True, slots=True)
class Progress:
    """Cards of an assignment, those seen, and mean predicted recall now and on the due day; unseen ones count 0."""

    cards: int
    seen: int
    recall_now: float
    recall_due: float


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """An assignment as staff see it: what it is of, how many cards, and whether its opening day has come."""

    assignment: Assignment
    what: str
    cards: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Exam:
    """An exam day as a learner has it before them: what they hold of its cards, of which `apart` are suspended."""

    cards: Sequence[Held]
    apart: Collection[int]
    today: int
    day: int
    pace: Pace
    parameters: tuple[float, ...]

    def forecast(self, minutes: int) -> Forecast:
        """Return the forecast with `minutes` a day; suspended cards are not asked, but count as they will be."""
        asked = tuple(held for held in self.cards if held.card not in self.apart)
        found = forecast(
            asked, self.today, self.day, budget=60.0 * minutes, pace=self.pace, parameters=self.parameters
        )
        apart = [held for held in self.cards if held.card in self.apart]
        left = progress_of(apart, self.parameters, self.today, day_as_date(self.day)).recall_due * len(apart)
        untouched, kept = ((recall * len(asked) + left) / max(1, len(self.cards)) for recall in found)
        return Forecast(untouched, kept)


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """An assignment as a learner stands with it on study day `day`; `exam` where sessions aim at its due day."""

    assignment: Assignment
    day: int
    progress: Progress
    minutes: int
    exam: Exam | None

    @property
    def what(self) -> str:
        """What is to be learned: the deck, and the topics and tags of it."""
        return scope_words(self.assignment)

    @property
    def due_words(self) -> str:
        """The due day as seen from today."""
        days = self.assignment.due_on.toordinal() - self.day
        return f"{'Was due' if days < 0 else 'Due'} {date_words(self.assignment.due_on)}, {words.in_days(days)}"

    @property
    def is_past(self) -> bool:
        """Whether the due day is over."""
        return self.assignment.due_on.toordinal() < self.day

    @property
    def is_reached(self) -> bool:
        """Whether the goal is reached as things stand."""
        if self.assignment.goal == Assignment.Goal.SEEN:
            return 0 < self.progress.cards == self.progress.seen
        return self.progress.recall_due >= GOAL_RECALL

    @property
    def goal_words(self) -> str:
        """The goal, in the middle of a sentence."""
        return self.assignment.get_goal_display().lower()

    @property
    def recall_percent(self) -> str:
        """Recall now as a part of a bar 100 wide."""
        return f"{100 * self.progress.recall_now:.2f}"

    @property
    def seen_percent(self) -> str:
        """What of the cards seen is not recalled now, as a part of that bar."""
        return f"{100 * (self.progress.seen / max(1, self.progress.cards) - self.progress.recall_now):.2f}"

    @property
    def progress_words(self) -> str:
        """Cards seen, and recall now and on the due day, in words."""
        done = self.progress
        seen = f"{done.seen} of {words.count(done.cards, 'card')} seen"
        if not done.seen:
            return f"{seen}."
        now = f"{seen}, recall now {words.percent(done.recall_now)}"
        if self.assignment.due_on.toordinal() <= self.day:
            return f"{now}."
        return f"{now}, on the due day {words.percent(done.recall_due)} if you study nothing more."

    @property
    def ready_words(self) -> str:
        """How ready the learner will be, in words; empty where sessions do not aim at a day."""
        if self.exam is None or not self.progress.cards:
            return ""
        untouched, kept = map(words.percent, self.exam.forecast(self.minutes))
        if self.assignment.due_on.toordinal() == self.day:
            return f"Ready: {untouched}"
        return f"Ready: {untouched} → {kept} if you keep to {words.count(self.minutes, 'minute')} a day"

    def compare(self, choices: Sequence[int]) -> list[tuple[int, str]]:
        """Return how ready the learner will be with each of these minutes a day; none where no day is aimed at."""
        if self.exam is None or self.assignment.due_on.toordinal() == self.day:
            return []
        return [(minutes, words.percent(self.exam.forecast(minutes).kept)) for minutes in choices]

    @property
    def study_url(self) -> str:
        """The address that studies this assignment."""
        query = {"assignment": str(self.assignment.pk)}
        return reverse("study:session", args=[self.assignment.deck.slug], query=query)


def date_words(day: date) -> str:
    """Return a date in words, such as "Fri 4 Dec 2026"."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def scope_words(assignment: Assignment) -> str:
    """Return what an assignment is of; its topics and tags are loaded with it."""
    parts = [topic.title for topic in assignment.topics.all()] + [tag.name for tag in assignment.tags.all()]
    return f"{assignment.deck.title}: {', '.join(parts)}" if parts else assignment.deck.title


def cards_of(assignments: Sequence[Assignment]) -> dict[int, list[int]]:
    """Return the cards of each assignment in the deck's order, from two queries; as `queue.Scope.on` says it."""
    decks = {each.deck_id for each in assignments}
    tags = {tag.pk for each in assignments for tag in each.tags.all()}
    tagged: dict[int, set[int]] = defaultdict(set)
    if tags:
        for note, tag in Note.tags.through.objects.filter(tag__in=tags).values_list("note", "tag"):
            tagged[tag].add(note)
    rows: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    live = Card.objects.filter(deck__in=decks, archived_at=None).order_by("position")
    for deck, card, topic, note in live.values_list("deck", "pk", "topic", "note"):
        rows[deck].append((card, topic, note))
    found = {}
    for each in assignments:
        topics = {topic.pk for topic in each.topics.all()}
        notes = {note for tag in each.tags.all() for note in tagged[tag.pk]}
        whole = not topics and not each.tags.all()
        found[each.pk] = [
            card for card, topic, note in rows[each.deck_id] if whole or topic in topics or note in notes
        ]
    return found


def rows_for(assignments: Sequence[Assignment], now: datetime) -> list[AssignmentRow]:
    """Return what staff see of each assignment, in a number of queries that does not grow with them."""
    cards = cards_of(assignments)
    return [AssignmentRow(each, scope_words(each), len(cards[each.pk]), is_open(each, now)) for each in assignments]


def lines_for(user: User, assignments: Sequence[Assignment], moment: Moment) -> list[AssignmentLine]:
    """Return how the learner stands with each, in a number of queries that does not grow with them."""
    if not assignments:
        return []
    decks = {each.deck_id for each in assignments}
    cards = cards_of(assignments)
    memories = Memory.objects.filter(user=user, deck__in=decks, card__archived_at=None).exclude(state=State.NEW)
    fields = ("card_id", "stability", "difficulty", "last_day")
    held = {row[0]: Held(*row) for row in memories.values_list(*fields)}
    suspended = set(
        Memory.objects.filter(user=user, deck__in=decks, is_suspended=True).values_list("card_id", flat=True)
    )
    presets = dict(DeckOptions.objects.filter(user=user, deck__in=decks).values_list("deck", "preset"))
    minutes = minutes_of(user.pk, cards)
    aimed = {each.deck_id for each in assignments if is_aimed(each, moment.day)}
    paces = pace_of(user.pk, moment.day, aimed) if aimed else {}
    lines = []
    for each in assignments:
        preset = presets.get(each.deck_id)
        parameters = (policy_of(preset) if preset is not None else DEFAULT_POLICY).parameters
        theirs = [held.get(card, Held(card)) for card in cards[each.pk]]
        exam = None
        if is_aimed(each, moment.day):
            goal = (moment.day, each.due_on.toordinal(), paces[each.deck_id], parameters)
            exam = Exam(theirs, suspended.intersection(cards[each.pk]), *goal)
        progress = progress_of(theirs, parameters, moment.day, each.due_on)
        lines.append(AssignmentLine(each, moment.day, progress, minutes[each.pk], exam))
    return lines


def progress_of(cards: Sequence[Held], parameters: tuple[float, ...], day: int, due_on: date) -> Progress:
    """Return the progress that these memories are, as of study day `day`."""
    recall = forgetting(parameters).recall
    seen = [(held.stability, day - held.last_day) for held in cards if held.stability is not None]
    wait = max(0, due_on.toordinal() - day)
    total = max(1, len(cards))
    return Progress(
        cards=len(cards),
        seen=len(seen),
        recall_now=sum(recall(max(0, days), stability) for stability, days in seen) / total,
        recall_due=sum(recall(max(0, days + wait), stability) for stability, days in seen) / total,
    )
