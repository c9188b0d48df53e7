"""Where learners stand in a deck, topic by topic: cards seen, and recall predicted for today and for days to come.

What is worked out is kept in `Standing` and holds until a review spoils it, a card comes or goes, or its horizons run
out; so looking at a class costs one row a learner, however much they studied.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import NamedTuple

from flashcards.classes.models import StudyClass
from flashcards.decks.models import Card, Deck
from flashcards.study.class_periods import Period
from flashcards.study.models import DeckOptions, Memory, Standing
from flashcards.study.options import DEFAULT_POLICY
from flashcards.study.scheduling import Policy, recall_after

# Days ahead for which sums of recall are kept; in between they are taken to fall in a straight line.
HORIZONS = (0, 1, 2, 4, 7, 14, 21, 28, 42, 56, 84, 120)
# No study day: a row that says so is being worked out.
UNKNOWN_DAY = 0


class TopicStanding(NamedTuple):
    """Cards of a topic seen, and recall: the mean over all its cards that are not archived, unseen ones counting 0."""

    seen: int
    recall: float


UNSEEN = TopicStanding(0, 0.0)


@dataclass(frozen=True, slots=True)
class DeckStanding:
    """A learner's standing in a deck: cards seen, and by topic id the topics that have cards."""

    user_id: int
    seen: int
    topics: dict[int, TopicStanding]


@dataclass(frozen=True, slots=True)
class _Cards:
    """The live cards of a deck: their topics, how many there are in each, and a digest of it all."""

    topic_of: dict[int, int]
    counts: Counter[int]
    digest: str


def standings_of(
    study_class: StudyClass, periods: Mapping[int, list[Period]], deck: Deck, day: int, *, of: int | None = None
) -> dict[int, DeckStanding]:
    """Return where each of these people stands in `deck`, by their ids: recall predicted for study day `of`.

    `periods` are the times in which they were in the class (`class_periods.periods_of`): a card counts if its last
    review lies in one. `day` is today, and `of` today or later (`day` if None); beyond the last horizon recall is that
    of the last. Two queries when nothing has changed since somebody last looked, six otherwise, however many people.
    """
    return standings_on(study_class, periods, deck, day, [day if of is None else of])[0]


def standings_on(
    study_class: StudyClass, periods: Mapping[int, list[Period]], deck: Deck, day: int, days: Sequence[int]
) -> list[dict[int, DeckStanding]]:
    """Return `standings_of` for each of several days, in as many queries as for one."""
    cards = _cards(deck)
    wanted = max(day, *days)
    kept = Standing.objects.filter(study_class=study_class, deck=deck, user__in=list(periods))
    stored = {row.user_id: row for row in kept}
    outdated = sorted({user for user in periods if not _holds(stored.get(user), cards, day, wanted)})
    if outdated:
        stored |= _worked_out(study_class, {user: periods[user] for user in outdated}, deck, cards, day)
    return [{user: _read(stored[user], cards, max(day, each)) for user in periods} for each in days]


def spoil(user_id: int, deck_ids: Collection[int]) -> None:
    """Mark what is kept of a learner in these decks as outdated; runs in the transaction that changes memories.

    Comes last in it: whoever works standings out anew waits for these rows.
    """
    Standing.objects.filter(user=user_id, deck__in=deck_ids).update(is_stale=True)


def _cards(deck: Deck) -> _Cards:
    live = Card.objects.filter(deck=deck, archived_at=None).order_by("pk").values_list("pk", "topic")
    topic_of = dict(live)
    digest = blake2b(repr(topic_of).encode(), digest_size=8).hexdigest()
    return _Cards(topic_of, Counter(topic_of.values()), digest)


def _holds(row: Standing | None, cards: _Cards, day: int, wanted: int) -> bool:
    """Return whether a row still says what the memories would say for the day that is wanted."""
    if row is None or row.is_stale or row.cards != cards.digest or not UNKNOWN_DAY < row.day <= day:
        return False
    return row.day == day or wanted - row.day <= HORIZONS[-1]


