"""Queries that the ORM writes once.

Writing one takes the ORM longer than answering it takes the database, so what every grade reads is prepared: the same
rows come back in a third of the time. Whatever is used here of the ORM's inside stands in this file;
tests/lib/test_prepared.py holds it to give what the query itself gives.
"""

from collections.abc import Callable, Iterator
from copy import copy
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.db.models import QuerySet

# Stand for the numbers while a query is written; every column of whole numbers but the small ones holds them.
PLACES = range(2_000_000_001, 2_000_000_011)


class Prepared[Row]:
    """A query of whole numbers; call it with them to get its rows.

    `build` returns the query for the numbers it is given. They may stand wherever SQL has a parameter: not in a slice,
    and None is none of them, because NULL makes another query.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        self._written: dict[str, tuple[Any, Any, str, list[Any]]] = {}

    def __call__(self, *numbers: int) -> Iterator[Row]:
        """Run the query with `numbers`, in the order in which `build` takes them, and return its rows."""
        if connection.vendor not in self._written:
            self._written[connection.vendor] = self._write(PLACES[: len(numbers)])
        rows, written, sql, parameters = self._written[connection.vendor]
        values = dict(zip(PLACES, numbers, strict=False))
        compiler = copy(written)
        compiler.connection = connection
        compiler.as_sql = lambda: (sql, [values.get(parameter, parameter) for parameter in parameters])
        asked = SimpleNamespace(
            db=rows.db,
            model=rows.model,
            query=SimpleNamespace(get_compiler=lambda using: compiler),
            _fetch_mode=rows._fetch_mode,  # noqa: SLF001
            _known_related_objects={},
        )
        return iter(rows._iterable_class(asked))  # noqa: SLF001

    def one(self, *numbers: int) -> Row | None:
        """Run a query that a unique key narrows to one row at most; return that row, or None."""
        return next(self(*numbers), None)

    def _write(self, places: range) -> tuple[Any, Any, str, list[Any]]:
        """Let the ORM write the query; return it, its compiler, the SQL and the parameters, some of them `places`."""
        rows: Any = self._build(*places)
        compiler = rows.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([column for column, _, _ in compiler.select])
        compiler.get_converters = lambda columns: converters
        return rows, compiler, sql, list(parameters)
