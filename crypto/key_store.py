"""Where wrapped data keys are kept: one table a compartment, so rights differ by compartment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString, TypeVar, cast
from uuid import UUID

import aiosql
import psycopg
from psycopg import Connection
from psycopg.rows import RowFactory, class_row, tuple_row
from psycopg.sql import SQL, Composed, Identifier
from psycopg_pool import ConnectionPool

from crypto.errors import KeysUnavailable
from crypto.patience import SLOW

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
TRIES = 2
"""Reading is tried again once, on a connection that was checked."""

Row = TypeVar("Row")


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
        return dict(self._rows("branch_keys", compartment, tuple_row, {}))

    def keys_of(
        self, compartment: str, owners: Iterable[UUID], purpose: str
    ) -> dict[UUID, KeyRecord]:
        """The newest key of each owner that has one."""
        values = {"owners": list(owners), "purpose": purpose}
        records = self._rows("keys_of_owners", compartment, class_row(KeyRecord), values)
        return {record.owner: record for record in records}

    def key(self, compartment: str, key_id: UUID) -> KeyRecord | None:
        """One key by its id."""
        records = self.keys(compartment, [key_id])
        return records[0] if records else None

    def keys(self, compartment: str, key_ids: Iterable[UUID]) -> list[KeyRecord]:
        """Those keys of these ids that there are."""
        values = {"key_ids": list(key_ids)}
        return self._rows("keys_by_id", compartment, class_row(KeyRecord), values)

    def _rows(
        self, name: str, compartment: str, factory: RowFactory[Row], values: Mapping[str, Any]
    ) -> list[Row]:
        query, bound = _query(name, compartment), {"compartment": compartment, **values}
        for _ in range(TRIES):
            try:
                with self._pool.connection() as connection:
                    cursor = connection.cursor(row_factory=factory)
                    return cursor.execute(query, bound).fetchall()
            except SLOW:
                break
            except psycopg.Error:
                pass
            # What failed may be one of many connections that a restart of the database cut.
            self._pool.check()
        # The driver's own error may quote rows, so it does not travel with ours.
        raise KeysUnavailable


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
