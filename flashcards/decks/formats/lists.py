"""Pasted text → notes: pairs of term and definition, or notes whose lines a guess parts and a person corrects."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flashcards.decks.checks import tidy_markdown
from flashcards.decks.formats.keys import Names
from flashcards.decks.formats.list_lines import MAX_LINES, Line, Mark, marked
from flashcards.decks.formats.list_pairs import Cut, guess_cut, pairs_of
from flashcards.decks.formats.list_words import HEADING, PREFIX_OF_ANSWER, PREFIX_OF_QUESTION
from flashcards.decks.formats.plain import markdown_of
from flashcards.decks.formats.records import DeckHead, NoteRecord, TopicRecord
from flashcards.decks.formats.table_files import title_of
from flashcards.decks.kinds.gaps import OPENING
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.tables import delimited
from flashcards.lib.tables.limits import refusal
from flashcards.lib.text import tidy

MAX_BYTES = 5_000_000
SHAPES = ("pairs", "lines")
MOST_CONTROLS = 800
"""So many lines can be corrected on one page: Django takes a thousand fields."""

DOUBTFUL = 0.8
"""Lines less sure than this are pointed out."""

SHOWN_LINE = 300


@dataclass(slots=True)
class ListDeck:
    """The notes of a list as a source; it has no media."""

    head: DeckHead
    records: list[NoteRecord]

    def notes(self) -> Iterator[NoteRecord]:
        """Yield the notes in the list's order."""
        return iter(self.records)

    def media(self, name: str) -> bytes | None:
        """Return None: a list holds none."""
        return None


@dataclass(slots=True)
class _Found:
    """What a text came to."""

    records: list[NoteRecord] = field(default_factory=list)
    topics: list[TopicRecord] = field(default_factory=list)
    title: str = ""
    problems: list[Problem] = field(default_factory=list)
    shown: dict[str, Any] = field(default_factory=dict)


def read(data: bytes, name: str, choices: dict[str, Any]) -> tuple[ListDeck, dict[str, Any], list[Problem]]:
    """Return the deck in a text, what it was taken for (as a page shows it), and what is wrong with single lines.

    `choices` may say encoding, shape ("pairs" or "lines"); for pairs sides, cards and swapped; for lines marks, a Mark
    by the line's number. Raises Refused.
    """
    text, encoding, problems = _text(data, choices.get("encoding") or "")
    guessed = guess_cut(text)
    shape = choices.get("shape") if choices.get("shape") in SHAPES else ("pairs" if guessed else "lines")
    if shape == "pairs":
        cut = Cut(
            choices.get("sides") or (guessed or Cut("\t")).sides,
            choices.get("cards") or (guessed or Cut("\t")).cards,
            bool(choices.get("swapped")),
        )
        found = _from_pairs(text, cut)
    else:
        found = _from_lines(text, choices.get("marks", {}))
    shown = {"encoding": encoding, "shape": shape, **found.shown}
    head = DeckHead(found.title or title_of(name), topics=found.topics, note_count=len(found.records))
    return ListDeck(head, found.records), shown, problems + found.problems


def _text(data: bytes, encoding: str) -> tuple[str, str, list[Problem]]:
    """Return the text, its encoding, and the problem if that is not the one that was asked for."""
    if len(data) > MAX_BYTES:
        raise refusal(f"The text is larger than {MAX_BYTES // 1_000_000} MB. Split it.")
    problems: list[Problem] = []
    try:
        found = delimited.decoded(data, encoding)
    except Refused as refused:
        if not encoding:
            raise
        found, problems = delimited.decoded(data), refused.problems
    return tidy(found.text), found.encoding, problems


