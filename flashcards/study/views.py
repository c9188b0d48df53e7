"""The study page and what is done on it. Each view: who may, do it, show it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from flashcards.accounts.services import start_guest
from flashcards.decks.access import deck_or_404, may_study, visible_decks
from flashcards.decks.kinds import Unreadable
from flashcards.decks.models import Deck, Tag, Topic
from flashcards.study import grading, sessions, summary
from flashcards.study.answering import AnswerRefused, CardGone
from flashcards.study.assignments import to_study_or_404
from flashcards.study.days import moment_for
from flashcards.study.giving import Unread
from flashcards.study.grading import NothingToUndo, Step
from flashcards.study.models import StudySession
from flashcards.study.requests import BadForm, LearnerRequest, card_id, read_answer, read_response
from flashcards.study.sessions import SessionMoved
from flashcards.study.showing import leech_notice, present, session_url

NOTHING_TO_UNDO = "There is nothing left to undo in this session."
BUSY = "Other tabs were faster, so this was not done. Nothing was lost; please try again."


@require_POST
def try_it(request: HttpRequest) -> HttpResponse:
    """Begin studying at once; strangers become guests (429 when too many come from one address)."""
    deck = visible_decks(request.user).filter(is_public=True).order_by("pk").first()
    if deck is None:
        messages.warning(request, "There is no deck to try yet.")
        return redirect("study:home")
    start_guest(request, time_zone=request.POST.get("time_zone"))
    return redirect("study:session", deck.slug)


@require_safe
@never_cache
@login_required
def session_page(request: LearnerRequest, slug: str) -> HttpResponse:
    """The study page of a deck, of one of its topics or tags, or of an assignment."""
    deck = deck_or_404(request.user, slug)
    topic, tag = _scope(request, deck)
    now = timezone.now()
    assignment = None
    if "assignment" in request.GET:
        assignment = to_study_or_404(request.user, deck, request.GET["assignment"], now)
    for _ in range(grading.ATTEMPTS):
        try:
            session = sessions.open_session(request.user, deck, topic, tag, now, assignment=assignment)
            step = grading.look(session, now)
        except SessionMoved:
            continue
        return _page(request, step, now)
    raise SessionMoved


def _scope(request: LearnerRequest, deck: Deck) -> tuple[Topic | None, Tag | None]:
    """Return the topic or the tag that the address names; Http404 for one that the deck does not have."""
    # Compared here, not by the database: PostgreSQL refuses to be asked for a NUL.
    if "topic" in request.GET:
        topics = (topic for topic in deck.topics.all() if topic.slug == request.GET["topic"])
        return _first_or_404(topics), None
    if "tag" in request.GET:
        return None, _first_or_404(tag for tag in deck.tags.all() if tag.name == request.GET["tag"])
    return None, None


def _first_or_404[T](found: Iterator[T]) -> T:
    for one in found:
        return one
    raise Http404


@require_POST
@login_required
def answer(request: LearnerRequest, pk: int) -> HttpResponse:
    """Grade a card and show the next."""
    now = timezone.now()

    def grade(session: StudySession) -> Step:
        return grading.grade(session, read_answer(request, session, now), now)

    return _do(request, pk, grade, now)


@require_POST
@login_required
def give(request: LearnerRequest, pk: int) -> HttpResponse:
    """Take the answer to a card that asks for one, and show what it was."""
    now = timezone.now()
    return _do(request, pk, lambda session: grading.give(session, read_response(request, session, now), now), now)


@require_POST
@login_required
def undo(request: LearnerRequest, pk: int) -> HttpResponse:
    """Take back the last thing done in the session."""
    now = timezone.now()
    return _do(request, pk, lambda session: grading.undo(session, now), now)


@require_POST
@login_required
def suspend(request: LearnerRequest, pk: int) -> HttpResponse:
    """Take a card out of study until it is resumed."""
    now = timezone.now()
    return _do(request, pk, lambda session: grading.suspend(session, card_id(request), now), now)


@require_POST
@login_required
def bury(request: LearnerRequest, pk: int) -> HttpResponse:
    """Put a card off until tomorrow."""
    now = timezone.now()
    return _do(request, pk, lambda session: grading.bury(session, card_id(request), now), now)


@require_POST
@login_required
def star(request: LearnerRequest, pk: int) -> HttpResponse:
    """Star a card, or take its star away."""
    now = timezone.now()
    return _do(request, pk, lambda session: grading.star(session, card_id(request), now), now)


@require_POST
@login_required
def more_new(request: LearnerRequest, pk: int) -> HttpResponse:
    """Add new cards beyond the day's limit to the session."""
    now = timezone.now()
    return _do(request, pk, lambda session: grading.ask_more(session, now, new=summary.MORE_NEW), now)


