"""Assignments of a class: the list, one of them, a new one, and the minutes that a learner has for one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from flashcards.classes.access import ANYBODY, TEACHERS, membership_or_404
from flashcards.classes.forms import add_problems
from flashcards.classes.models import Membership, Role
from flashcards.lib.errors import Refused
from flashcards.study import assignments, words
from flashcards.study.assignment_forms import LEAST_MINUTES, MOST_MINUTES, AssignmentForm, BudgetForm
from flashcards.study.assignment_lines import lines_for, rows_for
from flashcards.study.days import moment_for
from flashcards.study.models import Assignment
from flashcards.study.requests import LearnerRequest


@require_safe
@never_cache
def assignment_list(request: LearnerRequest, slug: str) -> HttpResponse:
    """Show the assignments of a class: to staff all of them, to a student how they stand with those that are open."""
    now = timezone.now()
    membership = membership_or_404(request.user, slug, ANYBODY)
    found = assignments.seen_by(membership, now)
    context: dict[str, object] = {"membership": membership, "here": "assignments"}
    if membership.role == Role.STUDENT:
        context["assignments"] = lines_for(request.user, found, moment_for(request.user, now))
    else:
        context |= {"rows": rows_for(found, now), "may_change": membership.role in TEACHERS}
    return render(request, "study/assignments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def assignment_new(request: LearnerRequest, slug: str) -> HttpResponse:
    """Give a class something to learn."""
    membership = membership_or_404(request.user, slug, TEACHERS)
    today = assignments.today_in(membership.study_class, timezone.now())
    initial = {"opens_on": today, "goal": Assignment.Goal.RECALLED}
    return _edit(request, membership, Assignment(), initial)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def assignment_page(request: LearnerRequest, slug: str, pk: int) -> HttpResponse:
    """Show an assignment: teachers change or delete it, assistants read it, a student sees how they stand with it."""
    now = timezone.now()
    membership = membership_or_404(request.user, slug, TEACHERS if request.method == "POST" else ANYBODY)
    assignment = assignments.of_class_or_404(membership, pk, now)
    if membership.role in TEACHERS:
        if "delete" in request.POST:
            assignments.delete(_teacher(request, membership), assignment, now)
            messages.success(request, f"“{assignment.title}” is deleted. What was studied for it is kept.")
            return redirect("study:assignments", slug)
        return _edit(request, membership, assignment, _initial(assignment))
    row = rows_for([assignment], now)[0]
    context: dict[str, object] = {"membership": membership, "here": "assignments", "row": row}
    if membership.role == Role.STUDENT:
        context["assignments"] = lines_for(request.user, [assignment], moment_for(request.user, now))
    return render(request, "study/assignment.html", context)


def _edit(
    request: LearnerRequest, membership: Membership, assignment: Assignment, initial: dict[str, Any]
) -> HttpResponse:
    """Show the form of a new or changed assignment, and store what was sent."""
    data = request.POST if request.method == "POST" else None
    form = AssignmentForm(membership.study_class, data, initial=initial)
    if form.is_valid():
        try:
            saved = assignments.save(_teacher(request, membership), assignment, form.wish(), timezone.now())
        except Refused as refused:
            add_problems(form, refused)
        else:
            messages.success(request, f"“{saved.title}” is saved.")
            return redirect("study:assignments", membership.study_class.slug)
    context = {"membership": membership, "here": "assignments", "form": form, "is_new": assignment.pk is None}
    return render(request, "study/assignment_form.html", context, status=422 if form.errors else 200)


def _teacher(request: LearnerRequest, membership: Membership) -> Membership:
    membership.user = request.user
    return membership


def _initial(assignment: Assignment) -> dict[str, Any]:
    names = ("title", "deck", "opens_on", "due_on", "goal", "is_exam")
    initial = {name: getattr(assignment, name) for name in names}
    return {**initial, "topics": assignment.topics.all(), "tags": assignment.tags.all()}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def budget(request: LearnerRequest, pk: int) -> HttpResponse:
    """Show and store the minutes a day that a learner has for an assignment, and what more or fewer would do."""
    now = timezone.now()
    assignment = assignments.own_or_404(request.user, pk, now)
    moment = moment_for(request.user, now)
    line = lines_for(request.user, [assignment], moment)[0]
    form = BudgetForm(request.POST if request.method == "POST" else None, initial={"minutes": line.minutes})
    if form.is_valid():
        minutes = form.cleaned_data["minutes"]
        assignments.set_minutes(request.user, assignment, minutes, now)
        messages.success(request, f"Your sessions now count on {words.count(minutes, 'minute')} a day.")
        return redirect("study:budget", pk)
    compared = sorted({max(LEAST_MINUTES, line.minutes // 2), line.minutes, min(MOST_MINUTES, line.minutes * 2)})
    choices = line.compare(compared)
    context = {"line": line, "form": form, "choices": choices}
    return render(request, "study/assignment_budget.html", context, status=422 if form.errors else 200)
