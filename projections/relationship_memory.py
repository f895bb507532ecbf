"""What read models remember of a relationship: no words, nothing sealed, nobody's name.

Follows the stages of the aggregate, as its events tell them; decides nothing.
"""

from datetime import datetime
from functools import singledispatch
from typing import TypeVar
from uuid import UUID

import msgspec

from domain.aggregate import Aggregate
from domain.relationship import Relationship
from domain.relationship_events import Cadence, ClosingReason, Kind, Mode
from domain.relationship_events import RelationshipEvents as Happened
from domain.relationship_state import Stage
from domain.session import Outcome
from domain.values import TimeSpan

REMINDERS = (Happened.ProposalNudged, Happened.SilenceNudged, Happened.EndingOffered)
"""The clerk's; nobody did anything, so they count as no activity."""


class RememberedSession(msgspec.Struct):
    """One session; without an outcome it is still to come or waits for attendance."""

    id: UUID
    span: TimeSpan
    sequence: int
    outcome: Outcome | None = None
    settled_at: datetime | None = None
    recorded_by: UUID | None = None
    confirmed: bool = False
    disputed: bool = False

    def settle(self, outcome: Outcome, event: Aggregate.Event, recorded_by: UUID | None) -> None:
        """Note how it ended, when that was recorded, and which party said so."""
        self.outcome, self.settled_at, self.recorded_by = outcome, event.timestamp, recorded_by


class RememberedProposal(msgspec.Struct):
    """The open proposal and who has accepted it."""

    id: UUID
    mentor: UUID
    version: int
    expires_at: datetime
    accepted_by: list[UUID] = []


class RememberedLedger(msgspec.Struct):
    """A place's sessions: granted, and how many of them are reserved and used."""

    granted: int
    reserved: int
    used: int


class RememberedRelationship(msgspec.Struct):
    """One relationship after all its events so far; `position` is that of its request."""

    id: UUID
    position: int
    mentee: UUID
    place: UUID
    kind: Kind
    mode: Mode
    cadence: Cadence
    requested_at: datetime
    stage: Stage
    since: datetime
    last_activity_at: datetime
    changed_position: int
    version: int = 1
    mentor: UUID | None = None
    group: UUID | None = None
    offered_group: UUID | None = None
    proposal: RememberedProposal | None = None
    was_proposed: bool = False
    ledger: RememberedLedger | None = None
    notebook: UUID | None = None
    link_expires_at: datetime | None = None
    partner: UUID | None = None
    agreements: dict[UUID, int] = {}
    is_agreed: bool = False
    is_paused: bool = False
    is_ending_offered: bool = False
    closed_for: ClosingReason | None = None
    sessions: dict[UUID, RememberedSession] = {}

    def settle(self, event: Aggregate.Event, position: int) -> None:
        """Note when and where the newest event was recorded, and the stage that follows."""
        self.version = event.originator_version
        self.changed_position = position
        self.is_ending_offered = isinstance(event, Happened.EndingOffered)
        if isinstance(event, REMINDERS):
            return
        self.last_activity_at = event.happened_at or event.timestamp
        stage = self._stage()
        if stage is not self.stage:
            self.stage, self.since = stage, self.last_activity_at

    def _stage(self) -> Stage:
        if self.closed_for is not None:
            return Stage.CLOSED
        if self.is_paused:
            return Stage.PAUSED
        if self.mentor is None:
            return Stage.PROPOSED if self.proposal else Stage.REQUESTED
        return Stage.ACTIVE if self.is_agreed else Stage.MATCHED

    @property
    def next_session_at(self) -> datetime | None:
        """The start of the earliest session without an outcome."""
        starts = (each.span.starts_at for each in self.sessions.values() if not each.outcome)
        return min(starts, default=None)

    @property
    def sessions_held(self) -> int:
        """How many sessions were held."""
        return sum(each.outcome is Outcome.HELD for each in self.sessions.values())


ARelationship = TypeVar("ARelationship", bound=RememberedRelationship)


def remember_request(
    kind: type[ARelationship], event: Relationship.Created, position: int
) -> ARelationship:
    """What the first event tells."""
    at = event.happened_at or event.timestamp
    return kind(
        id=event.originator_id,
        position=position,
        mentee=event.mentee,
        place=event.place,
        kind=event.kind,
        mode=event.mode,
        cadence=event.cadence,
        requested_at=at,
        stage=Stage.REQUESTED,
        since=at,
        last_activity_at=at,
        changed_position=position,
    )


