"""Where each read model stands: a position moves only from where its mover found it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString, cast

import aiosql
from psycopg import Connection, Cursor
from psycopg.rows import class_row
from psycopg.sql import SQL

from projections import set_aside
from projections.read_model import ReadModel

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)


class TakenOver(Exception):
    """Somebody else moved this read model on; whoever sees this writes nothing and stands down."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one read model stands, and if it stopped, before which position and why."""

    name: str
    version: int
    tables: tuple[str, ...]
    position: int
    stopped_at: datetime | None
    stopped_position: int | None
    stopped_reason: str | None


def create(cursor: Cursor[Any]) -> None:
    """Make what all read models share unless it is there; one process at a time, to the end of the transaction."""
    cursor.execute(_sql("lock_preparation"))
    cursor.execute(_sql("create"))
    set_aside.create(cursor)


def standings(connection: Connection[Any]) -> dict[str, Standing]:
    """Where all read models stand, by name; rebuilds stand under a name of their own."""
    cursor = connection.cursor(row_factory=class_row(Standing))
    return {standing.name: standing for standing in cursor.execute(_sql("standings"))}


def hold(connection: Connection[Any], name: str) -> Standing | None:
    """Where one read model stands; nobody else moves it until the transaction ends."""
    cursor = connection.cursor(row_factory=class_row(Standing))
    return cursor.execute(_sql("standing"), {"name": name}).fetchone()


def begin(cursor: Cursor[Any], model: ReadModel, name: str) -> None:
    """Stand before the first event."""
    values = {"name": name, "version": model.version, "tables": list(model.tables)}
    cursor.execute(_sql("begin"), values)


def advance(cursor: Cursor[Any], model: ReadModel, *, name: str, old: int, new: int) -> None:
    """Ask to move on; whether that was so, `require_moved` says of the same cursor."""
    values = {"name": name, "version": model.version, "old": old, "new": new}
    cursor.execute(_sql("advance"), values)


def require_moved(cursor: Cursor[Any]) -> None:
    """Raise TakenOver unless the read model stood where its mover found it."""
    if not cursor.fetchall():
        raise TakenOver


def pass_by(
    connection: Connection[Any], models: Sequence[ReadModel], *, old: int, new: int
) -> None:
    """Move on read models that nothing on the way concerns; raises TakenOver unless all stood there.

    Those that did stand there are moved on all the same: there was nothing to apply.
    """
    names, versions = [model.name for model in models], [model.version for model in models]
    values = {"names": names, "versions": versions, "old": old, "new": new}
    if connection.execute(_sql("pass"), values).rowcount != len(models):
        raise TakenOver


def stop(cursor: Cursor[Any], *, name: str, position: int, before: int, reason: str) -> None:
    """Stop where it stands; raises TakenOver unless it stands where the caller found it."""
    values = {"name": name, "position": position, "stopped_position": before, "reason": reason}
    if cursor.execute(_sql("stop"), values).rowcount != 1:
        raise TakenOver


def resume(connection: Connection[Any], name: str) -> bool:
    """Let a stopped read model try again; answers whether it had stopped."""
    return connection.execute(_sql("resume"), {"name": name}).rowcount == 1


def replace(cursor: Cursor[Any], model: ReadModel, position: int) -> None:
    """Note that rebuilt tables took the place of the live ones."""
    values = {"name": model.name, "version": model.version, "position": position}
    cursor.execute(_sql("replace"), values | {"tables": list(model.tables)})


def forget(cursor: Cursor[Any], name: str) -> None:
    """Take a position away."""
    cursor.execute(_sql("forget"), {"name": name})


def _sql(query: str) -> SQL:
    return SQL(cast("LiteralString", getattr(QUERIES, query).sql))
