"""What importing would refuse, for every note of a deck and not up to the first one alone."""

from collections.abc import Iterator

from flashcards.decks import checks, services
from flashcards.decks.formats.records import DeckRecord, NoteRecord
from flashcards.decks.models import Deck, Note, Topic
from flashcards.decks.proofing.findings import Finding, Severity
from flashcards.decks.proofing.sheets import Passage, Sheet
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.markdown import Rendered, render

CHECK = "refused"


def of_file(problems: list[Problem]) -> list[Finding]:
    """Return the problems of a file that can't be read as a deck."""
    return [Finding(Severity.ERROR, CHECK, problem.field, problem.message, "", problem.line) for problem in problems]


def read_introduction(record: DeckRecord) -> tuple[Passage, list[Finding]]:
    """Return the deck's introduction, and what is refused of the deck itself."""
    stored = Deck.objects.filter(slug=record.slug).first()
    deck = Deck(pk=stored.pk if stored else None, slug=record.slug, title=record.title, language=record.language)
    rendered: Rendered = render(record.introduction, field="introduction")
    first = record.lines.get("introduction")
    findings = [
        Finding(
            Severity.ERROR,
            CHECK,
            problem.field,
            problem.message,
            record.slug,
            first + problem.line - 1 if first and problem.line else None,
        )
        for problem in (*checks.deck_problems(deck), *rendered.problems)
    ]
    return Passage(record.slug, -1, (rendered.html,), {"introduction": (record.introduction, first)}), findings


def read_sheets(record: DeckRecord) -> tuple[list[Sheet], list[Finding]]:
    """Return every note with its cards, and what is refused of the topics and notes."""
    deck = Deck(slug=record.slug)  # of no row, so that the stored notes' keys and topics' slugs are not taken
    sheets: list[Sheet] = []
    findings: list[Finding] = []
    for place, part in enumerate(record.topics, start=1):
        topic = Topic(deck=deck, slug=part.slug, title=part.title, position=place)
        findings += [
            Finding(Severity.ERROR, CHECK, problem.field, problem.message, part.slug, part.line or None, len(sheets))
            for problem in checks.topic_problems(topic)
        ]
        for position, note in enumerate(part.notes, start=1):
            sheet = Sheet(note, len(sheets))
            sheets.append(sheet)
            findings += _read(sheet, _note(note, topic, position))
    return sheets, findings


def _note(record: NoteRecord, topic: Topic, position: int) -> Note:
    texts = {name: getattr(record, name) for name in ("key", "kind", "question", "answer", "explanation", "reference")}
    return Note(deck=topic.deck, topic=topic, position=position, sources=record.sources, **texts)


def _read(sheet: Sheet, note: Note) -> Iterator[Finding]:
    """Put the cards of `note` into its sheet; yield what is refused of it."""
    try:
        sheet.faces.extend(services.checked_faces(note, sheet.record.tags))
    except Refused as refused:
        for problem in refused.problems:
            yield sheet.error(CHECK, problem.field, problem.message, problem.line)
