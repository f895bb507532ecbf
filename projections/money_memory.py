"""What is remembered of agreements and places for their figures: counts and sums, nobody's name.

Every figure is put into the calendar month in which its event was recorded, by the wall clock of the
agreement's zone.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domain.funding_terms import Terms
from domain.month import Month
from projections.shelf import Shelf


class KnownAgreement(msgspec.Struct):
    """One agreement and the ledger of all its places: granted = free + reserved + used.

    `position` is that of its signing; `released` counts how often a session was given back.
    """

    id: UUID
    organisation: UUID
    position: int
    time_zone: str
    ends_on: date
    bought: int
    has_ended: bool = False
    places: int = 0
    granted: int = 0
    reserved: int = 0
    used: int = 0
    released: int = 0

    def take_on(self, terms: Terms) -> None:
        """Follow its terms."""
        self.time_zone, self.ends_on, self.bought = terms.time_zone, terms.ends_on, terms.sessions

    @property
    def over_at(self) -> datetime | None:
        """When its period is over, unless it has ended."""
        if self.has_ended or self.ends_on == date.max:
            return None
        day = self.ends_on + timedelta(days=1)
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.time_zone))


class KnownPlace(msgspec.Struct):
    """One place: whose it is to pay for, and which of its sessions count how."""

    agreement: UUID
    reserved: list[UUID] = []
    used: list[UUID] = []


@dataclass
class Counts:
    """What one month adds to the figures of an agreement; money in minor units."""

    used: int = 0
    released: int = 0
    lines: int = 0
    invoiced: int = 0
    paid: int = 0
    credited: int = 0


@dataclass
class Ledgers:
    """Everything that one batch changes."""

    agreements: Shelf[KnownAgreement]
    places: Shelf[KnownPlace]
    months: defaultdict[tuple[UUID, date], Counts] = field(
        default_factory=lambda: defaultdict(Counts)
    )
    requested: dict[UUID, UUID] = field(default_factory=dict)
    closed: list[UUID] = field(default_factory=list)
    contacts: dict[tuple[UUID, UUID], bool] = field(default_factory=dict)

    def fetch(self, places: Iterable[UUID], agreements: Iterable[UUID]) -> None:
        """Load at once what a batch is about, and what pays for its places."""
        named = list(places)
        self.places.fetch(named)
        known = (self.places.get(each) for each in named)
        self.agreements.fetch([*agreements, *(each.agreement for each in known if each)])

    def agreement(self, id: UUID) -> KnownAgreement | None:
        """One agreement, which will be written; None for one that is set aside."""
        known = self.agreements.get(id)
        if known is not None:
            self.agreements.put(id, known)
        return known

    def place(self, id: UUID) -> tuple[KnownPlace, KnownAgreement] | None:
        """One place with its agreement, both of which will be written."""
        known = self.places.get(id)
        agreement = self.agreement(known.agreement) if known else None
        if known is None or agreement is None:
            return None
        self.places.put(id, known)
        return known, agreement

    def month(self, agreement: KnownAgreement, at: datetime) -> Counts:
        """The figures of the month in which something was recorded."""
        return self.months[agreement.id, Month.at(at, agreement.time_zone).first_day]
