"""How long a session of the service waits for its database, so that nobody waits for it without end.

The database ends a statement that takes too long (deploy/postgres/settings.sql). One that does not
even do that, because it is frozen or the line to it swallows everything, is given up here.
"""

from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.rows import Row
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests
from typing_extensions import override

ANSWER_SECONDS = 15.0
"""Longer than the database takes to end a statement by itself and say so."""

CONNECT_SECONDS = 5
INTERVAL_SECONDS = 0.1

SESSION: dict[str, Any] = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
"""What a session is opened with: a line over TCP that swallows everything is given up within half a minute.

All are seconds but the last, which the driver wants in milliseconds.
"""

STANDING_SESSION: dict[str, Any] = {**SESSION, "connect_timeout": 10}
"""One that is opened once and listens: nobody waits for it, and on a dead line it would wait for hours."""


class NoAnswer(psycopg.errors.QueryCanceled):
    """The database did not answer in time; whether it did what was asked is not known."""


SLOW = (psycopg.errors.QueryCanceled, PoolTimeout, PoolClosed, TooManyRequests)
"""Who meets one of these is sent away at once: a slow database would only be slower for another try."""


class PatientConnection(psycopg.Connection[Row]):
    """Waits for each answer so long and no longer; then it is closed, and NoAnswer raised."""

    @override
    def wait(
        self, gen: PQGen[RV], interval: float = INTERVAL_SECONDS, timeout: float | None = None
    ) -> RV:
        """Wait for one answer; who names a time of their own waits for that."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, ANSWER_SECONDS)
        except psycopg.errors._WaitTimeout:  # noqa: SLF001 - what the driver's own wait raises has no public name
            self.close()
            raise NoAnswer from None
