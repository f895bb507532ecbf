"""What each party sees of a relationship in the same way: their sessions, their agreement, how it ended.

Nothing here tells one party more of the other than both did together.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from domain.relationship_events import EndingTold, ending_told
from domain.relationship_events import RelationshipEvents as Happened
from domain.session import DISPUTE_PERIOD
from projections.log import Entry
from projections.relationship_memory import RememberedRelationship, RememberedSession

SCHEDULED = "scheduled"
"""The status of a session without an outcome; any other status is its outcome."""


class PartyMemory(RememberedRelationship):
    """A relationship with who ended it, and who asked for another partner: each is told of themselves."""

    closed_by: UUID | None = None
    rematch_wanted_by: list[UUID] = msgspec.field(default_factory=list)


class PartyAgreement(msgspec.Struct):
    """Which version of the agreement each party accepted last; both must have accepted one."""

    accepted_by_you: int | None
    accepted_by_partner: int | None
    is_agreed: bool


class PartySession(msgspec.Struct):
    """One session; times are in UTC, the zone is the one it was planned in.

    `recorded_by_you` is null until there is an outcome, and where the end of the relationship cancelled.
    `disputable_until` is null where nothing is recorded, or where it is confirmed or disputed already.
    """

    id: UUID
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    sequence: int
    status: str
    is_disputed: bool
    is_confirmed: bool
    recorded_by_you: bool | None
    disputable_until: datetime | None


def note_who(known: PartyMemory, entry: Entry) -> None:
    """Remember who ended the relationship, and who would like another partner."""
    match entry.event:
        case Happened.Closed(actor=actor):
            known.closed_by = actor
        case Happened.RematchRequested(by=by):
            known.rematch_wanted_by.append(by)


def ending_of(known: PartyMemory, you: UUID) -> EndingTold | None:
    """Why it ended, as far as that is theirs to know."""
    if known.closed_for is None:
        return None
    return ending_told(known.closed_for, is_own=known.closed_by == you)


def agreement_of(known: RememberedRelationship, you: UUID, partner: UUID | None) -> PartyAgreement:
    """What the two agreed on so far."""
    return PartyAgreement(
        accepted_by_you=known.agreements.get(you),
        accepted_by_partner=known.agreements.get(partner) if partner else None,
        is_agreed=known.is_agreed,
    )


def sessions_of(known: RememberedRelationship, you: UUID) -> list[PartySession]:
    """In the order of their times; those of one moment, one cancelled and one not, by id."""
    in_order = sorted(known.sessions.values(), key=lambda each: (each.span.starts_at, each.id))
    return [_session(session, you) for session in in_order]


def _session(session: RememberedSession, you: UUID) -> PartySession:
    is_answered = session.confirmed or session.disputed
    return PartySession(
        id=session.id,
        starts_at=session.span.starts_at,
        ends_at=session.span.ends_at,
        time_zone=session.span.time_zone,
        sequence=session.sequence,
        status=session.outcome or SCHEDULED,
        is_disputed=session.disputed,
        is_confirmed=session.confirmed,
        recorded_by_you=session.recorded_by == you if session.recorded_by else None,
        disputable_until=session.settled_at + DISPUTE_PERIOD
        if session.settled_at and not is_answered
        else None,
    )
