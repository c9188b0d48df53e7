"""`manage.py serve`: granian with the options that this site was measured with."""

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from flashcards.lib.environment import TASKS_BACKENDS


class Command(BaseCommand):
    """Says where the site is and becomes the server."""

    help = "Serve the site with granian: WORKERS processes, one thread each, and one more for work in the background."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to listen."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen at (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen at (8000)")
        parser.add_argument(
            "--no-worker", action="store_false", dest="worker", help="leave background work to a manage.py worker"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a port that is taken, say where to go, and let granian take this process's place."""
        host, port = options["host"], options["port"]
        require_free(host, port)
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
        self.stdout.write(f"Flashcards:  http://{shown}:{port}/")
        self.stdout.write(f"Admin:       http://{shown}:{port}/admin/")
        self.stdout.write("Ctrl-C stops it; what was studied is kept.")
        self.stdout.flush()
        os.chdir(settings.BASE_DIR)
        command = [sys.executable, "-m", "flashcards.lib.serving", host, str(port), str(settings.WORKERS)]
        if options["worker"] and settings.TASKS["default"]["BACKEND"] == TASKS_BACKENDS["database"]:
            command.append("worker")
        os.execv(sys.executable, command)  # noqa: S606


def require_free(host: str, port: int) -> None:
    """Return if somebody may listen at `port` of `host`, else raise CommandError with what to do."""
    if not 1 <= port <= 65535:
        raise CommandError(f"{port} is no port: take one from 1 to 65535.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CommandError(
            f"Nothing can listen at {host}:{port} ({error.strerror}). Another port: make run PORT=8001."
        ) from error
