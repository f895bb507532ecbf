"""Who has had a slip after an ending; never which. And the stamp by which a slip is known to be one of ours."""

from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError, SealedForAnotherPurpose
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Sealed

SLIPS = UUID("2f5a1b7e-5a0c-5d3e-8c44-9d1b6e2f7a08")
"""The namespace of slips: what is recorded of one is an id from which nobody gets to the slip."""
STAMP = UUID("5e1f57a0-0000-4000-8000-000000000001")
"""The one stamp of a service; its stream and the owner of its key."""
STAMP_PURPOSE = "feedback_stamp"


class NothingHasEnded(DomainError):
    """Feedback is asked for when mentoring has ended."""


class SlipWasTaken(DomainError):
    """You have had your slip for this. We do not know which one it is, so it cannot be made again."""


class FeedbackSlips(Aggregate):
    """One for each ending: who took a slip. The slip itself is kept nowhere."""

    TOPIC = "feedback_slips"

    class Created(Aggregate.Created):
        TOPIC = "feedback_slips.offered"
        relationship: UUID

    class Taken(Aggregate.Event):
        TOPIC = "feedback_slips.taken"

    @staticmethod
    def id_of(relationship: UUID) -> UUID:
        """The id of the slips for one ending."""
        return uuid5(relationship, "feedback-slips")

    @classmethod
    def offer(cls, relationship: UUID, act: Act) -> Self:
        """Begin, with whoever takes the first."""
        return cls.begin(cls.id_of(relationship), act, relationship=relationship)

    @event(Created)
    def __init__(self, relationship: UUID) -> None:
        self.relationship = relationship
        self.taken_by: set[UUID] = set()

    def take(self, act: Act) -> None:
        """Note that somebody has had theirs."""
        if act.actor in self.taken_by:
            raise SlipWasTaken
        self.record(self.Taken, act)

    @event(Taken)
    def _taken(self, actor: UUID) -> None:
        self.taken_by.add(actor)


class FeedbackStamp(Aggregate):
    """The secret under which slips are marked; it is made when the first is wanted."""

    TOPIC = "feedback_stamp"

    class Created(Aggregate.Created):
        TOPIC = "feedback_stamp.made"
        secret: Sealed

    @classmethod
    def make(cls, secret: Sealed, act: Act) -> Self:
        """Make it; there is one."""
        require_sealed_for(STAMP, Compartment.PERSONAL, secret)
        if secret.purpose != STAMP_PURPOSE:
            raise SealedForAnotherPurpose
        return cls.begin(STAMP, Act(STAMP, act.at), secret=secret)

    @event(Created)
    def __init__(self, secret: Sealed) -> None:
        self.secret = secret
