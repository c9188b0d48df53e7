import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.decks.checks import tidy_markdown
from flashcards.decks.formats import text
from flashcards.decks.formats.records import DeckRecord, NoteRecord, TopicRecord
from flashcards.lib.errors import Problem, Refused
from flashcards.lib.formulas import fenced_lines

EXAMPLE = """---
deck: physics
title: Physics: light
language: en
---

About light.

# Waves {#waves}

## photon
tags: basics, light
sources: S01, S02
reference: Einstein, 1905

What is a photon?

---

A quantum of light.

---

An explanation.

## gap
kind: cloze

Light is {{c1::fast}}.

# Code & more {#code}

## fenced

Ask

```python
# a comment
---
## not-a-note
```

---

\\---
\\## not a note
"""


def problems(source: str | bytes) -> list[Problem]:
    with pytest.raises(Refused) as refused:
        text.parse(source.encode() if isinstance(source, str) else source)
    return refused.value.problems


def test_the_parts_of_a_file() -> None:
    deck = text.parse(EXAMPLE.encode())

    assert (deck.slug, deck.title, deck.language) == ("physics", "Physics: light", "en")
    assert deck.introduction == "About light."
    assert [(topic.slug, topic.title) for topic in deck.topics] == [("waves", "Waves"), ("code", "Code & more")]
    photon, gap, fenced = deck.notes()
    assert photon == NoteRecord(
        "photon",
        "basic",
        "What is a photon?",
        "A quantum of light.",
        "An explanation.",
        tags=["basics", "light"],
        sources=["S01", "S02"],
        reference="Einstein, 1905",
    )
    assert (photon.line, photon.lines) == (11, {"question": 16, "answer": 20, "explanation": 24})
    assert (gap.kind, gap.question, gap.answer) == ("cloze", "Light is {{c1::fast}}.", "")
    assert "# a comment\n---\n## not-a-note" in fenced.question
    assert fenced.answer == "---\n## not a note"


def test_the_example_is_in_canonical_form() -> None:
    assert text.write(text.parse(EXAMPLE.encode())).decode() == EXAMPLE


@pytest.mark.parametrize("change", [lambda t: t.replace("\n", "\r\n"), lambda t: "\ufeff" + t, lambda t: t + "\n\n"])
def test_newlines_of_other_systems_change_nothing(change: object) -> None:
    assert callable(change)
    assert text.parse(change(EXAMPLE).encode()) == text.parse(EXAMPLE.encode())


HEAD = "---\ndeck: d\ntitle: D\n---\n\n# T {#t}\n\n"


@pytest.mark.parametrize(
    ("source", "line", "field", "said"),
    [
        ("", 1, "file", "must begin with ---"),
        ("# T {#t}\n", 1, "file", "must begin with ---"),
        ("---\ntitle: D\n---\n", 1, "deck", "missing"),
        ("---\ndeck: d\n---\n", 1, "title", "missing"),
        ("---\ndeck: d\ntitle: D\n", 4, "file", "must end with ---"),
        ("---\ndeck: d d\ntitle: D\n---\n", 2, "deck", "no id"),
        ("---\ndeck: d\ntitle: D\ncolour: red\n---\n", 4, "file", "colour"),
        ("---\ndeck: d\ndeck: e\ntitle: D\n---\n", 3, "deck", "twice"),
        (HEAD + "# Without id\n", 8, "topic", "{#id}"),
        (HEAD + "# Again {#t}\n", 8, "topic", "first on line 6"),
        (HEAD + "lost text\n", 8, "topic", "belongs to nothing"),
        ("---\ndeck: d\ntitle: D\n---\n\n## n\n\nq\n\n---\n\na\n", 6, "topic", "before the first topic"),
        (HEAD + "## a b\n\nq\n\n---\n\na\n", 8, "key", "no id"),
        (HEAD + "## n\n\nq\n\n---\n\na\n\n## n\n\nq\n\n---\n\na\n", 16, "key", "first on line 8"),
        (HEAD + "## n\ncolour: red\n\nq\n\n---\n\na\n", 9, "file", "colour"),
        (HEAD + "## n\nkind: basic\nkind: basic\n\nq\n\n---\n\na\n", 10, "kind", "twice"),
        (HEAD + "## n\nq\n\n---\n\na\n", 9, "file", "empty line"),
        (HEAD + "## n\nkind: chess\n\nq\n", 8, "kind", "chess"),
        (HEAD + "## n\n\nq\n", 8, "answer", "Answer is missing"),
        (HEAD + "## n\n\n---\n\na\n", 8, "question", "Question is missing"),
        (HEAD + "## n\nkind: cloze\n\n{{c1::a}}\n\n---\n\nb\n\n---\n\nc\n", 19, "file", "one too many"),
        (HEAD + "## n\n\nq\n\n---\n\n```\na\n", 14, "file", "never closed"),
        (HEAD + "## n\n\nq\n\n---\n\na\x00\n", 14, "file", "U+0000"),
        (HEAD + "## n\n\nq \u202e\n", 10, "file", "U+202E"),
    ],
)
def test_an_error_names_its_line(source: str, line: int, field: str, said: str) -> None:
    problem = next(each for each in problems(source) if said in each.message)

    assert (problem.line, problem.field) == (line, field)


