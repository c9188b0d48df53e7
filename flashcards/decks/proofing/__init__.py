"""Proof-reading a deck: all that a reader would send back, from what importing refuses to questions asked twice.

Each module of this package looks for one sort of fault and yields findings; none changes anything.
"""

from dataclasses import dataclass, field

from flashcards.decks.formats.records import DeckRecord
from flashcards.decks.proofing import (
    addresses,
    choices,
    coverage,
    draws,
    duplicates,
    giveaways,
    images,
    lengths,
    refusals,
)
from flashcards.decks.proofing.coverage import Subjects, read_subjects
from flashcards.decks.proofing.findings import Finding, Severity, by_place
from flashcards.decks.proofing.refusals import of_file

__all__ = ["Finding", "Proof", "Severity", "Subjects", "of_file", "proof_read", "read_subjects"]


@dataclass(slots=True)
class Proof:
    """What was found, in the deck's order, in how many notes and cards; not complete if the file can't be read."""

    notes: int = 0
    cards: int = 0
    findings: list[Finding] = field(default_factory=list)
    is_complete: bool = True

    def count(self, severity: Severity) -> int:
        """Return how many findings are of this severity."""
        return sum(finding.severity is severity for finding in self.findings)


def proof_read(record: DeckRecord, subjects: Subjects | None = None) -> Proof:
    """Return what is wrong with a deck; `subjects` are those that it has to cover, None if there is no such list."""
    introduction, found = refusals.read_introduction(record)
    sheets, refused = refusals.read_sheets(record)
    passages = [introduction, *(sheet.passage() for sheet in sheets)]
    found += refused
    if subjects is not None:
        found += coverage.findings(record, sheets, subjects)
    for check in (addresses, images):
        found += check.findings(passages)
    found += addresses.reference_findings(sheets)
    found += choices.findings(record, sheets)
    for of_notes in (draws, duplicates, giveaways, lengths):
        found += of_notes.findings(sheets)
    return Proof(len(sheets), sum(len(sheet.faces) for sheet in sheets), by_place(found))
