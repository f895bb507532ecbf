"""A mentor as the scheme knows them: approval, capacity, and what they chose to show."""

from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError, NotAllowed, SealedForAnotherPurpose
from domain.mentor_offer import USUAL_KINDS, MentorOffer
from domain.mentor_profile_events import DecisionReason, ProfileStage
from domain.mentor_profile_events import MentorProfileEvents as Happened
from domain.relationship_events import Kind
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Purpose, Sealed

MOST_CAPACITY = 12
"""More relationships than this beside a job is no mentoring; a larger number is a slip."""


class NotYourProfile(NotAllowed):
    """Only the mentor can change this part of a profile."""


class OwnApplication(NotAllowed):
    """Nobody decides about their own application."""


class AlreadyDecided(DomainError):
    """This application is already decided."""


class AppliedAlready(DomainError):
    """This mentor has applied already."""


class NotApproved(DomainError):
    """This mentor is not approved."""


class MentorNotAvailable(DomainError):
    """This mentor takes no new relationships now."""


class NoCapacity(DomainError):
    """This mentor's capacity is taken."""


class WrongCapacity(DomainError):
    """A mentor's capacity lies between zero and twelve relationships."""


class CapacityIsEngaged(DomainError):
    """Capacity cannot be set below the relationships that the mentor is in."""


class AlreadyEngaged(DomainError):
    """This relationship already takes a unit of the mentor's capacity."""


class NotEngaged(DomainError):
    """This relationship takes no unit of the mentor's capacity."""


class MentorIsPaused(DomainError):
    """This mentor is paused already."""


class MentorIsNotPaused(DomainError):
    """This mentor is not paused."""


class MentorHasLeft(DomainError):
    """This mentor has left the scheme."""


