"""What may be stored: the rules for notes, tags, topics and decks beyond what the database itself holds."""

import re
from collections.abc import Iterable

from flashcards.decks.formats.records import NoteRecord
from flashcards.decks.models import Deck, Note, Topic
from flashcards.lib.errors import Problem
from flashcards.lib.text import text_problems, tidy

MAX_TAGS = 30
MAX_TAG = 60
MAX_SOURCES = 50
MAX_REASON = 100
MAX_POSITION = 999_999
"""Of a note in its topic: `Card.position` leaves it six digits."""

TAKEN_SLUGS = {"new", "import"}
"""Addresses under decks/ that are pages themselves."""

_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,80}")
_SOURCE = re.compile(r"[\w.:-]{1,40}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_EDGES = re.compile(r"\A(?:[ \t]*\n)+|\s+\Z")


def tidy_markdown(text: str) -> str:
    """Return `text` tidied, without blank lines at its start and space at its end."""
    return _EDGES.sub("", tidy(text))


def tidy_note(note: Note | NoteRecord) -> None:
    """Bring the texts of `note` into the form in which they are stored."""
    note.question = tidy_markdown(note.question)
    note.answer = tidy_markdown(note.answer)
    note.explanation = tidy_markdown(note.explanation)
    note.reference = tidy(note.reference).strip()


def slug_problems(field: str, slug: str) -> list[Problem]:
    """Return what is wrong with a slug or key."""
    if _SLUG.fullmatch(slug):
        return []
    return [Problem(field, f"“{slug[:40]}” is no id: 1 to 80 letters a–z, digits, - or _.")]


def line_problems(field: str, text: str, limit: int, *, required: bool = True) -> list[Problem]:
    """Return what is wrong with a text of one line."""
    if required and not text.strip():
        return [Problem(field, "This is missing.")]
    return text_problems(field, text, limit=limit, one_line=True)


def tag_problems(tags: Iterable[str]) -> list[Problem]:
    """Return what is wrong with these names of tags."""
    names = list(tags)
    if len(names) > MAX_TAGS:
        return [Problem("tags", f"There are {len(names)} tags; at most {MAX_TAGS} are allowed.")]
    problems = []
    for name in names:
        problems += line_problems("tags", name, MAX_TAG)
        if "," in name:
            problems.append(Problem("tags", f"The tag “{name[:MAX_TAG]}” has a comma in it."))
    return problems


def note_problems(note: Note) -> list[Problem]:
    """Return what is wrong with a note's fields, its kind's own apart. Asks the database whether the key is free."""
    problems = note_field_problems(note)
    if not problems and Note.objects.filter(deck=note.deck_id, key=note.key).exclude(pk=note.pk).exists():
        problems.append(Problem("key", f"Another note of this deck has the key “{note.key}”."))
    return problems


def note_field_problems(note: Note) -> list[Problem]:
    """Return what is wrong with a note's fields, its kind's own apart. Does not ask the database."""
    problems = text_field_problems(note)
    if note.topic.deck_id != note.deck_id:
        problems.append(Problem("topic", "The topic belongs to another deck."))
    if not 0 <= note.position <= MAX_POSITION:
        problems.append(Problem("position", f"The position must lie between 0 and {MAX_POSITION:,}."))
    return problems


def text_field_problems(note: Note | NoteRecord) -> list[Problem]:
    """Return what is wrong with what a note says beside its kind's own fields: key, reference, sources."""
    problems = slug_problems("key", note.key)
    problems += line_problems("reference", note.reference, 300, required=False)
    return problems + _sources_problems(note.sources)


def reason_problems(reason: str) -> list[Problem]:
    """Return what is wrong with why a note was changed, as an editor says it."""
    return line_problems("reason", reason, MAX_REASON, required=False)


def _sources_problems(sources: object) -> list[Problem]:
    if not isinstance(sources, list) or len(sources) > MAX_SOURCES:
        return [Problem("sources", f"Sources must be a list of at most {MAX_SOURCES} ids.")]
    return [
        Problem("sources", f"“{str(source)[:40]}” is no source id: letters, digits, . : - and _, at most 40.")
        for source in sources
        if not isinstance(source, str) or not _SOURCE.fullmatch(source)
    ]


def topic_problems(topic: Topic) -> list[Problem]:
    """Return what is wrong with a topic. Asks the database whether the slug is free."""
    problems = slug_problems("slug", topic.slug) + line_problems("title", topic.title, 200)
    if not 0 <= topic.position <= MAX_POSITION:
        problems.append(Problem("position", f"The position must lie between 0 and {MAX_POSITION:,}."))
    if not problems and Topic.objects.filter(deck=topic.deck_id, slug=topic.slug).exclude(pk=topic.pk).exists():
        problems.append(Problem("slug", f"Another topic of this deck has the id “{topic.slug}”."))
    return problems


def language_problems(language: str) -> list[Problem]:
    """Return what is wrong with a deck's language."""
    if len(language) <= 35 and _LANGUAGE.fullmatch(language):
        return []
    return [Problem("language", "This is no language tag, such as en or pt-BR.")]


def deck_problems(deck: Deck) -> list[Problem]:
    """Return what is wrong with a deck, its introduction apart. Asks the database whether the slug is free."""
    problems = slug_problems("slug", deck.slug) + line_problems("title", deck.title, 200)
    if deck.slug in TAKEN_SLUGS:
        problems.append(Problem("slug", f"“{deck.slug}” is the address of another page."))
    problems += language_problems(deck.language)
    if not problems and Deck.objects.filter(slug=deck.slug).exclude(pk=deck.pk).exists():
        problems.append(Problem("slug", f"Another deck has the id “{deck.slug}”."))
    return problems
