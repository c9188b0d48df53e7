"""`manage.py bench_page_queries`: how many queries a page takes; prints a number."""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test import Client

from bench.management.commands.bench_queries import TRANSACTION
from flashcards.study.models import Standing


class Command(BaseCommand):
    """Loads a page in this process: first when all its learners have studied since, then again."""

    help = "Print the most queries that loading a page takes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whose session, and the page."""
        parser.add_argument("session")
        parser.add_argument("page")

    def handle(self, *, session: str, page: str, **_options: Any) -> None:
        """Count."""
        Standing.objects.update(is_stale=True)
        client = Client(SERVER_NAME="127.0.0.1")
        client.cookies[settings.SESSION_COOKIE_NAME] = session
        self.stdout.write(json.dumps(max(self._queries(client, page) for _ in range(2))))

    def _queries(self, client: Client, page: str) -> int:
        statements: list[str] = []

        def count(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
            if not statement.startswith(TRANSACTION):
                statements.append(statement)
            return execute(statement, *rest)

        with connection.execute_wrapper(count):
            response = client.get(page)
        if response.status_code != 200:
            raise CommandError(f"{page} was answered with {response.status_code}.")
        return len(statements)
