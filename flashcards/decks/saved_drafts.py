"""What the browser keeps of a note that is written (`static/js/note-drafts.js`) goes once the note is saved.

Only the site knows that a save went through: it says so in a cookie, which the next form reads and clears.
"""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

COOKIE = "saved_drafts"
MOST = 20
_DAYS_KEPT = 30
_ID = re.compile(r"[0-9a-z]{8,40}")


def tell(request: HttpRequest, response: HttpResponseBase) -> None:
    """Say in `response` that the draft which `request` posted, if any, is saved; those told before stay told."""
    draft = request.POST.get("draft", "")
    if not _ID.fullmatch(draft):
        return
    before = [each for each in request.COOKIES.get(COOKIE, "").split(".") if _ID.fullmatch(each) and each != draft]
    response.set_cookie(
        COOKIE,
        ".".join([*before, draft][-MOST:]),
        max_age=_DAYS_KEPT * 24 * 60 * 60,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Lax",
    )
