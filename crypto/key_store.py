"""Where wrapped data keys are kept: one table a compartment, so rights differ by compartment."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString, cast
from uuid import UUID

import aiosql
from psycopg import Connection
from psycopg.rows import class_row, tuple_row
from psycopg.sql import SQL, Composed, Identifier
from psycopg_pool import ConnectionPool

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A data key as it is stored; `wrapped_key` is None once it is destroyed."""

    key_id: UUID
    owner: UUID
    purpose: str
    state: str
    epoch: int
    wrapped_key: bytes | None


class KeyStore:
    """Reads key records; new ones are written by the append that first uses them."""

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._pool = pool

    def branch_keys(self, compartment: str) -> dict[int, bytes]:
        """The wrapped branch keys of a compartment by epoch."""
        with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=tuple_row)
            cursor.execute(_query("branch_keys", compartment), {"compartment": compartment})
            return dict(cursor.fetchall())

    def keys_of(
        self, compartment: str, owners: Iterable[UUID], purpose: str
    ) -> dict[UUID, KeyRecord]:
        """The newest key of each owner that has one."""
        values = {"compartment": compartment, "owners": list(owners), "purpose": purpose}
        with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(KeyRecord))
            cursor.execute(_query("keys_of_owners", compartment), values)
            return {record.owner: record for record in cursor.fetchall()}

    def key(self, compartment: str, key_id: UUID) -> KeyRecord | None:
        """One key by its id."""
        with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(KeyRecord))
            values = {"compartment": compartment, "key_id": key_id}
            cursor.execute(_query("key_by_id", compartment), values)
            return cursor.fetchone()


def add_branch_key(
    connection: Connection[Any], compartment: str, epoch: int, wrapped_key: bytes
) -> None:
    """Keep a new branch key; only the owner of the schema may."""
    values = {"compartment": compartment, "epoch": epoch, "wrapped_key": wrapped_key}
    connection.execute(_query("add_branch_key", compartment), values)


def _query(name: str, compartment: str) -> Composed:
    statement = cast("LiteralString", getattr(QUERIES, name).sql)
    return SQL(statement).format(
        key_table=Identifier("keys", f"data_key_{compartment}"),
        branch_table=Identifier("keys", f"branch_key_{compartment}"),
    )
