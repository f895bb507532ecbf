"""The closed box into which answers about one mentor, or about the scheme, are dropped until there are enough.

It is emptied only when it holds a whole lot: then every answer leaves it under a new id and a new key, in an order
that chance decides, and the key of the lot is destroyed. So nothing that is kept leads from a drop to a response.
"""

from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError, SealedForAnotherPurpose
from domain.feedback import SCHEME
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Sealed

BOXES = UUID("8a6e0d3c-6a58-5c0f-9b27-4f0d9c1e7a51")
"""The namespace of box ids: final, because stored ids are derived from it."""

FEWEST_ABOUT_A_MENTOR = 5
"""Rule 15; among so few nobody is to be told apart."""
FEWEST_ABOUT_THE_SCHEME = 10


class SlipIsUsed(DomainError):
    """This slip was used; each is good for one answer."""


class BoxIsNotFull(DomainError):
    """There are too few answers in this box to take them out."""


class FeedbackBox(Aggregate):
    """Fills drop by drop and is emptied lot by lot."""

    TOPIC = "feedback_box"

    class Created(Aggregate.Created):
        TOPIC = "feedback_box.put_up"
        about: UUID

    class Dropped(Aggregate.Event):
        """`slip` is the actor too: what was handed to nobody in particular."""

        TOPIC = "feedback_box.dropped"
        slip: UUID
        lot: int
        answers: Sealed

    class Emptied(Aggregate.Event):
        TOPIC = "feedback_box.emptied"
        lot: int

    @staticmethod
    def id_of(about: UUID) -> UUID:
        """The id of the one box about a mentor, or about the scheme."""
        return uuid5(BOXES, str(about))

    @staticmethod
    def purpose_of(lot: int) -> str:
        """For what the answers of one lot are sealed: a key each, which ends when the lot is taken out."""
        return f"feedback_box:{lot}"

    @classmethod
    def put_up(cls, about: UUID, act: Act) -> Self:
        """Begin it, with its first drop."""
        id = cls.id_of(about)
        return cls.begin(id, Act(id, act.at), about=about)

    @event(Created)
    def __init__(self, about: UUID) -> None:
        self.about = about
        self.lot = 1
        self.lying: list[Sealed] = []
        self.slips: set[UUID] = set()

    @property
    def fewest(self) -> int:
        """How many make a lot."""
        return FEWEST_ABOUT_THE_SCHEME if self.about == SCHEME else FEWEST_ABOUT_A_MENTOR

    @property
    def is_full(self) -> bool:
        """Whether what lies in it can be taken out."""
        return len(self.lying) >= self.fewest

    @property
    def key_purpose(self) -> str:
        """For what the next drop is sealed."""
        return self.purpose_of(self.lot)

    def drop(self, answers: Sealed, act: Act) -> None:
        """Put answers in; the actor is the slip."""
        require_sealed_for(self.id, Compartment.PERSONAL, answers)
        if answers.purpose != self.key_purpose:
            raise SealedForAnotherPurpose
        if act.actor in self.slips:
            raise SlipIsUsed
        self.record(self.Dropped, act, slip=act.actor, lot=self.lot, answers=answers)

    @event(Dropped)
    def _dropped(self, slip: UUID, answers: Sealed) -> None:
        self.slips.add(slip)
        self.lying.append(answers)

    def empty(self, act: Act) -> None:
        """Take a whole lot out; fewer never leave it."""
        if not self.is_full:
            raise BoxIsNotFull
        self.record(self.Emptied, Act(self.id, act.at), lot=self.lot)

    @event(Emptied)
    def _emptied(self, lot: int) -> None:
        self.lot = lot + 1
        self.lying = []
