"""Asks which sessions of somebody's were held in a stretch of days; for themselves alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import aiosql
from psycopg.rows import class_row

from domain.relationship_events import Mode
from projections.reader import Reader

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)


@dataclass(frozen=True, slots=True)
class HeldSession:
    """A session that was held and at which they were: when, how long, how; never with whom."""

    session: UUID
    starts_at: datetime
    time_zone: str
    minutes: int
    mode: Mode


def held_sessions(
    reader: Reader, person: UUID, *, after: datetime, before: datetime
) -> Sequence[HeldSession]:
    """In the order of their times; of two at one moment, as a group has them, one."""
    values = {"person": person, "after": after, "before": before}
    return reader.ask(QUERIES, "held_sessions", values, class_row(HeldSession))
