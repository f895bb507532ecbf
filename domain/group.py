"""A group: one facilitator, and members of whom each has a relationship, a place and a ledger of their own."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError, NotAllowed
from domain.group_events import GroupEvents as Happened
from domain.relationship_events import Cadence, ClosingReason, Part, Participant
from domain.relationship_state import (
    AlreadyClosed,
    NotAnOutsider,
    NotAParticipant,
    NothingChanges,
)
from domain.session import (
    CancellationReason,
    NoSuchSession,
    Outcome,
    Session,
    SessionExists,
)
from domain.values import Act, TimeSpan


class NoSeatLeft(DomainError):
    """All seats of this group are taken."""


class AnotherProgramme(DomainError):
    """This group belongs to another programme than the place."""


class AnotherFacilitator(DomainError):
    """This group has another facilitator."""


class ConflictInGroup(DomainError):
    """A conflict stands between this person and somebody in the group: they never meet in it."""


class AlreadyAMember(DomainError):
    """This person is in the group already."""


class NotTheFacilitator(NotAllowed):
    """Only the facilitator of the group may do this."""


class NobodyToMeet(DomainError):
    """Nobody in the group can come: a member comes who has accepted the agreement, does not pause and has a session left."""


class NobodyMoreToExpect(DomainError):
    """Everybody who can come to this hour is expected already."""


class Group(Aggregate, Happened):
    """What the members have in common: a facilitator, the hours that are planned for all, and one notebook.

    It knows its members by their relationships; what becomes of each stands in those alone.
    """

    TOPIC = "group"

    class Created(Aggregate.Created):
        TOPIC = "group.formed"
        facilitator: UUID
        programme: UUID
        cadence: Cadence

    @staticmethod
    def id_of(relationship: UUID) -> UUID:
        """The id of the group that a match on this request forms, unless it gives a seat in another."""
        return uuid5(relationship, "group")

    @staticmethod
    def session_of(hour: UUID, relationship: UUID) -> UUID:
        """The id of a member's session in an hour: each ledger counts sessions of its own."""
        return uuid5(relationship, f"hour:{hour}")

    @classmethod
    def form(
        cls, id: UUID, *, facilitator: UUID, programme: UUID, cadence: Cadence, act: Act
    ) -> Self:
        """Begin a group with the match of its first member."""
        return cls.begin(id, act, facilitator=facilitator, programme=programme, cadence=cadence)

    @event(Created)
    def __init__(self, facilitator: UUID, programme: UUID, cadence: Cadence) -> None:
        self.facilitator = facilitator
        self.programme = programme
        self.cadence = cadence
        self.members: dict[UUID, UUID] = {}
        self.ever_members: set[UUID] = set()
        self.sessions: dict[UUID, Session] = {}
        self.expected: dict[UUID, set[UUID]] = {}
        self.closed_for: ClosingReason | None = None

    @property
    def people(self) -> frozenset[UUID]:
        """Everybody who takes part now."""
        return frozenset({self.facilitator, *self.members.values()})

    @property
    def participants(self) -> list[Participant]:
        """Everybody who takes part now, with their parts."""
        members = [Participant(each, Part.MENTEE) for each in self.members.values()]
        return [*members, Participant(self.facilitator, Part.MENTOR)]

    @property
    def mentee(self) -> None:
        """Nobody's alone: nobody here decides who reads what others wrote before."""
        return

    @property
    def mentor(self) -> UUID:
        """Who facilitates it."""
        return self.facilitator

    @property
    def insiders(self) -> frozenset[UUID]:
        """Everybody who takes part or did: none of them coordinates it."""
        return self.people | self.ever_members

    def session(self, hour: UUID) -> Session:
        """One hour of the group; raises NoSuchSession."""
        try:
            return self.sessions[hour]
        except KeyError:
            raise NoSuchSession from None

    def part_of(self, person: UUID) -> Part:
        """Which part somebody has who takes part now; raises NotAParticipant."""
        if person == self.facilitator:
            return Part.MENTOR
        if person in self.members.values():
            return Part.MENTEE
        raise NotAParticipant

    def require_participant(self, person: UUID) -> None:
        """Refuse everybody who does not take part."""
        self.part_of(person)

    def require_facilitator(self, person: UUID) -> None:
        """Refuse everybody else."""
        if person != self.facilitator:
            raise NotTheFacilitator

    def require_outsider(self, person: UUID) -> None:
        """Refuse those who would coordinate a group they are in."""
        if person in self.insiders:
            raise NotAnOutsider

    def require_open(self) -> None:
        """Refuse to change what has ended."""
        if self.closed_for is not None:
            raise AlreadyClosed

    def require_seat(self, most: int) -> None:
        """Refuse one more than the programme wants in a group."""
        self.require_open()
        if len(self.members) >= most:
            raise NoSeatLeft

    def join(self, relationship: UUID, member: UUID, *, most: int, act: Act) -> None:
        """Take a seat, with the match of a request; the last one goes to whoever comes first."""
        self.require_seat(most)
        if member in self.people:
            raise AlreadyAMember
        self.record(self.MemberJoined, act, member=member, relationship=relationship)

    @event(Happened.MemberJoined)
    def _member_joined(self, member: UUID, relationship: UUID) -> None:
        self.members[relationship] = member
        self.ever_members.add(member)

    def leave(self, relationship: UUID, act: Act) -> None:
        """Give up a seat with the end of a relationship; the last who leaves closes the group."""
        self.record(
            self.MemberLeft, act, member=self.members[relationship], relationship=relationship
        )
        if not self.members:
            self.close(act)

    @event(Happened.MemberLeft)
    def _member_left(self, relationship: UUID, timestamp: datetime) -> None:
        del self.members[relationship]
        for hour, expected in self.expected.items():
            # What has been is still to be recorded of them.
            if self.sessions[hour].is_still_to_come(timestamp):
                expected.discard(relationship)

    def close(self, act: Act) -> None:
        """End it for everybody who is in it now, and cancel what lies ahead; they stay readers of what they read."""
        self.require_open()
        ahead = [each for each in self.sessions.values() if each.is_still_to_come(act.at)]
        for hour in ahead:
            self._cancel(hour.id, CancellationReason.RELATIONSHIP_CLOSED, act)
        self.record(self.Closed, act)

    @event(Happened.Closed)
    def _closed(self) -> None:
        self.closed_for = ClosingReason.NO_FAULT

    def plan_hour(self, hour: UUID, span: TimeSpan, expected: Collection[UUID], act: Act) -> None:
        """Plan one hour for all who can come; what it reserves stands in each one's place."""
        self.require_open()
        if hour in self.sessions:
            raise SessionExists
        if not expected:
            raise NobodyToMeet
        self.record(self.HourPlanned, act, hour=hour, span=span, sequence=0)
        self._expect(hour, expected, act)

    @event(Happened.HourPlanned)
    def _hour_planned(self, hour: UUID, span: TimeSpan, sequence: int) -> None:
        self.sessions[hour] = Session(hour, span, sequence)
        self.expected[hour] = set()

    def expect(self, hour: UUID, more: Collection[UUID], act: Act) -> None:
        """Expect those too who joined, or accepted the agreement, since an hour was planned."""
        self.require_open()
        self.session(hour).require_ahead(act.at)
        if not more:
            raise NobodyMoreToExpect
        self._expect(hour, more, act)

    def _expect(self, hour: UUID, expected: Collection[UUID], act: Act) -> None:
        self.record(self.MembersExpected, act, hour=hour, relationships=tuple(sorted(expected)))

    @event(Happened.MembersExpected)
    def _members_expected(self, hour: UUID, relationships: tuple[UUID, ...]) -> None:
        self.expected[hour].update(relationships)

    def move_hour(self, hour: UUID, span: TimeSpan, act: Act) -> None:
        """Move an hour that lies ahead, for everybody."""
        self.require_open()
        planned = self.session(hour)
        planned.require_ahead(act.at)
        self.record(self.HourMoved, act, hour=hour, span=span, sequence=planned.sequence + 1)

    @event(Happened.HourMoved)
    def _hour_moved(self, hour: UUID, span: TimeSpan, sequence: int) -> None:
        self._change(hour, span=span, sequence=sequence)

    def cancel_hour(self, hour: UUID, reason: CancellationReason, act: Act) -> None:
        """Cancel an hour that lies ahead, for everybody and at nobody's cost."""
        self.require_open()
        self.session(hour).require_ahead(act.at)
        self._cancel(hour, reason, act)

    def _cancel(self, hour: UUID, reason: CancellationReason, act: Act) -> None:
        sequence = self.session(hour).sequence
        self.record(self.HourCancelled, act, hour=hour, sequence=sequence, reason=reason)

    @event(Happened.HourCancelled)
    def _hour_cancelled(self, hour: UUID, timestamp: datetime) -> None:
        self._change(hour, outcome=Outcome.CANCELLED, settled_at=timestamp)

    def note_hour(self, hour: UUID, outcome: Outcome, act: Act) -> None:
        """Note how an hour went as a whole; who came stands in each member's own record."""
        self.session(hour).require_over(act.at)
        self.record(self.HourRecorded, act, hour=hour, outcome=outcome)

    @event(Happened.HourRecorded)
    def _hour_recorded(self, hour: UUID, outcome: Outcome, timestamp: datetime) -> None:
        self._change(hour, outcome=outcome, settled_at=timestamp)

    def change_cadence(self, cadence: Cadence, act: Act) -> None:
        """Meet more or less often, all of them."""
        self.require_open()
        if cadence is self.cadence:
            raise NothingChanges
        self.record(self.CadenceChanged, act, cadence=cadence)

    @event(Happened.CadenceChanged)
    def _cadence_changed(self, cadence: Cadence) -> None:
        self.cadence = cadence

    def _change(self, hour: UUID, **changes: Any) -> None:
        self.sessions[hour] = replace(self.sessions[hour], **changes)


GroupFormed = Group.Created
