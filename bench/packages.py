"""An Anki package in and out, beside what Anki's own engine needs for the same package in the same run."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.server import ROOT, SQLITE, Trouble, site

NOTES, IMAGES = 10_000, 100
SHORT = 1_000, 20


def package(notes: int, images: int) -> dict[str, float]:
    """Return how many times as long as Anki it takes to import and to export so many notes, and the memory it takes.

    Raises Trouble.
    """
    with tempfile.TemporaryDirectory() as name, site(SQLITE, "package") as made:
        folder = Path(name)
        _anki("make", folder, notes, images)
        theirs = _anki("import", folder)
        ours = made.ask("bench_package", str(folder / "foreign.apkg"))
        if not ours["notes"] == theirs["notes"] == notes:
            raise Trouble(f"of {notes} notes Anki took {theirs['notes']} and we took {ours['notes']}")
    return {
        "apkg_import_vs_anki": ours["import"] / theirs["seconds"],
        "apkg_export_vs_anki": ours["export"] / theirs["export_seconds"],
        "apkg_import_peak_mb": ours["peak_mb"],
        "apkg_import_ms_a_note": 1000 * ours["import"] / notes,
        "apkg_export_ms_a_note": 1000 * ours["export"] / notes,
        "apkg_import_anki_seconds": theirs["seconds"],
    }


def _anki(what: str, folder: Path, *sizes: int) -> Any:
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "bench.anki_side", what, str(folder), *map(str, sizes)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"Anki's side ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout)
