"""What can be recorded of a mentoring relationship; these shapes and topics are for ever."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.aggregate import Aggregate
from domain.partner_events import PartnerEvents
from domain.proposal import DeclineReason, SupersededReason
from domain.session import CancellationNotice, CancellationReason, CorrectionReason, Outcome
from domain.values import Sealed, TimeSpan


class Part(StrEnum):
    """Which side of a relationship somebody is on."""

    MENTEE = "mentee"
    MENTOR = "mentor"


class Kind(StrEnum):
    """Which kind of scheme a relationship belongs to."""

    FORMAL = "formal"
    GROUP = "group"
    INFORMAL = "informal"
    REVERSE = "reverse"
    FOR_DIVERSITY = "for_diversity"


MATCHED_IN_ROUNDS = frozenset({Kind.FORMAL, Kind.REVERSE, Kind.FOR_DIVERSITY})
"""For these the matching looks for somebody: two who found each other need nobody, and groups are formed by hand."""


class Mode(StrEnum):
    """How people meet."""

    VIRTUAL = "virtual"
    IN_PERSON = "in_person"


class Cadence(StrEnum):
    """How often people meet."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


class RematchReason(StrEnum):
    """Why somebody would like another mentoring partner; no reason is needed."""

    NO_REASON_GIVEN = "no_reason_given"
    NOT_THE_RIGHT_MATCH = "not_the_right_match"
    AVAILABILITY = "availability"
    RELATIONSHIP_ENDED = "relationship_ended"


class ClosingReason(StrEnum):
    """Rule 19: every ending has a reason, and "no fault" is always one of them."""

    COMPLETED = "completed"
    GOALS_MET = "goals_met"
    NO_FAULT = "no_fault"
    MENTOR_UNAVAILABLE = "mentor_unavailable"
    MENTEE_LEFT = "mentee_left"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    SAFEGUARDING = "safeguarding"
    AGREEMENT_ENDED = "agreement_ended"


class EndingTold(StrEnum):
    """What a party is told of an ending; "ended" keeps somebody else's reason to themselves."""

    COMPLETED = "completed"
    GOALS_MET = "goals_met"
    NO_FAULT = "no_fault"
    MENTOR_UNAVAILABLE = "mentor_unavailable"
    MENTEE_LEFT = "mentee_left"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    SAFEGUARDING = "safeguarding"
    AGREEMENT_ENDED = "agreement_ended"
    ENDED = "ended"


TOLD_TO_EVERY_PARTY = frozenset(
    {
        ClosingReason.COMPLETED,
        ClosingReason.GOALS_MET,
        ClosingReason.NO_FAULT,
        ClosingReason.AGREEMENT_ENDED,
    }
)
"""The others would tell one party what the other did, feared or withdrew.

Leaving and being unavailable are among them so that "ended" points at nobody and nothing.
"""


def ending_told(reason: ClosingReason, *, is_own: bool) -> EndingTold:
    """What a party is told: their own reason, or another's where that says nothing of them."""
    if is_own or reason in TOLD_TO_EVERY_PARTY:
        return EndingTold(reason.value)
    return EndingTold.ENDED


@dataclass(frozen=True, slots=True)
class Participant:
    """A person and their part; a list of these, because groups have several mentees."""

    person: UUID
    part: Part


@dataclass(frozen=True, slots=True)
class Silence:
    """Since when nothing was heard of a pair, and of how many nudges; `version` is that of the last reminder."""

    since: datetime
    nudges: int
    version: int
    is_offered: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """By which somebody who was told of it comes to a relationship, until a moment."""

    id: UUID
    expires_at: datetime


