"""A single-use way into the scheme, out of the pool of an agreement or an unfunded programme; it says neither who has it nor who used it.

A sponsor hands invitations to practitioners and may keep copies. So an invitation is known by a digest of its
token alone, and nothing here or in what it was issued under says for which person or place it was used.
"""

from datetime import date
from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.values import Act

INVITATIONS = UUID("0d2f8a64-51c7-5b1e-8e0b-7a6d5c9e3f42")
"""The namespace of invitation ids: final, because stored ids are derived from it."""


class InvitationIsUsed(DomainError):
    """This invitation was used."""


class InvitationIsWithdrawn(DomainError):
    """This invitation was withdrawn."""


class InvitationIsOver(DomainError):
    """The last day of this invitation is over."""


class Invitation(Aggregate):
    """Open until it is used, withdrawn or over; which of them it was, only the provider can tell."""

    TOPIC = "invitation"

    class Created(Aggregate.Created):
        TOPIC = "invitation.issued"
        agreement: UUID
        expires_on: date

    class Used(Aggregate.Event):
        TOPIC = "invitation.used"

    class Withdrawn(Aggregate.Event):
        TOPIC = "invitation.withdrawn"

    @staticmethod
    def id_of(token: str) -> UUID:
        """The id of the invitation that a token opens; from the id nobody gets to the token."""
        return uuid5(INVITATIONS, token)

    @classmethod
    def issue(cls, id: UUID, *, agreement: UUID, expires_on: date, act: Act) -> Self:
        """Add one to the pool of an agreement, or of a programme whose places nobody pays for.

        `expires_on` is its last day, by the calendar of either.
        """
        return cls.begin(id, act, agreement=agreement, expires_on=expires_on)

    @event(Created)
    def __init__(self, agreement: UUID, expires_on: date) -> None:
        self.agreement = agreement
        self.expires_on = expires_on
        self.is_used = False
        self.is_withdrawn = False

    @property
    def is_left(self) -> bool:
        """Whether nobody has used or withdrawn it."""
        return not (self.is_used or self.is_withdrawn)

    def use(self, today: date, act: Act) -> None:
        """Let one practitioner in; the invitation itself is the actor, for it does not say who that was."""
        self._require_left()
        if today > self.expires_on:
            raise InvitationIsOver
        self.record(self.Used, Act(self.id, act.at))

    @event(Used)
    def _used(self) -> None:
        self.is_used = True

    def withdraw(self, act: Act) -> None:
        """Let nobody in by it any more."""
        self._require_left()
        self.record(self.Withdrawn, act)

    @event(Withdrawn)
    def _withdrawn(self) -> None:
        self.is_withdrawn = True

    def _require_left(self) -> None:
        if self.is_used:
            raise InvitationIsUsed
        if self.is_withdrawn:
            raise InvitationIsWithdrawn


InvitationIssued = Invitation.Created
