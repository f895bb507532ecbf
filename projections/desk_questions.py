"""Asks what lies on a desk, what is somebody's own of it, what has been over for long, and of what nobody was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import aiosql
from psycopg.rows import class_row, tuple_row

from domain.values import Role
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
    kind: str
    holder: str | None
    handler: UUID | None
    person: UUID | None
    due_on: date | None
    over_since: datetime | None

    @property
    def desk(self) -> Role:
        """Which duty it lies with; every record begins at a desk."""
        return Role(self.holder or "")


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


def unrung(reader: Reader, soon: date, *, most: int = MOST_AT_ONCE) -> Sequence[DeskItem]:
    """What waits and nobody was told, and what is due by a day and nobody was told of it, with that day."""
    rows = reader.ask(QUERIES, "unrung", {"most": most}, class_row(DeskItem))
    due = reader.ask(QUERIES, "due_unrung", {"soon": soon, "most": most}, class_row(DeskItem))
    return [*rows, *due]


def holders(reader: Reader, role: Role, *, most: int = MOST_AT_ONCE) -> Sequence[UUID]:
    """The active people who have a role."""
    rows = reader.ask(QUERIES, "holders", {"role": role.value, "most": most}, tuple_row)
    return [person for (person,) in rows]
