"""What can be recorded of a mentor's profile; these shapes and topics are for ever."""

from enum import StrEnum
from uuid import UUID

from domain.aggregate import Aggregate
from domain.relationship_events import Kind
from domain.values import Sealed


class ProfileStage(StrEnum):
    """Where a mentor stands with the scheme."""

    APPLIED = "applied"
    APPROVED = "approved"
    NOT_APPROVED = "not_approved"
    PAUSED = "paused"
    LEFT = "left"


class DecisionReason(StrEnum):
    """Why an application was not approved."""

    NO_REASON_GIVEN = "no_reason_given"
    NOT_THE_RIGHT_TIME = "not_the_right_time"
    EXPERIENCE_NEEDED = "experience_needed"
    CHECKS_INCOMPLETE = "checks_incomplete"


class MentorProfileEvents:
    """The events of the aggregate MentorProfile, apart from the first and from one that changes nothing."""

    class Approved(Aggregate.Event):
        TOPIC = "mentor_profile.approved"

    class NotApproved(Aggregate.Event):
        TOPIC = "mentor_profile.not_approved"
        reason: DecisionReason

    class ProfilePublished(Aggregate.Event):
        TOPIC = "mentor_profile.profile_published"
        profile: Sealed

    class CapacitySet(Aggregate.Event):
        TOPIC = "mentor_profile.capacity_set"
        capacity: int

    class CapacityTaken(Aggregate.Event):
        TOPIC = "mentor_profile.capacity_taken"
        relationship: UUID

    class CapacityFreed(Aggregate.Event):
        TOPIC = "mentor_profile.capacity_freed"
        relationship: UUID

    class AvailabilitySet(Aggregate.Event):
        TOPIC = "mentor_profile.availability_set"
        availability: Sealed

    class Paused(Aggregate.Event):
        TOPIC = "mentor_profile.paused"

    class Resumed(Aggregate.Event):
        TOPIC = "mentor_profile.resumed"

    class Left(Aggregate.Event):
        TOPIC = "mentor_profile.left"

    class KindsOffered(Aggregate.Event):
        """Which kinds of mentoring they offer, instead of those that they offered before."""

        TOPIC = "mentor_profile.kinds_offered"
        kinds: tuple[Kind, ...]

    class ProgrammesLimited(Aggregate.Event):
        """In which programmes alone they mentor; without any in all of them."""

        TOPIC = "mentor_profile.programmes_limited"
        programmes: tuple[UUID, ...]
