"""One mentor offered for one request: what both parties must answer, and until when."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.errors import DomainError
from domain.values import Sealed, require_moment
from domain.working_time import after_working_days

EXPIRES_AFTER_WORKING_DAYS = 7
NUDGE_AFTER_WORKING_DAYS = 3
"""Rule 8: long enough to think, short enough that nobody waits on silence."""

HOME_ZONE = "Europe/London"
"""Where the provider's working days are counted."""


class NoSuchProposal(DomainError):
    """This request has no open proposal with this id and version."""


class ProposalHasExpired(DomainError):
    """The proposal can no longer be answered: its time is over."""


class ProposalHasNotExpired(DomainError):
    """The proposal can still be answered."""


class ProposalExpiresWrongly(DomainError):
    """A proposal expires in the future, and no later than seven working days from now."""


class AlreadyAccepted(DomainError):
    """You have already accepted this proposal."""


class NotAcceptedByBoth(DomainError):
    """A match needs both acceptances of the same version of the proposal."""


class DeclineReason(StrEnum):
    """Why a party declined; it costs nothing and no reason is needed."""

    NO_REASON_GIVEN = "no_reason_given"
    NOT_THE_RIGHT_MATCH = "not_the_right_match"
    NOT_NOW = "not_now"
    CONFLICT = "conflict"


class SupersededReason(StrEnum):
    """Why the scheme took an open proposal back; never who was chosen instead."""

    NEW_VERSION = "new_version"
    MENTOR_UNAVAILABLE = "mentor_unavailable"
    MENTEE_UNAVAILABLE = "mentee_unavailable"
    NO_FREE_PLACE = "no_free_place"
    NO_SEAT_LEFT = "no_seat_left"
    CONFLICT = "conflict"
    RELATIONSHIP_CLOSED = "relationship_closed"
    REASONS_OUTDATED = "reasons_outdated"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a coordinator proposes: whom, in which rank, and why, in words for each party.

    Without `expires_at` the proposal is open for the seven working days of rule 8. `group` names the group
    that a seat is offered in.
    """

    id: UUID
    mentor: UUID
    rank: int
    reasons_for_mentee: Sealed
    reasons_for_mentor: Sealed
    expires_at: datetime | None = None
    group: UUID | None = None

    def __post_init__(self) -> None:
        if self.expires_at is not None:
            require_moment(self.expires_at)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An open proposal and who has accepted this version of it."""

    id: UUID
    mentor: UUID
    version: int
    proposed_at: datetime
    expires_at: datetime
    accepted_by: frozenset[UUID] = field(default_factory=frozenset)

    def is_expired(self, at: datetime) -> bool:
        """Whether its time is over, whoever has noticed that yet."""
        return at >= self.expires_at

    def require_unexpired(self, at: datetime) -> None:
        """Refuse an answer that comes too late."""
        if self.is_expired(at):
            raise ProposalHasExpired

    def require_expired(self, at: datetime) -> None:
        """Refuse to expire what can still be answered."""
        if not self.is_expired(at):
            raise ProposalHasNotExpired


def latest_expiry(proposed_at: datetime) -> datetime:
    """When a proposal made now expires unless it says an earlier moment."""
    return after_working_days(proposed_at, EXPIRES_AFTER_WORKING_DAYS, time_zone=HOME_ZONE)


def nudge_due_at(proposed_at: datetime) -> datetime:
    """When those who have not answered are reminded, once."""
    return after_working_days(proposed_at, NUDGE_AFTER_WORKING_DAYS, time_zone=HOME_ZONE)


def chosen_expiry(offer: Offer, proposed_at: datetime) -> datetime:
    """The moment the offer names, if it lies between now and the latest expiry."""
    latest = latest_expiry(proposed_at)
    expires_at = offer.expires_at or latest
    if not proposed_at < expires_at <= latest:
        raise ProposalExpiresWrongly
    return expires_at
