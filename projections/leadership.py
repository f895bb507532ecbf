"""One leader at a time, across processes: whoever holds the lock writes the read models.

The lock belongs to the session that writes, so when the session ends, the lock is free at once and
nothing that the former leader had begun is kept.
"""

from threading import Event
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.sql import SQL

LOCK = 7012026
PATIENCE_MILLISECONDS = 500
"""How long one try waits, so that a process that waits to lead still stops promptly."""


def wait_to_lead(connection: Connection[Any], stop: Event) -> bool:
    """Wait for the lock; answers False if told to stop before it came."""
    connection.execute(SQL("SET lock_timeout = {}").format(PATIENCE_MILLISECONDS))
    while not stop.is_set():
        try:
            connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        except psycopg.errors.LockNotAvailable:
            continue
        connection.execute("RESET lock_timeout")
        return True
    return False
