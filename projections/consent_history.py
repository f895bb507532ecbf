"""Consents: every change in the order it was recorded, and where each stands, with what falls due for it.

Pseudonyms, purposes, words by version and digest, and two clocks; nothing sealed and nobody's name.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

import aiosql

from domain.consent import ConsentLedger
from domain.consent_receipt import Told, change_of
from domain.consent_terms import (
    VALID,
    ConsentAnswer,
    ConsentChange,
    ConsentRenewalAsked,
    ConsentState,
)
from domain.notice import Notice
from projections.log import Entry
from projections.read_model import ReadModel, Tables

ASKED_AGAIN_AFTER = timedelta(days=30)
"""Who said "not now" is left alone for so long."""

Standing: TypeAlias = dict[tuple[UUID, str], ConsentChange]
"""The newest change of each person and purpose in a batch."""


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Write each change of a batch, and where the consents stand after it."""
    _keep_history(tables, [entry for entry in entries if isinstance(entry.event, Told)])
    standing: Standing = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, ConsentChange):
            standing[event.person, event.purpose.value] = event
        else:
            # What concerns consents that stand must find those written that came before it.
            _keep_standing(tables, standing)
            standing = {}
            _see_to(tables, event)
    _keep_standing(tables, standing)


def _see_to(tables: Tables, event: object) -> None:
    match event:
        case ConsentRenewalAsked():
            about = {"person": event.person, "purpose": event.purpose.value}
            tables.run("end_at", **about, expires_at=event.expires_at)
        case Notice.Superseded() if event.renew_by is not None:
            tables.run(
                "supersede",
                purpose=event.purpose.value,
                language=event.language,
                by_version=event.by_version,
                renew_by=event.renew_by,
            )
        case ConsentLedger.Closed():
            tables.run("leave_alone", ledger=event.originator_id)
        case _:
            return


def _keep_history(tables: Tables, entries: Sequence[Entry]) -> None:
    told = [(entry.position, entry.event) for entry in entries]
    events: list[Told] = [event for _, event in told if isinstance(event, Told)]
    if not events:
        return
    tables.run(
        "keep_history",
        positions=[position for position, _ in told],
        ledgers=[each.originator_id for each in events],
        versions=[each.originator_version for each in events],
        people=[each.person for each in events],
        actors=[each.actor for each in events],
        purposes=[each.purpose.value for each in events],
        changes=[change_of(each) for each in events],
        notice_versions=[each.notice_version for each in events],
        languages=[each.language for each in events],
        digests=[each.digest for each in events],
        methods=[_method(each) for each in events],
        effective_at=[getattr(each, "effective_at", each.timestamp) for each in events],
        recorded_at=[each.timestamp for each in events],
        expires_at=[each.expires_at for each in events],
    )


def _keep_standing(tables: Tables, standing: Standing) -> None:
    events = list(standing.values())
    if not events:
        return
    tables.run(
        "keep_standing",
        people=[each.person for each in events],
        purposes=[each.purpose.value for each in events],
        ledgers=[each.originator_id for each in events],
        states=[each.STATE.value for each in events],
        notice_versions=[each.notice_version for each in events],
        languages=[each.language for each in events],
        expires_at=[each.expires_at for each in events],
        due_at=[_due_at(each) for each in events],
    )


def _method(event: Told) -> str | None:
    return event.method.value if isinstance(event, ConsentAnswer) else None


def _due_at(event: ConsentChange) -> datetime | None:
    """When something is to be done about it by itself: a yes ends, or is asked for again."""
    if event.STATE in VALID:
        return event.expires_at
    if event.STATE is ConsentState.REQUEST_DEFERRED:
        return event.timestamp + ASKED_AGAIN_AFTER
    return None


CHANGES = (
    ConsentLedger.Requested,
    ConsentLedger.Deferred,
    ConsentLedger.RenewalAsked,
    ConsentLedger.Given,
    ConsentLedger.Renewed,
    ConsentLedger.Refused,
    ConsentLedger.Withdrawn,
    ConsentLedger.Revoked,
    ConsentLedger.Expired,
    ConsentLedger.Invalidated,
)

CONSENT_HISTORY = ReadModel(
    name="consent_history",
    version=1,
    tables=("consent_history", "consent_standing"),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=frozenset(each.TOPIC for each in (*CHANGES, ConsentLedger.Closed, Notice.Superseded)),
    apply=apply,
)
