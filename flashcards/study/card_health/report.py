"""The page of a deck's card health: the cards with a sign of something wrong, the gravest first."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from flashcards.accounts.models import User
from flashcards.decks.kinds.choice import Choice
from flashcards.decks.models import Card as DeckCard
from flashcards.decks.models import Deck, Suggestion
from flashcards.study.card_health import signs
from flashcards.study.card_health.signs import Finding, Known, Sign
from flashcards.study.card_health.tally import Card, Tally, cards_of
from flashcards.study.card_page import one_line
from flashcards.study.giving import given_from
from flashcards.study.models import Memory, Review

DAYS = {"90": 90, "365": 365, "all": 1_000_000}
USUAL_DAYS = "365"
LEAST_LEARNERS = 3
TOO_FEW = "Fewer than three learners have answered here: their numbers would tell of them, not of the cards."


@dataclass(frozen=True, slots=True)
class Unwell:
    """A card with signs of something wrong."""

    pk: int
    line: str
    topic: str
    note_id: int
    health: Card
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class Report:
    """The cards with signs, how many have each sign, and how many cards and answers were looked at.

    `reason` says why nothing is told, "" if it is.
    """

    cards: list[Unwell]
    counts: dict[Sign, int]
    looked_at: int
    answers: int
    reason: str = ""


def report(viewer: User, deck: Deck, today: int, days: str) -> Report:
    """Return the health of a deck's cards over the last days (a key of DAYS); seven queries whatever the deck.

    Numbers of fewer than three learners are told to nobody but the one whose they are.
    """
    first_day = today - DAYS[days]
    cards = cards_of(deck, first_day)
    answers = sum(card.tally.reviews for card in cards.values())
    if too_few(viewer, deck):
        return Report([], {}, len(cards), answers, TOO_FEW)
    kind_of = dict(DeckCard.objects.filter(deck=deck, archived_at=None).values_list("pk", "kind"))
    usual = signs.usual_seconds(cards, kind_of)
    known = _known(deck, first_day, cards)
    found = {
        pk: told
        for pk, kind in kind_of.items()
        if (told := signs.findings(cards.get(pk, _NOTHING), known.get(pk, Known()), usual.get(kind, 0.0)))
    }
    unwell = _described(deck, cards, found)
    counts = Counter(finding.sign for each in unwell for finding in each.findings)
    return Report(unwell, dict(counts), len(cards), answers)


_NOTHING = Card(Tally())


def too_few(viewer: User, deck: Deck) -> bool:
    """Return whether so few others have answered in the deck that its numbers would tell of them."""
    learners = Memory.objects.filter(deck=deck, reps__gt=0).order_by().values_list("user_id", flat=True).distinct()
    some = set(learners[:LEAST_LEARNERS])
    return len(some) < LEAST_LEARNERS and not some <= {viewer.pk}


def _described(deck: Deck, cards: Mapping[int, Card], found: Mapping[int, list[Finding]]) -> list[Unwell]:
    rows = DeckCard.objects.filter(deck=deck, archived_at=None).select_related("topic").order_by("position")
    unwell = [
        Unwell(row.pk, one_line(row, 120), row.topic.title, row.note_id, cards.get(row.pk, _NOTHING), found[row.pk])
        for row in rows.only("question_html", "note_id", "topic__title")
        if row.pk in found
    ]
    return sorted(unwell, key=lambda each: -sum(finding.weight for finding in each.findings))


def _known(deck: Deck, first_day: int, cards: Mapping[int, Card]) -> dict[int, Known]:
    leeches = dict(_leeches(deck))
    reports = dict(_reports(deck))
    idle = _idle_options(deck, first_day, cards)
    return {
        pk: Known(leeches.get(pk, 0), reports.get(pk, 0), idle.get(pk, ()))
        for pk in leeches.keys() | reports.keys() | idle.keys()
    }


def _leeches(deck: Deck) -> list[tuple[int, int]]:
    memories = Memory.objects.filter(deck=deck, is_leech=True, card__archived_at=None).order_by()
    return list(memories.values_list("card_id").annotate(leeches=Count("pk")))


def _reports(deck: Deck) -> list[tuple[int, int]]:
    waiting = Suggestion.objects.filter(
        note__deck=deck, state=Suggestion.State.OPEN, card__archived_at=None
    ).order_by()
    return list(waiting.exclude(card=None).values_list("card_id").annotate(authors=Count("author", distinct=True)))


def _idle_options(deck: Deck, first_day: int, cards: Mapping[int, Card]) -> dict[int, tuple[str, ...]]:
    """Return by card the wrong options that nobody chose among many answers, in words."""
    rows = DeckCard.objects.filter(deck=deck, kind=Choice.name, archived_at=None).values_list("pk", "data")
    choices = {pk: data for pk, data in rows if pk in cards and cards[pk].tally.reviews >= signs.IDLE_ANSWERS}
    answers: Counter[int] = Counter()
    chosen: dict[int, set[str]] = defaultdict(set)
    given = Review.objects.filter(deck=deck, undone_at=None, day__gte=first_day, card__in=list(choices)).order_by()
    for card, stored in given.filter(given__isnull=False).values_list("card_id", "given").iterator():
        answer = given_from(stored)
        if answer is not None and answer.text is not None and answer.edition == choices[card].get("edition"):
            answers[card] += 1
            chosen[card].update(answer.text.split())
    return {
        card: idle
        for card, count in answers.items()
        if count >= signs.IDLE_ANSWERS
        and (
            idle := tuple(
                option for key, option in Choice.wrong_options(choices[card]).items() if key not in chosen[card]
            )
        )
    }
