"""What is asked next. A session's plan is picked once, from everything due; each answer then costs the same.

Order: learning cards that are due; then the plan, reviews and new cards mixed across topics; then learning cards
due within twenty minutes. Cards of one note are kept apart within a day. When more is due than the day's limit, the
plan takes what is most worth saving: the highest predicted recall, because what is nearly forgotten costs the same
tomorrow.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from itertools import islice

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from flashcards.decks.models import Card, Note
from flashcards.lib.prepared import Prepared
from flashcards.study.days import Moment
from flashcards.study.models import Assignment, DeckOptions, Memory, Review, State

LEARN_AHEAD = timedelta(minutes=20)
CATCH_UP_HORIZON = 366


class Entry(IntEnum):
    """Why a card is in a plan."""

    REVIEW = 0
    NEW = 1
    AHEAD = 2


@dataclass(frozen=True, slots=True)
class Scope:
    """What part of whose deck is studied; at most one of the last three is set."""

    user_id: int
    deck_id: int
    topic_id: int | None = None
    tag_id: int | None = None
    assignment_id: int | None = None

    def on(self, prefix: str) -> Q:
        """Return the condition that keeps cards of this scope; `prefix` leads to the card ("card__", or "")."""
        if self.topic_id is not None:
            return Q(**{f"{prefix}topic": self.topic_id})
        if self.tag_id is not None:
            return Q(**{f"{prefix}note__tags": self.tag_id})
        if self.assignment_id is not None:
            return _assigned(self.assignment_id, prefix)
        return Q()


def _assigned(assignment_id: int, prefix: str) -> Q:
    """Return the condition that keeps cards of an assignment: of one of its topics or tags, or all if it has none."""
    topics = Assignment.topics.through.objects.filter(assignment=assignment_id)
    tags = Assignment.tags.through.objects.filter(assignment=assignment_id)
    tagged = Note.tags.through.objects.filter(tag__in=tags.values("tag"))
    some = Q(**{f"{prefix}topic__in": topics.values("topic")}) | Q(**{f"{prefix}note__in": tagged.values("note")})
    return some | (~Exists(topics) & ~Exists(tags))


def active(scope: Scope, day: int) -> QuerySet[Memory]:
    """Return the learner's memories in the scope that are neither suspended nor buried on `day`."""
    return Memory.objects.filter(
        Q(buried_until=None) | Q(buried_until__lte=day),
        scope.on("card__"),
        user_id=scope.user_id,
        deck_id=scope.deck_id,
        is_suspended=False,
        card__archived_at=None,
    )


def _in_steps(scope: Scope, day: int) -> QuerySet[Memory, tuple[int, datetime | None]]:
    rows = active(scope, day).filter(due_at__isnull=False).order_by("due_at", "card_id")
    return rows.values_list("card_id", "due_at")


IN_STEPS = Prepared(lambda day, user, deck: _in_steps(Scope(user, deck), day))
IN_STEPS_OF_TOPIC = Prepared(lambda day, user, deck, topic: _in_steps(Scope(user, deck, topic_id=topic), day))
IN_STEPS_OF_TAG = Prepared(lambda day, user, deck, tag: _in_steps(Scope(user, deck, tag_id=tag), day))
IN_STEPS_OF_ASSIGNMENT = Prepared(
    lambda day, user, deck, assignment: _in_steps(Scope(user, deck, assignment_id=assignment), day)
)


def learning(scope: Scope, day: int) -> list[tuple[int, datetime]]:
    """Return (card id, due moment) of the cards in steps within the day, the first due first."""
    if scope.topic_id is not None:
        rows = IN_STEPS_OF_TOPIC(day, scope.user_id, scope.deck_id, scope.topic_id)
    elif scope.tag_id is not None:
        rows = IN_STEPS_OF_TAG(day, scope.user_id, scope.deck_id, scope.tag_id)
    elif scope.assignment_id is not None:
        rows = IN_STEPS_OF_ASSIGNMENT(day, scope.user_id, scope.deck_id, scope.assignment_id)
    else:
        rows = IN_STEPS(day, scope.user_id, scope.deck_id)
    return [(card, due_at) for card, due_at in rows if due_at is not None]


def due(scope: Scope, day: int) -> QuerySet[Memory]:
    """Return the memories due on `day` or before, but for cards in steps within the day."""
    return active(scope, day).filter(due_day__lte=day, due_at=None).exclude(state=State.NEW)


def unseen(scope: Scope, day: int) -> QuerySet[Card]:
    """Return the scope's cards that are new to the learner, in the deck's order."""
    met = Memory.objects.filter(user_id=scope.user_id, card=OuterRef("pk")).exclude(
        Q(buried_until=None) | Q(buried_until__lte=day), state=State.NEW, is_suspended=False
    )
    cards = Card.objects.filter(scope.on(""), ~Exists(met), deck_id=scope.deck_id, archived_at=None)
    return cards.order_by("position")


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many reviews and new cards the day's limits still allow in a deck, and the notes already asked today."""

    reviews: int
    new: int
    notes: frozenset[int]


