"""What an organisation bought: how many sessions at which price, for how long, and on which terms."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from domain.errors import DomainError
from domain.money import Money
from domain.place import MOST_SESSIONS
from domain.proposal import HOME_ZONE
from domain.values import require_zone
from domain.working_time import USUAL_HOURS, WorkingHours

MOST_PLACES = 1_000
LONGEST_PERIOD = timedelta(days=5 * 366)
USUAL_NOTICE_HOURS = 24
LONGEST_NOTICE_HOURS = 7 * 24


class WrongTerms(DomainError):
    """An agreement has 1 to 1,000 places of 1 to 3 sessions, a price, a period of up to five years, and up to 168 hours' notice."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Both days of the period belong to it; `price` is that of one session used.

    A mentee who cancels with less than `late_notice_hours` to go uses the session.
    """

    programme: UUID
    places: int
    sessions_per_place: int
    price: Money
    starts_on: date
    ends_on: date
    late_notice_hours: int = USUAL_NOTICE_HOURS
    working_hours: WorkingHours = USUAL_HOURS
    time_zone: str = HOME_ZONE

    def __post_init__(self) -> None:
        require_zone(self.time_zone)
        in_bounds = (
            1 <= self.places <= MOST_PLACES
            and 1 <= self.sessions_per_place <= MOST_SESSIONS
            and 0 <= self.late_notice_hours <= LONGEST_NOTICE_HOURS
            and self.price.minor_units >= 0
        )
        if not (in_bounds and timedelta(0) <= self.ends_on - self.starts_on <= LONGEST_PERIOD):
            raise WrongTerms

    @property
    def sessions(self) -> int:
        """All sessions that were bought."""
        return self.places * self.sessions_per_place

    @property
    def late_notice(self) -> timedelta:
        """How long before its start a session can still be cancelled without using it."""
        return timedelta(hours=self.late_notice_hours)

    def covers(self, day: date) -> bool:
        """Whether a day lies within the period."""
        return self.starts_on <= day <= self.ends_on
