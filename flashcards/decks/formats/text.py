"""The Markdown deck file ⇄ records. `docs/deck-format.md` is its manual."""

import re
from collections.abc import Iterable

from flashcards.decks import kinds
from flashcards.decks.checks import line_problems, slug_problems, tidy_markdown
from flashcards.decks.formats.records import USUAL_KIND, DeckRecord, NoteRecord, TopicRecord
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.formulas import fenced_lines
from flashcards.lib.text import text_problems, tidy

MAX_BYTES = 10_000_000

_DECK_HEADERS = {"deck", "title", "language"}
_NOTE_HEADERS = {"kind", "tags", "sources", "reference"}
_HEADER = re.compile(r"([A-Za-z][\w-]*):[ \t]*(.*)")
_TOPIC = re.compile(r"# +(.*\S)[ \t]+\{#([^{}\s]*)\}[ \t]*")
_NOTE = re.compile(r"## +(\S.*)")
_STRUCTURE = re.compile(r"##? .*|---")
_ESCAPED = re.compile(r"\\+(?:##? .*|---)")


def read_text(data: bytes) -> str:
    """Return the text of a file; raises Refused if it is too big, not UTF-8 or holds what is not accepted."""
    if len(data) > MAX_BYTES:
        raise Refused([Problem("file", f"The file is {len(data):,} bytes big; at most {MAX_BYTES:,} are allowed.")])
    try:
        text = tidy(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused([Problem("file", f"Byte 0x{data[error.start]:02x} is not UTF-8.", line)]) from None
    if problems := text_problems("file", text, limit=MAX_BYTES):
        raise Refused(problems)
    return text


def parse(data: bytes) -> DeckRecord:
    """Return the deck that the file's bytes hold; raises Refused with every problem and its line."""
    return _Parser(read_text(data)).deck()


def write(deck: DeckRecord) -> bytes:
    """Return `deck` as a file in its one canonical form: `parse` gives the same record back."""
    lines = ["---", f"deck: {deck.slug}", f"title: {deck.title}", f"language: {deck.language}", "---"]
    if deck.introduction:
        lines += ["", *_escaped(deck.introduction)]
    for topic in deck.topics:
        lines += ["", f"# {topic.title} {{#{topic.slug}}}"]
        for note in topic.notes:
            lines += ["", *_note_lines(note)]
    return ("\n".join(lines) + "\n").encode()


def _note_lines(note: NoteRecord) -> list[str]:
    lines = [f"## {note.key}"]
    if note.kind != USUAL_KIND:
        lines.append(f"kind: {note.kind}")
    if note.tags:
        lines.append(f"tags: {', '.join(note.tags)}")
    if note.sources:
        lines.append(f"sources: {', '.join(note.sources)}")
    if note.reference:
        lines.append(f"reference: {note.reference}")
    for index, part in enumerate(kinds.get(note.kind).parts):
        text = getattr(note, part.name)
        if text or part.required:
            lines += ["", *(["---", ""] if index else []), *_escaped(text)]
    return lines


def _escaped(text: str) -> list[str]:
    """Return the lines of `text`; those that would be read as structure get a backslash in front."""
    lines = text.split("\n")
    fenced, _ = fenced_lines(lines)
    marked = re.compile(f"{_STRUCTURE.pattern}|{_ESCAPED.pattern}")
    return [
        f"\\{line}" if index not in fenced and marked.fullmatch(line) else line for index, line in enumerate(lines)
    ]


class _Parser:
    """Reads line by line; `at` is the index of the next line. Problems are collected, not raised."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.at = 0
        self.problems: list[Problem] = []
        self.fenced, unclosed = fenced_lines(self.lines)
        if unclosed is not None:
            self.problem("file", "A code fence is opened here and never closed.", unclosed)
        self._look_for_swallowed_notes()
        self.topics: dict[str, int] = {}
        self.keys: dict[str, int] = {}

    def problem(self, field: str, message: str, index: int) -> None:
        self.problems.append(Problem(field, message, index + 1))

    def deck(self) -> DeckRecord:
        deck = DeckRecord("", "")
        self._deck_headers(deck)
        start, text = self._block()
        deck.introduction = text
        deck.lines["introduction"] = start + 1
        while self.at < len(self.lines):
            self._topic(deck)
        if self.problems:
            raise Refused(sorted(self.problems, key=lambda problem: problem.line or 0))
        return deck

    def _structure(self, index: int) -> str | None:
        line = self.lines[index].rstrip()
        return line if index not in self.fenced and _STRUCTURE.fullmatch(line) else None

    def _look_for_swallowed_notes(self) -> None:
        for index in sorted(self.fenced):
            line, after = self.lines[index], self.lines[index + 1 : index + 2]
            header = _HEADER.fullmatch(after[0]) if after else None
            if _NOTE.fullmatch(line) and header and header[1] in _NOTE_HEADERS:
                self.problem(
                    "file", "This looks like a note but stands in code: a fence before it is not closed.", index
                )

    def _deck_headers(self, deck: DeckRecord) -> None:
        if not self.lines or self.lines[0].rstrip() != "---":
            self.problem("file", "The file must begin with --- and the lines deck: and title:.", 0)
            return
        self.at = 1
        headers = self._headers(_DECK_HEADERS, "This deck header")
        if self.at < len(self.lines) and self.lines[self.at].rstrip() == "---":
            self.at += 1
        else:
            self.problem("file", "The deck's header lines must end with ---.", min(self.at, len(self.lines) - 1))
        deck.slug, deck.title = headers.get("deck", ""), headers.get("title", "")
        deck.language = headers.get("language") or "en"
        for field in ("deck", "title"):
            if field not in headers:
                self.problem(field, f"The header {field}: is missing.", 0)
        if "deck" in headers:
            self._collect(slug_problems("deck", deck.slug), 1)

    def _headers(self, known: Iterable[str], what: str) -> dict[str, str]:
        headers: dict[str, str] = {}
        while self.at < len(self.lines) and self.lines[self.at].strip() and not self._structure(self.at):
            found = _HEADER.fullmatch(self.lines[self.at].strip())
            if not found:
                self.problem("file", f"{what} is not “name: value”. Put an empty line before the text.", self.at)
            elif found[1] not in known:
                names = ", ".join(sorted(known))
                self.problem("file", f"{what} is unknown: “{found[1][:40]}”. There are: {names}.", self.at)
            elif found[1] in headers:
                self.problem(found[1], f"{what} is there twice.", self.at)
            else:
                headers[found[1]] = found[2].strip()
            self.at += 1
        return headers

    def _block(self) -> tuple[int, str]:
        """Return the index where text begins, and the text up to the next line of structure."""
        start = self.at
        while self.at < len(self.lines) and not self._structure(self.at):
            self.at += 1
        block = self.lines[start : self.at]
        text = tidy_markdown(
            "\n".join(
                line[1:] if start + index not in self.fenced and _ESCAPED.fullmatch(line.rstrip()) else line
                for index, line in enumerate(block)
            )
        )
        skipped = next((index for index, line in enumerate(block) if line.strip()), 0)
        return min(start + skipped, len(self.lines) - 1), text

    def _topic(self, deck: DeckRecord) -> None:
        index, line = self.at, self.lines[self.at].rstrip()
        self.at += 1
        found = _TOPIC.fullmatch(line)
        if line.startswith("## "):
            self.problem("topic", "A note stands before the first topic. Begin one: # Title {#id}", index)
            self.at = index
        elif not found:
            self.problem("topic", "A topic needs a title and an id: # Title {#id}", index)
        topic = TopicRecord(found[2] if found else "", found[1] if found else "", line=index + 1)
        if found:
            self._collect(slug_problems("topic", topic.slug) + line_problems("topic", topic.title, 200), index)
            self._once(self.topics, "topic", topic.slug, index)
        start, text = self._block()
        if text:
            self.problem("topic", "Text between a topic's title and its first note belongs to nothing.", start)
        deck.topics.append(topic)
        while self.at < len(self.lines) and not (self._structure(self.at) or "").startswith("# "):
            self._note(topic)

    def _note(self, topic: TopicRecord) -> None:
        index = self.at
        found = _NOTE.fullmatch(self.lines[index].rstrip())
        self.at += 1
        note = NoteRecord(found[1] if found else "", line=index + 1)
        if not found:
            self.problem("file", "This line separates nothing: no note has begun.", index)
            return
        self._collect(slug_problems("key", note.key), index)
        self._once(self.keys, "key", note.key, index)
        headers = self._headers(_NOTE_HEADERS, "This note header")
        note.kind = headers.get("kind") or USUAL_KIND
        note.tags = _listed(headers.get("tags", ""))
        note.sources = _listed(headers.get("sources", ""))
        note.reference = headers.get("reference", "")
        parts = [self._block()]
        while self.at < len(self.lines) and self._structure(self.at) == "---":
            self.at += 1
            parts.append(self._block())
        self._assign(note, parts)
        topic.notes.append(note)

    def _assign(self, note: NoteRecord, parts: list[tuple[int, str]]) -> None:
        try:
            wanted = kinds.get(note.kind).parts
        except Refused as refused:
            self._collect(refused.problems, note.line - 1)
            return
        for part, (start, text) in zip(wanted, parts, strict=False):
            setattr(note, part.name, text)
            note.lines[part.name] = start + 1
        for part in wanted:
            if part.required and not getattr(note, part.name):
                self.problem(part.name, f"{note.key}: {part.label} is missing.", note.line - 1)
        if len(parts) > len(wanted):
            names = ", ".join(part.label.lower() for part in wanted)
            message = f"{note.key}: a {note.kind} note has these parts: {names}. This is one too many."
            self.problem("file", message, parts[len(wanted)][0])

    def _once(self, seen: dict[str, int], field: str, name: str, index: int) -> None:
        if name in seen:
            self.problem(field, f"“{name[:80]}” is there twice; first on line {seen[name]}.", index)
        seen.setdefault(name, index + 1)

    def _collect(self, problems: Iterable[Problem], index: int) -> None:
        for problem in problems:
            self.problem(problem.field, problem.message, index)


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