@singledispatch
def remember(_event: object, _known: RememberedRelationship) -> None:
    """Change what is known of a relationship by one of its events."""


@remember.register
def _(event: Happened.MentorProposed, known: RememberedRelationship) -> None:
    known.proposal = RememberedProposal(
        event.proposal, event.mentor, event.version, event.expires_at
    )
    known.was_proposed = True
    known.offered_group = None


@remember.register
def _(event: Happened.SeatOffered, known: RememberedRelationship) -> None:
    known.offered_group = event.group


@remember.register
def _(event: Happened.ProposalAccepted, known: RememberedRelationship) -> None:
    if known.proposal is not None:
        known.proposal.accepted_by.append(event.by)


@remember.register(Happened.ProposalDeclined)
@remember.register(Happened.ProposalExpired)
@remember.register(Happened.ProposalSuperseded)
def _(_event: object, known: RememberedRelationship) -> None:
    known.proposal = None


@remember.register
def _(event: Happened.Matched, known: RememberedRelationship) -> None:
    known.mentor = event.mentor
    known.group = known.offered_group
    known.proposal = None


@remember.register
def _(event: Happened.PartnerInvited, known: RememberedRelationship) -> None:
    known.link_expires_at = event.expires_at


@remember.register
def _(event: Happened.PartnerCame, known: RememberedRelationship) -> None:
    known.partner = event.partner


@remember.register(Happened.LinkWithdrawn)
@remember.register(Happened.PartnerDeclined)
def _(_event: object, known: RememberedRelationship) -> None:
    known.link_expires_at = known.partner = None


@remember.register
def _(event: Happened.PartnerJoined, known: RememberedRelationship) -> None:
    known.mentor = event.partner
    known.link_expires_at = known.partner = None


@remember.register
def _(event: Happened.AgreementAccepted, known: RememberedRelationship) -> None:
    known.agreements[event.by] = event.version
    versions = [known.agreements.get(known.mentee), known.agreements.get(known.mentor or event.by)]
    known.is_agreed = known.is_agreed or set(versions) == {event.version}


@remember.register(Happened.SessionScheduled)
@remember.register(Happened.SessionRescheduled)
def _(event: Happened.SessionScheduled, known: RememberedRelationship) -> None:
    known.sessions[event.session] = RememberedSession(event.session, event.span, event.sequence)


@remember.register
def _(event: Happened.SessionCancelled, known: RememberedRelationship) -> None:
    by = event.actor if event.by else None
    known.sessions[event.session].settle(event.outcome, event, by)


@remember.register
def _(event: Happened.AbsenceRecorded, known: RememberedRelationship) -> None:
    known.sessions[event.session].settle(event.outcome, event, event.actor)


@remember.register
def _(event: Happened.SessionHeld, known: RememberedRelationship) -> None:
    known.sessions[event.session].settle(Outcome.HELD, event, event.confirmed_by)


@remember.register
def _(event: Happened.AttendanceDisputed, known: RememberedRelationship) -> None:
    known.sessions[event.session].disputed = True


@remember.register
def _(event: Happened.AttendanceCorrected, known: RememberedRelationship) -> None:
    session = known.sessions[event.session]
    session.outcome, session.recorded_by = event.outcome, None
    session.confirmed = session.disputed = False


@remember.register
def _(event: Happened.AttendanceSettled, known: RememberedRelationship) -> None:
    known.sessions[event.session].settle(event.outcome, event, None)


@remember.register
def _(event: Happened.CadenceChanged, known: RememberedRelationship) -> None:
    known.cadence = event.cadence


@remember.register(Happened.Paused)
def _(_event: object, known: RememberedRelationship) -> None:
    known.is_paused = True


@remember.register(Happened.Resumed)
def _(_event: object, known: RememberedRelationship) -> None:
    known.is_paused = False


@remember.register
def _(event: Happened.AttendanceConfirmed, known: RememberedRelationship) -> None:
    known.sessions[event.session].confirmed = True


@remember.register(Happened.SessionLinkSet)
@remember.register(Happened.ProposalNudged)
@remember.register(Happened.SilenceNudged)
@remember.register(Happened.EndingOffered)
@remember.register(Happened.RematchRequested)
@remember.register(Happened.ConflictDeclared)
def _(_event: object, _known: RememberedRelationship) -> None:
    """Nothing but that something happened; who and why is not for a read model."""


@remember.register
def _(event: Happened.Closed, known: RememberedRelationship) -> None:
    known.closed_for = event.reason
    known.proposal = None
