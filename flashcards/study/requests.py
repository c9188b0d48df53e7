"""What comes in from the study page, read strictly: a missing or senseless field is named, never guessed."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from flashcards.accounts.models import User
from flashcards.decks.kinds.asking import LONGEST_GIVEN
from flashcards.lib import whole_numbers
from flashcards.lib.whole_numbers import LARGEST_ID
from flashcards.study.answering import Answer
from flashcards.study.grading import Response
from flashcards.study.models import Rating, StudySession

LARGEST_COUNT = 2**31 - 1


class LearnerRequest(HttpRequest):
    """A request of somebody who is signed in, member or guest."""

    user: User
    htmx: HtmxDetails


class BadForm(ValueError):
    """A field of the form is missing or makes no sense; `str()` says which, for people."""


def whole_number(request: HttpRequest, name: str, largest: int) -> int:
    """Return the posted field `name` as a number from 0 to `largest`; raises BadForm."""
    number = whole_numbers.whole_number(request.POST.get(name, ""), largest)
    if number is None:
        raise BadForm(f"The page sent no sensible value for “{name}”. Nothing was counted.")
    return number


def card_id(request: HttpRequest) -> int:
    """Return the card the form is about; raises BadForm."""
    return whole_number(request, "card", LARGEST_ID)


def read_response(request: HttpRequest, session: StudySession, now: datetime) -> Response:
    """Return the posted answer to a card that asks for one; several chosen options are joined. Raises BadForm."""
    given = [text.replace("\0", "") for text in request.POST.getlist("given")]
    if sum(map(len, given)) > LONGEST_GIVEN:
        raise BadForm(f"An answer has at most {LONGEST_GIVEN} characters. Nothing was counted.")
    return Response(
        card_id=card_id(request),
        seed=whole_number(request, "seed", LARGEST_ID),
        edition=request.POST.get("edition", ""),
        text=None if "skip" in request.POST else " ".join(given),
        duration_ms=_duration_ms(request, session, now),
        overrules="overrule" in request.POST,
    )


def read_answer(request: HttpRequest, session: StudySession, now: datetime) -> Answer:
    """Return the posted answer; without a duration it took the time since the card was shown. Raises BadForm."""
    try:
        answer_id = UUID(request.POST.get("answer_id", ""))
    except ValueError as error:
        raise BadForm("The page sent no valid answer id. Nothing was counted.") from error
    rating = whole_number(request, "rating", LARGEST_ID)
    if rating not in Rating.values:
        raise BadForm("A grade is 1 (Again), 2 (Hard), 3 (Good) or 4 (Easy). Nothing was counted.")
    return Answer(
        id=answer_id,
        card_id=card_id(request),
        rating=Rating(rating),
        showing=whole_number(request, "showing", LARGEST_COUNT),
        duration_ms=_duration_ms(request, session, now),
        answered_at=now,
        preset_id=whole_number(request, "preset", LARGEST_ID) if "preset" in request.POST else None,
    )


def _duration_ms(request: HttpRequest, session: StudySession, now: datetime) -> int:
    if request.POST.get("duration_ms"):
        return whole_number(request, "duration_ms", LARGEST_ID)
    return round((now - session.shown_at).total_seconds() * 1000)
