"""The server process: granian, with the options this site was measured with. `manage.py serve` becomes it.

In a module of its own, which imports no Django, so that only the workers carry the site.
"""

import signal
import sys
from collections.abc import Callable
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels


def load_site() -> Callable[..., Any]:
    """Return the WSGI application; called in each worker.

    Ctrl-C reaches every process of the terminal, and then a worker hears twice that it should stop: from the terminal
    and from its parent. Granian 2.8 often hangs over that, so workers listen only to their parent.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    from flashcards.wsgi import application  # noqa: PLC0415 - the parent does without

    return application


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
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
