"""Asks the read model of places and money: figures for pages, and lists for the service's own duties."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import aiosql
import msgspec
from psycopg.rows import class_row, tuple_row

from projections.money_memory import KnownAgreement, KnownPlace
from projections.reader import Reader

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
DECODER = msgspec.json.Decoder(KnownAgreement)
PLACES = msgspec.json.Decoder(KnownPlace)


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What was recorded in one month of an agreement; `lines` are sessions invoiced, money is in minor units."""

    month: date
    used: int
    released: int
    lines: int
    invoiced: int
    paid: int
    credited: int


@dataclass(frozen=True, slots=True)
class OverAgreement:
    """An agreement whose period is over, and since when."""

    agreement: UUID
    over_at: datetime


def all_agreements(reader: Reader, *, after: int = 0, most: int = 50) -> Sequence[KnownAgreement]:
    """For the provider: the live ledgers of agreements, in the order of their signing."""
    rows = reader.ask(QUERIES, "agreements", {"after": after, "most": most}, tuple_row)
    return [DECODER.decode(memory) for *_, memory in rows]


def agreement_figures(reader: Reader, agreement: UUID) -> KnownAgreement | None:
    """For the provider: the live ledger of one agreement."""
    rows = reader.ask(QUERIES, "agreement_figures", {"agreement": agreement}, tuple_row)
    return DECODER.decode(rows[0][-1]) if rows else None


def agreements_of_contact(reader: Reader, person: UUID) -> Sequence[UUID]:
    """The agreements of the organisations that a sponsor contact looks after."""
    rows = reader.ask(QUERIES, "agreements_of_contact", {"person": person}, tuple_row)
    return [agreement for (agreement,) in rows]


def months_before(reader: Reader, agreement: UUID, month: date) -> Sequence[MonthFigures]:
    """The figures of the months before one: of closed months, if it is the current one."""
    values = {"agreement": agreement, "before": month}
    return reader.ask(QUERIES, "months", values, class_row(MonthFigures))


def places_of(reader: Reader, agreement: UUID) -> Sequence[UUID]:
    """The places that an agreement pays for; for the service's own duties alone."""
    rows = reader.ask(QUERIES, "places_of", {"agreement": agreement}, tuple_row)
    return [place for (place,) in rows]


def open_on_agreement(reader: Reader, agreement: UUID) -> Sequence[UUID]:
    """The open relationships on its places; for the service's own duties alone."""
    rows = reader.ask(QUERIES, "open_on_agreement", {"agreement": agreement}, tuple_row)
    return [relationship for (relationship,) in rows]


def with_reserved_sessions(reader: Reader, agreement: UUID) -> Sequence[UUID]:
    """The relationships, open or not, on whose places sessions are reserved; what they hold up, nobody else sees."""
    rows = reader.ask(QUERIES, "asked_for_on_agreement", {"agreement": agreement}, tuple_row)
    return [relationship for relationship, memory in rows if PLACES.decode(memory).reserved]


def agreements_over(reader: Reader, at: datetime, *, most: int = 100) -> Sequence[OverAgreement]:
    """What has to be ended by a moment, the longest over first."""
    values = {"at": at, "most": most}
    return reader.ask(QUERIES, "agreements_over", values, class_row(OverAgreement))
