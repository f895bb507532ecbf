"""What a relationship remembers of its events, and what it refuses because of that."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.aggregate import Aggregate
from domain.errors import DomainError, NotAllowed
from domain.proposal import NoSuchProposal, Proposal
from domain.relationship_events import (
    Cadence,
    ClosingReason,
    Kind,
    Link,
    Mode,
    Part,
    Participant,
    RelationshipEvents,
    Silence,
)
from domain.sealed import SealedForAnother, require_sealed_for
from domain.session import NoSuchSession, Session
from domain.values import Act, Compartment, Sealed


class NotAParticipant(NotAllowed):
    """Only a participant of this relationship may do this."""


class NotTheMentee(NotAllowed):
    """Only the mentee of this request may do this."""


class NotAnOutsider(NotAllowed):
    """Nobody coordinates a relationship they are in."""


class AlreadyClosed(DomainError):
    """This relationship is closed."""


class NothingToEnd(AlreadyClosed):
    """Nothing of this person's is open here."""


class RequestedAlready(DomainError):
    """You have an open request for this place already."""


class AlreadyMatched(DomainError):
    """This request is already matched."""


class NotMatched(DomainError):
    """This request is not matched yet."""


class NotActive(DomainError):
    """Sessions are planned while both have accepted the agreement and nothing is paused."""


class AlreadyPaused(DomainError):
    """This relationship is paused already."""


class NotPaused(DomainError):
    """This relationship is not paused."""


class ConflictDeclaredBefore(DomainError):
    """A conflict stands between these two people: they are never matched."""


class PartedForCause(DomainError):
    """These two were a pair before, and it ended in a way that keeps them apart; propose somebody else."""


class ConflictWithOneself(DomainError):
    """A conflict stands between the mentee and somebody else."""


class ConflictOfOthers(NotAllowed):
    """A mentor declares a conflict between the mentee and themselves, never between others."""


class AgreementAlreadyAccepted(DomainError):
    """You have already accepted this version of the agreement."""


class RematchAlreadyRequested(DomainError):
    """You have already asked for another mentoring partner."""


class KindNotOffered(DomainError):
    """This kind of mentoring is not offered here; choose one that is."""


class NotForAGroup(DomainError):
    """This request is not for a group."""


class GroupMeetsTogether(DomainError):
    """In a group the facilitator plans, moves and cancels the hour for everybody; if you cannot come, you can say so."""


class NothingChanges(DomainError):
    """This is how it is already."""


class Stage(StrEnum):
    """Where a relationship stands; proposed is a request with an open proposal."""

    REQUESTED = "requested"
    PROPOSED = "proposed"
    MATCHED = "matched"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"


