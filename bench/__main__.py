"""`python -m bench [--only PART] [--short]`: measures, prints a table with targets, and writes bench.json.

Everything is measured in one run on one machine; ratios carry over to others, milliseconds do not.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench import asking, classes, grading, packages, page, rendering
from bench.server import POSTGRES, SQLITE, Trouble
from bench.table import table

RESULT = Path("bench.json")


def parts(*, short: bool) -> dict[str, Callable[[], dict[str, float]]]:
    """Return what can be measured; `--only` takes a name or its beginning."""
    size, class_size = (grading.SHORT, classes.SHORT) if short else (grading.FULL, classes.FULL)
    return {
        "grade-bare": partial(grading.beside_bare, SQLITE, size),
        "grade-bare-postgresql": partial(grading.beside_bare, POSTGRES, size),
        "grade-growth": partial(grading.growth, SQLITE, size),
        "grade-growth-postgresql": partial(grading.growth, POSTGRES, size),
        "numeric": partial(asking.beside_basic, size),
        "render": rendering.notes,
        "page": page.page,
        "class-page": partial(classes.page, class_size),
        "gradebook": partial(classes.gradebook, class_size),
        "package": partial(packages.package, *(packages.SHORT if short else (packages.NOTES, packages.IMAGES))),
    }


def main() -> int:
    """Measure; the exit status is 1 if a part of what was asked for does not exist, else 0."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure what the site costs.")
    parser.add_argument("--only", default="", metavar="PART", help="a part, or the beginning of several")
    parser.add_argument("--short", action="store_true", default=bool(os.environ.get("BENCH_SHORT")))
    asked = parser.parse_args()
    every = parts(short=asked.short)
    chosen = {name: part for name, part in every.items() if name.startswith(asked.only)}
    if not chosen:
        parser.error(f"there is no part {asked.only}: {', '.join(every)}")
    numbers: dict[str, float] = {}
    for name, part in chosen.items():
        sys.stderr.write(f"{name} …\n")
        try:
            numbers |= {key: value if isinstance(value, int) else round(value, 3) for key, value in part().items()}
        except Trouble as trouble:
            sys.stderr.write(f"{name} is left out: {trouble}\n")
        RESULT.write_text(json.dumps(numbers, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write(table(numbers))
    return 0


if __name__ == "__main__":
    sys.exit(main())
