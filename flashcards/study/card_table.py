"""The table of a deck's cards as one learner has them: what to look for, in which order, and its rows."""

from dataclasses import dataclass, replace
from typing import Any, Self

from django.core.paginator import Page, Paginator
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.http import QueryDict

from flashcards.accounts.models import User
from flashcards.decks.models import Card, Deck
from flashcards.lib.sanitize import readable_words
from flashcards.lib.text import tidy
from flashcards.study import words
from flashcards.study.days import Moment, zone_of
from flashcards.study.known import MATURE_DAYS
from flashcards.study.models import State

ROWS = 50
LONGEST_SEARCH, MOST_WORDS = 200, 12
LONGEST_QUESTION = 240
STATES = {
    "new": "New",
    "learning": "Learning",
    "young": "Young",
    "mature": "Mature",
    "due": "Due",
    "suspended": "Suspended",
    "starred": "Starred",
    "leech": "Leech",
}
SORTS = ("due", "difficulty", "stability", "lapses")
ORDERS = {
    "due": "Due first",
    "-due": "Due last",
    "-difficulty": "Hardest first",
    "difficulty": "Easiest first",
    "stability": "Least stable first",
    "-stability": "Most stable first",
    "-lapses": "Most lapses first",
    "lapses": "Fewest lapses first",
}
MINE = ("state", "due_day", "due_at", "difficulty", "stability", "lapses", "interval_days", "buried_until")
MARKS = ("is_suspended", "is_starred", "is_leech")


@dataclass(frozen=True, slots=True)
class Search:
    """What the table shows: words, a tag, a topic's slug, a state, a column to sort by ("-": the largest first)."""

    q: str = ""
    tag: str = ""
    topic: str = ""
    state: str = ""
    sort: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """Return what the address asks for; what makes no sense in it counts as not asked."""
        given = {name: _printable(query.get(name, "")) for name in ("q", "tag", "topic", "state", "sort")}
        if given["state"] not in STATES:
            given["state"] = ""
        if given["sort"] not in ORDERS:
            given["sort"] = ""
        return cls(**given)

    @property
    def is_narrow(self) -> bool:
        """Whether some cards may be left out."""
        return bool(self.q or self.tag or self.topic or self.state)

    def query(self, **changes: str | int) -> str:
        """Return the address's part after "?", with `changes`."""
        names = {name: str(changes.get(name, getattr(self, name))) for name in ("q", "tag", "topic", "state", "sort")}
        pairs = {**names, "page": str(changes.get("page", ""))}
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in pairs.items() if value})
        return query.urlencode()