def allowance(options: DeckOptions, day: int) -> Allowance:
    """Return what is left of the learner's limits for the deck on `day`; never below zero."""
    today = Review.objects.filter(user_id=options.user_id, day=day, deck_id=options.deck_id, undone_at=None)
    reviewed, new, notes = 0, 0, set()
    for state, note in today.values_list("state_before", "card__note_id"):
        reviewed += state == State.REVIEW
        new += state == State.NEW
        notes.add(note)
    return Allowance(max(0, options.reviews_per_day - reviewed), max(0, options.new_per_day - new), frozenset(notes))


def make_plan(
    scope: Scope, options: DeckOptions, moment: Moment, extra_new: int = 0, ahead: int = 0
) -> list[tuple[int, int]]:
    """Return what today's session asks as pairs (card id, Entry), under the deck's limits.

    `extra_new` and `ahead` (cards not yet due) were asked for on top of them.
    """
    left = allowance(options, moment.day)
    seen = set(left.notes)
    worth = (moment.day - F("last_day")) / F("stability")
    waiting = (
        due(scope, moment.day).order_by(worth.asc(), "card_id").values_list("card_id", "card__topic_id", "note_id")
    )
    reviews = list(islice(one_a_note(waiting.iterator(), seen), left.reviews))
    room = min(left.new, left.reviews - len(reviews)) + extra_new
    fresh = unseen(scope, moment.day).values_list("pk", "topic_id", "note_id")
    new = list(islice(one_a_note(fresh.iterator(), seen), room)) if room else []
    entries = mix([(card, topic, Entry.REVIEW) for card, topic in reviews] + [(c, t, Entry.NEW) for c, t in new])
    return entries + _ahead(scope, moment, seen, ahead)


def extras(scope: Scope, moment: Moment, seen: set[int], new: int, ahead: int) -> list[tuple[int, int]]:
    """Return what was asked for on top of a plan, cards of notes not in `seen`; adds their notes to it."""
    fresh = unseen(scope, moment.day).values_list("pk", "topic_id", "note_id")
    more = [(card, int(Entry.NEW)) for card, _ in islice(one_a_note(fresh.iterator(), seen), new)] if new else []
    return more + _ahead(scope, moment, seen, ahead)


def _ahead(scope: Scope, moment: Moment, seen: set[int], count: int) -> list[tuple[int, int]]:
    if not count:
        return []
    soon = active(scope, moment.day).filter(state=State.REVIEW, due_day__gt=moment.day).exclude(last_day=moment.day)
    rows = soon.order_by("due_day", "card_id").values_list("card_id", "card__topic_id", "note_id")
    return [(card, int(Entry.AHEAD)) for card, _ in islice(one_a_note(rows.iterator(), seen), count)]


def can_add(scope: Scope, options: DeckOptions, moment: Moment, new: int, ahead: int) -> tuple[int, int]:
    """Return how many new cards and cards not yet due asking for more would add, at most `new` and `ahead`."""
    asked = allowance(options, moment.day).notes
    fresh = unseen(scope, moment.day).values_list("pk", "topic_id", "note_id")
    more = sum(1 for _ in islice(one_a_note(fresh.iterator(), set(asked)), new))
    return more, len(_ahead(scope, moment, set(asked), ahead))


def one_a_note(rows: Iterable[tuple[int, int, int]], seen: set[int]) -> Iterator[tuple[int, int]]:
    """Yield (card, topic) of the first row of each note not in `seen`, adding the note to it."""
    for card, topic, note in rows:
        if note not in seen:
            seen.add(note)
            yield card, topic


def mix(items: list[tuple[int, int, Entry]]) -> list[tuple[int, int]]:
    """Spread reviews of each topic, and new cards, evenly over the session, each group in its own order."""
    groups: dict[tuple[Entry, int], list[int]] = defaultdict(list)
    for card, topic, entry in items:
        groups[entry, topic if entry == Entry.REVIEW else 0].append(card)
    placed = [
        ((place + 0.5) / len(cards), entry, card)
        for (entry, _), cards in groups.items()
        for place, card in enumerate(cards)
    ]
    return [(card, int(entry)) for _, entry, card in sorted(placed)]


def catch_up_days(scope: Scope, options: DeckOptions, moment: Moment) -> int | None:
    """Return in how many days the pile is gone at the deck's limit, today included; None beyond a year.

    Counts what is waiting now and what falls due day by day, not the new intervals of what is reviewed meanwhile.
    """
    left = allowance(options, moment.day).reviews
    pile = due(scope, moment.day).count()
    horizon = active(scope, moment.day).filter(due_day__gt=moment.day, due_day__lt=moment.day + CATCH_UP_HORIZON)
    coming = Counter((day or 0) - moment.day for day in horizon.values_list("due_day", flat=True).iterator())
    return days_to_catch_up(pile, coming, left, options.reviews_per_day)


def days_to_catch_up(pile: int, coming: Mapping[int, int], left: int, limit: int) -> int | None:
    """Return in how many days `pile` cards are gone, `left` of them today and `limit` a day after; None beyond a year.

    `coming` says how many cards fall due in so many days.
    """
    for days in range(1, CATCH_UP_HORIZON):
        pile -= min(pile, left)
        if pile == 0:
            return days
        pile += coming.get(days, 0)
        left = limit
    return None
