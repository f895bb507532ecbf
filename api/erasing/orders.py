"""Which erasures are ordered, due and completable, as the database has it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import aiosql
import psycopg
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from domain.erasure import Erasure
from domain.errors import DomainError
from domain.policies.erasure import streams_of

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
TOPICS = {
    "granted": Erasure.Granted.TOPIC,
    "carried_out": Erasure.CarriedOut.TOPIC,
    "completed": Erasure.Completed.TOPIC,
}


class NotGranted(DomainError):
    """This erasure was not ordered, or its granting is not recorded."""


class RecordOfOthersToo(DomainError):
    """An order names a stream that is not one person's alone; nothing of it was carried out."""


class NotAnnouncedForLong(DomainError):
    """The end of this record was not announced thirty days ago, by the database's own clock, or it was put off."""


REFUSALS = {"VS008": NotGranted, "VS009": RecordOfOthersToo, "VS010": NotAnnouncedForLong}

Pool = ConnectionPool[psycopg.Connection[Any]]


@dataclass(frozen=True, slots=True)
class Ordered:
    """One erasure: whose, and which streams are wholly theirs."""

    erasure: UUID
    person: UUID
    streams: list[UUID]


@dataclass(frozen=True)
class ErasureOrders:
    """What each process does with it is a matter of its role: the api orders, the clerk carries out."""

    pool: Pool

    def order(self, erasure: UUID, person: UUID) -> None:
        """Order it, before the decision is recorded; without the decision nothing comes of it."""
        values = {"erasure": erasure, "person": person, "streams": list(streams_of(person))}
        with self.pool.connection() as connection:
            connection.execute(QUERIES.order.sql, values)

    def order_announced(self, erasure: UUID, person: UUID) -> None:
        """Order one by the calendar; the clerk's, and the database sees for itself that it was announced in time.

        Raises NotAnnouncedForLong.
        """
        values = {"erasure": erasure, "person": person, "streams": list(streams_of(person))}
        with _refusing(), self.pool.connection() as connection:
            connection.execute(QUERIES.order_announced.sql, values)

    def due(self) -> list[Ordered]:
        """What is to be carried out."""
        with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Ordered))
            return cursor.execute(QUERIES.due.sql, TOPICS).fetchall()

    def carry_out(self, erasure: UUID) -> tuple[int, ...]:
        """Destroy and delete; answers the positions of what was deleted, every time the same.

        Raises NotGranted or RecordOfOthersToo, with nothing done.
        """
        with _refusing(), self.pool.connection() as connection:
            row = connection.execute(QUERIES.carry_out.sql, {"erasure": erasure}).fetchone()
        return tuple(row[0]) if row else ()

    def completable(self) -> list[UUID]:
        """What is carried out, and open under no key-encryption key any more."""
        with self.pool.connection() as connection:
            rows = connection.execute(QUERIES.completable.sql, TOPICS).fetchall()
        return [erasure for (erasure,) in rows]

    def carried_out_at(self, erasure: UUID) -> datetime | None:
        """When its keys were destroyed."""
        with self.pool.connection() as connection:
            values = {"erasure": erasure}
            row = connection.execute(QUERIES.carried_out_at.sql, values).fetchone()
        return row[0] if row else None


@contextmanager
def _refusing() -> Iterator[None]:
    """What the database refuses, in our own words."""
    try:
        yield
    except psycopg.Error as error:
        refusal = REFUSALS.get(error.sqlstate or "")
        if refusal is None:
            raise
        raise refusal from None
