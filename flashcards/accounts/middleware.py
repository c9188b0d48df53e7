"""What happens around every request."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

LAST_SEEN = "last_seen"


class KeepSignedIn:
    """Renews a person's session once a day: it ends when they have stayed away for SESSION_COOKIE_AGE, not before.

    For a guest the session is the only way back to what they did.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request`; the session's own middleware stores the renewal."""
        today = timezone.now().date().toordinal()
        if SESSION_KEY in request.session and request.session.get(LAST_SEEN) != today:
            request.session[LAST_SEEN] = today
        return self.get_response(request)
