"""What a coordinator sees: where each relationship stands; no words, no identity, no notes, no names."""

from datetime import datetime
from uuid import UUID

import msgspec

from domain.relationship_events import Cadence, ClosingReason, Kind, Mode
from domain.relationship_state import Stage
from projections.read_model import ReadModel
from projections.relationship_book import TOPICS
from projections.relationship_memory import RememberedProposal, RememberedRelationship
from projections.relationship_view import RelationshipView, view_queries

WAITING = frozenset({Stage.REQUESTED, Stage.PROPOSED})


class ProposalRow(msgspec.Struct):
    """The open proposal as a coordinator sees it."""

    id: UUID
    version: int
    expires_at: datetime
    accepted_by_mentee: bool
    accepted_by_mentor: bool


class SessionCounts(msgspec.Struct):
    """Sessions of the place (null if it is unknown) and of the relationship."""

    granted: int | None
    reserved: int | None
    used: int | None
    held: int
    next_at: datetime | None


class PipelineRow(msgspec.Struct):
    """One relationship; people stand under their pseudonymous ids.

    `waiting_since` is set while no match was made; `propose_again` where a proposal came to nothing, for
    whatever reason, and the next one is awaited. `sessions.next_at` is the earliest session
    without an outcome; one in the past waits for its attendance. `version` is what a command on the
    relationship names as read, `position` that of the last change.
    """

    id: UUID
    version: int
    position: int
    stage: Stage
    since: datetime
    kind: Kind
    mode: Mode
    cadence: Cadence
    mentee: UUID
    mentor: UUID | None
    proposed_mentor: UUID | None
    group: UUID | None
    proposal: ProposalRow | None
    requested_at: datetime
    waiting_since: datetime | None
    propose_again: bool
    sessions: SessionCounts
    last_activity_at: datetime
    closed_for: ClosingReason | None


def row_of(known: RememberedRelationship) -> PipelineRow:
    """The row that shows a relationship."""
    return PipelineRow(
        id=known.id,
        version=known.version,
        position=known.changed_position,
        stage=known.stage,
        since=known.since,
        kind=known.kind,
        mode=known.mode,
        cadence=known.cadence,
        mentee=known.mentee,
        mentor=known.mentor,
        proposed_mentor=known.proposal.mentor if known.proposal else None,
        group=known.group,
        proposal=_proposal(known.mentee, known.proposal) if known.proposal else None,
        requested_at=known.requested_at,
        waiting_since=known.requested_at if known.stage in WAITING else None,
        propose_again=known.was_proposed and known.stage is Stage.REQUESTED,
        sessions=_sessions(known),
        last_activity_at=known.last_activity_at,
        closed_for=known.closed_for,
    )


def _proposal(mentee: UUID, proposal: RememberedProposal) -> ProposalRow:
    return ProposalRow(
        id=proposal.id,
        version=proposal.version,
        expires_at=proposal.expires_at,
        accepted_by_mentee=mentee in proposal.accepted_by,
        accepted_by_mentor=proposal.mentor in proposal.accepted_by,
    )


def _sessions(known: RememberedRelationship) -> SessionCounts:
    ledger = known.ledger
    return SessionCounts(
        granted=ledger.granted if ledger else None,
        reserved=ledger.reserved if ledger else None,
        used=ledger.used if ledger else None,
        held=known.sessions_held,
        next_at=known.next_session_at,
    )


VIEW = RelationshipView(
    memory=RememberedRelationship,
    document=row_of,
    columns={"stages": lambda known: known.stage},
)

PIPELINE = ReadModel(
    name="pipeline",
    version=7,
    tables=("pipeline", "pipeline_place"),
    queries=view_queries(__file__),
    topics=TOPICS,
    apply=VIEW.apply,
)
