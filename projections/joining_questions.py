"""Asks the read models of joining: which places somebody has, and which enquiries there are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import aiosql
from psycopg.rows import class_row

from domain.enquiry import EnquiryKind
from projections.enquiries import EnquiryStage
from projections.reader import Reader

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A place of somebody's, and the relationship that holds it, if there is one."""

    place: UUID
    agreement: UUID
    relationship: UUID | None


@dataclass(frozen=True, slots=True)
class EnquiryRow:
    """One enquiry; `position` is that of the asking."""

    enquiry: UUID
    position: int
    kind: EnquiryKind
    stage: EnquiryStage
    made_at: datetime


@dataclass(frozen=True, slots=True)
class EnquiryKept:
    """An enquiry that has stood as it does since a moment that lies far back."""

    enquiry: UUID
    stage: EnquiryStage
    since: datetime


def places_of(reader: Reader, person: UUID) -> Sequence[OwnPlace]:
    """Every place that is a person's; for themselves and the service's own rules."""
    return reader.ask(QUERIES, "places_of_person", {"person": person}, class_row(OwnPlace))


def enquiries(
    reader: Reader,
    *,
    stage: EnquiryStage = EnquiryStage.OPEN,
    after: int = 0,
    most: int = MOST_AT_ONCE,
) -> Sequence[EnquiryRow]:
    """A page of the enquiries of one stage in the order they were made."""
    values = {"stage": stage.value, "after": after, "most": most}
    rows = reader.ask(QUERIES, "enquiries", values, class_row(EnquiryRow))
    return [_with_words(row) for row in rows]


def enquiries_kept(
    reader: Reader, *, unanswered: datetime, answered: datetime, most: int = MOST_AT_ONCE
) -> Sequence[EnquiryKept]:
    """Those that were made and never answered, or answered, that long ago."""
    values = {"unanswered": unanswered, "answered": answered, "most": most}
    return reader.ask(QUERIES, "enquiries_kept", values, class_row(EnquiryKept))


def _with_words(row: EnquiryRow) -> EnquiryRow:
    return replace(row, kind=EnquiryKind(row.kind), stage=EnquiryStage(row.stage))
