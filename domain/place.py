"""One practitioner's right to be mentored under a funding agreement, and its session ledger."""

from typing import Self
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.values import Act

MOST_SESSIONS = 3
"""Rule 5: a place holds at most this many sessions, whatever an agreement says."""


class WrongCeiling(DomainError):
    """A place holds between one and three sessions."""


class PlaceTaken(DomainError):
    """This place is already taken."""


class PlaceNotTaken(DomainError):
    """This place is not taken by this relationship."""


class NoSessionsLeft(DomainError):
    """All sessions of this place are used or reserved."""


class SessionNotReserved(DomainError):
    """No session of this place is reserved under this number."""


class SessionNotUsed(DomainError):
    """No session of this place was used under this number."""


class Place(Aggregate):
    """The ledger always balances: granted = free + reserved + used."""

    TOPIC = "place"

    class Created(Aggregate.Created):
        TOPIC = "place.granted"
        agreement: UUID
        sessions: int

    class Taken(Aggregate.Event):
        TOPIC = "place.taken"
        relationship: UUID

    class SessionReserved(Aggregate.Event):
        TOPIC = "place.session_reserved"
        session: UUID

    class SessionUsed(Aggregate.Event):
        TOPIC = "place.session_used"
        session: UUID

    class SessionReleased(Aggregate.Event):
        TOPIC = "place.session_released"
        session: UUID

    @classmethod
    def grant(cls, id: UUID, *, agreement: UUID, sessions: int, act: Act) -> Self:
        """Grant a place with a ceiling of one to three sessions."""
        if not 1 <= sessions <= MOST_SESSIONS:
            raise WrongCeiling
        return cls.begin(id, act, agreement=agreement, sessions=sessions)

    @event(Created)
    def __init__(self, agreement: UUID, sessions: int) -> None:
        self.agreement = agreement
        self.granted = sessions
        self.relationship: UUID | None = None
        self.reserved: set[UUID] = set()
        self.used: set[UUID] = set()

    @property
    def free(self) -> int:
        """Sessions that can still be reserved."""
        return self.granted - len(self.reserved) - len(self.used)

    def take(self, relationship: UUID, act: Act) -> None:
        """Give the place to one relationship, once."""
        if self.relationship is not None:
            raise PlaceTaken
        self.record(self.Taken, act, relationship=relationship)

    @event(Taken)
    def _taken(self, relationship: UUID) -> None:
        self.relationship = relationship

    def reserve(self, session: UUID, act: Act) -> None:
        """Reserve one session as it is scheduled."""
        if self.free < 1:
            raise NoSessionsLeft
        self.record(self.SessionReserved, act, session=session)

    @event(SessionReserved)
    def _session_reserved(self, session: UUID) -> None:
        self.reserved.add(session)

    def use(self, session: UUID, act: Act) -> None:
        """Count a reserved session as used: held, or lost by the mentee's late cancellation."""
        self._require_reserved(session)
        self.record(self.SessionUsed, act, session=session)

    @event(SessionUsed)
    def _session_used(self, session: UUID) -> None:
        self.reserved.discard(session)
        self.used.add(session)

    def release(self, session: UUID, act: Act) -> None:
        """Give a reserved session back."""
        self._require_reserved(session)
        self.record(self.SessionReleased, act, session=session)

    def give_back(self, session: UUID, act: Act) -> None:
        """Give a used session back, where attendance was corrected."""
        if session not in self.used:
            raise SessionNotUsed
        self.record(self.SessionReleased, act, session=session)

    @event(SessionReleased)
    def _session_released(self, session: UUID) -> None:
        self.reserved.discard(session)
        self.used.discard(session)

    def _require_reserved(self, session: UUID) -> None:
        if session not in self.reserved:
            raise SessionNotReserved


PlaceGranted = Place.Created
