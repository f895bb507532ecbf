"""Who takes part in which relationship: for access rules, and for what follows a withdrawal.

A proposed mentor is listed while the proposal is open, since a withdrawal ends it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import singledispatch
from pathlib import Path
from uuid import UUID

import aiosql

from domain.relationship import Relationship
from domain.relationship_events import RelationshipEvents as Happened
from projections.log import Entry
from projections.read_model import ReadModel, Tables, topics_of


class ListedPart(StrEnum):
    """Which part somebody has; a proposed mentor has none yet."""

    MENTEE = "mentee"
    MENTOR = "mentor"
    PROPOSED_MENTOR = "proposed_mentor"


@dataclass(frozen=True, slots=True)
class Participation:
    """A person's part in a relationship, and whether that is open."""

    relationship: UUID
    person: UUID
    part: ListedPart
    is_open: bool


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Write what each event changes, without waiting for one answer before the next."""
    with tables.cursor.connection.pipeline():
        for entry in entries:
            change(entry.event, tables)


@singledispatch
def change(_event: object, _tables: Tables) -> None:
    """Write what one event changes; most change nothing here."""


@change.register
def _(event: Relationship.Created, tables: Tables) -> None:
    _join_in(tables, event.originator_id, event.mentee, ListedPart.MENTEE)


@change.register
def _(event: Happened.MentorProposed, tables: Tables) -> None:
    _join_in(tables, event.originator_id, event.mentor, ListedPart.PROPOSED_MENTOR)


@change.register(Happened.ProposalDeclined)
@change.register(Happened.ProposalExpired)
@change.register(Happened.ProposalSuperseded)
def _(event: Happened.ProposalExpired, tables: Tables) -> None:
    tables.run("end_proposal", relationship=event.originator_id)


@change.register
def _(event: Happened.Matched, tables: Tables) -> None:
    tables.run("end_proposal", relationship=event.originator_id)
    _join_in(tables, event.originator_id, event.mentor, ListedPart.MENTOR)


@change.register
def _(event: Happened.Closed, tables: Tables) -> None:
    tables.run("end_proposal", relationship=event.originator_id)
    tables.run("close", relationship=event.originator_id)


def _join_in(tables: Tables, relationship: UUID, person: UUID, part: ListedPart) -> None:
    tables.run("join_in", relationship=relationship, person=person, part=part.value)


PARTICIPATION = ReadModel(
    name="participation",
    version=1,
    tables=("participation",),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(change) | {Relationship.Created.TOPIC},
    apply=apply,
)
