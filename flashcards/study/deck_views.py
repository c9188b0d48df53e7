"""A deck's page: what it is about, its topics and tags, and a table of its cards."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from flashcards.decks.access import can_edit, deck_or_404
from flashcards.decks.queries import tags_of, topics_of
from flashcards.lib.sanitize import plain_words
from flashcards.study import card_table
from flashcards.study.card_table import Search
from flashcards.study.days import moment_for
from flashcards.study.requests import LearnerRequest
from flashcards.study.shelf import deck_lines
from flashcards.study.topics import topic_lines

LONG_INTRODUCTION = 600
TABLE = "cards"


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a deck says of itself: `lead` is always shown, `rest` folded away; both trusted HTML."""

    lead: str
    rest: str


@require_safe
@never_cache
@login_required
def deck_page(request: LearnerRequest, slug: str) -> HttpResponse:
    """Show one deck, or only the table of its cards when htmx asks for that."""
    deck = deck_or_404(request.user, slug)
    moment = moment_for(request.user, timezone.now())
    search = Search.read(request.GET)
    page, rows = card_table.page_of(request.user, deck, search, request.GET.get("page", "1"), moment)
    context: dict[str, object] = {
        "deck": deck,
        "may_edit": can_edit(request.user, deck),
        "search": search,
        "orders": card_table.ORDERS,
        "columns": card_table.columns(search),
        "page": page,
        "rows": rows,
        "before": search.query(page=page.number - 1, sort=search.sort) if page.has_previous() else "",
        "after": search.query(page=page.number + 1, sort=search.sort) if page.has_next() else "",
    }
    if request.htmx.target == TABLE and not request.htmx.history_restore_request:
        return render(request, "study/_cards_found.html", context)
    topics = list(topics_of(deck))
    context |= {
        "line": deck_lines(request.user, [deck], moment)[0],
        "introduction": introduce(deck.introduction_html),
        "topics": topic_lines(request.user, deck, topics, moment),
        "all_topics": topics,
        "tags": list(tags_of(deck)),
        "states": card_table.STATES,
    }
    return render(request, "study/deck.html", context)


def introduce(html: str) -> Introduction:
    """Return the introduction; of a long one all but its first paragraph is folded away."""
    first, end, rest = html.partition("</p>")
    if len(plain_words(html)) <= LONG_INTRODUCTION or not first.startswith("<p>") or not rest.strip():
        return Introduction(html, "")
    return Introduction(first + end, rest)