def _worked_out(
    study_class: StudyClass, periods: Mapping[int, list[Period]], deck: Deck, cards: _Cards, day: int
) -> dict[int, Standing]:
    """Work out the standings of these people from their memories, store them and return them."""
    rows = {
        user: Standing(
            study_class=study_class, user_id=user, deck=deck, day=UNKNOWN_DAY, seen=0, topics={}, cards=cards.digest
        )
        for user in periods
    }
    # Before the memories are read: a review that comes meanwhile marks the row, and what is stored below leaves
    # that mark alone.
    _store(rows, ["day", "is_stale"])
    sums = _sums(periods, deck, cards, day)
    for user, row in rows.items():
        row.day = day
        # Rounded, since reading them is a good part of what a page costs.
        row.topics = {str(topic): [round(each, 4) for each in amounts] for topic, amounts in sums[user].items()}
        row.seen = sum(int(amounts[0]) for amounts in sums[user].values())
    _store(rows, ["day", "seen", "topics", "cards"])
    return rows


def _store(rows: Mapping[int, Standing], fields: list[str]) -> None:
    Standing.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["study_class", "user", "deck"], update_fields=fields
    )  # fmt: skip


def _sums(
    periods: Mapping[int, list[Period]], deck: Deck, cards: _Cards, day: int
) -> dict[int, dict[int, list[float]]]:
    """Return by person and topic the cards seen, followed by the sums of their recall at each horizon."""
    policies = _policies(list(periods), deck)
    sums: dict[int, dict[int, list[float]]] = {user: {} for user in periods}
    memories = Memory.objects.filter(user__in=list(periods), deck=deck, stability__isnull=False)
    rows = memories.values_list("user", "card", "stability", "last_day", "last_answered_at")
    for user, card, stability, last_day, last in rows.iterator():
        topic = cards.topic_of.get(card)
        if topic is None or stability is None or last_day is None or last is None:
            continue
        if not any(period.holds(last) for period in periods[user]):
            continue
        amounts = sums[user].setdefault(topic, [0.0] * (1 + len(HORIZONS)))
        amounts[0] += 1
        policy = policies.get(user, DEFAULT_POLICY)
        elapsed = day - last_day
        for place, ahead in enumerate(HORIZONS, start=1):
            amounts[place] += recall_after(max(0, elapsed + ahead), stability, policy)
    return sums


def _policies(user_ids: list[int], deck: Deck) -> dict[int, Policy]:
    """Return the policies by which these people's recall is predicted: of a preset, its parameters."""
    options = DeckOptions.objects.filter(deck=deck, user__in=user_ids)
    found = options.values_list("user", "preset__parameters")
    return {user: replace(DEFAULT_POLICY, parameters=tuple(parameters)) for user, parameters in found}


def _read(row: Standing, cards: _Cards, wanted: int) -> DeckStanding:
    before, after, share = _between(wanted - row.day)
    topics = dict.fromkeys(cards.counts, UNSEEN)
    for key, amounts in row.topics.items():
        topic = int(key)
        if topic in topics:
            total = amounts[before] + (amounts[after] - amounts[before]) * share
            topics[topic] = TopicStanding(int(amounts[0]), total / cards.counts[topic])
    return DeckStanding(row.user_id, row.seen, topics)


def _between(ahead: int) -> tuple[int, int, float]:
    """Return the places of the horizons around a day so far ahead in a topic's amounts, and how far it is between."""
    ahead = min(max(ahead, 0), HORIZONS[-1])
    after = bisect_left(HORIZONS, ahead)
    before = max(0, after - 1)
    span = HORIZONS[after] - HORIZONS[before]
    return 1 + before, 1 + after, (ahead - HORIZONS[before]) / span if span else 0.0
