"""Brings a database's durable tables up to date: numbered files, once each, in order, by the owner."""

from pathlib import Path

import psycopg
from psycopg.sql import SQL

FOLDER = Path(__file__).parent.parent / "deploy" / "migrations"
LOCK = 7012030
"""An advisory lock, so that two processes that start together do not both migrate."""

LONGEST_WAIT_FOR_A_TABLE = "10s"
"""While a migration waits for a table, everybody else queues behind it."""


def migrate(owner_url: str) -> list[str]:
    """Apply what is missing, each file in a transaction of its own; answer the names applied."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        connection.execute(
            "CREATE TABLE IF NOT EXISTS public.migration ("
            "name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"
        )
        rows = connection.execute("SELECT name FROM public.migration").fetchall()
        missing = [path for path in sorted(FOLDER.glob("*.sql")) if (path.stem,) not in rows]
        for path in missing:
            _apply(connection, path)
        return [path.stem for path in missing]


def _apply(connection: psycopg.Connection[tuple[str]], path: Path) -> None:
    with connection.transaction():
        patience = "SELECT set_config('lock_timeout', %s, true)"
        connection.execute(patience, [LONGEST_WAIT_FOR_A_TABLE])
        connection.execute(SQL(path.read_text()))
        connection.execute("INSERT INTO public.migration (name) VALUES (%s)", [path.stem])
