"""Groups: what their people see of them, and what changes for everybody at once."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller, MentorCaller, SchemeCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    ReaderPart,
    WaitingPart,
)
from api.errors import NotThereYet
from api.records.groups import as_coordinator_of, as_facilitator, as_member
from api.routes.arrangements import ChangeCadence
from api.routes.reading import AtLeast, wait_until_shown
from api.routes.relationships import SaidReason
from domain.access import Caller
from domain.commands import groups as commands
from domain.commands.circles import has_conflict_within
from domain.group import Group
from domain.mentoring import Mentoring
from domain.programme import Programme
from domain.relationship import Relationship
from domain.relationship_events import Cadence
from domain.session import Outcome, Session
from projections.group_questions import open_groups
from projections.groups import GROUPS
from projections.reader import NotYet

router = APIRouter(prefix="/groups", tags=["groups"])


class CloseGroup(Body):
    """Why it ends; "no_fault" is always an answer."""

    reason: SaidReason = Field(examples=["completed"])


class MemberAnswer(BaseModel):
    """Somebody in the group, for whoever facilitates or coordinates it."""

    relationship: UUID
    person: UUID
    is_agreed: bool


class ComingAnswer(BaseModel):
    """What becomes of one member's session in an hour; without an outcome they are expected."""

    relationship: UUID
    session: UUID
    outcome: Outcome | None


class HourAnswer(BaseModel):
    """One hour of the group; a member sees when it is, and of what became of it their own session alone."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    sequence: int
    outcome: Outcome | None
    coming: list[ComingAnswer]


class GroupAnswer(BaseModel):
    """A group; members never see who the others are."""

    id: UUID
    programme: UUID
    cadence: Cadence
    is_open: bool
    members: int
    seats: int = Field(description="How many members it has at most.")
    people: list[MemberAnswer] | None = Field(description="Null for a member.")
    conflict_within: bool | None = Field(
        description="Whether a conflict was declared between two of them; null for those who are in it."
    )
    hours: list[HourAnswer]


class OpenGroupAnswer(BaseModel):
    """A group that is open, for whoever looks for a seat."""

    id: UUID
    programme: UUID
    facilitator: UUID
    members: int
    seats: int


class OpenGroupsAnswer(BaseModel):
    """The open groups of the scheme, or of one programme."""

    groups: list[OpenGroupAnswer]


@router.get("")
def list_open(
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    reader: ReaderPart,
    waiting: WaitingPart,
    programme: Annotated[UUID | None, Query(description="Only its groups.")] = None,
    at_least: AtLeast = None,
) -> OpenGroupsAnswer:
    """List the open groups with their seats; never one that the coordinator is in."""
    wait_until_shown(waiting, GROUPS.name, at_least)
    try:
        rows = open_groups(reader, programme=programme, hidden_from=caller.person)
    except NotYet:
        raise NotThereYet from None
    return OpenGroupsAnswer(
        groups=[
            OpenGroupAnswer(
                id=row.group,
                programme=row.programme,
                facilitator=row.facilitator,
                members=row.members,
                seats=mentoring.load(Programme, row.programme).most_in_group,
            )
            for row in rows
        ]
    )


@router.get("/{id}")
def show(
    id: UUID, caller: SchemeCaller, mentoring: MentoringPart, response: Response
) -> GroupAnswer:
    """Show a group to its people and its coordinator."""
    find = as_member if caller.is_party() else as_coordinator_of
    group = find(mentoring, caller, id)
    response.headers["ETag"] = f'"{group.version}"'
    return seen_by(mentoring, group, caller)


@router.post("/{id}/cadence")
def change_cadence(
    id: UUID, body: ChangeCadence, caller: MentorCaller, carrier: CarrierPart
) -> CommandResult:
    """Meet more or less often, all of them."""
    as_facilitator(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.change_group_cadence, group=id, cadence=body.cadence)


@router.post("/{id}/closing")
def close(id: UUID, body: CloseGroup, caller: SchemeCaller, carrier: CarrierPart) -> CommandResult:
    """End it for everybody; what lies ahead is cancelled at nobody's cost. A member leaves instead."""
    find = as_facilitator if caller.is_party() else as_coordinator_of
    find(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.close_group, group=id, reason=body.reason)


def seen_by(mentoring: Mentoring, group: Group, caller: Caller) -> GroupAnswer:
    """A group as somebody sees it who takes part in it or coordinates it."""
    pairs = {id: mentoring.load(Relationship, id) for id in _concerned(group)}
    if caller.person in group.members.values():
        shown = {id: pair for id, pair in pairs.items() if pair.mentee == caller.person}
        people = None
    else:
        shown, people = pairs, [_member(pairs[id]) for id in sorted(group.members)]
    in_order = sorted(group.sessions.values(), key=lambda each: (each.span.starts_at, each.id))
    return GroupAnswer(
        id=group.id,
        programme=group.programme,
        cadence=group.cadence,
        is_open=group.closed_for is None,
        members=len(group.members),
        seats=mentoring.load(Programme, group.programme).most_in_group,
        people=people,
        conflict_within=None if caller.is_party() else has_conflict_within(mentoring, group),
        hours=[_hour(group, hour, shown) for hour in in_order],
    )


def _concerned(group: Group) -> set[UUID]:
    """Its members, and those who have left since an hour of which something is still to be said."""
    return set(group.members).union(*group.expected.values())


def _member(pair: Relationship) -> MemberAnswer:
    return MemberAnswer(relationship=pair.id, person=pair.mentee, is_agreed=pair.is_agreed)


def _hour(group: Group, hour: Session, shown: dict[UUID, Relationship]) -> HourAnswer:
    coming = []
    for id in sorted(group.expected[hour.id] & shown.keys()):
        session = shown[id].session(Group.session_of(hour.id, id))
        coming.append(ComingAnswer(relationship=id, session=session.id, outcome=session.outcome))
    return HourAnswer(
        id=hour.id,
        starts_at=hour.span.starts_at,
        ends_at=hour.span.ends_at,
        time_zone=hour.span.time_zone,
        sequence=hour.sequence,
        outcome=hour.outcome,
        coming=coming,
    )
