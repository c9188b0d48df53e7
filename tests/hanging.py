"""A guard against work that never ends; how quick something is stands in `make bench`, not in a test."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

PATIENCE_SECONDS = 120


@contextmanager
def must_end() -> Iterator[None]:
    """Fail the test if what is done inside has not ended after two minutes, whatever the machine is busy with."""

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        pytest.fail(f"not done after {PATIENCE_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
