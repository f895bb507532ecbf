"""What falls due: for now when an open proposal expires; gone as soon as it is answered or ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import singledispatch
from pathlib import Path
from uuid import UUID

import aiosql

from domain.relationship_events import RelationshipEvents as Happened
from projections.log import Entry
from projections.read_model import ReadModel, Tables, topics_of


class Due(StrEnum):
    """What is to be done once the time has come."""

    PROPOSAL_EXPIRES = "proposal_expires"


@dataclass(frozen=True, slots=True)
class Deadline:
    """What falls due for which version of which proposal."""

    relationship: UUID
    proposal: UUID
    version: int
    what: Due
    due_at: datetime


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Write what each event changes, without waiting for one answer before the next."""
    with tables.cursor.connection.pipeline():
        for entry in entries:
            change(entry.event, tables)


@singledispatch
def change(_event: object, _tables: Tables) -> None:
    """Write what one event changes; most change nothing here."""


@change.register
def _(event: Happened.MentorProposed, tables: Tables) -> None:
    tables.run(
        "set",
        relationship=event.originator_id,
        proposal=event.proposal,
        version=event.version,
        what=Due.PROPOSAL_EXPIRES.value,
        due_at=event.expires_at,
    )


@change.register(Happened.ProposalDeclined)
@change.register(Happened.ProposalExpired)
@change.register(Happened.ProposalSuperseded)
@change.register(Happened.Matched)
@change.register(Happened.Closed)
def _(event: Happened.Closed, tables: Tables) -> None:
    tables.run("lift", relationship=event.originator_id, what=Due.PROPOSAL_EXPIRES.value)


DEADLINES = ReadModel(
    name="deadlines",
    version=1,
    tables=("deadlines",),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(change),
    apply=apply,
)
