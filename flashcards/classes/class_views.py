"""Pages of classes themselves: one's list, a new one, its settings, and the record about oneself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from flashcards.accounts.access import signed_in
from flashcards.classes import access, invitations, queries, services
from flashcards.classes.forms import ClassForm, NewClassForm, add_problems
from flashcards.classes.models import StudyClass
from flashcards.classes.telling import told
from flashcards.lib.errors import Refused

EVENTS_A_PAGE = 50


@require_safe
@never_cache
@login_required
def class_list(request: HttpRequest) -> HttpResponse:
    """Show somebody's classes and what they are invited to."""
    user = signed_in(request)
    context = {"memberships": access.memberships_of(user), "invitations": invitations.waiting_for(user)}
    return render(request, "classes/list.html", context)


@require_POST
@login_required
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Come into a class that one is invited to."""
    user = signed_in(request)
    invitation = invitations.waiting_for(user).filter(pk=pk).first()
    if invitation is None:
        raise Http404("No such invitation.")
    try:
        membership = invitations.accept(invitation, user, timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("classes:list")
    messages.success(request, f"You are in {membership.study_class.name}.")
    return redirect("study:class", membership.study_class.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def class_new(request: HttpRequest) -> HttpResponse:
    """Make a class; guests are told to sign up first."""
    user = signed_in(request)
    new = StudyClass(time_zone=user.time_zone)
    form = NewClassForm(
        request.POST if request.method == "POST" else None, instance=new, initial={"called": user.name}
    )
    if request.method == "POST" and form.is_valid():
        try:
            membership = services.create_class(user, new, timezone.now(), name=form.cleaned_data["called"])
        except Refused as refused:
            add_problems(form, refused)
        else:
            return redirect("classes:invite", membership.study_class.slug)
    return render(request, "classes/new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def class_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a class is, and store what its teachers change about it."""
    is_post = request.method == "POST"
    membership = access.membership_or_404(request.user, slug, access.TEACHERS if is_post else access.STAFF)
    study_class = membership.study_class
    name = study_class.name
    form = ClassForm(request.POST if request.method == "POST" else None, instance=study_class)
    if is_post and form.is_valid():
        services.change_class(study_class, signed_in(request), timezone.now())
        messages.success(request, "The class is saved.")
        return redirect("classes:settings", slug)
    if form.errors:
        study_class.name = name  # the head of the page names what is stored
    context = {
        "membership": membership,
        "here": "settings",
        "form": form,
        "may_change": membership.role in access.TEACHERS,
    }
    return render(request, "classes/settings.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@login_required
def record(request: HttpRequest) -> HttpResponse:
    """Show somebody what others did to them in classes, and who looked at their pages."""
    paginator = Paginator(queries.record_about(signed_in(request)), EVENTS_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    return render(
        request, "classes/record.html", {"page": page, "events": [told(event) for event in page.object_list]}
    )
