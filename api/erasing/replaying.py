"""Makes a database and the journal agree before anything opens: what either knows, the other learns."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.rows import class_row

from api.erasing.journal import Journal
from api.erasing.orders import QUERIES
from domain.errors import DomainError


class ErasuresNotReplayed(DomainError):
    """This database is older than the journal of erasures; run `vouchsafe migrate` with both before anything starts."""


@dataclass(frozen=True, slots=True)
class Known:
    """An erasure that a database knows of."""

    erasure: UUID
    person: UUID
    streams: list[UUID]
    is_carried_out: bool


def replay(owner_url: str, journal: Journal) -> int:
    """Erase again whom the journal names and this database does not; answers how many.

    An erasure of the database that the journal lost is written down again.
    """
    with psycopg.connect(owner_url) as connection:
        known = {each.erasure: each for each in _known(connection)}
        missing = [line for line in journal.lines() if not _is_done(known.get(line.erasure))]
        for line in missing:
            values = {"erasure": line.erasure, "person": line.person}
            connection.execute(QUERIES.erase.sql, {**values, "streams": list(line.streams)})
    for each in known.values():
        if each.is_carried_out:
            journal.add(each.erasure, each.person, tuple(each.streams))
    return len(missing)


def require_replayed(connection: Connection[Any], journal: Journal) -> None:
    """Raise ErasuresNotReplayed where the journal names somebody whom this database never erased."""
    known = {each.erasure for each in _known(connection)}
    if any(line.erasure not in known for line in journal.lines()):
        raise ErasuresNotReplayed


def _known(connection: Connection[Any]) -> list[Known]:
    return connection.cursor(row_factory=class_row(Known)).execute(QUERIES.known.sql).fetchall()


def _is_done(known: Known | None) -> bool:
    return known is not None and known.is_carried_out
