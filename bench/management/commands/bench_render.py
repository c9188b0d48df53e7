"""`manage.py bench_render`: how long it takes to make the cards of each note of the built-in deck; prints JSON."""

import json
from collections import defaultdict
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand

from flashcards.decks import kinds
from flashcards.decks.formats import text
from flashcards.study.management.commands.prepare import BUILT_IN_DECK

ROUNDS = 3


class Command(BaseCommand):
    """Renders in this process, without a database."""

    help = "Print the milliseconds that a note of the built-in deck takes to render."
    requires_system_checks = ()

    def handle(self, **_options: Any) -> None:
        """Render the whole deck several times; of each note the quickest counts, once everything is warm."""
        notes = text.parse(BUILT_IN_DECK.read_bytes()).notes()
        best = [min(_seconds(note) for _ in range(ROUNDS)) for note in notes]
        by_kind: defaultdict[str, list[float]] = defaultdict(list)
        for note, seconds in zip(notes, best, strict=True):
            by_kind[note.kind].append(1000 * seconds)
        every = [milliseconds for each in by_kind.values() for milliseconds in each]
        result = {f"render_{kind}_ms": median(each) for kind, each in by_kind.items()}
        result |= {"render_note_ms": median(every), "render_note_ms_p95": quantiles(every, n=20)[-1]}
        self.stdout.write(json.dumps(result))


def _seconds(note: Any) -> float:
    began = perf_counter()
    kinds.get(note.kind).faces(note)
    return perf_counter() - began
