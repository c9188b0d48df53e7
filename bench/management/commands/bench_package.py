"""`manage.py bench_package PACKAGE`: an Anki package into the database and out again; prints JSON.

A process of its own, so that its high-water mark is the import's.
"""

import json
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from bench.management.commands.bench_gradebook import highest
from flashcards.decks.transfers.at_once import Order, import_file
from flashcards.decks.transfers.exporting import writer_of


class Command(BaseCommand):
    """Imports as `import_deck` does, exports as `export_deck` does."""

    help = "Print the seconds that importing and exporting an Anki package take, and the MB that importing takes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the package."""
        parser.add_argument("package", type=Path)

    def handle(self, *, package: Path, **_options: Any) -> None:
        """Measure."""
        before, began = highest(), perf_counter()
        report = import_file(Order(package), timezone.now(), _nothing)
        imported = perf_counter() - began
        peak = highest() - before
        deck = report.written.deck
        with tempfile.TemporaryDirectory() as folder:
            began = perf_counter()
            writer_of("anki").write(Path(folder) / "out.apkg", deck, None, _nothing)
            exported = perf_counter() - began
        numbers = {"import": imported, "export": exported, "peak_mb": peak, "notes": report.written.created}
        self.stdout.write(json.dumps(numbers))


def _nothing(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""
