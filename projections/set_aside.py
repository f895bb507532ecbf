"""Streams that a read model leaves out, for a record of theirs was tampered with.

What follows such a record would build on a hole. The list moves in one transaction with the position,
each read model and each rebuild has its own, and a rebuild after the record was restored takes the
stream in again.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, LiteralString, cast
from uuid import UUID

import aiosql
from psycopg import Connection, Cursor
from psycopg.rows import class_row
from psycopg.sql import SQL

from projections.alarms import SetAside
from projections.log import Entry

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)


def create(cursor: Cursor[Any]) -> None:
    """Make the table unless it is there."""
    cursor.execute(_sql("create"))


def streams(cursor: Cursor[Any], name: str) -> set[UUID]:
    """The streams that one read model leaves out."""
    return {stream for (stream,) in cursor.execute(_sql("streams"), {"name": name})}


def found(connection: Connection[Any], names: Iterable[str]) -> list[SetAside]:
    """What any of these read models leaves out, each stream once."""
    cursor = connection.cursor(row_factory=class_row(SetAside))
    return cursor.execute(_sql("found"), {"names": list(names)}).fetchall()


def add(cursor: Cursor[Any], name: str, damaged: Sequence[Entry]) -> list[SetAside]:
    """Leave out the streams of these entries from now on."""
    added = [
        SetAside(entry.stream, entry.position, entry.damaged.record)
        for entry in damaged
        if entry.damaged is not None
    ]
    if added:
        values = {
            "name": name,
            "streams": [each.stream for each in added],
            "positions": [each.position for each in added],
            "topics": [entry.topic for entry in damaged],
            "records": [each.record for each in added],
        }
        cursor.execute(_sql("add"), values)
    return added


def forget(cursor: Cursor[Any], name: str) -> None:
    """Begin with an empty list."""
    cursor.execute(_sql("forget"), {"name": name})


def replace(cursor: Cursor[Any], name: str, rebuilt: str) -> None:
    """Note that rebuilt tables took the place of the live ones."""
    forget(cursor, name)
    cursor.execute(_sql("replace"), {"name": name, "rebuilt": rebuilt})


def _sql(query: str) -> SQL:
    return SQL(cast("LiteralString", getattr(QUERIES, query).sql))
