"""Values out of a JSON file, each checked for its type and bounds; every problem is kept with its JSON pointer."""

import json
from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from flashcards.lib.errors import Problem
from flashcards.lib.text import text_problems, tidy

MAX_PROBLEMS = 200
MAX_FREE = 4_000
"""Characters that an object may take whose content is not ours to know."""

_NAMES = {str: "a text", int: "a whole number", bool: "true or false", list: "a list", dict: "an object"}


class Checker:
    """Takes values by name out of objects. What is wrong is collected in `problems`, and something fit is returned."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def problem(self, pointer: str, message: str) -> None:
        """Keep a problem; beyond MAX_PROBLEMS they are left untold."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(pointer, message))

    def an_object(self, value: object, pointer: str, known: Collection[str]) -> dict[str, Any]:
        """Return `value` if it is an object with no other than the known names, else an empty one."""
        if not isinstance(value, dict):
            self.problem(pointer, f"This must be {_NAMES[dict]}.")
            return {}
        for name in value.keys() - set(known):
            self.problem(f"{pointer}/{_spelt(name)}", f"“{name[:40]}” is unknown. There are: {', '.join(known)}.")
        return value

    def take[Taken: (str, int, bool, list[Any], dict[str, Any])](
        self, holder: dict[str, Any], name: str, pointer: str, usual: Taken, *, required: bool = False
    ) -> Taken:
        """Return what `holder` has under `name` if it is of the type of `usual`, which stands for what is missing."""
        if name not in holder:
            if required:
                self.problem(f"{pointer}/{name}", f"“{name}” is missing.")
            return usual
        value = holder[name]
        if type(value) is type(usual):
            return value
        self.problem(f"{pointer}/{name}", f"This must be {_NAMES[type(usual)]}.")
        return usual

    def text(self, holder: dict[str, Any], name: str, pointer: str, usual: str = "", *, required: bool = False) -> str:
        """Return a text, tidied, that may be stored."""
        text = tidy(self.take(holder, name, pointer, usual, required=required))
        for problem in text_problems(name, text)[:1]:
            self.problem(f"{pointer}/{name}", problem.message)
            return usual
        return text

    def texts(self, holder: dict[str, Any], name: str, pointer: str) -> list[str]:
        """Return a list of texts."""
        found = self.take(holder, name, pointer, [])
        for number, each in enumerate(found):
            if not isinstance(each, str) or text_problems(name, each):
                self.problem(f"{pointer}/{name}/{number}", "This must be a text without control characters.")
                return []
        return found

    def number(self, holder: dict[str, Any], name: str, pointer: str, least: int, most: int) -> int:
        """Return a whole number within bounds; it must be there."""
        number = self.take(holder, name, pointer, least, required=True)
        if not least <= number <= most:
            self.problem(f"{pointer}/{name}", f"This must lie between {least:,} and {most:,}.")
            return least
        return number

    def moment(self, value: object, pointer: str) -> datetime:
        """Return a time with its offset from UTC, in UTC."""
        try:
            moment = datetime.fromisoformat(value if isinstance(value, str) else "")
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass  # Told below, with what has no offset.
        self.problem(pointer, "This must be a time such as 2026-01-31T09:30:00Z.")
        return datetime.fromtimestamp(0, UTC)

    def day(self, value: object, pointer: str) -> date:
        """Return a day."""
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.problem(pointer, "This must be a day such as 2026-01-31.")
        return date.min

    def free(self, holder: dict[str, Any], name: str, pointer: str) -> dict[str, Any]:
        """Return an object of any content that both databases can hold, and that is small."""
        found = self.take(holder, name, pointer, {})
        spelt = json.dumps(found, ensure_ascii=False)
        if len(spelt) > MAX_FREE or text_problems(name, spelt) or "\\u0000" in spelt:
            self.problem(f"{pointer}/{name}", f"This must be at most {MAX_FREE:,} characters, none of them a control.")
            return {}
        return found


def _spelt(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