class RelationshipEvents(PartnerEvents):
    """The events of the aggregate Relationship, apart from the first."""

    class ConflictDeclared(Aggregate.Event):
        TOPIC = "relationship.conflict_declared"
        by: UUID
        with_person: UUID
        words: Sealed | None

    class MentorProposed(Aggregate.Event):
        TOPIC = "relationship.mentor_proposed"
        proposal: UUID
        mentor: UUID
        version: int
        rank: int
        expires_at: datetime
        reasons_for_mentee: Sealed
        reasons_for_mentor: Sealed

    class SeatOffered(Aggregate.Event):
        """In which group a proposal offers a seat; one that nobody is in yet is formed by the match."""

        TOPIC = "relationship.seat_offered"
        proposal: UUID
        group: UUID

    class ProposalAccepted(Aggregate.Event):
        TOPIC = "relationship.proposal_accepted"
        proposal: UUID
        version: int
        by: UUID

    class ProposalDeclined(Aggregate.Event):
        TOPIC = "relationship.proposal_declined"
        proposal: UUID
        version: int
        by: UUID
        reason: DeclineReason
        words: Sealed | None

    class ProposalExpired(Aggregate.Event):
        TOPIC = "relationship.proposal_expired"
        proposal: UUID
        version: int

    class ProposalSuperseded(Aggregate.Event):
        TOPIC = "relationship.proposal_superseded"
        proposal: UUID
        version: int
        reason: SupersededReason

    class Matched(Aggregate.Event):
        TOPIC = "relationship.matched"
        proposal: UUID
        version: int
        mentor: UUID

    class AgreementAccepted(Aggregate.Event):
        TOPIC = "relationship.agreement_accepted"
        by: UUID
        version: int

    class SessionScheduled(Aggregate.Event):
        TOPIC = "relationship.session_scheduled"
        session: UUID
        span: TimeSpan
        sequence: int
        video_link: Sealed | None

    class SessionRescheduled(Aggregate.Event):
        TOPIC = "relationship.session_rescheduled"
        session: UUID
        span: TimeSpan
        sequence: int
        video_link: Sealed | None

    class SessionLinkSet(Aggregate.Event):
        """Where to click for a session that stays when it was; none where there is nowhere to any more."""

        TOPIC = "relationship.session_link_set"
        session: UUID
        video_link: Sealed | None

    class SessionCancelled(Aggregate.Event):
        """`by` is the part that cancelled; none where the end of the relationship did."""

        TOPIC = "relationship.session_cancelled"
        session: UUID
        by: Part | None
        notice: CancellationNotice
        reason: CancellationReason
        outcome: Outcome

    class SessionHeld(Aggregate.Event):
        TOPIC = "relationship.session_held"
        session: UUID
        minutes: int
        attended_by: tuple[UUID, ...]
        confirmed_by: UUID

    class AbsenceRecorded(Aggregate.Event):
        TOPIC = "relationship.absence_recorded"
        session: UUID
        who: UUID
        outcome: Outcome

    class AttendanceConfirmed(Aggregate.Event):
        TOPIC = "relationship.attendance_confirmed"
        session: UUID
        by: UUID

    class AttendanceDisputed(Aggregate.Event):
        TOPIC = "relationship.attendance_disputed"
        session: UUID
        by: UUID
        words: Sealed | None

    class AttendanceCorrected(Aggregate.Event):
        TOPIC = "relationship.attendance_corrected"
        session: UUID
        outcome: Outcome
        reason: CorrectionReason

    class AttendanceSettled(Aggregate.Event):
        """What a coordinator decides about a session of which nobody said anything."""

        TOPIC = "relationship.attendance_settled"
        session: UUID
        outcome: Outcome

    class CadenceChanged(Aggregate.Event):
        TOPIC = "relationship.cadence_changed"
        cadence: Cadence

    class Paused(Aggregate.Event):
        TOPIC = "relationship.paused"

    class Resumed(Aggregate.Event):
        TOPIC = "relationship.resumed"

    class ProposalNudged(Aggregate.Event):
        TOPIC = "relationship.proposal_nudged"
        proposal: UUID
        version: int

    class SilenceNudged(Aggregate.Event):
        TOPIC = "relationship.silence_nudged"
        quiet_since: datetime
        number: int

    class EndingOffered(Aggregate.Event):
        TOPIC = "relationship.ending_offered"
        quiet_since: datetime

    class RematchRequested(Aggregate.Event):
        TOPIC = "relationship.rematch_requested"
        by: UUID
        reason: RematchReason
        words: Sealed | None

    class Closed(Aggregate.Event):
        TOPIC = "relationship.closed"
        reason: ClosingReason
        words: Sealed | None
