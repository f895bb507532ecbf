"""Asks the read model of consents: what falls due, and pages of every change, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import aiosql
from psycopg.rows import class_row

from domain.consent_terms import ConsentState
from domain.values import Purpose
from projections.reader import Reader

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
BEFORE_ALL = datetime(1, 1, 2, tzinfo=UTC)
AFTER_ALL = datetime(9999, 12, 30, tzinfo=UTC)
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class DueConsent:
    """A consent for which the time has come: a yes that ends, or "not now" that is asked again."""

    person: UUID
    purpose: Purpose
    state: ConsentState
    language: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class OutdatedConsent:
    """A yes to words that were replaced: until when it stands, and under which version it is renewed."""

    person: UUID
    purpose: Purpose
    language: str
    renew_under: int
    renew_by: datetime


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One change of a consent, under pseudonyms."""

    position: int
    ledger: UUID
    version: int
    person: UUID
    actor: UUID
    purpose: str
    change: str
    notice_version: int
    language: str
    digest: bytes
    method: str | None
    effective_at: datetime
    recorded_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Which changes are asked for: of a person, of a purpose, recorded in a period, before a position."""

    person: UUID | None = None
    purpose: Purpose | None = None
    since: datetime = BEFORE_ALL
    until: datetime = AFTER_ALL
    before: int | None = None


def due_consents(reader: Reader, at: datetime) -> Sequence[DueConsent]:
    """What has fallen due by then, the longest due first; raises NotYet."""
    values = {"at": at, "most": MOST_AT_ONCE}
    rows = reader.ask(QUERIES, "due_consents", values, class_row(DueConsent))
    return [
        DueConsent(
            each.person, Purpose(each.purpose), ConsentState(each.state), each.language, each.due_at
        )
        for each in rows
    ]


def outdated_consents(reader: Reader) -> Sequence[OutdatedConsent]:
    """Who is still to be asked to renew, those with the least time first; raises NotYet."""
    values = {"most": MOST_AT_ONCE}
    rows = reader.ask(QUERIES, "outdated_consents", values, class_row(OutdatedConsent))
    return [
        OutdatedConsent(
            each.person, Purpose(each.purpose), each.language, each.renew_under, each.renew_by
        )
        for each in rows
    ]


def history(reader: Reader, wanted: HistoryFilter, most: int) -> Sequence[HistoryRow]:
    """Changes of consents, the newest recorded first; raises NotYet."""
    values = {
        "person": wanted.person,
        "purpose": wanted.purpose and wanted.purpose.value,
        "since": wanted.since,
        "until": wanted.until,
        "before": wanted.before,
        "most": most,
    }
    return reader.ask(QUERIES, _query_of(wanted), values, class_row(HistoryRow))


def _query_of(wanted: HistoryFilter) -> str:
    """Each has an index of its own."""
    if wanted.person is not None:
        return "history_of_person"
    return "history" if wanted.purpose is None else "history_of_purpose"
