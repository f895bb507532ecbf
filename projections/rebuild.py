"""Builds a read model anew beside the live one and swaps the two in one transaction.

Nobody who reads waits. Memory is bounded by one batch. A rebuild that was killed goes on where it
was, because its tables have a position of their own. The result equals the running one row by row.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from projections import positions, set_aside
from projections.alarms import SetAside, Stopped
from projections.applying import Applier
from projections.log import Log
from projections.read_model import SCHEMA, SHADOW, ReadModel, Tables

BATCH = 500
LOCK = 7012027

Progress = Callable[[int, int], None]
"""Is told how far a rebuild is and how far it has to go, both as positions of the log."""


class RebuildRuns(Exception):
    """This read model is being rebuilt by another process; wait until that has ended."""


class RebuildStopped(Exception):
    """The new tables cannot pass an event; the live ones are as they were."""

    def __init__(self, stopped: Stopped) -> None:
        self.stopped = stopped
        super().__init__(stopped.read_model, stopped.position, stopped.reason)


def _unseen(_done: int, _total: int) -> None:
    """Show nothing."""


def prepare(connection: Connection[Any], log: Log, models: Sequence[ReadModel]) -> list[Stopped]:
    """See that every read model has tables of the shape that this release writes.

    Answers those whose rebuild cannot pass an event; their live tables keep the former shape.
    """
    with connection.transaction(), connection.cursor() as cursor:
        positions.create(cursor)
        known = positions.standings(connection)
        for model in models:
            if model.name not in known:
                Tables(cursor, model).create()
                positions.begin(cursor, model, model.name)
    former = [
        model
        for model in models
        if model.name in known and known[model.name].version != model.version
    ]
    return [stopped for model in former if (stopped := _reshape(connection, log, model))]


def _reshape(connection: Connection[Any], log: Log, model: ReadModel) -> Stopped | None:
    try:
        rebuild(connection, log, model)
    except RebuildRuns:
        return None
    except RebuildStopped as error:
        return error.stopped
    return None


def rebuild(
    connection: Connection[Any], log: Log, model: ReadModel, *, progress: Progress = _unseen
) -> int:
    """Rebuild one read model from the whole log; answers the position it stands at.

    Raises RebuildRuns or RebuildStopped; the live tables are then as they were.
    """
    lock = {"lock": LOCK, "name": model.name}
    taken = "SELECT pg_try_advisory_lock(%(lock)s, hashtext(%(name)s))"
    if connection.execute(taken, lock).fetchone() != (True,):
        raise RebuildRuns
    try:
        position = _catch_up(connection, log, model, progress)
        return _swap(connection, log, model, position)
    finally:
        if not connection.broken:
            release = "SELECT pg_advisory_unlock(%(lock)s, hashtext(%(name)s))"
            connection.execute(release, lock)


def retry(
    connection: Connection[Any],
    log: Log,
    model: ReadModel,
    stream: UUID,
    *,
    progress: Progress = _unseen,
) -> bool:
    """Take a stream in again once its record was restored; answers whether it is in.

    A stream's events stand among those of others that they change together, so only the whole log
    gives the rows that they should be: the read model is rebuilt, unless the record is still damaged.
    Raises what a rebuild raises.
    """
    known = _left_out(connection, model, stream)
    if known is None:
        return True
    read_again = log.read(known.position - 1, 1)
    if not any(each.position == known.position and not each.damaged for each in read_again):
        return False
    rebuild(connection, log, model, progress=progress)
    return _left_out(connection, model, stream) is None


def _left_out(connection: Connection[Any], model: ReadModel, stream: UUID) -> SetAside | None:
    found = set_aside.found(connection, [model.name])
    return next((each for each in found if each.stream == stream), None)


def _catch_up(connection: Connection[Any], log: Log, model: ReadModel, progress: Progress) -> int:
    position, total = _begin_or_go_on(connection, model), log.newest()
    progress(position, total)
    while position < total:
        position = _step(connection, log, model, position)
        progress(position, total)
    return position


def _begin_or_go_on(connection: Connection[Any], model: ReadModel) -> int:
    with connection.transaction(), connection.cursor() as cursor:
        positions.create(cursor)
        begun = positions.hold(connection, model.name + SHADOW)
        left_out = set_aside.streams(cursor, model.name + SHADOW)
        # What was left out may be whole again by now, so such a rebuild begins afresh.
        if begun is not None and begun.version == model.version and not left_out:
            return begun.position
        if begun is not None:
            _drop(connection, [table + SHADOW for table in begun.tables])
            positions.forget(cursor, begun.name)
            set_aside.forget(cursor, begun.name)
        Tables(cursor, model, SHADOW).create()
        positions.begin(cursor, model, model.name + SHADOW)
    return 0


def _step(connection: Connection[Any], log: Log, model: ReadModel, position: int) -> int:
    """One batch; answers the same position only when the log holds nothing more."""
    entries = log.read(position, BATCH)
    applied = Applier(connection, model, SHADOW).apply(entries, old=position)
    if applied.stopped is not None:
        raise RebuildStopped(applied.stopped)
    return applied.position


def _swap(connection: Connection[Any], log: Log, model: ReadModel, position: int) -> int:
    with connection.transaction(), connection.cursor() as cursor:
        live = positions.hold(connection, model.name)
        # The live position is held, so this ends: the new tables must not stand behind it.
        while live is not None and position < live.position:
            position = _step(connection, log, model, position)
        if live is None:
            positions.begin(cursor, model, model.name)
        else:
            _drop(connection, live.tables)
        Tables(cursor, model, SHADOW).go_live()
        positions.forget(cursor, model.name + SHADOW)
        positions.replace(cursor, model, position)
        set_aside.replace(cursor, model.name, model.name + SHADOW)
    return position


def _drop(connection: Connection[Any], tables: Sequence[str]) -> None:
    for table in tables:
        connection.execute(SQL("DROP TABLE {}").format(Identifier(SCHEMA, table)))
