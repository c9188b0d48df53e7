"""The notes of a deck as JSON, with their cards and reviews: each is checked by itself."""

from typing import Any

from flashcards.decks.checks import slug_problems, tidy_markdown
from flashcards.decks.formats.json_checks import Checker
from flashcards.decks.formats.records import USUAL_KIND, CardRecord, NoteRecord, ReviewRecord
from flashcards.lib.errors import Problem

MAX_ORDINAL = 9_999
MAX_MS = 2**31 - 1
_NOTE = ("key", "topic", "kind", "question", "answer", "explanation", "tags", "sources", "reference", "cards")
_CARD = ("ordinal", "suspended", "starred", "memory", "reviews")
_REVIEW = ("at", "rating", "ms", "facts")


class JsonNotes:
    """Reads notes one by one: those with a problem are left out, and `problems` tells them.

    `topics` are the slugs that there are, `lines` the line of each note by its place.
    """

    def __init__(self, topics: set[str], lines: dict[int, int]) -> None:
        self.records: list[NoteRecord] = []
        self.problems: list[Problem] = []
        self._topics, self._lines = topics, lines
        self._numbers: dict[str, int] = {}

    def read(self, notes: list[Any]) -> None:
        """Read the notes into `records`."""
        for number, each in enumerate(notes):
            checker = Checker()
            record = self._note(each, f"/notes/{number}", checker)
            record.line = self._lines.get(number, 0)
            first = self._numbers.setdefault(record.key, number)
            if first != number and record.key:
                checker.problem(f"/notes/{number}/key", f"“{record.key[:80]}” is the key of /notes/{first} already.")
            self.problems += checker.problems
            if not checker.problems:
                self.records.append(record)

    def _note(self, value: object, pointer: str, checker: Checker) -> NoteRecord:
        said = checker.an_object(value, pointer, _NOTE)
        record = NoteRecord(checker.text(said, "key", pointer, required=isinstance(value, dict)))
        for problem in slug_problems("key", record.key)[: bool(record.key)]:
            checker.problem(f"{pointer}/key", problem.message)
        record.topic = checker.text(said, "topic", pointer)
        if record.topic and record.topic not in self._topics:
            checker.problem(f"{pointer}/topic", f"There is no topic “{record.topic[:40]}” in /topics.")
        record.kind = checker.text(said, "kind", pointer, USUAL_KIND)
        record.question = tidy_markdown(checker.text(said, "question", pointer))
        record.answer = tidy_markdown(checker.text(said, "answer", pointer))
        record.explanation = tidy_markdown(checker.text(said, "explanation", pointer))
        record.tags, record.sources = checker.texts(said, "tags", pointer), checker.texts(said, "sources", pointer)
        record.reference = checker.text(said, "reference", pointer)
        for number, each in enumerate(checker.take(said, "cards", pointer, [])):
            record.cards.append(_card(each, f"{pointer}/cards/{number}", checker))
        return record


def _card(value: object, pointer: str, checker: Checker) -> CardRecord:
    said = checker.an_object(value, pointer, _CARD)
    card = CardRecord(checker.number(said, "ordinal", pointer, 0, MAX_ORDINAL))
    card.is_suspended = checker.take(said, "suspended", pointer, False)
    card.is_starred = checker.take(said, "starred", pointer, False)
    for name, each in checker.free(said, "memory", pointer).items():
        card.memory[name] = _marked(each, f"{pointer}/memory/{name}", checker)
    for number, each in enumerate(checker.take(said, "reviews", pointer, [])):
        place = f"{pointer}/reviews/{number}"
        review = checker.an_object(each, place, _REVIEW)
        at = checker.moment(review.get("at"), f"{place}/at")
        rating, ms = checker.number(review, "rating", place, 1, 4), checker.number(review, "ms", place, 0, MAX_MS)
        card.reviews.append(ReviewRecord(at, rating, ms, checker.free(review, "facts", place)))
    return card


def _marked(value: Any, pointer: str, checker: Checker) -> Any:
    """Return a time or a day for what is marked as one, anything else as it is."""
    match value:
        case {"time": time, **others} if not others:
            return checker.moment(time, f"{pointer}/time")
        case {"day": day, **others} if not others:
            return checker.day(day, f"{pointer}/day")
    return value
