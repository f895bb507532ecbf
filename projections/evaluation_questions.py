"""Asks which answers may be shown of what is there, and which have been kept for long enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import aiosql
from psycopg.rows import class_row

from projections.reader import Reader

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
MOST_RESPONSES = 1_000
"""Beyond these the oldest lots are left out of what is shown."""


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One response and the lot in which it was taken out of its box."""

    response: UUID
    lot: int


@dataclass(frozen=True, slots=True)
class ResponseKept:
    """A response whose time may be over; `is_orphaned` where whom it is about was erased."""

    response: UUID
    is_orphaned: bool


def responses_about(
    reader: Reader, about: UUID, *, before: datetime, most: int = MOST_RESPONSES
) -> Sequence[ResponseRow]:
    """What was given about somebody, or about the scheme, before a moment; whole lots, the newest first."""
    values = {"about": about, "before": before, "most": most}
    return reader.ask(QUERIES, "responses_about", values, class_row(ResponseRow))


def responses_kept(
    reader: Reader, *, before: datetime, most: int = MOST_RESPONSES
) -> Sequence[ResponseKept]:
    """What was given before a moment, or is about somebody who was erased."""
    values = {"before": before, "most": most}
    return reader.ask(QUERIES, "responses_kept", values, class_row(ResponseKept))
