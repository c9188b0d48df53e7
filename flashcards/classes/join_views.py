"""Coming into a class with its code. Looking never joins; one button does, for strangers too."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from flashcards.accounts.services import start_guest
from flashcards.classes import codes, joining, ways_in
from flashcards.classes.forms import CodeForm, JoinForm
from flashcards.lib.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """Ask for a join code and go to its page, whether or not there is such a code."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return redirect("classes:join_code", codes.shown(form.cleaned_data["code"]))
    return render(request, "classes/join.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join_code(request: HttpRequest, code: str) -> HttpResponse:
    """Show which class a code leads to and what its teachers will see; sent as a form, join it."""
    joining.count_try(request, code)
    way = joining.door(code, request.user, timezone.now())
    form = JoinForm(request.POST if request.method == "POST" else None)
    refused = way.is_full
    if way.study_class is not None and not refused and request.method == "POST" and form.is_valid():
        user = start_guest(request, form.cleaned_data["time_zone"])
        try:
            membership = joining.enter(code, user, form.cleaned_data["name"], timezone.now())
        except Refused:
            # Somebody took the last seat, or the way was closed, since it was looked at.
            way, refused = joining.door(code, user, timezone.now()), True
        else:
            messages.success(request, f"You are in {membership.study_class.name}.")
            return redirect("study:class", membership.study_class.slug)
    if way.study_class is None:
        shut = CodeForm({"code": codes.shown(codes.as_stored(code))})
        shut.add_error("code", joining.SHUT)
        return render(request, "classes/join.html", {"form": shut}, status=404)
    return _page(request, code, way, form, status=422 if refused or form.errors else 200)


def _page(request: HttpRequest, code: str, way: joining.Door, form: JoinForm, status: int) -> HttpResponse:
    known = way.invitation.name if way.invitation else ""
    context = {
        "way": way,
        "form": form,
        "asks_name": not known and not (request.user.is_authenticated and request.user.name),
        "full": ways_in.FULL if way.is_full else "",
        "here": reverse("classes:join_code", args=[code]),
    }
    return render(request, "classes/join_code.html", context, status=status)
