"""The heart: one mentoring relationship, from a request to an ending that has a reason."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import SealedForAnotherPurpose
from domain.proposal import DeclineReason, Proposal
from domain.relationship_arrangements import RelationshipArrangements
from domain.relationship_endings import RelationshipEndings
from domain.relationship_events import (
    Cadence,
    ClosingReason,
    Kind,
    Link,
    Mode,
    Part,
    Participant,
    RematchReason,
    Silence,
)
from domain.relationship_events import RelationshipEvents as Happened
from domain.relationship_reminders import RelationshipReminders
from domain.relationship_sessions import RelationshipSessions
from domain.relationship_state import NotTheMentee
from domain.sealed import require_sealed_for
from domain.session import Outcome, Session
from domain.values import Act, Compartment, Purpose, Sealed, TimeSpan


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What a mentee asks for; their own words are an entry in the notebook, never here."""

    mentee: UUID
    place: UUID
    kind: Kind = Kind.FORMAL
    mode: Mode = Mode.VIRTUAL
    cadence: Cadence = Cadence.MONTHLY
    themes: Sealed | None = None
    preferences: Sealed | None = None
    identity_preference: Sealed | None = None

    def require_well_sealed(self) -> None:
        """Refuse what was sealed under another key than the mentee's own for its purpose."""
        identity = self.identity_preference
        require_sealed_for(self.mentee, Compartment.PERSONAL, self.themes, self.preferences)
        require_sealed_for(self.mentee, Compartment.SPECIAL, identity)
        if identity is not None and identity.purpose != Purpose.IDENTITY_PREFERENCE:
            raise SealedForAnotherPurpose


