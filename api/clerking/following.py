"""Follows the log: every event is shown to those who know what follows from it, and passed once nothing is left.

What cannot be done now holds its own event back and no other: the later ones are seen to, and seen again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import aiosql
import psycopg

from api.clerking.errands import Errands
from api.event_log import EventLog
from projections.log import Entry

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
POLICY = "clerk"
BATCH = 500


class Follower(Protocol):
    """Knows what follows from some events."""

    def follow(self, entry: Entry) -> bool:
        """Do what follows from one event, if anything does; answer whether nothing is left of it."""


@dataclass(frozen=True)
class Following:
    """Shows the log to every follower, from where all of them have come."""

    events: EventLog
    errands: Errands
    followers: Sequence[Follower]

    def catch_up(self, connection: psycopg.Connection[Any]) -> None:
        """Act on every event that was not passed."""
        at = passed = _position(connection)
        is_held = False
        while entries := self.events.read(at, BATCH):
            for entry in entries:
                is_held = not self._act_on(entry) or is_held
                passed = passed if is_held else entry.position
            at = entries[-1].position
            connection.execute(QUERIES.advance.sql, {"policy": POLICY, "position": passed})

    def _act_on(self, entry: Entry) -> bool:
        if entry.damaged is not None:
            self.errands.alarm("a record is damaged", entry.damaged.record, entry.damaged.damage)
        # All of them are asked, so that what one cannot do now keeps no other from it.
        followed = [follower.follow(entry) for follower in self.followers]
        return all(followed)


def _position(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute(QUERIES.position.sql, {"policy": POLICY}).fetchone()
    return int(row[0]) if row else 0