@require_POST
@login_required
def learn_ahead(request: LearnerRequest, pk: int) -> HttpResponse:
    """Add cards that fall due in the next days to the session."""
    now = timezone.now()
    return _do(request, pk, lambda session: grading.ask_more(session, now, ahead=summary.LEARN_AHEAD_MOST), now)


def _do(request: LearnerRequest, pk: int, work: Callable[[StudySession], Step], now: datetime) -> HttpResponse:
    """Do `work` on the learner's session and show where it stands then; a refusal is told, and nothing is changed."""
    session = _session_or_404(request, pk)
    try:
        step = work(session)
    except BadForm as error:
        return _after(request, session, str(error), 422, now)
    except Unreadable as error:
        unread = Unread(request.POST.get("given", ""), str(error))
        return _after(request, session, "" if request.htmx else str(error), 422, now, unread=unread)
    except AnswerRefused as error:
        return _after(request, session, str(error), 410 if isinstance(error, CardGone) else 409, now)
    except NothingToUndo:
        return _after(request, session, NOTHING_TO_UNDO, 409, now)
    except SessionMoved:
        return _after(request, session, BUSY, 409, now)
    return _fragment(request, step, 200, now, notice=_notice(step))


def _session_or_404(request: LearnerRequest, pk: int) -> StudySession:
    session = sessions.get_session(request.user, pk)
    if session is None or not may_study(request.user, session.deck):
        raise Http404
    return session


def _notice(step: Step) -> str:
    recorded = step.recorded
    if recorded is None or recorded.repeated or recorded.memory is None or not recorded.became_leech:
        return ""
    return leech_notice(recorded.memory)


def _after(
    request: LearnerRequest,
    session: StudySession,
    notice: str,
    status: int,
    now: datetime,
    *,
    unread: Unread | None = None,
) -> HttpResponse:
    """Show where the session stands although what was asked was refused."""
    fresh = sessions.get_session(request.user, session.pk)
    if fresh is None:
        raise Http404
    if sessions.is_over(fresh, moment_for(request.user, now)):
        fresh = sessions.reopen(fresh, now)
    return _fragment(request, grading.look(fresh, now), status, now, notice=notice, unread=unread)


def _fragment(request: LearnerRequest, step: Step, status: int, now: datetime, **said: Any) -> HttpResponse:
    """Answer with the part of the page that changed, and what is `said`; without htmx, go back to the page."""
    if not request.htmx:
        if said["notice"]:
            messages.warning(request, said["notice"])
        return redirect(session_url(step.session))
    return render(request, "study/_showing.html", _context(request, step, now, **said), status=status)


def _page(request: LearnerRequest, step: Step, now: datetime) -> HttpResponse:
    backlog = summary.backlog_text(step.session, moment_for(request.user, now))
    context = _context(request, step, now, backlog=backlog, revealed="answer" in request.GET)
    return render(request, "study/session.html", context)


def _context(request: LearnerRequest, step: Step, now: datetime, **said: Any) -> dict[str, object]:
    """Return what the templates show; `said` are the words beside the card, see `present`."""
    moment = moment_for(request.user, now)
    showing = present(request.user, step.session, step.shown, moment, **said)
    context: dict[str, object] = {"showing": showing}
    if showing.card is None:
        context["summary"] = summary.summarise(request.user, step.session, step.shown, moment)
    return context
