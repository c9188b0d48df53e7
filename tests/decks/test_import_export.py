import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from flashcards.decks.kinds import all_kinds
from flashcards.decks.models import Card, Deck, Note, Topic

FIXTURE = Path("fixtures", "deep-learning.md")
DECK = """---
deck: physics
title: Physics
language: en
---

About $x$.

# Waves {#waves}

## photon
tags: basics, light
sources: S01

What is a photon?

---

A quantum of light.

## speed
kind: cloze

Light is {{c1::fast}} and {{c2::bright}}.

# Matter {#matter}

## mass

What is mass?

---

$m$

---

Because.
"""

type Run = dict[str, object]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "deck.md"
    path.write_text(DECK)
    return path


def run(file: Path, **options: object) -> Run:
    out = StringIO()
    call_command("import_deck", str(file), json=True, stdout=out, stderr=StringIO(), **options)
    result: Run = json.loads(out.getvalue())
    return result


def counts(result: Run) -> tuple[object, ...]:
    return result["created"], result["updated"], result["unchanged"]


pytestmark = pytest.mark.django_db


def test_the_first_import_creates_the_deck(file: Path) -> None:
    assert run(file) == {
        "notes": 3, "cards": 4, "created": 3, "updated": 0, "unchanged": 0, "media": 0, "reviews": 0, "errors": [],
    }  # fmt: skip

    deck = Deck.objects.get()
    assert (deck.slug, deck.title, deck.owner, deck.is_public) == ("physics", "Physics", None, True)
    assert "<math" in deck.introduction_html
    assert [card.note.key for card in Card.objects.order_by("position")] == ["photon", "speed", "speed", "mass"]
    photon = Note.objects.get(key="photon")
    assert photon.sources == ["S01"]
    assert sorted(tag.name for tag in photon.tags.all()) == ["basics", "light"]


def test_the_second_import_touches_nothing(file: Path) -> None:
    run(file)
    history = Note.history.count(), Topic.history.count(), Deck.history.count()
    stamps = list(Note.objects.order_by("pk").values_list("updated_at", flat=True))

    assert counts(run(file)) == (0, 0, 3)
    assert (Note.history.count(), Topic.history.count(), Deck.history.count()) == history
    assert list(Note.objects.order_by("pk").values_list("updated_at", flat=True)) == stamps


def test_an_edited_note_keeps_its_cards(file: Path) -> None:
    run(file)
    before = dict(Card.objects.values_list("note__key", "pk").filter(ordinal=1))

    file.write_text(DECK.replace("A quantum of light.", "A *quantum* of light."))

    assert counts(run(file)) == (0, 1, 2)
    assert dict(Card.objects.values_list("note__key", "pk").filter(ordinal=1)) == before
    assert "<em>quantum</em>" in Card.objects.get(note__key="photon").answer_html


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tags: basics, light", "tags: light"),
        ("sources: S01", "sources: S02"),
        ("sources: S01", "reference: A book, 1905"),
        ("Because.", "Because so."),
    ],
)
def test_every_field_counts_as_a_change(file: Path, old: str, new: str) -> None:
    run(file)
    file.write_text(DECK.replace(old, new))

    assert counts(run(file)) == (0, 1, 2)
    assert counts(run(file)) == (0, 0, 3)


def test_a_new_order_moves_notes_without_touching_them(file: Path) -> None:
    run(file)
    history = Note.history.count()
    head, waves, matter = DECK.split("\n# ")
    photon, speed = waves.split("\n## ")[1:]
    new = "\n## new\n\nNew?\n\n---\n\nNew.\n"
    file.write_text(f"{head}\n# {matter}\n# Waves {{#waves}}\n{new}\n## {speed}\n## {photon}")

    assert counts(run(file)) == (1, 0, 3)
    assert Note.history.count() == history + 1
    in_order = Card.objects.order_by("position").values_list("note__key", flat=True)
    assert list(in_order) == ["mass", "new", "speed", "speed", "photon"]


def test_a_note_that_is_gone_is_named_and_left(file: Path) -> None:
    run(file)
    file.write_text(DECK[: DECK.index("# Matter")])
    errors = StringIO()

    call_command("import_deck", str(file), stdout=StringIO(), stderr=errors)

    assert "mass" in errors.getvalue()
    assert Note.objects.get(key="mass").archived_at is None


