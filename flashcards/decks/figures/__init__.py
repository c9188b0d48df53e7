"""The built-in deck's figures, drawn by script: each is computed from its formula, none is kept as a file.

A module of this package that has a `FIGURES` table (name → function that returns the SVG) takes part by being there.
`manage.py draw_figures` writes them all where the site serves static files.
"""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

__all__ = ["Draw", "Figure", "figures", "write_figures"]

type Draw = Callable[[], str]


@dataclass(frozen=True)
class Figure:
    """A figure by its name, which is its file's name without `.svg`, and the function that draws it."""

    name: str
    draw: Draw


@cache
def _all() -> tuple[Figure, ...]:
    found: dict[str, Figure] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        table: dict[str, Draw] = getattr(import_module(f"{__name__}.{module}"), "FIGURES", {})
        for name, draw in table.items():
            if name in found:
                raise ValueError(f"Two figures are called “{name}”; one of them is in {module}.py.")
            found[name] = Figure(name, draw)
    return tuple(found[name] for name in sorted(found))


def figures() -> dict[str, Draw]:
    """Return every figure: its name, and the function that returns its SVG. Sorted by name."""
    return {figure.name: figure.draw for figure in _all()}


def write_figures(directory: Path) -> list[Path]:
    """Write each figure as `NAME.svg` into `directory` if it differs from the file there; returns those written.

    SVG files in `directory` that no figure makes any more are deleted. Raises OSError if it can't be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, draw in figures().items():
        target, content = directory / f"{name}.svg", draw().encode()
        if target.exists() and target.read_bytes() == content:
            continue
        unfinished = target.with_suffix(".part")
        unfinished.write_bytes(content)
        unfinished.replace(target)  # whoever looks sees the old figure or the new one, whole
        written.append(target)
    for file in directory.glob("*.svg"):
        if file.stem not in figures():
            file.unlink()
    return written
