"""`manage.py worker`: does what pages leave to be done in the background, and takes up what a dead worker left."""

import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from flashcards.decks.transfers.working import take_up_abandoned

LOOK_EVERY_SECONDS = 0.4
ABANDONED_EVERY_SECONDS = 30
FAILED_PAUSE_SECONDS = 5


class Command(BaseCommand):
    """Looks for work without locking anything, and does it one piece after the other.

    `db_worker`, which does the same work, takes SQLite's write lock each time it looks.
    """

    help = "Do the work of pages that takes long (imports, exports), until SIGTERM or Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --batch and --until-alone."""
        parser.add_argument("--batch", action="store_true", help="end when there is nothing left to do")
        parser.add_argument(
            "--until-alone", action="store_true", help="end when whoever holds the other end of stdin ends"
        )

    def handle(self, *, batch: bool, until_alone: bool, **_options: Any) -> None:
        """Work until told to stop; a piece of work under way is finished first."""
        worker = Worker(
            queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
            worker_id=get_random_string(32), excluded_queue_names=[],
        )  # fmt: skip
        self.is_idle = False

        def stop(signum: int, frame: FrameType | None) -> None:
            worker.running = False
            if self.is_idle:
                sys.exit(0)

        for told in (signal.SIGTERM, signal.SIGINT) if not batch else ():
            signal.signal(told, stop)
        if until_alone:
            threading.Thread(target=_end_with_parent, daemon=True).start()
        looked: float | None = None
        while worker.running:
            close_old_connections()
            pause = LOOK_EVERY_SECONDS
            try:
                if looked is None or time.monotonic() - looked > ABANDONED_EVERY_SECONDS:
                    take_up_abandoned(timezone.now())
                    looked = time.monotonic()
                if DBTaskResult.objects.ready().exists():
                    worker.run()
            except DatabaseError as error:
                # The database is not there yet, not migrated, or busy: it is asked again.
                pause = FAILED_PAUSE_SECONDS
                self.stderr.write(f"Background work waits: {str(error).strip()}")
            if batch or not worker.running:
                return
            self._rest(pause)

    def _rest(self, seconds: float) -> None:
        """Wait; whoever tells the worker to stop meanwhile need not."""
        self.is_idle = True
        time.sleep(seconds)
        self.is_idle = False


def _end_with_parent() -> None:
    """End this process when the other end of its standard input goes, however its holder ended."""
    # Unbuffered: a thread that waits in a buffered read keeps Python from ending.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
