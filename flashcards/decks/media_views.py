"""Pictures and sounds: uploaded by those who edit a deck, served to those who may study one that holds them."""

import re
from typing import Any

from allauth.core import ratelimit
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.csp import CSP
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from flashcards.accounts.access import signed_in
from flashcards.decks import media as media_files
from flashcards.decks.access import can_edit
from flashcards.decks.media import files
from flashcards.decks.media.held import visible
from flashcards.decks.models import Deck, MediaFile
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.whole_numbers import whole_number

# A file opened by itself is a page of its own: one that may do nothing but show itself.
POLICY: Any = {"sandbox": True, "default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE]}
_SLUG = re.compile(r"[-\w]{1,80}", re.ASCII)
_ONE_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


@require_POST
@never_cache
def upload(request: HttpRequest) -> HttpResponse:
    """Store `file` for the deck that `deck` (its id) or `topic` (a number) names; answer what shows it, as JSON."""
    deck = _edited_deck(request)
    if not ratelimit.consume(request, action="media"):
        return _refused("You have uploaded many files in a short time. Wait some minutes, then go on.", 429)
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return _refused("No file arrived. Choose a picture or a sound.", 422)
    try:
        row = media_files.store_upload(deck, signed_in(request), uploaded)
    except Refused as refused:
        return JsonResponse({"problems": [{"message": problem.message} for problem in refused.problems]}, status=422)
    answer = {
        "markdown": media_files.markdown_of(row),
        "path": media_files.path_of(row.digest, row.extension),
        "width": row.width,
        "height": row.height,
    }
    return JsonResponse(answer, status=201)


def _edited_deck(request: HttpRequest) -> Deck:
    """Return the deck that is posted to; raises Http404 if there is none that the person may edit."""
    slug, topic = request.POST.get("deck", ""), whole_number(request.POST.get("topic", ""))
    wanted = Q(slug=slug) if _SLUG.fullmatch(slug) else Q(topics=topic or 0)
    deck = Deck.objects.filter(wanted).first()
    if deck is None or not can_edit(request.user, deck):
        raise Http404("No such deck.")
    return deck


def _refused(message: str, status: int) -> JsonResponse:
    return JsonResponse({"problems": [{"message": Problem("file", message).message}]}, status=status)


@require_safe
@csp_override(POLICY)
def media(request: HttpRequest, digest: str, extension: str) -> HttpResponseBase:
    """Serve a stored file to whoever may study a deck that holds it; a sound in pieces, if they are asked for."""
    row = visible(request.user).filter(digest=digest, extension=extension).first()
    content_type = files.CONTENT_TYPES.get(extension)
    if row is None or content_type is None:
        raise Http404("No such file.")
    etag = f'"{digest}"'
    response = get_conditional_response(request, etag=etag) or _whole_or_piece(request, row, content_type)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if extension != "svg":
        request.META.pop("HTTP_ACCEPT_ENCODING", None)  # compressed already; of a piece it would be wrong
    return response


def _whole_or_piece(request: HttpRequest, row: MediaFile, content_type: str) -> HttpResponse:
    data = files.read(row.digest, row.extension)
    if data is None:
        raise Http404("The file is gone.")
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=row.name) or ""
    if row.extension in files.SOUNDS:
        response.headers["Accept-Ranges"] = "bytes"
        _cut(request, response, data, f'"{row.digest}"')
    response.headers["Content-Length"] = str(len(response.content))
    return response


def _cut(request: HttpRequest, response: HttpResponse, data: bytes, etag: str) -> None:
    """Make of the whole file the one piece that the browser asks for; players do so to know how long it is."""
    found = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or found is None or request.headers.get("If-Range", etag) != etag:
        return
    first, last = found[1], found[2]
    if first:
        begin, end = int(first), min(int(last), len(data) - 1) if last else len(data) - 1
    elif last:
        begin, end = max(len(data) - int(last), 0), len(data) - 1
    else:
        return
    if first and last and int(first) > int(last):
        return
    if begin > end:
        response.status_code, response.content = 416, b""
        response.headers["Content-Range"] = f"bytes */{len(data)}"
    else:
        response.status_code, response.content = 206, data[begin : end + 1]
        response.headers["Content-Range"] = f"bytes {begin}-{end}/{len(data)}"
