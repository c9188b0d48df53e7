"""Lines along which a function of two variables has one value, found by marching squares."""

from collections import defaultdict
from collections.abc import Callable

from flashcards.decks.figures.geometry import Point

type Surface = Callable[[float, float], float]
type _Edge = tuple[int, int, bool]  # a grid point and whether the edge from it runs along x


def contour(surface: Surface, level: float, across: Point, up: Point, *, steps: int = 60) -> list[list[Point]]:
    """Return the lines where `surface(x, y) == level`, each a list of points; a closed line ends where it began.

    `across` and `up` are the ranges of x and y; `steps` squares lie each way. Along a square's side the crossing is
    interpolated, so a smooth surface's line is right to the square of a step. Of the two readings of a saddle the one
    that separates the high corners is taken.
    """
    xs = [across[0] + (across[1] - across[0]) * column / steps for column in range(steps + 1)]
    ys = [up[0] + (up[1] - up[0]) * row / steps for row in range(steps + 1)]
    over = [[surface(x, y) - level for y in ys] for x in xs]
    neighbours: dict[_Edge, list[_Edge]] = defaultdict(list)
    for column in range(steps):
        for row in range(steps):
            for first, second in _segments(over, column, row):
                neighbours[first].append(second)
                neighbours[second].append(first)

    def place(edge: _Edge) -> Point:
        column, row, along = edge
        ahead = (column + 1, row) if along else (column, row + 1)
        here, there = over[column][row], over[ahead[0]][ahead[1]]
        share = here / (here - there)
        return (
            xs[column] + share * (xs[ahead[0]] - xs[column]),
            ys[row] + share * (ys[ahead[1]] - ys[row]),
        )

    return [[place(edge) for edge in line] for line in _joined(neighbours)]


def _segments(over: list[list[float]], column: int, row: int) -> list[tuple[_Edge, _Edge]]:
    """Return the pieces of line in one square, each from one of its sides to another."""
    low, right, high, left = (
        (column, row, True),
        (column + 1, row, False),
        (column, row + 1, True),
        (column, row, False),
    )
    corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    sides = [low, right, high, left]
    signs = [over[x][y] > 0 for x, y in corners]
    crossed = [side for number, side in enumerate(sides) if signs[number] != signs[(number + 1) % 4]]
    if len(crossed) == 2:
        return [(crossed[0], crossed[1])]
    if len(crossed) == 4:  # a saddle: cut off each high corner by itself
        return [(left, low), (right, high)] if signs[0] else [(low, right), (high, left)]
    return []


def _joined(neighbours: dict[_Edge, list[_Edge]]) -> list[list[_Edge]]:
    """Return the lines that the pieces make up: the open ones from an end, then the closed ones."""
    lines: list[list[_Edge]] = []
    seen: set[_Edge] = set()
    for start in sorted(neighbours, key=lambda edge: (len(neighbours[edge]), edge)):
        if start in seen:
            continue
        line, here = [start], start
        seen.add(start)
        while ahead := [edge for edge in neighbours[here] if edge not in seen]:
            here = ahead[0]
            seen.add(here)
            line.append(here)
        if len(neighbours[start]) == 2 and start in neighbours[here] and len(line) > 2:
            line.append(start)
        lines.append(line)
    return lines
