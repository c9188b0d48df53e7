"""New rows by the thousand: `bulk_create` without what it does for each value, and without reading keys back.

The ORM spends several times as long on writing such a statement as the database on carrying it out.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, models

# Of these the value in Python is the value that is sent.
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)


def insert_many(rows: Iterable[models.Model]) -> None:
    """Insert rows of one model, whose keys the database makes; the rows do not learn them.

    Times of `auto_now` fields are set as saving would.
    """
    held = list(rows)
    if not held:
        return
    meta = held[0]._meta  # noqa: SLF001
    fields = [field for field in meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    readers = [_reader(field) for field in fields]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {connection.ops.quote_name(meta.db_table)} ({names}) VALUES ({places})",  # noqa: S608
            [tuple(read(row) for read in readers) for row in held],
        )


def _reader(field: "models.Field[Any, Any]") -> Callable[[models.Model], Any]:
    """Return what takes a field's value, as the database wants it, from a row."""
    if isinstance(field, _PLAIN):
        name = field.attname
        return lambda row: getattr(row, name)
    return lambda row: field.get_db_prep_save(field.pre_save(row, add=True), connection)
