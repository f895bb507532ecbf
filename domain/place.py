"""One practitioner's right to be mentored under a funding agreement, and its session ledger."""

from datetime import datetime
from typing import NamedTuple, Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.values import Act

MOST_SESSIONS = 3
"""Rule 5: a place is granted at most this many sessions, whatever an agreement says."""

MOST_EXTENDED = 6
"""Rule 7: and however often it is extended, it never holds more than this."""


class WrongCeiling(DomainError):
    """A place holds between one and three sessions."""


class PlaceTaken(DomainError):
    """This place is already taken."""


class PlaceNotTaken(DomainError):
    """This place is not taken by this relationship."""


class PlaceAssigned(DomainError):
    """This place already belongs to a practitioner."""


class NotYourPlace(DomainError):
    """This place belongs to another practitioner."""


class WrongExtension(DomainError):
    """A place is extended by one session or more, to six at most."""


class NothingToReturn(DomainError):
    """This place has no sessions that are neither used nor reserved."""


class NoSessionsLeft(DomainError):
    """All sessions of this place are used or reserved; your coordinator can say whether there can be more."""


class SessionNotReserved(DomainError):
    """No session of this place is reserved under this number."""


class SessionNotUsed(DomainError):
    """No session of this place was used under this number."""


class Counted(NamedTuple):
    """When a session was counted as used, or not any more."""

    at: datetime
    session: UUID
    is_used: bool


class Place(Aggregate):
    """The ledger always balances: granted = free + reserved + used."""

    TOPIC = "place"

    class Created(Aggregate.Created):
        TOPIC = "place.granted"
        agreement: UUID
        sessions: int

    class Assigned(Aggregate.Event):
        TOPIC = "place.assigned"
        mentee: UUID

    class Taken(Aggregate.Event):
        TOPIC = "place.taken"
        relationship: UUID

    class Vacated(Aggregate.Event):
        TOPIC = "place.vacated"
        relationship: UUID

    class Extended(Aggregate.Event):
        TOPIC = "place.extended"
        sessions: int

    class SessionsReturned(Aggregate.Event):
        TOPIC = "place.sessions_returned"
        sessions: int

    class SessionReserved(Aggregate.Event):
        TOPIC = "place.session_reserved"
        session: UUID

    class SessionUsed(Aggregate.Event):
        TOPIC = "place.session_used"
        session: UUID

    class SessionReleased(Aggregate.Event):
        TOPIC = "place.session_released"
        session: UUID

    @staticmethod
    def id_of(agreement: UUID, mentee: UUID) -> UUID:
        """The id of the one place that somebody gets under an agreement by an invitation."""
        return uuid5(agreement, f"place:{mentee}")

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
        self.mentee: UUID | None = None
        self.relationship: UUID | None = None
        self.reserved: set[UUID] = set()
        self.used: set[UUID] = set()
        self.counted: list[Counted] = []

    @property
    def free(self) -> int:
        """Sessions that can still be reserved."""
        return self.granted - len(self.reserved) - len(self.used)

    def assign(self, mentee: UUID, act: Act) -> None:
        """Make it one practitioner's, for good."""
        if self.mentee is not None:
            raise PlaceAssigned
        self.record(self.Assigned, act, mentee=mentee)

    @event(Assigned)
    def _assigned(self, mentee: UUID) -> None:
        self.mentee = mentee

    def require_open_to(self, mentee: UUID) -> None:
        """Refuse anybody's place but the mentee's own or nobody's, and one that is in use."""
        if self.mentee not in {None, mentee}:
            raise NotYourPlace
        if self.relationship is not None:
            raise PlaceTaken

    def take(self, relationship: UUID, act: Act) -> None:
        """Give the place to one relationship at a time."""
        if self.relationship is not None:
            raise PlaceTaken
        self.record(self.Taken, act, relationship=relationship)

    @event(Taken)
    def _taken(self, relationship: UUID) -> None:
        self.relationship = relationship

    def vacate(self, relationship: UUID, act: Act) -> None:
        """Leave what is not used to a next relationship of the same practitioner."""
        if self.relationship != relationship:
            raise PlaceNotTaken
        self.record(self.Vacated, act, relationship=relationship)

    @event(Vacated)
    def _vacated(self) -> None:
        self.relationship = None

    def extend(self, sessions: int, act: Act) -> None:
        """Rule 7: grant more than the agreement's ceiling; who may decide it, the command says."""
        if not (sessions >= 1 and self.granted + sessions <= MOST_EXTENDED):
            raise WrongExtension
        self.record(self.Extended, act, sessions=sessions)

    @event(Extended)
    def _extended(self, sessions: int) -> None:
        self.granted += sessions

    def return_unused(self, act: Act) -> int:
        """Give back what is neither used nor reserved; answers how many sessions those are."""
        if self.free < 1:
            raise NothingToReturn
        returned = self.free
        self.record(self.SessionsReturned, act, sessions=returned)
        return returned

    @event(SessionsReturned)
    def _sessions_returned(self, sessions: int) -> None:
        self.granted -= sessions

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
    def _session_used(self, session: UUID, timestamp: datetime) -> None:
        self.reserved.discard(session)
        self.used.add(session)
        self.counted.append(Counted(timestamp, session, is_used=True))

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
    def _session_released(self, session: UUID, timestamp: datetime) -> None:
        self.reserved.discard(session)
        self.used.discard(session)
        self.counted.append(Counted(timestamp, session, is_used=False))

    def used_before(self, moment: datetime) -> frozenset[UUID]:
        """The sessions that stood as used when a moment came, whatever was corrected since."""
        stood: dict[UUID, bool] = {
            each.session: each.is_used for each in self.counted if each.at < moment
        }
        return frozenset(session for session, is_used in stood.items() if is_used)

    def _require_reserved(self, session: UUID) -> None:
        if session not in self.reserved:
            raise SessionNotReserved


PlaceGranted = Place.Created
