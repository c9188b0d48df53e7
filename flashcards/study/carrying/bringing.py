"""A learner's history from a file into the log. What comes in counts in no class: it was not done there.

Every review gets the id that it had here, or one made of learner, card, moment and rating: bringing a file twice
brings it once. The log of each card touched is replayed, so its memory is what the log comes to.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from flashcards.accounts.models import User
from flashcards.decks.formats.records import CardRecord, ReviewRecord
from flashcards.decks.models import Card, Deck
from flashcards.decks.transfers.learning import Brought
from flashcards.study import standings
from flashcards.study.carrying.reviews import review_from
from flashcards.study.carrying.storing import AT_ONCE, store
from flashcards.study.models import Memory, Preset, Rating, Review
from flashcards.study.options import options_for

NAMESPACE = UUID("8f1c5a0e-6a39-4a7e-9c7b-0d6a2f4f5b11")
"""For the ids of reviews that come without one of ours."""
FIRST = datetime(1990, 1, 1, tzinfo=UTC)
"""Nobody reviewed a card on a computer's clock before: such a time is no time."""

LATEST_RESET = 10**14
"""Milliseconds since 1970: later than that no clock goes."""

type Key = tuple[int, int]
"""A note's pk and a card's ordinal."""


@dataclass(slots=True)
class Batch:
    """What a batch touches: the cards by key, their memories, and their logs with what is new in each."""

    cards: dict[Key, Card]
    memories: dict[int, Memory]
    logs: dict[int, list[Review]]
    presets: set[int]
    taken: dict[UUID, Review] = field(default_factory=dict)


def bring(user: User, deck: Deck, pairs: Iterable[tuple[int, list[CardRecord]]], ids: Path) -> Brought:
    """Store what a file says that `user` did with cards of `deck`; see `transfers.learning.Learning`.

    Left out are reviews of the future and those from before a card was reset, and cards that the notes do not make.
    Runs inside the import's transaction.
    """
    preset = options_for(user, deck).preset_id
    now = timezone.now()
    reviews = cards = 0
    with ids.open("w", encoding="utf-8") as noted:
        for some in batched(pairs, AT_ONCE):
            learnt = {(note, card.ordinal): card for note, records in some for card in records}
            batch = _loaded(user, deck, learnt)
            new = _new_reviews(user, batch, learnt, preset, now)
            flags = _mark(user, batch, learnt)
            touched = {review.card_id for review in new}
            store(user, {card: batch.logs[card] for card in touched}, batch.memories, new)
            reviews, cards = reviews + len(new), cards + len(touched)
            for review in new:
                noted.write(json.dumps({"review": str(review.pk), "card": review.card_id}) + "\n")
            for card, name in flags:
                noted.write(json.dumps({"flag": name, "card": card}) + "\n")
    standings.spoil(user.pk, [deck.pk])
    return Brought(reviews, cards)


def _loaded(user: User, deck: Deck, learnt: Mapping[Key, CardRecord]) -> Batch:
    notes = {note for note, _ in learnt}
    found = Card.objects.filter(deck=deck, note__in=notes).only("note_id", "ordinal", "deck_id")
    cards = {(card.note_id, card.ordinal): card for card in found if (card.note_id, card.ordinal) in learnt}
    pks = [card.pk for card in cards.values()]
    memories = Memory.objects.select_for_update().filter(user=user, card__in=pks)
    logs: dict[int, list[Review]] = defaultdict(list)
    for review in Review.objects.filter(user=user, card__in=pks):
        logs[review.card_id].append(review)
    named = {
        known for record in learnt.values() for each in record.reviews if (known := _id_in(each.facts)) is not None
    }
    taken = {review.pk: review for some in batched(named, AT_ONCE) for review in Review.objects.filter(pk__in=some)}
    presets = set(Preset.objects.values_list("pk", flat=True))
    return Batch(cards, {memory.card_id: memory for memory in memories}, logs, presets, taken)


def _id_in(facts: Mapping[str, Any]) -> UUID | None:
    """Return the id that a review had here, None if it was made elsewhere."""
    try:
        return UUID(str(facts.get("id", "")))
    except ValueError:
        return None


