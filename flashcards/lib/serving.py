"""The server process: granian, with the options this site was measured with. `manage.py serve` becomes it.

In a module of its own, which imports no Django, so that only the workers carry the site.
"""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

BACKGROUND = (sys.executable, "manage.py", "worker", "--until-alone")
PAUSE_SECONDS = 5
"""Between the end of a background worker that died and the beginning of the next."""
PATIENCE_SECONDS = 10
"""For the background worker to end the piece of work it is at."""


def load_site() -> Callable[..., Any]:
    """Return the WSGI application; called in each worker.

    Ctrl-C reaches every process of the terminal, and then a worker hears twice that it should stop: from the terminal
    and from its parent. Granian 2.8 often hangs over that, so workers listen only to their parent.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    from flashcards.wsgi import application  # noqa: PLC0415 - the parent does without

    return application


@contextmanager
def background_worker() -> Iterator[None]:
    """Keep a background worker running meanwhile: one that dies is followed by another; it ends with this process.

    It stands in a process group of its own, so that Ctrl-C is for this process to pass on.
    """
    ended = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not ended.is_set():
            running[:] = [subprocess.Popen(BACKGROUND, stdin=subprocess.PIPE, start_new_session=True)]  # noqa: S603
            running[0].wait()
            ended.wait(PAUSE_SECONDS)

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        for process in running:
            process.terminate()
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        keeper.join(1)


def serve(host: str, port: int, workers: int) -> None:
    """Serve the site until SIGINT or SIGTERM, then let the requests under way finish, for ten seconds at most."""
    Granian(
        "flashcards.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=1,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
    ).serve(target_loader=load_site, wrap_loader=False)


if __name__ == "__main__":
    arguments = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    if sys.argv[4:] == ["worker"]:
        with background_worker():
            serve(*arguments)
    else:
        serve(*arguments)
