"""What it costs to make a note's cards from its text."""

from bench.server import SQLITE, site


def notes() -> dict[str, float]:
    """Return the milliseconds that a note of the built-in deck takes, the median and by kind. Raises Trouble."""
    with site(SQLITE, "render") as made:
        return dict(made.ask("bench_render"))