def _new_reviews(
    user: User, batch: Batch, learnt: Mapping[Key, CardRecord], preset: int, now: datetime
) -> list[Review]:
    """Return the reviews that are not in the log yet, not stored, and put them into the batch's logs."""
    new = []
    for key, record in learnt.items():
        card = batch.cards.get(key)
        if card is None:
            continue
        log = batch.logs[card.pk]
        first = _beginning(record)
        known = {review.pk for review in log}
        moments = {_to_the_millisecond(review.answered_at) for review in log}
        for said in record.reviews:
            pk = _id_for(user, card, said, batch.taken)
            at = _to_the_millisecond(said.answered_at)
            if pk in known or at in moments or not first < said.answered_at <= now or said.rating not in Rating:
                continue
            known.add(pk)
            moments.add(at)
            named = said.facts.get("preset_id")
            review = review_from(
                said, pk, user, card, named if isinstance(named, int) and named in batch.presets else preset
            )
            log.append(review)
            new.append(review)
    return new


def _beginning(record: CardRecord) -> datetime:
    """Return the moment after which reviews count: where a card was reset, what was before it is forgotten."""
    reset = record.memory.get("forgotten_at")
    if not isinstance(reset, int) or not 0 <= reset < LATEST_RESET:
        return FIRST
    return max(FIRST, datetime.fromtimestamp(reset / 1000, UTC))


def _to_the_millisecond(moment: datetime) -> datetime:
    """Return a moment as files carry it: they know no microseconds."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _id_for(user: User, card: Card, said: ReviewRecord, taken: Mapping[UUID, Review]) -> UUID:
    own = _id_in(said.facts)
    standing = taken.get(own) if own is not None else None
    if own is not None and (standing is None or (standing.user_id, standing.card_id) == (user.pk, card.pk)):
        return own
    return uuid5(NAMESPACE, f"{user.pk} {card.pk} {_to_the_millisecond(said.answered_at).isoformat()} {said.rating}")


def _mark(user: User, batch: Batch, learnt: Mapping[Key, CardRecord]) -> list[tuple[int, str]]:
    """Suspend and star as the file says, in the batch's memories, not stored; return what was set."""
    flags = []
    for key, record in learnt.items():
        card = batch.cards.get(key)
        wanted = {"is_suspended": record.is_suspended, "is_starred": record.is_starred}
        if card is None or not (any(wanted.values()) or any(each.undone_at is None for each in batch.logs[card.pk])):
            continue
        memory = batch.memories.get(card.pk)
        if memory is None:
            memory = Memory(user=user, card_id=card.pk, note_id=card.note_id, deck_id=card.deck_id)
            batch.memories[card.pk] = memory
        for name in (name for name, is_wanted in wanted.items() if is_wanted and not getattr(memory, name)):
            setattr(memory, name, True)
            flags.append((card.pk, name))
    return flags


def take_back(user: User, ids: Path) -> int:
    """Remove the reviews and marks that `bring` noted in `ids`, and return how many reviews went."""
    gone = 0
    for some in batched(_noted(ids), AT_ONCE):
        reviews = [line["review"] for line in some if "review" in line]
        cards = [line["card"] for line in some]
        touched = set(Review.objects.filter(user=user, pk__in=reviews).values_list("card_id", flat=True))
        gone += Review.objects.filter(user=user, pk__in=reviews).delete()[1].get("study.Review", 0)
        batch = Batch({}, {}, defaultdict(list), set())
        batch.memories = {each.card_id: each for each in Memory.objects.filter(user=user, card__in=cards)}
        for review in Review.objects.filter(user=user, card__in=touched):
            batch.logs[review.card_id].append(review)
        for line in some:
            if "flag" in line and line["card"] in batch.memories and line["flag"] in {"is_suspended", "is_starred"}:
                setattr(batch.memories[line["card"]], line["flag"], False)
        store(user, {card: batch.logs[card] for card in touched & batch.memories.keys()}, batch.memories, [])
        Memory.objects.filter(
            user=user, card__in=cards, reps=0, is_suspended=False, is_starred=False, buried_until=None
        ).delete()
        standings.spoil(user.pk, set(Card.objects.filter(pk__in=cards).values_list("deck_id", flat=True)))
    return gone


def _noted(ids: Path) -> Iterator[dict[str, Any]]:
    with ids.open(encoding="utf-8") as noted:
        yield from map(json.loads, noted)
