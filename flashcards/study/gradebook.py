"""A class's gradebook: a row for each student, made a batch at a time, as CSV while it is sent or as a workbook."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from tempfile import TemporaryFile
from typing import IO

from django.db.models import Count
from openpyxl import Workbook

from flashcards.classes.models import Membership, Role, StudyClass
from flashcards.lib.days import day_as_date
from flashcards.lib.tables.cells import harmless
from flashcards.lib.tables.writing import Line
from flashcards.study import assignments
from flashcards.study.class_periods import Done, done_by_day, periods_of
from flashcards.study.class_report.on_track import MINUTE_MS, name_of
from flashcards.study.class_report.scope import class_day, shared_decks
from flashcards.study.goals import Target, reached, targets_of
from flashcards.study.standings import standings_of

BATCH = 200
WHO = ("Student number", "Name", "E-mail")
SUMS = ("Recall now", "Cards seen", "Reviews", "Minutes")

Cell = str | int | float


@dataclass(slots=True)
class _Totals:
    """What a student's standing and work in the class's decks come to."""

    cards: int = 0
    recalled: float = 0.0
    seen: int = 0
    done: Done = field(default_factory=Done)

    def cells(self) -> tuple[Cell, ...]:
        """Return the cells of SUMS."""
        recall = round(self.recalled / self.cards, 3) if self.cards else 0
        return recall, self.seen, self.done.reviews, round(self.done.duration_ms / MINUTE_MS)


def rows(study_class: StudyClass, now: datetime) -> Iterator[list[Cell]]:
    """Yield the heading and a row for each student, by name, as it stands at `now`; memory does not grow with them."""
    targets = targets_of(assignments.of_class(study_class))
    titles = [harmless(target.assignment.title) for target in targets]
    yield [*WHO, *(f"{title}: {what}" for title in titles for what in ("goal reached", "on")), *SUMS]
    members = Membership.objects.filter(study_class=study_class, role=Role.STUDENT, left_at=None)
    for batch in batched(members.order_by("name", "pk").values_list("pk", flat=True), BATCH, strict=False):
        found = members.select_related("user").in_bulk(batch)
        yield from _batch(study_class, [found[pk] for pk in batch if pk in found], targets, now)


def _batch(
    study_class: StudyClass, members: Sequence[Membership], targets: Sequence[Target], now: datetime
) -> Iterator[list[Cell]]:
    users = [member.user_id for member in members]
    totals = _totals(study_class, users, class_day(study_class, now))
    days = reached(study_class, targets, users)
    for member in members:
        yield [
            harmless(member.student_number),
            harmless(name_of(member)),
            harmless(member.user.email or ""),
            *(cell for target in targets for cell in _goal(days.get((member.user_id, target.assignment.pk)))),
            *totals[member.user_id].cells(),
        ]


def _goal(day: int | None) -> tuple[Cell, Cell]:
    """Return whether a goal was reached, and on which date."""
    return ("no", "") if day is None else ("yes", day_as_date(day).isoformat())


def _totals(study_class: StudyClass, users: Sequence[int], day: int) -> dict[int, _Totals]:
    totals = {user: _Totals() for user in users}
    for shared in shared_decks(study_class):
        sizes = shared.deck.cards.filter(archived_at=None).order_by().values_list("topic_id").annotate(Count("pk"))
        counts = dict(sizes)
        periods = periods_of(study_class, users, shared.shared_at)
        done = done_by_day(periods, shared.deck_id)
        for user, standing in standings_of(study_class, periods, shared.deck, day).items():
            total = totals[user]
            total.cards += sum(counts.values())
            total.recalled += sum(each.recall * counts.get(topic, 0) for topic, each in standing.topics.items())
            total.seen += sum(each.seen for each in standing.topics.values())
            total.done = sum(done[user].values(), total.done)
    return totals


def csv_lines(study_class: StudyClass, now: datetime) -> Iterator[str]:
    """Yield the lines of the gradebook as CSV."""
    writer = csv.writer(Line())
    for row in rows(study_class, now):
        yield writer.writerow(row)


def workbook(study_class: StudyClass, now: datetime) -> IO[bytes]:
    """Return the gradebook as a workbook in a temporary file, which goes when it is closed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Gradebook")
    for row in rows(study_class, now):
        sheet.append([_printable(cell) for cell in row])
    file = TemporaryFile()  # noqa: SIM115  the response closes it
    book.save(file)
    file.seek(0)
    return file


def _printable(cell: Cell) -> Cell:
    """Return a cell without the control characters that a workbook can't hold."""
    return "".join(sign if sign.isprintable() else " " for sign in cell) if isinstance(cell, str) else cell