@dataclass(frozen=True, slots=True)
class Row:
    """A card in the table; numbers are None while the card is new."""

    pk: int
    question: str
    topic: str
    state: str
    kind: str
    due: str
    is_due: bool
    difficulty: float | None
    stability: str
    lapses: int
    starred: bool
    leech: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A column that sorts: where its heading leads, and how it is sorted now (for `aria-sort`, or empty)."""

    name: str
    query: str
    order: str


def columns(search: Search) -> list[Column]:
    """Return the sortable columns; a heading turns the order around, difficult and often lapsed cards first."""
    found = []
    for name in SORTS:
        first, second = (name, f"-{name}") if name in ("due", "stability") else (f"-{name}", name)
        after = {first: second, second: ""}.get(search.sort, first)
        order = {name: "ascending", f"-{name}": "descending"}.get(search.sort, "")
        found.append(Column(name.title(), replace(search, sort=after).query(), order))
    return found


def page_of(
    user: User, deck: Deck, search: Search, number: str, moment: Moment
) -> tuple[Page[dict[str, Any]], list[Row]]:
    """Return a page of the table (the nearest there is) and its rows."""
    cards = _sorted(_found(user, deck, search, moment), search.sort)
    names = [f"mine__{name}" for name in (*MINE, *MARKS)]
    rows = cards.values("pk", "question_html", "topic__title", *names)
    page = Paginator(rows, ROWS).get_page(number)
    return page, [_row(user, values, moment) for values in page]


def _found(user: User, deck: Deck, search: Search, moment: Moment) -> QuerySet[Card]:
    mine = FilteredRelation("memories", condition=Q(memories__user=user))
    cards = Card.objects.filter(deck=deck, archived_at=None).annotate(mine=mine)
    for word in search.q.lower().split()[:MOST_WORDS]:
        cards = cards.filter(search_text__contains=word)
    if search.tag:
        cards = cards.filter(note__tags__in=deck.tags.filter(name=search.tag))
    if search.topic:
        cards = cards.filter(topic__slug=search.topic)
    return cards.filter(_in_state(search.state, moment)) if search.state else cards


def _in_state(state: str, moment: Moment) -> Q:
    """Return the condition on cards with `mine` joined; states as the known bar counts them."""
    kept = Q(mine__is_suspended=False)
    reviewing = kept & Q(mine__state=State.REVIEW)
    awake = Q(mine__buried_until=None) | Q(mine__buried_until__lte=moment.day)
    come = Q(mine__due_at=None) | Q(mine__due_at__lte=moment.now)
    return {
        "new": Q(mine__state=None) | kept & Q(mine__state=State.NEW),
        "learning": kept & Q(mine__state__in=(State.LEARNING, State.RELEARNING)),
        "young": reviewing & Q(mine__interval_days__lt=MATURE_DAYS),
        "mature": reviewing & Q(mine__interval_days__gte=MATURE_DAYS),
        "due": kept & awake & come & Q(mine__due_day__lte=moment.day) & ~Q(mine__state=State.NEW),
        "suspended": Q(mine__is_suspended=True),
        "starred": Q(mine__is_starred=True),
        "leech": Q(mine__is_leech=True),
    }[state]


def _sorted(cards: QuerySet[Card], sort: str) -> QuerySet[Card]:
    """Sort by a column, new cards last, then in the deck's order."""
    name = sort.removeprefix("-")
    if not name:
        return cards.order_by("position")
    columns = ("due_day", "due_at") if name == "due" else (name,)
    fields = [F(f"mine__{column}") for column in columns]
    down = sort.startswith("-")
    order = [field.desc(nulls_last=True) if down else field.asc(nulls_last=True) for field in fields]
    return cards.order_by(*order, "position")


def _row(user: User, values: dict[str, Any], moment: Moment) -> Row:
    mine = {name: values[f"mine__{name}"] for name in (*MINE, *MARKS)}
    kind = _kind(mine)
    due, is_due = ("", False) if kind in ("new", "suspended") else _due(user, mine, moment)
    stability = mine["stability"]
    return Row(
        pk=values["pk"],
        question=readable_words(values["question_html"])[:LONGEST_QUESTION]
        or ("A sound" if "<audio" in values["question_html"] else "A picture"),
        topic=values["topic__title"],
        state=STATES[kind],
        kind=kind,
        due=due,
        is_due=is_due,
        difficulty=mine["difficulty"],
        stability=words.interval(stability * words.DAY) if stability is not None else "",
        lapses=mine["lapses"] or 0,
        starred=bool(mine["is_starred"]),
        leech=bool(mine["is_leech"]),
    )


def _kind(mine: dict[str, Any]) -> str:
    if mine["is_suspended"]:
        return "suspended"
    if not mine["state"]:
        return "new"
    if mine["state"] != State.REVIEW:
        return "learning"
    return "mature" if mine["interval_days"] >= MATURE_DAYS else "young"


def _due(user: User, mine: dict[str, Any], moment: Moment) -> tuple[str, bool]:
    """Return when a card comes back, in words, and whether that is now."""
    day = max(mine["due_day"] or moment.day, mine["buried_until"] or 0)
    if day > moment.day:
        return words.in_days(day - moment.day), False
    if mine["due_at"] is not None and mine["due_at"] > moment.now:
        return f"{mine['due_at'].astimezone(zone_of(user)):%H:%M}", False
    return "now", True


def _printable(text: str) -> str:
    """Return a word of the address without what no card and no database holds: NUL, controls, halves of characters."""
    return tidy("".join(sign if sign.isprintable() else " " for sign in text[:LONGEST_SEARCH])).strip()
