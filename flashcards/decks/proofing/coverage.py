"""Subjects that a deck has to cover, and those that its notes say they do."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from flashcards.decks.formats.records import DeckRecord
from flashcards.decks.proofing.findings import Finding, Severity
from flashcards.decks.proofing.sheets import Sheet
from flashcards.lib.errors import Problem, Refused

CHECK = "coverage"

type Subjects = dict[str, str]
"""Each subject's words by its id."""


def read_subjects(files: Sequence[Path]) -> Subjects:
    """Return the subjects of CSV files with the header id,subject; raises Refused with what is wrong in them."""
    subjects: Subjects = {}
    problems: list[Problem] = []
    for file in files:
        try:
            with file.open(encoding="utf-8-sig", newline="") as opened:
                rows = csv.DictReader(opened)
                if rows.fieldnames is None or not {"id", "subject"} <= set(rows.fieldnames):
                    problems.append(Problem("coverage", f"{file}: the first line must be id,subject.", 1))
                    continue
                for row in rows:
                    source = (row["id"] or "").strip()
                    if not source or source in subjects:
                        what = f"the id {source} is there twice" if source else "a line has no id"
                        problems.append(Problem("coverage", f"{file}: {what}.", rows.line_num))
                    subjects[source] = (row["subject"] or "").strip()
        except OSError as error:
            problems.append(Problem("coverage", f"{file} can't be read: {error.strerror}."))
        except (UnicodeDecodeError, csv.Error) as error:
            problems.append(Problem("coverage", f"{file} is no CSV file in UTF-8: {error}."))
    if problems:
        raise Refused(problems)
    return subjects


def findings(record: DeckRecord, sheets: Sequence[Sheet], subjects: Subjects) -> Iterator[Finding]:
    """Yield the subjects that no note covers, the ids that no list knows and the notes that cover nothing."""
    covered = {source for sheet in sheets for source in sheet.record.sources}
    for source, subject in subjects.items():
        if source not in covered:
            message = f"No note covers {source}, “{subject}”. Write one with sources: {source}."
            yield Finding(Severity.ERROR, CHECK, "sources", message, record.slug)
    for sheet in sheets:
        if not sheet.record.sources:
            yield sheet.error(CHECK, "sources", "The note names no subject. Add a line sources: with its id.")
        for source in sheet.record.sources:
            if source not in subjects:
                yield sheet.error(CHECK, "sources", f"No list knows {source}. Mend the id, or add it to a list.")
