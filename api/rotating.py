"""The clerk's part in rotating keys: it says when that is due, and holds no key with which to do it."""

import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiosql
import psycopg
import structlog

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
LOOK_SECONDS = 5.0
PATIENCE = timedelta(days=1)
"""A rotation that nobody carries out for so long is an alarm."""

log = structlog.get_logger()


@dataclass
class RotationCalendar:
    """Asks for a rotation once an epoch is older than the period, and says when nobody carries it out."""

    period: timedelta
    _look_at: float = 0.0
    _has_alarmed: bool = False

    def look(self, connection: psycopg.Connection[Any]) -> None:
        """Ask if it is time; cheap enough to be called all the time."""
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_SECONDS
        if _answer(connection, "ask", {"period": self.period}):
            log.info("rotation of keys asked for")
        is_overdue = _answer(connection, "waiting", {"patience": PATIENCE})
        if is_overdue and not self._has_alarmed:
            log.critical("nobody rotates keys: run vouchsafe rotate-keys --due on a schedule")
        self._has_alarmed = is_overdue


def _answer(connection: psycopg.Connection[Any], name: str, values: dict[str, Any]) -> bool:
    row = connection.execute(getattr(QUERIES, name).sql, values).fetchone()
    return bool(row and row[0])
