"""`manage.py bench_queries`: how many queries a grade takes, BEGIN and COMMIT not counted; prints a number."""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test import Client

from bench.form import Form, ratings

TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
GRADES = 40


class Command(BaseCommand):
    """Grades forty cards in this process."""

    help = "Print the most queries that any of forty grades takes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whose session, and the page."""
        parser.add_argument("session")
        parser.add_argument("page")

    def handle(self, *, session: str, page: str, **_options: Any) -> None:
        """Count."""
        client = Client(SERVER_NAME="127.0.0.1", headers={"HX-Request": "true"})
        client.cookies[settings.SESSION_COOKIE_NAME] = session
        form, counts = Form.of(client.get(page).content.decode()), []
        for rating, _ in zip(ratings(), range(GRADES), strict=False):
            statements: list[str] = []

            def count(execute: Callable[..., Any], statement: str, *rest: Any, seen: list[str] = statements) -> Any:
                if not statement.startswith(TRANSACTION):
                    seen.append(statement)
                return execute(statement, *rest)

            with connection.execute_wrapper(count):
                response = client.post(form.url, form.fields(rating))
            if response.status_code != 200:
                raise CommandError(f"A grade was answered with {response.status_code}.")
            form = Form.of(response.content.decode())
            counts.append(len(statements))
        self.stdout.write(json.dumps(max(counts)))
