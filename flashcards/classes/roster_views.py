"""The page that takes a class's list of students from a spreadsheet: upload, look, apply."""

from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from flashcards.accounts.access import signed_in
from flashcards.classes import access, codes, invitations
from flashcards.classes.addresses import MOST as MOST_MAILS
from flashcards.classes.models import Invitation, Membership
from flashcards.classes.roster import applying
from flashcards.classes.roster.plan import plan
from flashcards.classes.roster.reading import MAX_BYTES, TOO_LARGE, read
from flashcards.lib.errors import Problem, Refused

MOST_PROBLEMS = 100


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def roster(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a roster, show what it would change, apply it. Of the staff, only those who may change the class."""
    membership = access.membership_or_404(request.user, slug, access.TEACHERS)
    membership.user = signed_in(request)
    if request.method != "POST":
        return _page(request, membership, [])
    try:
        return redirect(_do(request, membership))
    except Refused as refused:
        return _page(request, membership, refused.problems)


def _do(request: HttpRequest, teacher: Membership) -> str:
    """Do what was posted and return the address to go to; raises Refused, and Http404 for anything else."""
    here = reverse("classes:roster", args=[teacher.study_class.slug])
    match request.POST.get("do"):
        case "upload":
            applying.put_aside(read(_file(request)), teacher, timezone.now())
        case "discard":
            applying.discard(teacher)
        case "apply":
            outcome = applying.apply(teacher, request.POST.get("seen", ""), timezone.now())
            messages.success(request, f"The roster is applied: {outcome.new} new, {outcome.changed} changed.")
            if outcome.untold and "mail" in request.POST:
                _tell(request, teacher, outcome.untold)
            return reverse("classes:members", args=[teacher.study_class.slug])
        case _:
            raise Http404("Nothing of that kind can be done here.")
    return here


def _file(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is None:
        raise Refused([Problem("file", "Choose a file first.")])
    if file.size is None or file.size > MAX_BYTES:
        raise Refused([Problem("file", TOO_LARGE)])
    return bytes(file.read())


def _page(request: HttpRequest, membership: Membership, problems: list[Problem]) -> HttpResponse:
    upload = applying.waiting(membership, timezone.now())
    context = {
        "membership": membership,
        "here": "invite",
        "upload": upload,
        "plan": plan(membership.study_class, applying.lines_of(upload)) if upload else None,
        "problems": problems[:MOST_PROBLEMS],
        "more_problems": max(0, len(problems) - MOST_PROBLEMS),
        "most_mails": MOST_MAILS,
    }
    return render(request, "classes/roster.html", context, status=422 if problems else 200)


def _tell(request: HttpRequest, teacher: Membership, untold: list[Invitation]) -> None:
    """Mail the new ones; what could not be sent is kept and said."""
    if len(untold) > MOST_MAILS:
        messages.warning(request, f"These are more than {MOST_MAILS}, so none was mailed. Give them the join code.")
        return
    if not ratelimit.consume(request, action="invite"):
        raise ImmediateHttpResponse(ratelimit.respond_429(request))
    study_class = teacher.study_class
    join = reverse("classes:join_code", args=[codes.shown(study_class.join_code)])
    links = invitations.Links(request.build_absolute_uri(join), request.build_absolute_uri(reverse("classes:list")))
    failed = invitations.send(untold, teacher.name, links, timezone.now())
    if failed:
        messages.warning(request, f"{len(failed)} mails could not be sent. Send them again from the page Invite.")
    if len(failed) < len(untold):
        messages.success(request, f"Mailed: {len(untold) - len(failed)}.")