class MentorProfile(Aggregate, MentorOffer):
    """One per mentor; scarce capacity changes by events of its own."""

    TOPIC = "mentor_profile"

    class Created(Aggregate.Created):
        TOPIC = "mentor_profile.applied"
        person: UUID
        words: Sealed | None

    class IdentityShared(Aggregate.Event):
        TOPIC = "mentor_profile.detail_shared"
        detail: Sealed

    @staticmethod
    def id_of(person: UUID) -> UUID:
        """The id of a mentor's one profile."""
        return uuid5(person, "mentor-profile")

    @classmethod
    def apply_to_mentor(cls, person: UUID, words: Sealed | None, act: Act) -> Self:
        """Offer to mentor; the person's own order."""
        if act.actor != person:
            raise NotYourProfile
        require_sealed_for(person, Compartment.PERSONAL, words)
        return cls.begin(cls.id_of(person), act, person=person, words=words)

    @event(Created)
    def __init__(self, person: UUID, words: Sealed | None) -> None:
        self.person = person
        self.words = words
        self.published: Sealed | None = None
        self.availability: Sealed | None = None
        self.stage = ProfileStage.APPLIED
        self.capacity = 0
        self.engaged: set[UUID] = set()
        self.kinds = USUAL_KINDS
        self.programmes = frozenset()

    def approve(self, act: Act) -> None:
        """Accept the application; a coordinator's order."""
        self._require_undecided(act)
        self.record(self.Approved, act)

    @event(Happened.Approved)
    def _approved(self) -> None:
        self.stage = ProfileStage.APPROVED

    def turn_down(self, reason: DecisionReason, act: Act) -> None:
        """Decide against the application; a coordinator's order."""
        self._require_undecided(act)
        self.record(self.NotApproved, act, reason=reason)

    @event(Happened.NotApproved)
    def _not_approved(self) -> None:
        self.stage = ProfileStage.NOT_APPROVED

    def publish_profile(self, profile: Sealed, act: Act) -> None:
        """Show the name and words the mentor chose to those they are proposed to."""
        self._require_own(act)
        self._require_sealed(profile, Compartment.PERSONAL, Purpose.SHARE_PROFILE)
        self.record(self.ProfilePublished, act, profile=profile)

    @event(Happened.ProfilePublished)
    def _profile_published(self, profile: Sealed) -> None:
        self.published = profile

    def share_identity(self, detail: Sealed, act: Act) -> None:
        """Share aspects of one's background, always by choice and never inferred."""
        self._require_own(act)
        self._require_sealed(detail, Compartment.SPECIAL, Purpose.IDENTITY_PREFERENCE)
        self.record(self.IdentityShared, act, detail=detail)

    def set_capacity(self, capacity: int, act: Act) -> None:
        """Say how many relationships the mentor can be in at once."""
        self._require_here()
        if not 0 <= capacity <= MOST_CAPACITY:
            raise WrongCapacity
        if capacity < len(self.engaged):
            raise CapacityIsEngaged
        self.record(self.CapacitySet, act, capacity=capacity)

    @event(Happened.CapacitySet)
    def _capacity_set(self, capacity: int) -> None:
        self.capacity = capacity

    @property
    def free(self) -> int:
        """How many more relationships the mentor can take."""
        return self.capacity - len(self.engaged)

    def require_available(self, *, group: UUID | None = None) -> None:
        """Refuse a mentor who is not approved, pauses, has left or has no capacity free.

        A group that they facilitate has its unit already.
        """
        if self.stage in {ProfileStage.APPLIED, ProfileStage.NOT_APPROVED}:
            raise NotApproved
        if self.stage is not ProfileStage.APPROVED:
            raise MentorNotAvailable
        if self.free < 1 and group not in self.engaged:
            raise NoCapacity

    def engage(self, relationship: UUID, act: Act) -> None:
        """Take one unit of capacity for a match."""
        if relationship in self.engaged:
            raise AlreadyEngaged
        self.require_available()
        self.record(self.CapacityTaken, act, relationship=relationship)

    @event(Happened.CapacityTaken)
    def _capacity_taken(self, relationship: UUID) -> None:
        self.engaged.add(relationship)

    def disengage(self, relationship: UUID, act: Act) -> None:
        """Free the unit of a relationship that ended."""
        if relationship not in self.engaged:
            raise NotEngaged
        self.record(self.CapacityFreed, act, relationship=relationship)

    @event(Happened.CapacityFreed)
    def _capacity_freed(self, relationship: UUID) -> None:
        self.engaged.discard(relationship)

    def set_availability(self, availability: Sealed, act: Act) -> None:
        """Say when the mentor can usually meet."""
        self._require_own(act)
        self._require_sealed(availability, Compartment.PERSONAL, Purpose.TAKE_PART)
        self.record(self.AvailabilitySet, act, availability=availability)

    @event(Happened.AvailabilitySet)
    def _availability_set(self, availability: Sealed) -> None:
        self.availability = availability

    @event(Happened.KindsOffered)
    def _kinds_offered(self, kinds: tuple[Kind, ...]) -> None:
        self.kinds = frozenset(kinds)

    @event(Happened.ProgrammesLimited)
    def _programmes_limited(self, programmes: tuple[UUID, ...]) -> None:
        self.programmes = frozenset(programmes)

    def pause(self, act: Act) -> None:
        """Take no new relationships for a while; those that run go on."""
        self._require_here()
        if self.stage is ProfileStage.PAUSED:
            raise MentorIsPaused
        if self.stage is not ProfileStage.APPROVED:
            raise NotApproved
        self.record(self.Paused, act)

    @event(Happened.Paused)
    def _paused(self) -> None:
        self.stage = ProfileStage.PAUSED

    def resume(self, act: Act) -> None:
        """Take new relationships again."""
        if self.stage is not ProfileStage.PAUSED:
            raise MentorIsNotPaused
        self.record(self.Resumed, act)

    @event(Happened.Resumed)
    def _resumed(self) -> None:
        self.stage = ProfileStage.APPROVED

    def leave(self, act: Act) -> None:
        """Leave the scheme; relationships that run are closed one by one, each with a reason."""
        self._require_own(act)
        self.record(self.Left, act)

    @event(Happened.Left)
    def _left(self) -> None:
        self.stage = ProfileStage.LEFT

    def _require_undecided(self, act: Act) -> None:
        if act.actor == self.person:
            raise OwnApplication
        if self.stage is not ProfileStage.APPLIED:
            raise AlreadyDecided

    def _require_own(self, act: Act) -> None:
        self._require_here()
        if act.actor != self.person:
            raise NotYourProfile

    def _require_here(self) -> None:
        if self.stage is ProfileStage.LEFT:
            raise MentorHasLeft

    def _require_sealed(self, value: Sealed, compartment: Compartment, purpose: Purpose) -> None:
        require_sealed_for(self.person, compartment, value)
        if value.purpose != purpose:
            raise SealedForAnotherPurpose


MentorApplied = MentorProfile.Created
