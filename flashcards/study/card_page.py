"""What a card's own page says: where the card stands with the learner, its forgetting curve and its reviews."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from flashcards.accounts.models import User
from flashcards.decks import kinds
from flashcards.decks.access import can_edit
from flashcards.decks.models import Card
from flashcards.lib.days import day_as_date
from flashcards.lib.sanitize import readable_words
from flashcards.study import words
from flashcards.study.changed_cards import ChangedCard, told_of
from flashcards.study.days import Moment, zone_of
from flashcards.study.forgetting import Answered, Curve, curve
from flashcards.study.marks import Mark
from flashcards.study.models import Memory, Rating, Review, State
from flashcards.study.options import default_options, policy_of
from flashcards.study.replay import log_of, state_of
from flashcards.study.review_rows import ReviewRow, row_of
from flashcards.study.scheduling import Policy, recall

LINE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known of a card: its name, its value, and what to add in small."""

    name: str
    value: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button that marks the card: what it sends, and its words."""

    mark: Mark
    label: str


@dataclass(frozen=True, slots=True)
class CardPage:
    """All that the page shows; `curve` is None, `rows` empty without reviews; `asks`: the card takes an answer."""

    card: Card
    line: str
    tags: list[str]
    state: str
    notes: list[str]
    facts: list[Fact]
    curve: Curve | None
    rows: list[ReviewRow]
    asks: bool
    choices: list[Choice]
    edit_url: str
    changed: ChangedCard | None = None

    @property
    def is_archived(self) -> bool:
        """Whether the card has been taken out of its deck."""
        return self.card.archived_at is not None


def present_card(user: User, card: Card, moment: Moment) -> CardPage:
    """Return what the page of `card` shows at `moment`. Raises Http404 for one taken out that they never reviewed."""
    log = log_of(user.pk, card.pk)
    if card.archived_at is not None and not log:
        raise Http404("No such card.")
    memory = Memory.objects.filter(user=user, card=card).first() or Memory(user=user, card=card)
    policy = policy_of(default_options(user, card.deck).preset_id)
    zone = zone_of(user)
    return CardPage(
        card=card,
        line=one_line(card),
        tags=[tag.name for tag in card.note.tags.all()],
        state=State(memory.state).label,
        notes=_notes(memory, moment),
        facts=_facts(user, memory, policy, moment) if memory.reps else [],
        curve=_curve(log, memory, policy, moment) if log else None,
        rows=[row_of(review, zone, card) for review in reversed(log)],
        asks=kinds.asking(card.kind) is not None,
        choices=_choices(memory, moment) if card.archived_at is None else [],
        edit_url=reverse("decks:note", args=[card.deck.slug, card.note_id]) if can_edit(user, card.deck) else "",
        changed=told_of(card, memory),
    )


def one_line(card: Card, length: int = LINE_LENGTH) -> str:
    """Return the words of a card's question on one line of at most `length` characters."""
    text = readable_words(card.question_html) or "A card without words"
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _notes(memory: Memory, moment: Moment) -> list[str]:
    """Return what is out of the ordinary about a card."""
    notes = []
    if memory.is_suspended:
        notes.append("Suspended: you are not asked this card until you resume it.")
    if _is_buried(memory, moment):
        notes.append(f"Buried: it comes back {_day_words(memory.buried_until or 0, moment)}.")
    if memory.is_leech:
        times = words.count(memory.lapses, "time")
        notes.append(f"A leech: forgotten {times}. Look for what makes it hard, or suspend it.")
    return notes


def _facts(user: User, memory: Memory, policy: Policy, moment: Moment) -> list[Fact]:
    now = recall(state_of(memory), policy, moment.day)
    return [
        _due(user, memory, moment),
        Fact("Interval", words.interval_long(memory.interval_days * words.DAY) if memory.interval_days else "steps"),
        Fact("Recall today", words.percent(now) if now is not None else "–", "predicted"),
        Fact("Stability", words.interval_long((memory.stability or 0) * words.DAY), "until recall is 90 %"),
        Fact("Difficulty", f"{memory.difficulty or 0:.1f}", "of 10"),
        Fact("Reviews", str(memory.reps)),
        Fact("Lapses", str(memory.lapses), "forgotten in review"),
    ]


def _due(user: User, memory: Memory, moment: Moment) -> Fact:
    if memory.due_at is not None:
        at = memory.due_at.astimezone(zone_of(user))
        return Fact("Due", "now" if memory.due_at <= moment.now else f"today, {at:%H:%M}", _date(moment.day))
    if memory.due_day is None:
        return Fact("Due", "–")
    if memory.due_day < moment.day:
        return Fact("Due", "now", f"since {_date(memory.due_day)}")
    return Fact("Due", _day_words(memory.due_day, moment), _date(memory.due_day))


def _day_words(day: int, moment: Moment) -> str:
    days = day - moment.day
    return {0: "today", 1: "tomorrow"}.get(days, f"in {words.count(days, 'day')}")


def _date(day: int) -> str:
    date = day_as_date(day)
    return f"{date:%a} {date.day} {date:%b %Y}"


def _curve(log: Iterable[Review], memory: Memory, policy: Policy, moment: Moment) -> Curve:
    answers: list[Answered] = []
    for review in log:
        # A day before the last one's comes of a changed time zone: no time has passed then.
        day = max(review.day, answers[-1].day) if answers else review.day
        answers.append(Answered(day, Rating(review.rating), review.recall, review.stability))
    return curve(answers, policy, moment.day, memory.due_day)


def _is_buried(memory: Memory, moment: Moment) -> bool:
    return memory.buried_until is not None and memory.buried_until > moment.day


def _choices(memory: Memory, moment: Moment) -> list[Choice]:
    return [
        Choice(Mark.UNSTAR, "Take the star away") if memory.is_starred else Choice(Mark.STAR, "Star"),
        Choice(Mark.UNBURY, "Unbury") if _is_buried(memory, moment) else Choice(Mark.BURY, "Bury until tomorrow"),
        Choice(Mark.RESUME, "Resume") if memory.is_suspended else Choice(Mark.SUSPEND, "Suspend"),
    ]
