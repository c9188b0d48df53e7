"""The built-in deck: it imports without a fault, covers every subject of its source, and is what export writes."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from flashcards.decks.models import Card, Note

DECK = settings.BASE_DIR / "fixtures" / "deep-learning.md"
COVERAGE = [DECK.with_name(f"deep-learning.{part}.csv") for part in ("subjects", "beyond")]


@pytest.mark.django_db
def test_it_imports_covers_every_subject_and_comes_back_the_same(tmp_path: Path) -> None:
    said = StringIO()
    call_command("import_deck", str(DECK), json=True, stdout=said)
    report = json.loads(said.getvalue())
    assert report["errors"] == []
    assert report["notes"] == report["created"] == Note.objects.count()
    assert report["cards"] == Card.objects.count()
    subjects = {row["id"] for file in COVERAGE for row in csv.DictReader(file.open(encoding="utf-8"))}
    assert {source for sources in Note.objects.values_list("sources", flat=True) for source in sources} == subjects
    assert not Note.objects.filter(sources=[]).exists()
    assert not Note.objects.filter(tags=None).exists()
    call_command("export_deck", "deep-learning", str(tmp_path / "deck.md"), stdout=StringIO())
    assert (tmp_path / "deck.md").read_text(encoding="utf-8") == DECK.read_text(encoding="utf-8")


@pytest.mark.django_db
def test_a_proof_reader_finds_no_error_in_it() -> None:
    said = StringIO()
    call_command("check_deck", str(DECK), coverage=COVERAGE, stdout=said)
    assert said.getvalue().splitlines()[-1].startswith("0 errors, ")
