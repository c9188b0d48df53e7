"""Topics × students as a picture and as a table, made as strings: a page has a thousand cells. Pure: no database.

Rows are students, columns topics; a cell says the predicted recall and is the darker the higher it is, in ten steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from flashcards.study.class_report.on_track import Line
from flashcards.study.class_report.scope import TopicSize

STEPS = 10
CELL_WIDTH, ROW, GAP = 44, 32, 2
HEAD = 144
CELL = f"h{CELL_WIDTH - GAP}v{ROW - GAP}h{GAP - CELL_WIDTH}z"
MIDDLE, BASE = 21, 20
TURNED = 6
SLANT = 112
REM = 16
LONGEST_LABEL = 24
TITLE = "Predicted recall today of each student, topic by topic, in percent; the table below says the same"


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The picture and the body of the table, both HTML whose every text is escaped."""

    svg: str
    head: str
    rows: str


def heat_map(lines: Sequence[Line], topics: Sequence[TopicSize]) -> HeatMap:
    """Return the map of these students and topics."""
    return HeatMap(svg=_svg(lines, topics), head=_head(topics), rows=_rows(lines, topics))


def step(recall: float) -> int:
    """Return the step, 0 to 9, of a recall between 0 and 1: each is ten percent wide."""
    return min(STEPS - 1, int(recall * STEPS))


def _svg(lines: Sequence[Line], topics: Sequence[TopicSize]) -> str:
    width, height = CELL_WIDTH * len(topics) + SLANT, HEAD + ROW * len(lines)
    return (
        f'<svg class="heat-picture" viewBox="0 0 {width} {height}" width="{width / REM}rem" height="{height / REM}rem"'
        f' role="img" aria-labelledby="heat-title"><title id="heat-title">{TITLE}</title>'
        f"{_cells(lines, topics)}{''.join(_column(*each, height) for each in enumerate(topics))}</svg>"
    )


def _cells(lines: Sequence[Line], topics: Sequence[TopicSize]) -> str:
    """Return all cells: a path for each step, and the numbers over them, from a step on in another ink."""
    shapes: list[list[str]] = [[] for _ in range(STEPS)]
    numbers: tuple[list[str], list[str]] = [], []
    for row, line in enumerate(lines):
        y = HEAD + row * ROW
        for place, topic in enumerate(topics):
            recall = line.topics.get(topic.pk, 0.0)
            x, at = place * CELL_WIDTH, step(recall)
            shapes[at].append(f"M{x} {y}{CELL}")
            numbers[at >= TURNED].append(f'<tspan x="{x + MIDDLE}" y="{y + BASE}">{recall * 100:.0f}</tspan>')
    paths = "".join(f'<path class="h{at}" d="{"".join(shape)}"/>' for at, shape in enumerate(shapes) if shape)
    return f'{paths}<text>{"".join(numbers[0])}</text><text class="turned">{"".join(numbers[1])}</text>'


def _column(place: int, topic: TopicSize, height: int) -> str:
    """Return a topic's label, and a surface over its cells that says its name when pointed at."""
    x = place * CELL_WIDTH
    at = f"translate({x + MIDDLE + 4} {HEAD - 8}) rotate(-50)"
    return (
        f"<g><title>{escape(topic.title)}</title>"
        f'<text class="heat-topic" transform="{at}">{_short(topic.title)}</text>'
        f'<rect class="heat-column" x="{x}" y="{HEAD}" width="{CELL_WIDTH}" height="{height - HEAD}"/></g>'
    )


def _short(title: str) -> str:
    return escape(title if len(title) <= LONGEST_LABEL else title[: LONGEST_LABEL - 1].rstrip() + "…")


def _head(topics: Sequence[TopicSize]) -> str:
    return "".join(f'<th scope="col">{escape(topic.title)}</th>' for topic in topics)


def _rows(lines: Sequence[Line], topics: Sequence[TopicSize]) -> str:
    rows = []
    for line in lines:
        cells = "".join(f"<td>{line.topics.get(topic.pk, 0.0) * 100:.0f}</td>" for topic in topics)
        rows.append(f'<tr><th scope="row"><a href="{line.url}">{escape(line.name)}</a></th>{cells}</tr>')
    return "".join(rows)
