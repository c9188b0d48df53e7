"""Pages of the people in a class: all of them, one of them, and leaving."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from flashcards.accounts.access import signed_in
from flashcards.accounts.models import User
from flashcards.classes import access, queries, services
from flashcards.classes.forms import DetailsForm, RoleForm, add_problems
from flashcards.classes.models import Membership, Role
from flashcards.lib.errors import Refused

MEMBERS_A_PAGE = 50


@require_safe
@never_cache
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who is in a class and who was."""
    membership = access.membership_or_404(request.user, slug, access.STAFF)
    search = request.GET.get("q", "").strip()
    page = Paginator(queries.members(membership.study_class, search), MEMBERS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "membership": membership,
        "here": "members",
        "page": page,
        "search": search,
        "may_change": membership.role in access.TEACHERS,
        "changeable": {one.pk for one in page.object_list if access.may_name(membership, one)},
    }
    return render(request, "classes/members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show one member and do what a teacher decides about them: their name, their role, that they go."""
    mine = access.membership_or_404(request.user, slug, access.TEACHERS)
    other = access.member_or_404(mine.study_class, pk)
    what = request.POST.get("do", "")
    page = MemberPage(
        mine=mine,
        other=other,
        called=other.name,
        details=DetailsForm(other, request.POST if what == "details" else None),
        role=RoleForm(other, request.POST if what == "role" else None),
    )
    if request.method == "POST":
        may, decide = DECISIONS.get(what, (None, None))
        if may is None or decide is None or not may(mine, other):
            raise Http404("Nothing of that kind can be done here.")
        try:
            said = decide(page, signed_in(request))
        except Refused as refused:
            if what == "details":
                add_problems(page.details, refused)
            context = page.context() | {"problem": "" if what == "details" else str(refused)}
            return render(request, "classes/member.html", context, status=422)
        if said:
            messages.success(request, said)
            return redirect("classes:members", slug)
    return render(request, "classes/member.html", page.context(), status=422 if what else 200)


@dataclass(frozen=True, slots=True)
class MemberPage:
    """One member as a teacher sees them, with the forms about them; `called` is their name before any change."""

    mine: Membership
    other: Membership
    called: str
    details: DetailsForm
    role: RoleForm

    def context(self) -> dict[str, Any]:
        """Return what the page shows."""
        mine, other = self.mine, self.other
        return {
            "membership": mine,
            "here": "members",
            "other": other,
            "called": self.called,
            "details": self.details,
            "role": self.role,
            "may_name": access.may_name(mine, other),
            "may_remove": access.may_remove(mine, other),
            "may_give_role": access.may_give_role(mine, other),
        }


def _name(page: MemberPage, user: User) -> str:
    if not page.details.is_valid():
        return ""
    given = page.details.cleaned_data
    services.change_details(page.other, given["name"], given["student_number"], user, timezone.now())
    return f"{page.other.name} is saved."


def _give_role(page: MemberPage, user: User) -> str:
    if not page.role.is_valid():
        return ""
    services.change_role(page.other, Role(page.role.cleaned_data["role"]), user, timezone.now())
    return f"{page.called}: {page.other.get_role_display().lower()} from now on."


def _hand_over(page: MemberPage, user: User) -> str:
    services.hand_over(page.mine, page.other, timezone.now())
    return f"{page.called} owns the class now, and you are a teacher of it."


def _remove(page: MemberPage, user: User) -> str:
    services.leave(page.other, user, timezone.now())
    return f"{page.called} is no longer in the class."


Decision = tuple[Callable[[Membership, Membership], bool], Callable[[MemberPage, User], str]]
DECISIONS: dict[str, Decision] = {
    "details": (access.may_name, _name),
    "role": (access.may_give_role, _give_role),
    "hand_over": (access.may_give_role, _hand_over),
    "remove": (access.may_remove, _remove),
}
"""What can be decided about a member: who may, and how it is done; each returns what to say, or nothing for a form
that is not valid."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what stays and what goes, and let somebody go."""
    membership = access.membership_or_404(request.user, slug)
    if request.method == "POST":
        try:
            services.leave(membership, signed_in(request), timezone.now())
        except Refused:
            pass  # the page says it, as before
        else:
            messages.success(request, f"You have left {membership.study_class.name}.")
            return redirect("classes:list")
    context = {"membership": membership, "here": "leave", "is_last_owner": services.is_last_owner(membership)}
    return render(request, "classes/leave.html", context, status=422 if request.method == "POST" else 200)
