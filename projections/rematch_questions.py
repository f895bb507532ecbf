"""Asks who waits for another mentoring partner, the longest waiting first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import aiosql
from psycopg.rows import class_row

from domain.relationship_events import Part, RematchReason
from projections.reader import Reader

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody's wish: in which relationship it was said, and the request that carries it on, if there is one."""

    relationship: UUID
    position: int
    person: UUID
    part: Part
    reason: RematchReason
    wished_at: datetime
    is_closed: bool
    next_request: UUID | None


def rematches(reader: Reader, *, after: int = 0, most: int = MOST_AT_ONCE) -> Sequence[Wish]:
    """A page of those who wait."""
    return reader.ask(QUERIES, "rematches", {"after": after, "most": most}, class_row(Wish))
