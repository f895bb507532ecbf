"""What can be recorded of a group; these shapes and topics are for ever."""

from uuid import UUID

from domain.aggregate import Aggregate
from domain.relationship_events import Cadence
from domain.session import CancellationReason, Outcome
from domain.values import TimeSpan


class GroupEvents:
    """The events of the aggregate Group, apart from the first."""

    class MemberJoined(Aggregate.Event):
        TOPIC = "group.member_joined"
        member: UUID
        relationship: UUID

    class MemberLeft(Aggregate.Event):
        TOPIC = "group.member_left"
        member: UUID
        relationship: UUID

    class HourPlanned(Aggregate.Event):
        TOPIC = "group.hour_planned"
        hour: UUID
        span: TimeSpan
        sequence: int

    class MembersExpected(Aggregate.Event):
        """Whose sessions an hour is, named by their relationships."""

        TOPIC = "group.members_expected"
        hour: UUID
        relationships: tuple[UUID, ...]

    class HourMoved(Aggregate.Event):
        TOPIC = "group.hour_moved"
        hour: UUID
        span: TimeSpan
        sequence: int

    class HourCancelled(Aggregate.Event):
        TOPIC = "group.hour_cancelled"
        hour: UUID
        sequence: int
        reason: CancellationReason

    class HourRecorded(Aggregate.Event):
        TOPIC = "group.hour_recorded"
        hour: UUID
        outcome: Outcome

    class CadenceChanged(Aggregate.Event):
        TOPIC = "group.cadence_changed"
        cadence: Cadence

    class Closed(Aggregate.Event):
        TOPIC = "group.closed"
