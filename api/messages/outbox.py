"""What waits to be told, and what became of it: a message is claimed for good before it is handed to anybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import aiosql
import psycopg

from api.bootstrap import Pool
from domain.policies.messages import Message, MessageKind, Which

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
KINDS = [kind.value for kind in MessageKind]
"""What a later release tells people waits for that release."""


class Outcome(StrEnum):
    """What became of a message."""

    SENT = "sent"
    NOT_WANTED = "not_wanted"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


LATE_AFTER = timedelta(minutes=10)
"""A mail server that is away for longer than this deserves a look."""


@dataclass(frozen=True)
class Figures:
    """How things are with messages, without whose they are."""

    late: int
    failed: int


@dataclass(frozen=True)
class Claimed:
    """A message that is being seen to, the how-manieth time."""

    message: Message
    tries: int


def outbox_figures(connection: psycopg.Connection[Any]) -> Figures:
    """For anybody who may ask how the service is."""
    row = connection.execute(QUERIES.figures.sql, {"late_after": LATE_AFTER}).fetchone()
    return Figures(*row) if row else Figures(0, 0)


@dataclass(frozen=True)
class Outbox:
    """The clerk's side of it."""

    pool: Pool

    def has_due(self, now: datetime) -> bool:
        """Whether anything is to go by now."""
        return bool(self._row("has_due", {"now": now, "kinds": KINDS})[0])

    def claim(self, now: datetime) -> Claimed | None:
        """The next message, whose following try is put off already; None when nothing is due."""
        row = self._row("claim", {"now": now, "kinds": KINDS})
        if row is None:
            return None
        id, person, kind, about, item, edition, not_before, tries = row
        which = Which(item, edition)
        message = Message(id, person, MessageKind(kind), about, which, not_before)
        return Claimed(message, tries)

    def put_off(self, message: Message, until: datetime) -> None:
        """Let it wait for what is not the mail server's to mend; that was no try."""
        self._do("put_off", {"message": message.id, "until": until})

    def end(self, message: Message, outcome: Outcome, now: datetime) -> None:
        """Note what became of it, once."""
        self._do("end", {"message": message.id, "outcome": outcome.value, "now": now})

    def forget_ended(self, before: datetime) -> None:
        """Let go of what ended that long ago."""
        self._do("forget_ended", {"before": before})

    def _row(self, name: str, values: dict[str, Any]) -> Any:
        with self.pool.connection() as connection:
            return connection.execute(getattr(QUERIES, name).sql, values).fetchone()

    def _do(self, name: str, values: dict[str, Any]) -> None:
        with self.pool.connection() as connection:
            connection.execute(getattr(QUERIES, name).sql, values)
