"""Pages about oneself, and the doors to allauth's that depend on who comes."""

from tempfile import SpooledTemporaryFile
from typing import IO, cast

from allauth.account import views as allauth_views
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from flashcards.accounts import access, personal, queries, services
from flashcards.accounts.forms import DeletionForm, PreferencesForm
from flashcards.lib.errors import Refused

IN_MEMORY = 4 * 1024 * 1024

sign_in = access.members_go_home(allauth_views.login)
sign_up = access.members_go_home(allauth_views.signup)
change_email = access.guests_sign_up_first(allauth_views.email)
change_password = access.guests_sign_up_first(allauth_views.password_change)
set_password = access.guests_sign_up_first(allauth_views.password_set)
reauthenticate = access.guests_sign_up_first(allauth_views.reauthenticate)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and store how somebody studies."""
    form = PreferencesForm(request.POST or None, instance=access.signed_in(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your preferences are saved.")
        return redirect("accounts:preferences")
    return render(request, "accounts/preferences.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def time_zone(request: HttpRequest) -> HttpResponse:
    """Take the time zone that the browser says; it changes nothing for somebody who chose one."""
    if not services.take_browser_time_zone(access.signed_in(request), request.POST.get("time_zone", "")):
        return HttpResponseBadRequest("This time zone is not known here.", content_type="text/plain")
    return HttpResponse(status=204)


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show who somebody is here, and what they can do about it."""
    user = access.signed_in(request)
    return render(request, "accounts/account.html", {"confirmed": queries.address_is_confirmed(user)})


@require_safe
@login_required
@never_cache
def export(request: HttpRequest) -> FileResponse:
    """Hand out everything about somebody as one JSON file."""
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  FileResponse closes it
    for piece in personal.export_json(access.signed_in(request)):
        file.write(piece.encode())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="flashcards-data.json", content_type="application/json")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def delete(request: HttpRequest) -> HttpResponseBase:
    """Say what goes with an account, make sure, delete it."""
    user = access.signed_in(request)
    if request.method == "POST" and not ratelimit.consume(request, action="reauthenticate"):
        return cast("HttpResponseBase", ratelimit.respond_429(request))
    form = DeletionForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.delete_person(user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            return redirect("accounts:goodbye")
    context = {"form": form, "keeps_sums": settings.KEEP_SUMS_OF_DELETED}
    return render(request, "accounts/delete.html", context, status=422 if form.errors else 200)


@require_safe
def goodbye(request: HttpRequest) -> HttpResponse:
    """Say that everything is gone."""
    return render(request, "accounts/goodbye.html")


@never_cache
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Stand in for the admin's own sign-in, which counts no attempts: send people through the site's."""
    if access.is_member(request) and not access.signed_in(request).is_staff:
        raise PermissionDenied
    target = get_next_redirect_url(request) or reverse("admin:index")
    return redirect(target) if access.is_member(request) else redirect_to_login(target)
