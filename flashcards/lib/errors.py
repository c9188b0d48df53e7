"""The errors that the floors raise towards people: each says what is wrong, where, and what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what somebody wrote.

    `field` is the field's name ("question"), `message` a sentence, `line` counts from 1 within that field or file
    (None where a line means nothing).
    """

    field: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line is not None else ""
        return f"{place}{self.message}"


class Refused(Exception):
    """What was asked can't be done; `problems` says why. Nothing has been changed when this is raised."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems
