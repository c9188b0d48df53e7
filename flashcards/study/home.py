"""A learner's shelf: the decks they study or own with what each asks today, and the others there are to begin."""

from dataclasses import dataclass

from django.db.models import Count, Q

from flashcards.accounts.models import User
from flashcards.decks.access import visible_decks
from flashcards.decks.models import Deck
from flashcards.study import known
from flashcards.study.days import Moment
from flashcards.study.known import NOTHING, Known
from flashcards.study.models import DeckOptions, Memory
from flashcards.study.today import (
    Today,
    backlog_words,
    left_by_deck,
    left_of,
    next_words,
    open_sessions,
    today,
)

UNTOUCHED = left_of(DeckOptions())


@dataclass(frozen=True, slots=True)
class DeckLine:
    """One of the learner's decks: what it asks today, how much is known, and what to say of more and of nothing."""

    deck: Deck
    today: Today
    known: Known
    suspended: int
    is_ready: bool
    backlog: str
    next: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The learner's decks, those with something to ask first, and decks to begin (each with its `cards`)."""

    mine: list[DeckLine]
    others: list[Deck]


def shelf_of(user: User, moment: Moment) -> Shelf:
    """Return all that the learner's first page shows, in a number of queries that does not grow with the decks."""
    visible = visible_decks(user).defer("introduction", "introduction_html")
    studied = Q(pk__in=Memory.objects.filter(user=user).order_by().values("deck_id").distinct())
    begun = Q(pk__in=DeckOptions.objects.filter(user=user).values("deck_id"))
    is_mine = Q(owner=user) | studied | begun
    mine = visible.filter(is_mine)
    lines = deck_lines(user, list(mine), moment)
    lines.sort(key=lambda line: not line.is_ready)
    cards = Count("cards", filter=Q(cards__archived_at=None))
    others = visible.exclude(pk__in=[line.deck.pk for line in lines]).filter(is_public=True).annotate(cards_in=cards)
    return Shelf(lines, list(others))


def deck_lines(user: User, decks: list[Deck], moment: Moment) -> list[DeckLine]:
    """Return what there is to say of each of `decks`, in their order."""
    chosen = Deck.objects.filter(pk__in=[deck.pk for deck in decks])
    standings = known.by_deck(user, chosen, moment)
    coming = known.coming(user, chosen, moment)
    lefts = left_by_deck(user, moment)
    sessions = {
        session.deck_id: session
        for session in open_sessions(user, moment)
        if session.topic_id is None and session.tag_id is None
    }
    lines = []
    for deck in decks:
        standing, left = standings.get(deck.pk, NOTHING), lefts.get(deck.pk, UNTOUCHED)
        days = coming.get(deck.pk, {})
        asked = today(standing, left, sessions.get(deck.pk))
        ready = asked.is_ready(moment.now)
        line = DeckLine(
            deck=deck,
            today=asked,
            known=standing.known,
            suspended=standing.suspended,
            is_ready=ready,
            backlog=backlog_words(standing, left, days, moment.day),
            next="" if ready else next_words(user, standing, asked, days, moment),
        )
        lines.append(line)
    return lines
