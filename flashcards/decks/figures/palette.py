"""The colours and faces of the figures: those of `static/css/tokens.css`, by the same names."""

from collections.abc import Iterable
from typing import Literal

type Colour = Literal["none", "paper", "ink", "quiet", "line", "edge", "accent", "again", "hard", "good", "easy"]
"""What a line or a text may be coloured in."""

type Fill = (
    Colour
    | Literal[
        "sunk",
        "quiet-tint",
        "accent-tint",
        "again-tint",
        "hard-tint",
        "good-tint",
        "easy-tint",
        "accent-soft",
        "again-soft",
        "hard-soft",
        "good-soft",
        "easy-soft",
    ]
)
"""What a shape may be filled with: `-tint` is a breath of the colour (a box), `-soft` a third of it (an area)."""

LIGHT = {
    "paper": "#fffdf8",
    "sunk": "#edeae2",
    "ink": "#1d1f23",
    "quiet": "#5b616b",
    "line": "#dedacf",
    "edge": "#85888f",
    "accent": "#3a46c2",
    "again": "#b0271f",
    "hard": "#875200",
    "good": "#1b6b3b",
    "easy": "#1d5ea6",
}
DARK = {
    "paper": "#1b1e25",
    "sunk": "#181b21",
    "ink": "#e9e6df",
    "quiet": "#a2a7b0",
    "line": "#2c313b",
    "edge": "#747b88",
    "accent": "#9aa5ff",
    "again": "#ff9d92",
    "hard": "#efb764",
    "good": "#82d6a2",
    "easy": "#8fbfff",
}
SHARES = {"tint": 10, "soft": 30}  # per cent of the colour in the paper

MATH_FACE = 'Charter,"Bitstream Charter",Cambria,Georgia,serif'
PLAIN_FACE = "system-ui,sans-serif"


def stylesheet(strokes: Iterable[str], fills: Iterable[str]) -> str:
    """Return the `<style>` content for these stroke and fill colours: classes `s-NAME` and `f-NAME`, light and dark.

    A viewer without `prefers-color-scheme` shows the light colours.
    """
    strokes, fills = sorted(set(strokes) - {"none"}), sorted(set(fills) - {"none"})
    names = sorted({name.partition("-")[0] for name in (*strokes, *fills)} | {"paper"})

    def properties(table: dict[str, str]) -> str:
        return ";".join(f"--{name}:{table[name]}" for name in names)

    rules = [
        f":root{{{properties(LIGHT)}}}",
        f"@media (prefers-color-scheme:dark){{:root{{{properties(DARK)}}}}}",
        "path,polyline,polygon,line{fill:none;stroke-linecap:round;stroke-linejoin:round}",
        f"text{{font-family:{PLAIN_FACE}}}.m{{font-family:{MATH_FACE}}}.i{{font-style:italic}}",
        ".halo{paint-order:stroke;stroke:var(--paper);stroke-width:5px;stroke-linejoin:round}",
        *(f".s-{name}{{stroke:var(--{name})}}" for name in strokes),
        *(f".f-{name}{{fill:{_value(name)}}}" for name in fills),
    ]
    return "".join(rules)


def _value(name: str) -> str:
    colour, _, strength = name.partition("-")
    if not strength:
        return f"var(--{colour})"
    return f"color-mix(in oklab,var(--{colour}) {SHARES[strength]}%,var(--paper))"
