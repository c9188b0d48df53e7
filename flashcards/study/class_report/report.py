"""A class's page, put together."""

from dataclasses import dataclass

from django.core.paginator import Page
from django.http import QueryDict

from flashcards.classes.models import Membership
from flashcards.study.class_report.heat_map import HeatMap, heat_map
from flashcards.study.class_report.not_understood import FORMULA, Misunderstood, not_understood
from flashcards.study.class_report.on_track import SORTS, Line, page_of, rule
from flashcards.study.class_report.scope import WEEKS, Scope
from flashcards.study.class_report.slips import SlipTable, slip_table
from flashcards.study.class_report.trends import Trend, class_trend


@dataclass(frozen=True, slots=True)
class Column:
    """A heading that sorts: its words, where it leads, how it is sorted now (for `aria-sort`, or empty)."""

    name: str
    query: str
    order: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that the page shows."""

    scope: Scope
    page: Page[Membership]
    lines: list[Line]
    rule: str
    columns: list[Column]
    heat: HeatMap
    misunderstood: list[Misunderstood]
    slips: SlipTable
    trend: Trend
    sort: str
    week_choices: tuple[int, ...] = WEEKS
    formula: str = FORMULA


def report_of(scope: Scope, query: QueryDict) -> Report:
    """Return the report; its number of queries depends neither on the students nor on their history."""
    sort = query.get("sort", "")
    sort = sort if sort in SORTS else "name"
    page, lines = page_of(scope, query.get("page", "1"), sort)
    return Report(
        scope=scope,
        page=page,
        lines=lines,
        rule=rule(scope),
        columns=_columns(query, sort),
        heat=heat_map(lines, scope.topics),
        misunderstood=not_understood(scope),
        slips=slip_table(scope),
        trend=class_trend(scope),
        sort=sort,
    )


def _columns(query: QueryDict, sort: str) -> list[Column]:
    columns = []
    for name, label in SORTS.items():
        asked = query.copy()
        asked["sort"] = name
        asked.pop("page", None)
        order = ("ascending" if name == "name" else "descending") if name == sort else ""
        columns.append(Column(label, asked.urlencode(), order))
    return columns
