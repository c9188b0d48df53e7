"""The page that brings people into a class: its code as text, link and picture, and invitations by address."""

from io import BytesIO

import segno
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from flashcards.accounts.access import signed_in
from flashcards.classes import access, codes, invitations, queries, ways_in
from flashcards.classes.forms import InviteForm, LimitsForm, add_problems
from flashcards.classes.models import Invitation, Membership, Role, StudyClass
from flashcards.lib.errors import Refused
from flashcards.lib.whole_numbers import whole_number

INVITATIONS_A_PAGE = 50
MOST_SHOWN = 5
AT_ONCE = {"renew", "open", "close", "again", "withdraw"}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how people get into a class; its teachers change that and invite."""
    is_post = request.method == "POST"
    membership = access.membership_or_404(request.user, slug, access.TEACHERS if is_post else access.STAFF)
    what = request.POST.get("do", "")
    if is_post and what in AT_ONCE:
        _do_at_once(request, membership, what)
        return redirect("classes:invite", slug)
    if is_post and what not in {"limits", "invite"}:
        raise Http404("Nothing of that kind can be done here.")
    limits = LimitsForm(membership.study_class, request.POST if what == "limits" else None)
    inviting = InviteForm(membership.role in access.OWNERS, request.POST if what == "invite" else None)
    if (what == "limits" and _limit(request, membership, limits)) or (
        what == "invite" and _invite(request, membership, inviting)
    ):
        return redirect("classes:invite", slug)
    return _page(request, membership, limits, inviting)


@require_safe
@never_cache
def qr(request: HttpRequest, slug: str) -> HttpResponse:
    """Draw the link of the join code as a QR code, dark on white in every theme so that cameras read it."""
    membership = access.membership_or_404(request.user, slug, access.STAFF)
    picture = BytesIO()
    code = segno.make(_links(request, membership.study_class).join, error="m", micro=False)
    code.save(picture, kind="svg", scale=8, border=4, light="#fff", xmldecl=False)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def _page(request: HttpRequest, membership: Membership, limits: LimitsForm, inviting: InviteForm) -> HttpResponse:
    study_class, now = membership.study_class, timezone.now()
    students = ways_in.students_in(study_class.pk)
    waiting = Paginator(queries.open_invitations(study_class), INVITATIONS_A_PAGE)
    context = {
        "membership": membership,
        "here": "invite",
        "may_change": membership.role in access.TEACHERS,
        "code": codes.shown(study_class.join_code),
        "link": _links(request, study_class).join,
        "is_open": ways_in.is_open(study_class, now),
        "is_full": ways_in.is_full(study_class, students),
        "last_day": ways_in.last_day(study_class),
        "students": students,
        "limits": limits,
        "inviting": inviting,
        "page": waiting.get_page(request.GET.get("page")),
    }
    return render(request, "classes/invite.html", context, status=422 if limits.errors or inviting.errors else 200)


def _links(request: HttpRequest, study_class: StudyClass) -> invitations.Links:
    join = reverse("classes:join_code", args=[codes.shown(study_class.join_code)])
    return invitations.Links(request.build_absolute_uri(join), request.build_absolute_uri(reverse("classes:list")))


def _do_at_once(request: HttpRequest, membership: Membership, what: str) -> None:
    """Do what needs no form, and say so. Raises Http404 for an invitation that is not of this class."""
    study_class, user, now = membership.study_class, signed_in(request), timezone.now()
    if what == "renew":
        ways_in.renew(study_class, user, now)
        messages.success(request, "There is a new code. The old one, its link and its picture let nobody in any more.")
    elif what in {"open", "close"}:
        ways_in.set_open(study_class, what == "open", user, now)
        messages.success(request, "The way in is open." if what == "open" else "The way in is closed.")
    else:
        pk = whole_number(request.POST.get("invitation", "")) or 0
        invitation = queries.open_invitations(study_class).filter(pk=pk).first()
        if invitation is None:
            raise Http404("No such invitation.")
        if what == "withdraw":
            invitations.withdraw(invitation, user, now)
            messages.success(request, f"{invitation.email} is no longer invited.")
        else:
            _send(request, membership, [invitation])


def _limit(request: HttpRequest, membership: Membership, form: LimitsForm) -> bool:
    if not form.is_valid():
        return False
    given = form.cleaned_data
    ways_in.set_limits(membership.study_class, given["until"], given["seats"], signed_in(request), timezone.now())
    messages.success(request, "The limits are saved.")
    return True


def _invite(request: HttpRequest, membership: Membership, form: InviteForm) -> bool:
    if not form.is_valid():
        return False
    try:
        rows = invitations.invite(membership, form.people, Role(form.cleaned_data["role"]), timezone.now())
    except Refused as refused:
        add_problems(form, refused)
        return False
    known = len(form.people) - len(rows)
    if known:
        messages.info(request, f"{known} of these were invited before: send theirs again below if they lost it.")
    if rows:
        _send(request, membership, rows)
    return True


def _send(request: HttpRequest, membership: Membership, rows: list[Invitation]) -> None:
    if not ratelimit.consume(request, action="invite"):
        raise ImmediateHttpResponse(ratelimit.respond_429(request))
    links = _links(request, membership.study_class)
    failed = invitations.send(rows, membership.name, links, timezone.now())
    if failed:
        names = ", ".join(invitation.email for invitation in failed[:MOST_SHOWN])
        more = f" and {len(failed) - MOST_SHOWN} more" if len(failed) > MOST_SHOWN else ""
        messages.warning(request, f"They are invited, but no mail reached {names}{more}. Send it again later.")
    if len(rows) > len(failed):
        sent = len(rows) - len(failed)
        messages.success(request, f"{sent} invitation{'' if sent == 1 else 's'} sent.")
