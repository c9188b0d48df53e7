"""Options that can be told apart without knowing: the right one stands out by its length, a wrong one says nothing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flashcards.decks.formats.records import DeckRecord
from flashcards.decks.kinds.options import WrittenOption, read_options
from flashcards.decks.proofing.findings import Finding, Severity
from flashcards.decks.proofing.sheets import Sheet
from flashcards.lib.sanitize import plain_words

CHECK = "choice"
BY_FAR = 1.5
"""How many times as long as the longest wrong option, and by how many characters at least."""
BY_AT_LEAST = 15
FEWEST = 5
"""Notes with one right option that it takes to see a habit."""


def findings(record: DeckRecord, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Yield wrong options without a reason and right ones that are the longest, in a note or in most of the deck."""
    told = asked = 0
    for sheet in sheets:
        if sheet.record.kind != "choice" or not sheet.faces:
            continue
        options = read_options(sheet.record.answer, "answer")
        yield from _without_reason(sheet, options)
        shown = sheet.faces[0].data["options"]
        right = max(_length(option) for option in shown if option["right"])
        wrong = max((_length(option) for option in shown if not option["right"]), default=0)
        if wrong and right > BY_FAR * wrong and right - wrong >= BY_AT_LEAST:
            message = f"The right option is the longest by far: {right} characters, the longest wrong one {wrong}."
            line = next(option.line for option in options if option.is_right)
            yield sheet.warning(CHECK, "answer", f"{message} Shorten it, or say more in the wrong ones.", line)
        if sum(option.is_right for option in options) == 1:
            asked += 1
            told += right > wrong
    if asked >= FEWEST and told > asked / 2:
        message = f"The right option is the longest in {told} of {asked} choice notes: length gives it away."
        yield Finding(Severity.ERROR, CHECK, "answer", f"{message} Even the lengths out.", record.slug)


def _length(option: Mapping[str, Any]) -> int:
    return len(plain_words(option["html"]))


def _without_reason(sheet: Sheet, options: Sequence[WrittenOption]) -> Iterator[Finding]:
    for option in options:
        if not option.is_right and not option.why:
            message = "This wrong option doesn't say why it is wrong. Add, indented under it, why: and a sentence."
            yield sheet.warning(CHECK, "answer", message, option.line)
