"""STIX Two Math for browsers, packed as WOFF2 from an installed package: no font lies in the repository."""

import importlib.util
from pathlib import Path

FONT = Path("fonts/STIXTwoMath.woff2")


class FontMissingError(Exception):
    """The package that carries the font is not installed, or no longer carries it."""


def build_math_font(folder: Path) -> Path | None:
    """Write the font as `fonts/STIXTwoMath.woff2` under `folder` and return its path, or None if it is there already.

    Every glyph and the name table, which carries the licence (SIL OFL 1.1), stay as they are. Takes about 4 seconds.
    Raises FontMissingError, and OSError if `folder` can't be written.
    """
    target = folder / FONT
    if target.exists():
        return None
    package = importlib.util.find_spec("ziamath")
    source = Path(package.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf" if package and package.origin else None
    if source is None or not source.exists():
        raise FontMissingError("The package ziamath no longer carries STIX Two Math.")
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - 0.2 s that only this needs

    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".part")
    with TTFont(source) as font:
        font.flavor = "woff2"
        font.save(unfinished)
    unfinished.replace(target)  # whoever looks sees no font or the whole one
    return target
