"""What a teacher's view of a class costs: its page beside the bare view, and the memory that a gradebook takes."""

from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.grading import BARE_PAGE, WARM_UP
from bench.server import SQLITE, Site, serving, site
from bench.wire import Browser, grade_many

FEW = 10


@dataclass(frozen=True, slots=True)
class ClassSize:
    """How large a class is measured, and how often its page is loaded in turn with a block of the bare view."""

    students: int
    cards: int
    reviews: int
    rounds: int
    loads: int
    block: int


FULL = ClassSize(1_000, 300, 1_000_000, 10, 10, 60)
SHORT = ClassSize(100, 300, 100_000, 4, 5, 30)


def page(size: ClassSize) -> dict[str, float]:
    """Return the class page's queries and time, in a large class and a small one, and beside the bare view.

    Raises Trouble.
    """
    with ExitStack() as stack:
        large = stack.enter_context(site(SQLITE, "class"))
        small = stack.enter_context(site(SQLITE, "few"))
        filled = fill(large, size.students, size)
        queries = large.ask("bench_page_queries", filled["session"], filled["page"])
        few = fill(small, FEW, size)
        queries_of_few = small.ask("bench_page_queries", few["session"], few["page"])
        with serving(large, workers=1) as port:
            taken = in_turn(port, filled, size)
            anew = []
            for _ in range(3):
                large.manage("bench_spoil")
                anew += loads(port, filled, 1)
    return {
        "class_page_queries": queries,
        "class_page_growth_queries": queries - queries_of_few,
        "class_page_vs_bare_median": median(taken["page"]) / median(taken["bare"]),
        "class_page_ms_median": 1000 * median(taken["page"]),
        "class_page_ms_all_studied": 1000 * median(anew),
        "class_page_bare_ms_median": 1000 * median(taken["bare"]),
    }


def gradebook(size: ClassSize) -> dict[str, float]:
    """Return the memory, size and time of a large class's gradebook. Raises Trouble."""
    with site(SQLITE, "gradebook") as made:
        filled = fill(made, size.students, size)
        sent = made.ask("bench_gradebook", filled["session"], filled["gradebook"])
    return {
        "gradebook_peak_mb": sent["peak_mb"],
        "gradebook_kb": sent["kb"],
        "gradebook_ms": 1000 * sent["seconds"],
    }


def fill(made: Site, students: int, size: ClassSize) -> Any:
    """Fill a site with a class of so many students, each of whom has as many reviews as in the large one."""
    reviews = size.reviews * students // size.students
    sizes = f"--students={students}", f"--cards={size.cards}", f"--reviews={reviews}"
    return made.ask("bench_fill_class", *sizes)


def in_turn(port: int, filled: Any, size: ClassSize) -> dict[str, list[float]]:
    """Load the class page and grade cards of the bare view in blocks that take turns; return the seconds of each."""
    loads(port, filled, 2)
    grade_many(port, filled["session"], BARE_PAGE, WARM_UP)
    taken: dict[str, list[float]] = {"page": [], "bare": []}
    for turn in range(size.rounds):
        for name in ("page", "bare") if turn % 2 == 0 else ("bare", "page"):
            if name == "page":
                taken[name] += loads(port, filled, size.loads)
            else:
                taken[name] += grade_many(port, filled["session"], BARE_PAGE, size.block)
    return taken


def loads(port: int, filled: Any, count: int) -> list[float]:
    """Load the class page several times; return the seconds of each."""
    with Browser(port, filled["session"]) as browser:
        return [browser.get(filled["page"]).seconds for _ in range(count)]
