"""`manage.py bench_gradebook`: the memory that sending a gradebook takes; prints JSON.

A process of its own, so that its high-water mark is the gradebook's. What the process holds before is taken off: a
gradebook is asked for by somebody who may not have it first, which loads all code on the way.
"""

import json
import resource
import sys
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test import Client

PER_MB = 1_000_000 if sys.platform == "darwin" else 1_000_000 / 1_024  # macOS counts bytes, Linux units of 1,024


class Command(BaseCommand):
    """Sends a gradebook in this process, and lets each piece go at once, as a server does."""

    help = "Print the MB that a gradebook takes at most, the kB it has and the seconds it takes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whose session, the class's page and the gradebook."""
        parser.add_argument("session")
        parser.add_argument("gradebook")

    def handle(self, *, session: str, gradebook: str, **_options: Any) -> None:
        """Measure."""
        Client(SERVER_NAME="127.0.0.1").get(gradebook)
        client = Client(SERVER_NAME="127.0.0.1")
        client.cookies[settings.SESSION_COOKIE_NAME] = session
        client.get("/")
        before, began = highest(), perf_counter()
        response = client.get(gradebook)
        if response.status_code != 200 or not response.streaming:
            raise CommandError(f"{gradebook} was answered with {response.status_code}, or not piece by piece.")
        size = lines = 0
        for piece in response:
            size += len(piece)
            lines += piece.count(b"\n")
        taken = perf_counter() - began
        self.stdout.write(
            json.dumps({"peak_mb": highest() - before, "kb": size / 1000, "seconds": taken, "lines": lines})
        )


def highest() -> float:
    """Return the most memory that this process has held so far, in MB of 1,000,000 bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / PER_MB