def test_a_fence_left_open_does_not_swallow_the_next_note() -> None:
    source = HEAD + "## a\n\n```\nq\n\n---\n\nx\n\n## b\nkind: basic\n\n```\nq\n```\n\n---\n\ny\n"

    assert any("not closed" in problem.message for problem in problems(source))


def test_all_errors_are_told_at_once_in_order() -> None:
    found = problems(HEAD + "## a b\n\nq\n\n## c\nkind: chess\n\nq\n\n## d\n\nq\n")

    assert [problem.line for problem in found] == [8, 8, 12, 17]


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    (problem,) = problems(b"---\ndeck: d\ntitle: \xff\n---\n")
    assert (problem.line, problem.message) == (3, "Byte 0xff is not UTF-8.")


def test_a_file_too_big_is_refused() -> None:
    (problem,) = problems(b"x" * (text.MAX_BYTES + 1))
    assert "at most" in problem.message


def test_the_built_in_deck_is_sound(pytestconfig: pytest.Config) -> None:
    deck = text.parse(Path(pytestconfig.rootpath, "fixtures", "deep-learning.md").read_bytes())

    assert text.parse(text.write(deck)) == deck


SLUGS = st.text(string.ascii_lowercase + string.digits + "-_", min_size=1, max_size=12)
LINES = st.text(st.sampled_from("ab #-:\\{}`~é漢\t"), min_size=1, max_size=20).map(str.strip).filter(bool)
WORDS = st.text(st.sampled_from("ab c:#{}é-"), min_size=1, max_size=12).map(str.strip).filter(bool)
STRUCTURE = st.sampled_from(
    [
        "---",
        "# a",
        "## b",
        "## b {#c}",
        "\\---",
        "\\\\# a",
        "```\n# a\n---\n```",
        "~~~py\n## b\n~~~",
        "a",
        "",
        "    x",
        "- a",
    ]
)


def whole(value: str) -> bool:
    return bool(value) and fenced_lines(value.split("\n"))[1] is None


TEXTS = st.lists(STRUCTURE | LINES, min_size=1, max_size=6).map("\n".join).map(tidy_markdown).filter(whole)
NOTES = st.builds(
    NoteRecord,
    key=SLUGS,
    kind=st.sampled_from(["basic", "reversed"]),
    question=TEXTS,
    answer=TEXTS,
    explanation=st.just("") | TEXTS,
    tags=st.lists(WORDS, max_size=3, unique=True),
    sources=st.lists(SLUGS, max_size=3, unique=True),
    reference=st.just("") | WORDS,
)
CLOZES = st.builds(NoteRecord, key=SLUGS, kind=st.just("cloze"), question=TEXTS, explanation=st.just("") | TEXTS)


@st.composite
def decks(draw: st.DrawFn) -> DeckRecord:
    notes = draw(st.lists(NOTES | CLOZES, max_size=6, unique_by=lambda note: note.key))
    slugs = draw(st.lists(SLUGS, min_size=1, max_size=3, unique=True))
    topics = [TopicRecord(slug, draw(WORDS)) for slug in slugs]
    for note in notes:
        draw(st.sampled_from(topics)).notes.append(note)
    return DeckRecord(draw(SLUGS), draw(WORDS), "en", draw(st.just("") | TEXTS), topics)


@given(decks())
def test_what_is_written_reads_the_same(deck: DeckRecord) -> None:
    written = text.write(deck)

    assert text.parse(written) == deck
    assert text.write(text.parse(written)) == written


@given(st.lists(STRUCTURE | LINES, max_size=30).map("\n".join))
def test_any_file_is_read_or_refused_and_then_written_the_same(source: str) -> None:
    source = f"{HEAD}## n\n\n{source}"
    found: list[Problem] = []
    deck = None
    try:
        deck = text.parse(source.encode())
    except Refused as refused:
        found = refused.problems
    assert all(problem.line and problem.line <= source.count("\n") + 1 for problem in found)
    assert deck is None or text.parse(text.write(deck)) == deck
