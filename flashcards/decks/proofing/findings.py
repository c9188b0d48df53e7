"""What proof-reading finds: one sentence each, with its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error must be mended; a warning is for a person to judge."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: in which `check` it was found, in which note and field, and what to do.

    `key` is the note's, or the deck's where it belongs to no note; "" where neither is known. `line` counts from 1 in
    the file, None where there is no file. `order` is the note's place in the deck, -1 for what stands before all.
    """

    severity: Severity
    check: str
    field: str
    message: str
    key: str = ""
    line: int | None = None
    order: int = -1

    def __str__(self) -> str:
        severity = "ERROR  " if self.severity is Severity.ERROR else "warning"
        line = f"(line {self.line})" if self.line else ""
        place = " ".join(filter(None, (self.key, line)))
        return f"{severity}  {place}  {self.field}: {self.message}"

    def as_json(self) -> dict[str, str | int | None]:
        """Return it as JSON holds it; `order` is left out, for a list of findings is in that order."""
        return {
            "severity": self.severity.value,
            "check": self.check,
            "key": self.key,
            "line": self.line,
            "field": self.field,
            "message": self.message,
        }


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings in the order in which a reader of the deck meets them, errors of a place first."""
    return sorted(findings, key=lambda one: (one.line or 0, one.order, one.severity, one.field, one.message))
