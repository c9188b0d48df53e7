"""The list of a deck's notes as its editors look through it: what to look for, and its rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.http import QueryDict

from flashcards.decks import kinds
from flashcards.decks.models import Card, Deck, Note
from flashcards.lib.sanitize import readable_words
from flashcards.lib.text import tidy

ROWS = 50
LONGEST_SEARCH, MOST_WORDS = 200, 12
LONGEST_LINE = 160
STATES = {"": "In study", "archived": "Archived", "all": "All"}
NAMES = ("q", "topic", "tag", "kind", "state")


@dataclass(frozen=True, slots=True)
class NoteSearch:
    """What the list shows: words, a topic's slug, a tag, a kind, a state of STATES."""

    q: str = ""
    topic: str = ""
    tag: str = ""
    kind: str = ""
    state: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """Return what the address asks for; what makes no sense in it counts as not asked."""
        given = {name: _printable(query.get(name, "")) for name in NAMES}
        if given["state"] not in STATES:
            given["state"] = ""
        if given["kind"] not in {kind.name for kind in kinds.all_kinds()}:
            given["kind"] = ""
        return cls(**given)

    @property
    def is_narrow(self) -> bool:
        """Whether some notes may be left out."""
        return any((self.q, self.topic, self.tag, self.kind, self.state))

    def query(self, **changes: str | int) -> str:
        """Return the address's part after "?", with `changes`."""
        pairs = {name: str(changes.get(name, getattr(self, name))) for name in NAMES}
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in {**pairs, "page": str(changes.get("page", ""))}.items() if value})
        return query.urlencode()


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note in the list, and who changed it last and when (None if that is not known)."""

    pk: int
    line: str
    topic: str
    kind: str
    tags: list[str]
    cards: int
    is_archived: bool
    changed_by: str
    changed_at: datetime | None


def notes_found(deck: Deck, search: NoteSearch) -> QuerySet[Note]:
    """Return the notes of `deck` that fit, in the deck's order."""
    notes = Note.objects.filter(deck=deck)
    if search.state != "all":
        notes = notes.filter(archived_at__isnull=search.state != "archived")
    if search.topic:
        notes = notes.filter(topic__slug=search.topic)
    if search.tag:
        notes = notes.filter(tags__in=deck.tags.filter(name=search.tag))
    if search.kind:
        notes = notes.filter(kind=search.kind)
    for word in search.q.split()[:MOST_WORDS]:
        # The cards' words are in lower case, of any script; what stands in no card is found as it is written.
        in_cards = Exists(Card.objects.filter(note=OuterRef("pk"), search_text__contains=word.lower()))
        fields = ("key", "question", "answer", "explanation", "reference")
        in_texts = Q(*(Q(**{f"{name}__icontains": word}) for name in fields), _connector=Q.OR)
        notes = notes.filter(Q(in_cards) | in_texts)
    return notes.order_by("topic__position", "topic_id", "position", "pk")


def page_of(deck: Deck, search: NoteSearch, number: str) -> tuple[Page[Any], list[NoteRow]]:
    """Return a page of the list (the nearest there is) and its rows; as many queries for any number of notes."""
    live = Count("cards", filter=Q(cards__archived_at=None), distinct=True)
    notes = notes_found(deck, search).defer("answer", "explanation").select_related("topic").prefetch_related("tags")
    page = Paginator(notes.annotate(live=live), ROWS).get_page(number)
    ids = [note.pk for note in page.object_list]
    changes, lines = last_changes(ids), lines_of(ids)
    rows = [
        _row(note, lines.get(note.pk) or _shortened(note.question), *changes.get(note.pk, ("", None)))
        for note in page.object_list
    ]
    return page, rows


def last_changes(notes: Iterable[int]) -> dict[int, tuple[str, datetime]]:
    """Return, by id of note, who changed it last ("" if that is not known) and when."""
    newest = Note.history.filter(id__in=list(notes)).order_by().values("id").annotate(newest=Max("history_id"))
    versions = Note.history.filter(history_id__in=[each["newest"] for each in newest]).select_related("history_user")
    return {each.id: (str(each.history_user or ""), each.history_date) for each in versions}


def _row(note: Any, line: str, by: str, at: datetime | None) -> NoteRow:
    return NoteRow(
        pk=note.pk,
        line=line,
        topic=note.topic.title,
        kind=kinds.get(note.kind).label,
        tags=[tag.name for tag in note.tags.all()],
        cards=note.live,
        is_archived=note.archived_at is not None,
        changed_by=by,
        changed_at=at,
    )


def lines_of(notes: Iterable[int]) -> dict[int, str]:
    """Return, by id of note, the words of its first card's question, gaps filled."""
    cards = (
        Card.objects.filter(note__in=list(notes))
        .order_by("-ordinal")
        .values_list("note", "kind", "question_html", "answer_html")
    )
    return {
        pk: _shortened(readable_words(answer if kind == "cloze" else question)) for pk, kind, question, answer in cards
    }


def _shortened(text: str) -> str:
    """Return the first words of a text on one line."""
    line = " ".join(text[: 4 * LONGEST_LINE].split())
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1].rstrip() + "…"


def _printable(text: str) -> str:
    """Return a word of the address without what no text and no database holds: NUL, controls, halves of characters."""
    return tidy("".join(sign if sign.isprintable() else " " for sign in text[:LONGEST_SEARCH])).strip()
