"""The first page's decks: one's own with what today asks of them, and others to begin."""

from dataclasses import dataclass

from flashcards.accounts.models import User
from flashcards.decks.access import visible_decks
from flashcards.decks.models import Card, Deck
from flashcards.decks.queries import live_cards
from flashcards.study import today, words
from flashcards.study.days import Moment, zone_of
from flashcards.study.known import Pile, piles
from flashcards.study.models import DeckOptions, Memory
from flashcards.study.queue import CATCH_UP_HORIZON, days_to_catch_up
from flashcards.study.summary import backlog_sentence
from flashcards.study.today import Limits, Today

LOOKED_THROUGH = 24
SHORT = 160


@dataclass(frozen=True, slots=True)
class DeckLine:
    """A deck as the learner stands with it; `is_ready` if a card would be asked now.

    `note` says in a sentence what the numbers leave open; it may be empty.
    """

    deck: Deck
    pile: Pile
    today: Today
    is_ready: bool
    note: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The decks that the learner studies or owns, and the others, which they may begin."""

    mine: list[DeckLine]
    others: list[DeckLine]


def shelf_of(user: User, moment: Moment) -> Shelf:
    """Return the learner's decks; the number of queries does not depend on how many there are."""
    decks = list(visible_decks(user).defer("introduction", "introduction_html"))
    begun = set(DeckOptions.objects.filter(user=user).values_list("deck", flat=True))
    begun |= set(Memory.objects.filter(user=user).order_by().values_list("deck", flat=True).distinct())
    begun |= {deck.pk for deck in decks if deck.owner_id == user.pk}
    lines = deck_lines(user, decks, moment)
    mine = sorted((line for line in lines if line.deck.pk in begun), key=lambda line: not line.is_ready)
    others = [line for line in lines if line.deck.pk not in begun and line.pile.cards]
    return Shelf(mine, others)


def example_card() -> Card | None:
    """Return a short card from the beginning of the first public deck, to show to strangers; None without one.

    It is one that is turned over: nothing can be answered there.
    """
    deck = Deck.objects.filter(is_public=True).order_by("pk").first()
    if deck is None:
        return None
    cards = [card for card in live_cards(deck)[:LOOKED_THROUGH] if not card.data]
    short = (card for card in cards if card.explanation_html and len(card.search_text) <= SHORT)
    return next(short, None) or min(cards, key=lambda card: len(card.search_text), default=None)


def deck_lines(user: User, decks: list[Deck], moment: Moment) -> list[DeckLine]:
    """Return what there is to say of each of `decks`, in their order."""
    ids = [deck.pk for deck in decks]
    heaps = piles(user.pk, moment.day, ids, "deck")
    limits = today.limits(user.pk, moment.day, ids)
    plans = today.open_plans(user.pk, moment, ids)
    with_room = [pk for pk in ids if pk in heaps and heaps[pk].new and limits[pk].new_left]
    unseen = today.unseen_notes(user.pk, moment.day, with_room, "deck")
    asked = {}
    for pk in ids:
        plan = plans.get(pk)
        whole = plan if plan is not None and plan.topic is None and plan.tag is None else None
        asked[pk] = today.asked_today(heaps.get(pk, Pile()), limits[pk], unseen.get(pk, 0), whole)
    curious = [
        pk
        for pk, pile in heaps.items()
        if pile.waiting > limits[pk].reviews_left or not asked[pk].is_ready(moment.now)
    ]
    coming = today.coming(user.pk, moment.day, curious, CATCH_UP_HORIZON - 1)
    lines = []
    for deck in decks:
        pile, now = heaps.get(deck.pk, Pile()), asked[deck.pk]
        ready = now.is_ready(moment.now)
        if pile.waiting > limits[deck.pk].reviews_left:
            note = _backlog(pile, limits[deck.pk], coming.get(deck.pk, {}))
        else:
            note = "" if ready else _pause(user, pile, limits[deck.pk], coming.get(deck.pk, {}))
        lines.append(DeckLine(deck, pile, now, ready, note))
    return lines


def _backlog(pile: Pile, limits: Limits, coming: dict[int, int]) -> str:
    """Return how long it takes to catch up when more is due than today's limit lets through."""
    days = days_to_catch_up(pile.waiting, coming, limits.reviews_left, limits.reviews_per_day)
    return backlog_sentence(pile.waiting, limits.reviews_per_day, days)


def _pause(user: User, pile: Pile, limits: Limits, coming: dict[int, int]) -> str:
    """Return when there is something to study again, for a deck that asks nothing now."""
    if not pile.cards:
        return "This deck has no cards yet."
    if pile.suspended == pile.cards:
        return "All its cards are suspended."
    if pile.step_at is not None:
        at = pile.step_at.astimezone(zone_of(user))
        return f"Nothing due now. Next: {words.count(pile.in_steps, 'card')} from {at:%H:%M}."
    again = {1} if pile.waiting or (pile.new and limits.new_per_day) else set()
    if not again and not coming:
        return "Nothing due."
    first = min(again | coming.keys())
    back = coming.get(first, 0) + (pile.waiting if first == 1 else 0)
    parts = [words.count(back, "card") if back else "", "new cards" if first in again and pile.new else ""]
    return f"Nothing more is due. Next: {' and '.join(filter(None, parts))} {words.in_days(first)}."