class RelationshipState(RelationshipEvents):
    """Set by the first event; each later event changes it and nothing else does."""

    mentee: UUID
    place: UUID
    kind: Kind
    mode: Mode
    cadence: Cadence
    participants: list[Participant]
    conflicts: set[UUID]
    proposal: Proposal | None
    proposals_made: int
    ever_proposed: set[UUID]
    has_identity_preference: bool
    offered_group: UUID | None
    group: UUID | None
    mentor: UUID | None
    agreements: dict[UUID, int]
    is_agreed: bool
    sessions: dict[UUID, Session]
    is_paused: bool
    rematch_wanted_by: set[UUID]
    is_wrong_match: bool
    closed_for: ClosingReason | None
    closed_by: UUID | None
    last_proposal: Proposal | None
    nudged_proposal: UUID | None
    last_reminder: Silence | None
    link: Link | None
    partner: UUID | None

    def record(self, event_class: type[Aggregate.Event], act: Act, **facts: Any) -> None:
        """Make and apply one event; the aggregate's own method stands before this one."""
        raise NotImplementedError

    @property
    def stage(self) -> Stage:
        """The stage that follows from all events so far."""
        if self.closed_for is not None:
            return Stage.CLOSED
        if self.is_paused:
            return Stage.PAUSED
        if self.mentor is None:
            return Stage.PROPOSED if self.proposal else Stage.REQUESTED
        return Stage.ACTIVE if self.is_agreed else Stage.MATCHED

    @property
    def id(self) -> UUID:
        """Which relationship; the aggregate's own stands before this one."""
        raise NotImplementedError

    @property
    def people(self) -> frozenset[UUID]:
        """Everybody who takes part."""
        return frozenset(participant.person for participant in self.participants)

    @property
    def insiders(self) -> frozenset[UUID]:
        """Everybody who takes part or was ever proposed: none of them coordinates this."""
        return self.people | self.ever_proposed

    @property
    def open_proposal(self) -> Proposal:
        """The proposal that waits for answers; raises NoSuchProposal when none does."""
        if self.proposal is None:
            raise NoSuchProposal
        return self.proposal

    @property
    def is_accepted_by_both(self) -> bool:
        """Whether both parties accepted the same version of the open proposal."""
        proposal = self.proposal
        return proposal is not None and {self.mentee, proposal.mentor} <= proposal.accepted_by

    @property
    def is_parted_for_cause(self) -> bool:
        """Whether it ended for safeguarding, or somebody in it said that it was not the right match."""
        return self.is_wrong_match or self.closed_for is ClosingReason.SAFEGUARDING

    def other_in_conflict(self, by: UUID, with_person: UUID) -> UUID:
        """Whom a declared conflict keeps away from the mentee."""
        return by if with_person == self.mentee else with_person

    def session(self, id: UUID) -> Session:
        """One session of this relationship; raises NoSuchSession."""
        try:
            return self.sessions[id]
        except KeyError:
            raise NoSuchSession from None

    def sessions_to_come(self, at: datetime) -> list[Session]:
        """The sessions that an ending now would cancel."""
        return [each for each in self.sessions.values() if each.is_still_to_come(at)]

    def part_of(self, person: UUID) -> Part:
        """Which part a participant has; raises NotAParticipant for anybody else."""
        for participant in self.participants:
            if participant.person == person:
                return participant.part
        raise NotAParticipant

    def require_participant(self, person: UUID) -> None:
        """Refuse everybody who does not take part."""
        self.part_of(person)

    def require_mentee(self, person: UUID) -> None:
        """Refuse everybody but the mentee."""
        if person != self.mentee:
            raise NotTheMentee

    def require_party_of_proposal(self, person: UUID) -> None:
        """Refuse everybody but the mentee and the proposed mentor."""
        if person not in {self.mentee, self.open_proposal.mentor}:
            raise NotAParticipant

    def require_outsider(self, person: UUID) -> None:
        """Refuse those who would coordinate a relationship they are in."""
        if person in self.insiders:
            raise NotAnOutsider

    def require_open(self) -> None:
        """Refuse to change what has ended."""
        if self.closed_for is not None:
            raise AlreadyClosed

    def require_unmatched(self) -> None:
        """Refuse to match a request again."""
        self.require_open()
        if self.mentor is not None:
            raise AlreadyMatched

    def require_matched(self) -> None:
        """Refuse what only a pair can do."""
        self.require_open()
        if self.mentor is None:
            raise NotMatched

    def require_meets_alone(self) -> None:
        """Refuse to one pair of a group what would part it from the others."""
        if self.group is not None:
            raise GroupMeetsTogether

    def require_active(self) -> None:
        """Refuse to plan before both have agreed or while paused."""
        self.require_open()
        if self.stage is not Stage.ACTIVE:
            raise NotActive

    def require_no_conflict(self, mentor: UUID) -> None:
        """Rules 1 and 9: those with a declared conflict, and oneself, are never matched."""
        if mentor in self.conflicts or mentor == self.mentee:
            raise ConflictDeclaredBefore

    def require_not_parted(self, one: UUID, other: UUID) -> None:
        """Rule 9 for whatever comes after this: a conflict, or an ending for cause, keeps two people apart."""
        pair = {one, other}
        if self.mentee in pair and pair & self.conflicts:
            raise ConflictDeclaredBefore
        if self.is_parted_for_cause and pair <= self.people:
            raise PartedForCause

    def require_proposal(self, id: UUID, version: int) -> Proposal:
        """Refuse an answer to anything but the open version."""
        proposal = self.open_proposal
        if (proposal.id, proposal.version) != (id, version):
            raise NoSuchProposal
        return proposal

    def require_sealed_by_one_of(
        self, people: frozenset[UUID], compartment: Compartment, value: Sealed | None
    ) -> None:
        """Refuse a value under the key of somebody who has no part in this."""
        if value is None:
            return
        if value.owner not in people:
            raise SealedForAnother
        require_sealed_for(value.owner, compartment, value)
