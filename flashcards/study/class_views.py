"""What a teacher sees of a class, what a student sees of themselves in it, and a card shown to all."""

from datetime import datetime

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from flashcards.classes.access import ANYBODY, STAFF, membership_or_404, student_or_404
from flashcards.classes.models import Event, Membership, Role, StudyClass
from flashcards.classes.services import record
from flashcards.lib.whole_numbers import LARGEST_ID
from flashcards.study.assignment_lines import lines_for
from flashcards.study.assignments import seen_by
from flashcards.study.class_report.in_class import in_class, shared_card_or_404
from flashcards.study.class_report.on_track import name_of, rule
from flashcards.study.class_report.report import report_of
from flashcards.study.class_report.scope import scope_of
from flashcards.study.class_report.student import student_page
from flashcards.study.days import moment_for
from flashcards.study.gradebook import csv_lines, workbook
from flashcards.study.requests import LearnerRequest


@require_safe
@never_cache
def class_page(request: LearnerRequest, slug: str) -> HttpResponse:
    """Show staff the report of a class; a student what is asked of them and what their teachers see."""
    membership = membership_or_404(request.user, slug, ANYBODY)
    if membership.role == Role.STUDENT:
        return _student(request, membership, membership)
    scope = scope_of(membership.study_class, request.GET, timezone.now())
    report = report_of(scope, request.GET) if scope is not None else None
    context = {"membership": membership, "here": "report", "scope": scope, "report": report}
    return render(request, "study/class.html", context)


@require_safe
@never_cache
def class_student(request: LearnerRequest, slug: str, pk: int) -> HttpResponse:
    """Show one student's page to staff, which the student can see in the record, or to that student."""
    membership = membership_or_404(request.user, slug, ANYBODY)
    if pk > LARGEST_ID or (membership.role == Role.STUDENT and membership.pk != pk):
        raise Http404("No such student.")
    student = student_or_404(membership.study_class, pk)
    response = _student(request, membership, student)
    if student.user_id != request.user.pk:
        record(
            Event.Kind.READ, timezone.now(), study_class=membership.study_class, actor=request.user,
            person=student.user,
        )  # fmt: skip
    return response


def _student(request: LearnerRequest, membership: Membership, student: Membership) -> HttpResponse:
    now = timezone.now()
    scope = scope_of(membership.study_class, request.GET, now)
    is_mine = student.user_id == request.user.pk
    mine = seen_by(membership, now) if is_mine else []
    context = {
        "membership": membership,
        "here": "student",
        "student": student,
        "name": name_of(student),
        "is_mine": is_mine,
        "assignments": lines_for(request.user, mine, moment_for(request.user, now)),
        "scope": scope,
        "shown": student_page(scope, student) if scope is not None else None,
        "rule": rule(scope) if scope is not None else "",
    }
    return render(request, "study/class_student.html", context)


@require_safe
@never_cache
def class_show(request: LearnerRequest, slug: str, pk: int) -> HttpResponse:
    """Show a card of the class in big type, the answer on a key or by a link."""
    membership = membership_or_404(request.user, slug, STAFF)
    if pk > LARGEST_ID:
        raise Http404("No such card in this class.")
    card = shared_card_or_404(membership.study_class, pk)
    context = {
        "membership": membership,
        "shown": in_class(card, request.GET.get("seed", "")),
        "is_told": "answer" in request.GET,
    }
    return render(request, "study/class_show.html", context)


@require_safe
@never_cache
def gradebook_csv(request: LearnerRequest, slug: str) -> HttpResponseBase:
    """Send the gradebook as CSV."""
    study_class, now = _exported(request, slug), timezone.now()
    response = StreamingHttpResponse(csv_lines(study_class, now), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(study_class, now)}.csv"'
    return response


@require_safe
@never_cache
def gradebook_xlsx(request: LearnerRequest, slug: str) -> HttpResponseBase:
    """Send the gradebook as a workbook."""
    study_class, now = _exported(request, slug), timezone.now()
    file = workbook(study_class, now)
    return FileResponse(file, as_attachment=True, filename=f"{_file_name(study_class, now)}.xlsx")


def _exported(request: LearnerRequest, slug: str) -> StudyClass:
    """Return the class whose gradebook is asked for; that it was stands in the record."""
    study_class = membership_or_404(request.user, slug, STAFF).study_class
    record(Event.Kind.EXPORTED, timezone.now(), study_class=study_class, actor=request.user)
    return study_class


def _file_name(study_class: StudyClass, now: datetime) -> str:
    return f"gradebook-{slugify(study_class.name) or study_class.slug}-{now:%Y-%m-%d}"