def _from_pairs(text: str, cut: Cut) -> _Found:
    found = _Found(shown={"sides": cut.sides, "cards": cut.cards, "swapped": cut.swapped})
    pairs, found.problems = pairs_of(text, cut)
    names = Names()
    for pair in pairs:
        note = _note(names, pair.term.split("\n"), pair.definition.split("\n"), pair.line)
        if pair.added:
            note.warnings.append("Lines without the separator were added to the definition above them.")
        found.records.append(note)
    return found


def _from_lines(text: str, marks: Mapping[str, str]) -> _Found:
    if sum(bool(line.strip()) for line in text.split("\n")) > MAX_LINES:
        raise refusal(f"The text has more than {MAX_LINES:,} lines. Split it, or put a separator into each line.")
    chosen = {int(number): Mark(mark) for number, mark in marks.items()}
    lines = marked(text, chosen)
    found = _Found(shown=_shown(lines))
    _Notes(found).read(lines)
    return found


def _shown(lines: Sequence[Line]) -> dict[str, Any]:
    """Return the lines as a page shows them; the least sure ones can be corrected, if there are too many for all."""
    least_sure = sorted(lines, key=lambda line: (line.sure, line.number))[:MOST_CONTROLS]
    open_ = {line.number for line in least_sure}
    return {
        "marks": {str(line.number): str(line.mark) for line in lines if line.number in open_},
        "lines": [
            {
                "number": line.number,
                "text": line.text if len(line.text) <= SHOWN_LINE else f"{line.text[: SHOWN_LINE - 1]}…",
                "mark": str(line.mark),
                "is_open": line.number in open_,
                "is_doubtful": line.sure < DOUBTFUL,
            }
            for line in lines
        ],
        "doubtful": sum(line.sure < DOUBTFUL for line in lines),
        "closed": len(lines) - len(open_),
    }


class _Notes:
    """Puts marked lines together to notes."""

    def __init__(self, found: _Found) -> None:
        self.found = found
        self._names, self._topic_names = Names(), Names()
        self._topic = ""
        self._asking: list[Line] = []
        self._telling: list[Line] = []

    def read(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if line.mark == Mark.TOPIC:
                self._finish()
                self._begin_topic(line)
            elif line.mark == Mark.QUESTION:
                if self._telling or line.is_first:
                    self._finish()
                self._asking.append(line)
            elif line.mark == Mark.ANSWER and self._asking:
                self._telling.append(line)
            elif line.mark == Mark.ANSWER:
                message = "This line answers nothing: mark a line above it as a question, or skip it."
                self.found.problems.append(Problem("file", message, line.number))
        self._finish()
        topics = self.found.topics
        if len(topics) == 1 and all(note.topic for note in self.found.records):
            self.found.title = topics[0].title

    def _begin_topic(self, line: Line) -> None:
        heading = HEADING.fullmatch(line.text)
        title = ((heading["hash"] or heading["equals"]) if heading else line.text)[:200]
        known = next((topic for topic in self.found.topics if topic.title == title), None)
        topic = known or TopicRecord(self._topic_names.free(title, "topic"), title, line=line.number)
        if known is None:
            self.found.topics.append(topic)
        self._topic = topic.slug

    def _finish(self) -> None:
        if not self._asking:
            return
        asking, telling = ([line.text for line in lines] for lines in (self._asking, self._telling))
        asking[0] = PREFIX_OF_QUESTION.sub("", asking[0], count=1)
        if telling:
            telling[0] = PREFIX_OF_ANSWER.sub("", telling[0], count=1)
        note = _note(self._names, asking, telling, self._asking[0].number)
        note.topic = self._topic
        self.found.records.append(note)
        self._asking, self._telling = [], []


def _note(names: Names, question: Sequence[str], answer: Sequence[str], line: int) -> NoteRecord:
    asked, told = tidy_markdown(markdown_of(question)), tidy_markdown(markdown_of(answer))
    note = NoteRecord(names.free(asked, "card"), question=asked, answer=told, line=line)
    if OPENING.search(asked):
        note.kind, note.answer, note.explanation = "cloze", "", told
    return note
