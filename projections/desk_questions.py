"""Asks what lies on a desk, what is somebody's own of it, and what has been over for long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import aiosql
from psycopg.rows import class_row

from projections.desks import DeskKind
from projections.reader import Reader

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class DeskItem:
    """One record; `position` is that of its first event, and `person` whose it is, as far as they know of it."""

    record: UUID
    position: int
    holder: str | None
    person: UUID | None
    due_on: date | None
    over_since: datetime | None


def desk(
    reader: Reader,
    kind: DeskKind,
    *,
    is_over: bool = False,
    after: int = 0,
    most: int = MOST_AT_ONCE,
) -> Sequence[DeskItem]:
    """A page of what is open, or over, in the order it began."""
    values = {"kind": kind.value, "is_over": is_over, "after": after, "most": most}
    return reader.ask(QUERIES, "desk", values, class_row(DeskItem))


def own_items(
    reader: Reader, kind: DeskKind, person: UUID, *, most: int = MOST_AT_ONCE
) -> Sequence[DeskItem]:
    """What is a person's own, the newest first."""
    values = {"kind": kind.value, "person": person, "most": most}
    return reader.ask(QUERIES, "own_items", values, class_row(DeskItem))


def over_before(
    reader: Reader, kind: DeskKind, moment: datetime, *, most: int = MOST_AT_ONCE
) -> Sequence[DeskItem]:
    """What has been over since before a moment and is not forgotten, the longest first."""
    values = {"kind": kind.value, "moment": moment, "most": most}
    return reader.ask(QUERIES, "over_before", values, class_row(DeskItem))
