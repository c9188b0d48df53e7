"""All of a learner's reviews, as a page and as a file."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from flashcards.lib.days import day_as_date
from flashcards.study import history
from flashcards.study.days import moment_for, zone_of
from flashcards.study.history_file import csv_lines
from flashcards.study.history_filters import FilterForm
from flashcards.study.requests import LearnerRequest

ROWS_A_PAGE = 100


@require_safe
@never_cache
@login_required
def history_page(request: LearnerRequest) -> HttpResponse:
    """Show the learner's reviews; a filter that makes no sense is told at its field and left out."""
    return _page(request, FilterForm(request.GET, history.decks_met(request.user)))


@require_safe
@never_cache
@login_required
def history_csv(request: LearnerRequest) -> HttpResponseBase:
    """Send the reviews that the page shows as a CSV file; with a senseless filter the page instead, which tells it."""
    form = FilterForm(request.GET, history.decks_met(request.user))
    if not form.is_valid():
        return _page(request, form, status=400)
    titles = {deck.pk: deck.title for deck in form.decks.values()}
    lines = csv_lines(history.reviews_of(request.user, form.filters()), zone_of(request.user), titles)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    today = day_as_date(moment_for(request.user, timezone.now()).day)
    response["Content-Disposition"] = f'attachment; filename="reviews-{today.isoformat()}.csv"'
    return response


def _page(request: LearnerRequest, form: FilterForm, status: int = 200) -> HttpResponse:
    filters = form.filters()
    reviews = history.reviews_of(request.user, filters)
    totals = history.totals(request.user, filters)
    paginator = Paginator(reviews, ROWS_A_PAGE)
    paginator.count = totals.reviews  # known already: counting again would read every review once more
    page = paginator.get_page(request.GET.get("page"))
    start = (page.number - 1) * ROWS_A_PAGE
    context = {
        "form": form,
        "day_url": _day_url(request),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "totals": totals,
        "page": page,
        "entries": history.entries(request.user, reviews, start, start + ROWS_A_PAGE),
        "year": history.year(request.user, filters, moment_for(request.user, timezone.now()).day),
    }
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "study/_history.html" if part else "study/history.html", context, status=status)


def _day_url(request: LearnerRequest) -> str:
    """Return the address that a day's date completes: this page with its deck and grade."""
    query = request.GET.copy()
    for name in ("page", "from", "to"):
        query.pop(name, None)
    return f"{reverse('study:history')}?{query.urlencode()}{'&' if query else ''}"
