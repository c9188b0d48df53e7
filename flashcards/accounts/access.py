"""Who may do what with accounts."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from flashcards.accounts.models import User

View = Callable[..., HttpResponseBase]


def signed_in(request: HttpRequest) -> User:
    """Return the person who sends `request`, guest or member. Raises PermissionDenied for strangers."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def is_member(request: HttpRequest) -> bool:
    """Tell whether the request comes from somebody with an account, not a guest, not a stranger."""
    return request.user.is_authenticated and not request.user.is_guest


def members_go_home(view: View) -> View:
    """Send members away from a page for those who are not signed in yet; guests and strangers see it."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_member(request):
            return redirect(get_next_redirect_url(request) or settings.LOGIN_REDIRECT_URL)
        return view(request, *args, **kwargs)

    return wrapped


def guests_sign_up_first(view: View) -> View:
    """Send guests, who have neither address nor password, from a page about those to the sign-up."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.is_guest:
            return redirect("account_signup")
        return view(request, *args, **kwargs)

    return wrapped
