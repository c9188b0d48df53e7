"""Is the site well? Asked by load balancers, monitors and `make run`'s smoke test."""

from functools import cache

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


class PendingMigrationsError(Exception):
    """The database is behind the code."""


@cache
def require_migrated() -> None:
    """Return if every migration has been applied; this answer is remembered. Else raise PendingMigrationsError."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise PendingMigrationsError


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 if the database answers and has every migration, else 503; the body says which is amiss."""
    state = {"database": "ok", "migrations": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        require_migrated()
    except PendingMigrationsError:
        state["migrations"] = "pending"
    except Error:
        state = {"database": "unreachable", "migrations": "unknown"}
    well = set(state.values()) == {"ok"}
    return JsonResponse(state, status=200 if well else 503)
