"""Anki's own package, measured in a process of its own: `python -m bench.anki_side WHAT FOLDER`; prints JSON.

`make` writes a package of basic notes with images; `import` and `export` time what Anki does with such a package.
"""

import json
import random
import sys
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any

from anki.collection import (
    AddNoteRequest,
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)
from PIL import Image

WORDS = [
    "gradient", "layer", "weight", "loss", "batch", "epoch", "kernel", "stride", "padding", "attention", "query",
    "key", "value", "softmax", "entropy", "dropout", "momentum", "learning", "rate", "activation", "sigmoid", "tanh",
]  # fmt: skip


def make(folder: Path, notes: int, images: int) -> dict[str, float]:
    """Write FOLDER/foreign.apkg with so many notes, each a sentence or two on both sides; return its size in MB."""
    chance = random.Random(1)  # noqa: S311  the same package each time
    collection = Collection(str(folder / "made.anki2"))
    basic = collection.models.by_name("Basic")
    deck = collection.decks.id("Bench")
    if basic is None or deck is None:
        raise ValueError("Anki has no Basic note type")
    for number in range(images):
        picture = Image.effect_noise((640, 400), 40 + number)
        held = BytesIO()
        picture.save(held, "JPEG", quality=70)
        collection.media.write_data(f"picture-{number}.jpg", held.getvalue())
    requests = []
    for number in range(notes):
        note = collection.new_note(basic)
        note["Front"] = f"{number}. What does the <b>{chance.choice(WORDS)}</b> do to the {_sentence(chance, 8)}?"
        note["Back"] = f"{_sentence(chance, 14)}<br>{_sentence(chance, 6)}"
        if number % (notes // images) == 0:
            note["Back"] += f'<br><img src="picture-{number // (notes // images)}.jpg">'
        note.tags = [chance.choice(WORDS)]
        requests.append(AddNoteRequest(note, deck))
    collection.add_notes(requests)
    return export(collection, folder / "foreign.apkg")


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words))


def export(collection: Collection, path: Path) -> dict[str, float]:
    """Write the whole collection as a package; return the seconds it takes and its size."""
    options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, with_media=True, legacy=True)
    began = perf_counter()
    collection.export_anki_package(out_path=str(path), options=options, limit=None)
    taken = perf_counter() - began
    collection.close()
    return {"seconds": taken, "mb": path.stat().st_size / 1e6}


def bring_in(folder: Path, name: str) -> dict[str, float]:
    """Import a package into an empty collection, then export that; return the seconds of each and the notes."""
    collection = Collection(str(folder / "fresh.anki2"))
    request = ImportAnkiPackageRequest(package_path=str(folder / name), options=ImportAnkiPackageOptions())
    began = perf_counter()
    collection.import_anki_package(request)
    taken = perf_counter() - began
    notes = collection.note_count()
    exported = export(collection, folder / "again.apkg")
    return {"seconds": taken, "notes": notes, "export_seconds": exported["seconds"]}


def main() -> None:
    """Do what is asked for."""
    what, folder, *numbers = sys.argv[1:]
    sizes = [int(number) for number in numbers]
    doing: dict[str, Any] = {
        "make": lambda: make(Path(folder), *sizes),
        "import": lambda: bring_in(Path(folder), "foreign.apkg"),
    }
    sys.stdout.write(json.dumps(doing[what]()) + "\n")


if __name__ == "__main__":
    main()
