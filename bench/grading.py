"""What a grade costs: beside the bare view, and with a hundred times the cards and reviews."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from statistics import median, quantiles
from time import perf_counter

from bench.server import SQLITE, Site, Trouble, serving, site
from bench.wire import Browser, grade_many, grade_on

BARE_PAGE = "/bare/"
WARM_UP = 30
CLIENTS = 4


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured. A block is what one learner grades in a row, within the day's limit of 200."""

    rounds: int
    block: int
    throughput_rounds: int
    throughput_block: int
    cards: int
    reviews: int
    large_cards: int
    large_reviews: int


FULL = Size(10, 120, 5, 150, 1_000, 10_000, 100_000, 1_000_000)
SHORT = Size(4, 60, 2, 100, 1_000, 10_000, 10_000, 100_000)


def beside_bare(kind: str, size: Size) -> dict[str, float]:
    """Return grade and bare view in milliseconds and per second on one server, and their ratios. Raises Trouble."""
    learners = 1 + size.rounds + size.throughput_rounds * CLIENTS
    with site(kind, "bare") as made:
        filled = made.ask("bench_fill", f"--cards={size.cards}", f"--reviews={size.reviews}", f"--learners={learners}")
        sessions: Iterator[str] = iter(filled["sessions"])
        pages = {"grade": filled["page"], "bare": BARE_PAGE}
        with serving(made, workers=2) as port:
            first = next(sessions)
            for page in pages.values():
                grade_many(port, first, page, WARM_UP)
            taken: dict[str, list[float]] = {name: [] for name in pages}
            for turn in range(size.rounds):
                session = next(sessions)
                for name in in_turn(pages, turn):
                    taken[name] += grade_many(port, session, pages[name], size.block)
            rates: dict[str, list[float]] = {name: [] for name in pages}
            for turn in range(size.throughput_rounds):
                several = [next(sessions) for _ in range(CLIENTS)]
                for name in in_turn(pages, turn):
                    rates[name].append(rate(port, several, pages[name], size.throughput_block))
    result = {}
    for name in pages:
        result[f"{name}_ms_median_{kind}"] = 1000 * median(taken[name])
        result[f"{name}_ms_p95_{kind}"] = 1000 * quantiles(taken[name], n=20)[-1]
    result[f"grades_per_second_{kind}"] = median(rates["grade"])
    result[f"bare_per_second_{kind}"] = median(rates["bare"])
    suffix = suffix_of(kind)
    result[f"grade_vs_bare_median{suffix}"] = median(taken["grade"]) / median(taken["bare"])
    result[f"grade_vs_bare_throughput{suffix}"] = median(rates["grade"]) / median(rates["bare"])
    return result


def growth(kind: str, size: Size) -> dict[str, float]:
    """Return a learner's grade in milliseconds and queries in a small and a large collection. Raises Trouble."""
    sizes = {"small": (size.cards, size.reviews), "large": (size.large_cards, size.large_reviews)}
    with ExitStack() as stack:
        sites: dict[str, Site] = {}
        fillings = {}
        for name, (cards, reviews) in sizes.items():
            sites[name] = stack.enter_context(site(kind, name))
            fillings[name] = sites[name].ask("bench_fill", f"--cards={cards}", f"--reviews={reviews}", "--learners=1")
        ports = {name: stack.enter_context(serving(made, workers=1)) for name, made in sites.items()}
        taken: dict[str, list[float]] = {name: [] for name in sites}
        for turn in range(1 + size.rounds // 2):
            for name in in_turn(sites, turn):
                (session,), page = fillings[name]["sessions"], fillings[name]["page"]
                seconds = grade_many(ports[name], session, page, size.block)
                taken[name] += seconds if turn else []  # the first turn warms up
                sites[name].manage("bench_rewind")
        queries = {
            name: int(made.ask("bench_queries", *fillings[name]["sessions"], fillings[name]["page"]))
            for name, made in sites.items()
        }
    suffix = suffix_of(kind)
    result: dict[str, float] = {f"grade_growth_median{suffix}": median(taken["large"]) / median(taken["small"])}
    for name, (cards, _) in sizes.items():
        result[f"grade_ms_median_at_{cards}_cards_{kind}"] = 1000 * median(taken[name])
        result[f"grade_queries_at_{cards}_cards{suffix}"] = queries[name]
    result[f"grade_queries{suffix}"] = max(queries.values())
    return result


def suffix_of(kind: str) -> str:
    """Return what a key ends with: nothing for SQLite, the database that comes with the site."""
    return "" if kind == SQLITE else f"_{kind}"


def in_turn[Thing](things: dict[str, Thing], turn: int) -> list[str]:
    """Return the names, every second turn backwards, so that none is always first."""
    return list(things) if turn % 2 == 0 else list(reversed(things))


def rate(port: int, sessions: list[str], page: str, count: int) -> float:
    """Return the grades a second when each session's learner grades `count` cards, all at the same time."""
    context = get_context("spawn")
    barrier = context.Barrier(len(sessions))
    spans: list[tuple[float, float]] = []
    ends = []
    for session in sessions:
        ours, theirs = context.Pipe(duplex=False)
        context.Process(target=_grade, args=(theirs, barrier, (port, session), page, count), daemon=True).start()
        theirs.close()
        ends.append(ours)
    for end in ends:
        try:
            spans.append(end.recv())
        except EOFError as error:
            raise Trouble("a learner that grades beside others was stopped by an error") from error
    return len(sessions) * count / (max(end for _, end in spans) - min(start for start, _ in spans))


def _grade(result: Connection, barrier: Barrier, learner: tuple[int, str], page: str, count: int) -> None:
    """Grade in a process of its own once all are ready; send when it began and ended."""
    with Browser(*learner) as browser:
        form = browser.open(page)
        barrier.wait(30)
        began = perf_counter()
        grade_on(browser, form, count)
        result.send((began, perf_counter()))
