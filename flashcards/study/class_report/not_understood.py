"""What a class has not understood: cards by their lapse rate, with the wrong answers given to them counted.

Cards are ranked by the lower end of the 95 % interval of their lapse rate (Wilson), so that a card forgotten once in
one review does not stand before one forgotten in half of a hundred.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse

from flashcards.decks import kinds
from flashcards.decks.models import Card
from flashcards.lib.prepared import Prepared
from flashcards.study import words
from flashcards.study.card_page import one_line
from flashcards.study.class_report.scope import Scope
from flashcards.study.models import ClassCardWeek, ClassWrongWeek

Kind = ClassWrongWeek.Kind
MOST_CARDS, LEAST_REVIEWS = 20, 5
MOST_WRONG = 5
Z = 1.96
FORMULA = "(p + z²/2n − z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n), with p = lapses / reviews, n = reviews, z = 1.96"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A wrong answer and how often it was given; `words` go on after the number: “23 chose softmax”."""

    count: int
    words: str


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """A card that the class forgets: its lapse rate, the lower end of that, the wrong answers, the commonest first."""

    pk: int
    line: str
    topic: str
    reviews: int
    lapses: int
    rate: str
    at_least: str
    wrong: list[Wrong]
    show_url: str
    card_url: str


def lower_bound(lapses: int, reviews: int) -> float:
    """Return the lower end of Wilson's 95 % interval of `lapses` in `reviews`, 0 to 1; none of none is 0."""
    if not reviews:
        return 0.0
    p, square = lapses / reviews, Z * Z / reviews
    spread = Z * math.sqrt(p * (1 - p) / reviews + square / (4 * reviews))
    return max(0.0, (p + square / 2 - spread) / (1 + square))


def not_understood(scope: Scope) -> list[Misunderstood]:
    """Return the cards of the deck with the worst lapse rates in the weeks of `scope`; four queries."""
    counted = LAPSED(scope.study_class.pk, scope.deck.pk, scope.first_week)
    ranked = sorted(counted, key=lambda row: (-lower_bound(row[2], row[1]), -row[1], row[0]))[:MOST_CARDS]
    cards = Card.objects.only("question_html", "kind", "topic").in_bulk([card for card, _, _ in ranked])
    topics = {topic.pk: topic.title for topic in scope.topics}
    wrong = _wrong(scope, cards)
    return [
        Misunderstood(
            pk=card,
            line=one_line(cards[card], 120),
            topic=topics[cards[card].topic_id],
            reviews=reviews,
            lapses=lapses,
            rate=words.percent(lapses / reviews),
            at_least=words.percent(lower_bound(lapses, reviews)),
            wrong=wrong.get(card, []),
            show_url=reverse("study:class_show", args=[scope.study_class.slug, card]),
            card_url=reverse("study:card", args=[card]),
        )
        for card, reviews, lapses in ranked
    ]


def _lapsed(study_class: int, deck: int, first_week: int) -> QuerySet[ClassCardWeek, tuple[int, int, int]]:
    """Return the cards that were forgotten, with their reviews and lapses."""
    weeks = ClassCardWeek.objects.filter(
        study_class=study_class, deck=deck, week__gte=first_week, card__archived_at=None
    )  # fmt: skip
    sums = weeks.order_by().values_list("card_id").annotate(reviews=Sum("reviews"), lapses=Sum("lapses"))
    return sums.filter(reviews__gte=LEAST_REVIEWS, lapses__gt=0)


LAPSED = Prepared(_lapsed)


def _wrong(scope: Scope, cards: Mapping[int, Card]) -> dict[int, list[Wrong]]:
    """Return by card the wrong answers given most often."""
    counts: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for card, kind, what, count in _counts(scope, cards.keys()):
        if len(counts[card]) < MOST_WRONG:
            counts[card].append((kind, what, count))
    chosen = [card for card, wrong in counts.items() if any(kind == Kind.OPTION for kind, _, _ in wrong)]
    options = dict(Card.objects.filter(pk__in=chosen).values_list("pk", "data"))
    return {
        card: [
            Wrong(count, _words(kind, what, cards[card].kind, options.get(card, {}))) for kind, what, count in wrong
        ]
        for card, wrong in counts.items()
    }


def _counts(scope: Scope, cards: Collection[int]) -> Any:
    rows = ClassWrongWeek.objects.filter(
        study_class=scope.study_class, deck=scope.deck, week__gte=scope.first_week, card__in=cards
    )
    return rows.values_list("card_id", "kind", "what").annotate(total=Sum("count")).order_by("-total", "what")


def _words(kind: str, what: str, card_kind: str, data: Mapping[str, Any]) -> str:
    if kind == Kind.SLIP:
        return what
    if kind == Kind.TYPED:
        return f"typed “{what}”"
    asking = kinds.asking(card_kind)
    return f"chose “{asking.words(data, what) if asking is not None else what}”"