def test_pruning_archives_it_and_the_file_brings_it_back(file: Path) -> None:
    run(file)
    card = Card.objects.get(note__key="mass").pk
    file.write_text(DECK[: DECK.index("# Matter")])

    assert run(file, prune=True)["cards"] == 3
    assert Note.objects.get(key="mass").archived_at is not None
    assert Card.objects.get(pk=card).archived_at is not None

    file.write_text(DECK)
    assert counts(run(file)) == (0, 1, 2)
    assert Card.objects.get(pk=card).archived_at is None


def test_one_error_and_nothing_is_changed(file: Path) -> None:
    run(file)
    broken = DECK.replace("A quantum of light.", "Never stored.").replace("$m$", "a\n\n$\\foo$")
    file.write_text(broken.replace("{{c2::bright}}", "{{c2::bright").replace("title: Physics", "title: Other"))
    out = StringIO()

    with pytest.raises(CommandError, match="2 wrong"):
        call_command("import_deck", str(file), json=True, stdout=out, stderr=StringIO())

    result = json.loads(out.getvalue())
    lines = file.read_text().split("\n")
    assert [(error["line"], error["field"]) for error in result["errors"]] == [
        (lines.index("Light is {{c1::fast}} and {{c2::bright.") + 1, "question"),
        (lines.index("$\\foo$") + 1, "answer"),
    ]
    assert all(set(error) == {"line", "field", "message"} for error in result["errors"])
    assert Note.objects.get(key="photon").answer == "A quantum of light."
    assert Deck.objects.get().title == "Physics"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"x" * 10_000_001, "at most"),
        (b"", "must begin"),
        (DECK.replace("About $x$.", "About $\\foo$.").encode(), "introduction: Formula"),
        (DECK.replace("title: Physics", "title: " + "x" * 201).encode(), "title"),
        (DECK.replace("language: en", "language: English please").encode(), "language tag"),
        (DECK.replace("sources: S01", "sources: S 01").encode(), "no source id"),
        (DECK.replace("tags: basics", "tags: " + "x" * 61).encode(), "at most 60"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(file: Path, content: bytes, said: str) -> None:
    file.write_bytes(content)
    errors = StringIO()

    with pytest.raises(CommandError):
        call_command("import_deck", str(file), stdout=StringIO(), stderr=errors)

    assert said in errors.getvalue()
    assert f"{file}:" in errors.getvalue()
    assert not Deck.objects.exists()


def test_a_missing_file_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("import_deck", str(tmp_path / "none.md"), stdout=StringIO(), stderr=StringIO())


def test_a_deck_can_be_kept_private(file: Path) -> None:
    run(file, public=False)
    assert not Deck.objects.get().is_public
    run(file)
    assert not Deck.objects.get().is_public
    run(file, public=True)
    assert Deck.objects.get().is_public


def test_what_is_exported_changes_nothing_when_imported(file: Path, tmp_path: Path) -> None:
    run(file)
    exported = tmp_path / "exported.md"

    call_command("export_deck", "physics", str(exported), stdout=StringIO())

    assert exported.read_text() == DECK
    assert counts(run(exported)) == (0, 0, 3)


def test_there_must_be_a_deck_to_export(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no deck"):
        call_command("export_deck", "none", str(tmp_path / "x.md"))


def test_the_built_in_deck_goes_in_and_out(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    first = run(pytestconfig.rootpath / FIXTURE)
    exported = tmp_path / "exported.md"
    call_command("export_deck", "deep-learning", str(exported), stdout=StringIO())

    assert first["created"] == first["notes"]
    assert counts(run(exported)) == (0, 0, first["notes"])


def test_a_thousand_unchanged_notes_are_not_rendered_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = "\n## note-{}\ntags: a\n\nAsk **{}** $x_{{{}}}$\n\n---\n\nSay\n"
    file = tmp_path / "many.md"
    head = "---\ndeck: many\ntitle: Many\n---\n\n# T {#t}\n"
    file.write_text(head + "".join(note.format(number, number, number) for number in range(1000)))
    assert counts(run(file)) == (1000, 0, 0)

    def never(*_args: object, **_options: object) -> None:
        pytest.fail("an unchanged note was rendered again")

    for kind in all_kinds():
        monkeypatch.setattr(type(kind), "faces", never)
    assert counts(run(file)) == (0, 0, 1000)
