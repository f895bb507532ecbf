"""Who takes part in which relationship: for access rules, and for what follows a withdrawal.

A proposed mentor is listed while the proposal is open, since a withdrawal ends it; so is who came by a link.
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


Parts = dict[tuple[UUID, str], bool]
"""Who has which part in one relationship, and whether it is open for them."""

People = dict[UUID, Parts]
"""The parts in each relationship that a batch is about."""


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Fold a batch into the rows of the relationships that it is about."""
    people = _remembered(tables, entries)
    for entry in entries:
        change(entry.event, people)
    _keep(tables, people)


def _remembered(tables: Tables, entries: Sequence[Entry]) -> People:
    people: People = {entry.stream: {} for entry in entries}
    for relationship, person, part, is_open in tables.run("remembered", ids=list(people)):
        people[relationship][person, part] = is_open
    return people


def _keep(tables: Tables, people: People) -> None:
    rows = [
        (relationship, *who, is_open)
        for relationship, parts in people.items()
        for who, is_open in parts.items()
    ]
    tables.run("clear", ids=list(people))
    tables.run(
        "keep",
        relationships=[row[0] for row in rows],
        people=[row[1] for row in rows],
        parts=[row[2] for row in rows],
        open=[row[3] for row in rows],
    )


@singledispatch
def change(_event: object, _people: People) -> None:
    """Note what one event changes; most change nothing here."""


@change.register
def _(event: Relationship.Created, people: People) -> None:
    people[event.originator_id][event.mentee, ListedPart.MENTEE.value] = True


@change.register
def _(event: Happened.MentorProposed, people: People) -> None:
    people[event.originator_id][event.mentor, ListedPart.PROPOSED_MENTOR.value] = True


@change.register
def _(event: Happened.PartnerCame, people: People) -> None:
    people[event.originator_id][event.partner, ListedPart.PROPOSED_MENTOR.value] = True


@change.register(Happened.LinkWithdrawn)
@change.register(Happened.PartnerDeclined)
@change.register(Happened.ProposalDeclined)
@change.register(Happened.ProposalExpired)
@change.register(Happened.ProposalSuperseded)
def _(event: Happened.ProposalExpired, people: People) -> None:
    people[event.originator_id] = _without_proposed(people[event.originator_id])


@change.register
def _(event: Happened.Matched, people: People) -> None:
    parts = people[event.originator_id] = _without_proposed(people[event.originator_id])
    parts[event.mentor, ListedPart.MENTOR.value] = True


@change.register
def _(event: Happened.PartnerJoined, people: People) -> None:
    parts = people[event.originator_id] = _without_proposed(people[event.originator_id])
    parts[event.partner, ListedPart.MENTOR.value] = True


@change.register
def _(event: Happened.Closed, people: People) -> None:
    parts = _without_proposed(people[event.originator_id])
    people[event.originator_id] = dict.fromkeys(parts, False)


def _without_proposed(parts: Parts) -> Parts:
    return {
        (person, part): is_open
        for (person, part), is_open in parts.items()
        if part != ListedPart.PROPOSED_MENTOR.value
    }


PARTICIPATION = ReadModel(
    name="participation",
    version=2,
    tables=("participation",),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(change) | {Relationship.Created.TOPIC},
    apply=apply,
)
