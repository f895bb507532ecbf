"""What a log tells of consents, places and mentors: who says yes, and what of which is left."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from domain.aggregate import Aggregate
from domain.consent import ConsentLedger
from domain.mentor_profile import MentorProfile
from domain.place import Place
from domain.values import Purpose

YES = (ConsentLedger.Given, ConsentLedger.Renewed)
MOST_SESSIONS = 3


@dataclass
class Ledger:
    """One place as the log tells it."""

    agreement: UUID
    granted: int
    reserved: set[UUID] = field(default_factory=set)
    used: set[UUID] = field(default_factory=set)
    taken_by: UUID | None = None


class LedgerFacts:
    """Reads each event once, and notes at once which rule it breaks."""

    def __init__(self) -> None:
        self.broken: list[tuple[str, str]] = []
        self.places: dict[UUID, Ledger] = {}
        self.capacity: dict[UUID, int] = {}
        self.here: set[UUID] = set()
        self.live: dict[tuple[UUID, Purpose], datetime | None] = {}
        self.ended_at: dict[tuple[UUID, Purpose], datetime] = {}
        self._mentor_of: dict[UUID, UUID] = {}

    def read(self, events: Iterable[Aggregate.Event]) -> None:
        for fact in events:
            telling = self.TELLING.get(type(fact))
            if telling is not None:
                telling(self, fact)

    def takes_part(self, person: UUID, at: datetime, purpose: Purpose = Purpose.TAKE_PART) -> bool:
        until = self.live.get((person, purpose))
        return (person, purpose) in self.live and (until is None or at < until)

    def require(self, rule: str, *, holds: bool) -> None:
        """A rule is its number, if it has one, and what it says."""
        if not holds:
            number, _, said = rule.rpartition(": ")
            self.broken.append((number, said))

    def _insiders_of(self, relationship: UUID) -> set[UUID]:
        raise NotImplementedError

    def _said_yes(self, fact: Any) -> None:
        self.live[fact.person, fact.purpose] = fact.expires_at

    def _said_no(self, fact: Any) -> None:
        self.live.pop((fact.person, fact.purpose), None)
        self.ended_at[fact.person, fact.purpose] = fact.timestamp

    def _granted(self, fact: Any) -> None:
        self.require(
            "5: a place holds one to three sessions", holds=1 <= fact.sessions <= MOST_SESSIONS
        )
        self.places[fact.originator_id] = Ledger(fact.agreement, fact.sessions)

    def _extended(self, fact: Any) -> None:
        place = self.places[fact.originator_id]
        place.granted += fact.sessions
        insiders = self._insiders_of(place.taken_by) if place.taken_by else set()
        outside = fact.actor not in insiders
        self.require("7: whoever is in it does not extend it", holds=outside)

    def _returned(self, fact: Any) -> None:
        self.places[fact.originator_id].granted -= fact.sessions

    def _taken(self, fact: Any) -> None:
        self.places[fact.originator_id].taken_by = fact.relationship

    def _vacated(self, fact: Any) -> None:
        self.places[fact.originator_id].taken_by = None

    def _reserved(self, fact: Any) -> None:
        self.places[fact.originator_id].reserved.add(fact.session)

    def _used(self, fact: Any) -> None:
        place = self.places[fact.originator_id]
        self.require("5: what is used was reserved", holds=fact.session in place.reserved)
        place.reserved.discard(fact.session)
        place.used.add(fact.session)

    def _released(self, fact: Any) -> None:
        place = self.places[fact.originator_id]
        place.reserved.discard(fact.session)
        place.used.discard(fact.session)

    def _applied(self, fact: Any) -> None:
        self._mentor_of[fact.originator_id] = fact.person

    def _capacity_set(self, fact: Any) -> None:
        self.capacity[self._mentor_of[fact.originator_id]] = fact.capacity

    def _came(self, fact: Any) -> None:
        self.here.add(self._mentor_of[fact.originator_id])

    def _went(self, fact: Any) -> None:
        self.here.discard(self._mentor_of[fact.originator_id])

    TELLING: ClassVar[dict[type, Any]] = {
        **dict.fromkeys(YES, _said_yes),
        ConsentLedger.Refused: _said_no,
        ConsentLedger.Withdrawn: _said_no,
        ConsentLedger.Revoked: _said_no,
        Place.Created: _granted,
        Place.Extended: _extended,
        Place.SessionsReturned: _returned,
        Place.Taken: _taken,
        Place.Vacated: _vacated,
        Place.SessionReserved: _reserved,
        Place.SessionUsed: _used,
        Place.SessionReleased: _released,
        MentorProfile.Created: _applied,
        MentorProfile.CapacitySet: _capacity_set,
        MentorProfile.Approved: _came,
        MentorProfile.Resumed: _came,
        MentorProfile.Paused: _went,
        MentorProfile.Left: _went,
    }