class Relationship(
    Aggregate,
    RelationshipEndings,
    RelationshipSessions,
    RelationshipArrangements,
    RelationshipReminders,
):
    """One mentee's request and all that comes of it.

    The decisions stand in modules of their own; here is how it begins, and how each event is applied.
    Aggregate comes first in the list of bases, so that its `record` is the one that is called.
    """

    TOPIC = "relationship"

    class Created(Aggregate.Created):
        TOPIC = "relationship.requested"
        mentee: UUID
        place: UUID
        kind: Kind
        mode: Mode
        cadence: Cadence
        themes: Sealed | None
        preferences: Sealed | None
        identity_preference: Sealed | None

    @staticmethod
    def id_of(mentee: UUID, place: UUID, number: int) -> UUID:
        """The id of a mentee's first, second or later request for one place."""
        return uuid5(place, f"request:{mentee}:{number}")

    @classmethod
    def request(cls, id: UUID, facts: RequestFacts, act: Act) -> Self:
        """Ask for a mentoring partner; the mentee's own order."""
        if act.actor != facts.mentee:
            raise NotTheMentee
        facts.require_well_sealed()
        return cls.begin(
            id,
            act,
            mentee=facts.mentee,
            place=facts.place,
            kind=facts.kind,
            mode=facts.mode,
            cadence=facts.cadence,
            themes=facts.themes,
            preferences=facts.preferences,
            identity_preference=facts.identity_preference,
        )

    @event(Created)
    def __init__(
        self,
        mentee: UUID,
        place: UUID,
        kind: Kind,
        mode: Mode,
        cadence: Cadence,
        identity_preference: Sealed | None,
    ) -> None:
        self.mentee = mentee
        self.place = place
        self.kind = kind
        self.mode = mode
        self.cadence = cadence
        self.participants = [Participant(mentee, Part.MENTEE)]
        self.conflicts = set()
        self.proposal = None
        self.proposals_made = 0
        self.ever_proposed = set()
        self.has_identity_preference = identity_preference is not None
        self.offered_group = None
        self.group = None
        self.mentor = None
        self.agreements = {}
        self.is_agreed = False
        self.sessions = {}
        self.is_paused = False
        self.rematch_wanted_by = set()
        self.is_wrong_match = False
        self.closed_for = None
        self.closed_by = None
        self.last_proposal = None
        self.nudged_proposal = None
        self.last_reminder = None
        self.link = None
        self.partner = None

    @event(Happened.ConflictDeclared)
    def _conflict_declared(self, by: UUID, with_person: UUID) -> None:
        self.conflicts.add(self.other_in_conflict(by, with_person))

    @event(Happened.MentorProposed)
    def _mentor_proposed(
        self, proposal: UUID, mentor: UUID, version: int, expires_at: datetime, timestamp: datetime
    ) -> None:
        self.proposal = Proposal(proposal, mentor, version, timestamp, expires_at)
        self.last_proposal = self.proposal
        self.proposals_made = version
        self.ever_proposed.add(mentor)
        self.offered_group = None

    @event(Happened.SeatOffered)
    def _seat_offered(self, group: UUID) -> None:
        self.offered_group = group

    @event(Happened.ProposalAccepted)
    def _proposal_accepted(self, by: UUID) -> None:
        if self.proposal is not None:
            accepted_by = self.proposal.accepted_by | {by}
            self.proposal = replace(self.proposal, accepted_by=accepted_by)

    @event(Happened.ProposalDeclined)
    def _proposal_declined(self, reason: DeclineReason) -> None:
        # Who declines because of a conflict has told of one.
        if self.proposal is not None and reason is DeclineReason.CONFLICT:
            self.conflicts.add(self.proposal.mentor)
        self.proposal = None

    @event(Happened.ProposalExpired)
    def _proposal_expired(self) -> None:
        self.proposal = None

    @event(Happened.ProposalSuperseded)
    def _proposal_superseded(self) -> None:
        self.proposal = None

    @event(Happened.ProposalNudged)
    def _proposal_nudged(self, proposal: UUID) -> None:
        self.nudged_proposal = proposal

    @event(Happened.SilenceNudged)
    def _silence_nudged(self, quiet_since: datetime, number: int) -> None:
        # While an event is applied, the version is still that of the one before it.
        self.last_reminder = Silence(quiet_since, number, self.version + 1)

    @event(Happened.EndingOffered)
    def _ending_offered(self, quiet_since: datetime) -> None:
        self.last_reminder = Silence(quiet_since, 0, self.version + 1, is_offered=True)

    @event(Happened.Matched)
    def _matched(self, mentor: UUID) -> None:
        self.mentor = mentor
        self.group = self.offered_group
        self.participants.append(Participant(mentor, Part.MENTOR))
        self.proposal = None

    @event(Happened.PartnerInvited)
    def _partner_invited(self, link: UUID, expires_at: datetime) -> None:
        self.link = Link(link, expires_at)

    @event(Happened.LinkWithdrawn)
    def _link_withdrawn(self) -> None:
        self.link = self.partner = None

    @event(Happened.PartnerCame)
    def _partner_came(self, partner: UUID) -> None:
        self.partner = partner
        self.ever_proposed.add(partner)

    @event(Happened.PartnerDeclined)
    def _partner_declined(self) -> None:
        self.link = self.partner = None

    @event(Happened.PartnerJoined)
    def _partner_joined(self, partner: UUID) -> None:
        self.mentor = partner
        self.participants.append(Participant(partner, Part.MENTOR))
        self.link = self.partner = None

    @event(Happened.AgreementAccepted)
    def _agreement_accepted(self, by: UUID, version: int) -> None:
        self.agreements[by] = version
        versions = [self.agreements.get(person) for person in self.people]
        # Who accepts a newer version first does not undo what both agreed before.
        self.is_agreed = self.is_agreed or set(versions) == {version}

    @event(Happened.CadenceChanged)
    def _cadence_changed(self, cadence: Cadence) -> None:
        self.cadence = cadence

    @event(Happened.Paused)
    def _paused(self) -> None:
        self.is_paused = True

    @event(Happened.Resumed)
    def _resumed(self) -> None:
        self.is_paused = False

    @event(Happened.RematchRequested)
    def _rematch_requested(self, by: UUID, reason: RematchReason) -> None:
        self.rematch_wanted_by.add(by)
        self.is_wrong_match |= reason is RematchReason.NOT_THE_RIGHT_MATCH

    @event(Happened.Closed)
    def _closed(self, reason: ClosingReason, actor: UUID) -> None:
        self.closed_for = reason
        self.closed_by = actor
        self.is_paused = False

    @event(Happened.SessionScheduled)
    def _session_scheduled(self, session: UUID, span: TimeSpan, video_link: Sealed | None) -> None:
        self.sessions[session] = Session(session, span, has_link=video_link is not None)

    @event(Happened.SessionRescheduled)
    def _session_rescheduled(
        self, session: UUID, span: TimeSpan, sequence: int, video_link: Sealed | None
    ) -> None:
        has_link = self.sessions[session].has_link or video_link is not None
        self._change(session, span=span, sequence=sequence, has_link=has_link)

    @event(Happened.SessionLinkSet)
    def _session_link_set(self, session: UUID, video_link: Sealed | None) -> None:
        self._change(session, has_link=video_link is not None)

    @event(Happened.SessionCancelled)
    def _session_cancelled(self, session: UUID, outcome: Outcome, timestamp: datetime) -> None:
        self._change(session, outcome=outcome, settled_at=timestamp)

    @event(Happened.SessionHeld)
    def _session_held(self, session: UUID, timestamp: datetime, actor: UUID) -> None:
        self._attended(session, Outcome.HELD, timestamp, actor)

    @event(Happened.AbsenceRecorded)
    def _absence_recorded(
        self, session: UUID, outcome: Outcome, timestamp: datetime, actor: UUID
    ) -> None:
        self._attended(session, outcome, timestamp, actor)

    @event(Happened.AttendanceSettled)
    def _attendance_settled(self, session: UUID, outcome: Outcome, timestamp: datetime) -> None:
        self._change(session, outcome=outcome, settled_at=timestamp)

    @event(Happened.AttendanceConfirmed)
    def _attendance_confirmed(self, session: UUID) -> None:
        self._change(session, is_confirmed=True)

    @event(Happened.AttendanceDisputed)
    def _attendance_disputed(self, session: UUID) -> None:
        self._change(session, disputed=True)

    @event(Happened.AttendanceCorrected)
    def _attendance_corrected(self, session: UUID, outcome: Outcome) -> None:
        # What stands now is the coordinator's word, which is not for the other of two to confirm.
        now = {"outcome": outcome, "recorded_by": None, "is_confirmed": False, "disputed": False}
        self._change(session, **now)

    def _attended(self, session: UUID, outcome: Outcome, at: datetime, by: UUID) -> None:
        self._change(session, outcome=outcome, settled_at=at, recorded_by=by)

    def _change(self, session: UUID, **changes: Any) -> None:
        self.sessions[session] = replace(self.sessions[session], **changes)


RelationshipRequested = Relationship.Created
