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


Open = dict[UUID, Happened.MentorProposed | None]
"""The open proposal of each relationship that a batch is about."""


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Write what the batch leaves open; the last word on a relationship's proposal is the one that counts."""
    proposals: Open = {}
    for entry in entries:
        change(entry.event, proposals)
    if not proposals:
        return
    what = Due.PROPOSAL_EXPIRES.value
    tables.run("lift", ids=list(proposals), what=what)
    left = [proposal for proposal in proposals.values() if proposal is not None]
    if left:
        tables.run(
            "set",
            what=what,
            ids=[each.originator_id for each in left],
            proposals=[each.proposal for each in left],
            versions=[each.version for each in left],
            due_at=[each.expires_at for each in left],
        )


@singledispatch
def change(_event: object, _proposals: Open) -> None:
    """Note what one event changes; most change nothing here."""


@change.register
def _(event: Happened.MentorProposed, proposals: Open) -> None:
    proposals[event.originator_id] = event


@change.register(Happened.ProposalDeclined)
@change.register(Happened.ProposalExpired)
@change.register(Happened.ProposalSuperseded)
@change.register(Happened.Matched)
@change.register(Happened.Closed)
def _(event: Happened.Closed, proposals: Open) -> None:
    proposals[event.originator_id] = None


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
