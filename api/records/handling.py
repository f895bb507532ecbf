"""What whoever handles something by duty works with: one record at a time, or the list of what lies on their desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from api.auth.callers import Now
from api.dependencies import ApartPart, MentoringPart, OpeningsPart, ReaderPart
from api.errors import NotThereYet
from api.fields import Limit
from api.records.openings import Openings
from api.records.relations import Apart, own_partners
from domain.mentoring import Mentoring
from projections.desk_questions import DeskItem, desk, own_items
from projections.desks import DeskKind
from projections.reader import NotYet, Reader


@dataclass(frozen=True)
class Handling:
    """The records, the one door to what they say, and what keeps duty and one's own mentoring apart."""

    mentoring: Mentoring
    openings: Openings
    apart: Apart
    reader: Reader
    at: datetime


async def handling_of(
    mentoring: MentoringPart, openings: OpeningsPart, apart: ApartPart, reader: ReaderPart, at: Now
) -> Handling:
    """What a request works with."""
    return Handling(mentoring, openings, apart, reader, at)


HandlingPart = Annotated[Handling, Depends(handling_of)]


@dataclass(frozen=True, slots=True)
class Slice:
    """Which page of a desk: of what is open or over, from where on."""

    is_over: bool = False
    cursor: int = 0
    limit: int = 50


async def slice_of(
    *,
    is_over: bool = False,
    cursor: Annotated[int, Query(ge=0, le=10**15)] = 0,
    limit: Limit = 50,
) -> Slice:
    """As the query says it."""
    return Slice(is_over, cursor, limit)


SlicePart = Annotated[Slice, Depends(slice_of)]


@dataclass(frozen=True, slots=True)
class Lying:
    """What lies on a desk, where the next page begins, and whose is too near to the caller to be shown."""

    rows: Sequence[DeskItem]
    next: int | None
    own: frozenset[UUID]


def lying(reader: Reader, kind: DeskKind, asked: Slice, person: UUID) -> Lying:
    """A page of a desk as one person may see it; raises NotThereYet."""
    try:
        rows = desk(reader, kind, is_over=asked.is_over, after=asked.cursor, most=asked.limit)
        own = own_partners(reader, person)
    except NotYet:
        raise NotThereYet from None
    end = rows[-1].position if len(rows) == asked.limit else None
    return Lying(rows, end, frozenset(own))


def ones_own(reader: Reader, kind: DeskKind, person: UUID) -> list[UUID]:
    """The records that are somebody's own, the newest first; raises NotThereYet."""
    try:
        return [row.record for row in own_items(reader, kind, person)]
    except NotYet:
        raise NotThereYet from None
