"""What is simulated: how many people, for how long, from when, and by which seed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from domain.errors import DomainError

ZONE = ZoneInfo("Europe/London")
SIMULATIONS = UUID("51b00000-0000-4000-8000-000000000001")
"""The namespace of what is simulated; ids in it are made from the seed."""

MOST_PEOPLE = 1_000_000
MOST_WEEKS = 520
OPENS = time(8)


class WrongSize(DomainError):
    """A simulation has at least one mentee, one mentor and one week; at most a million people and ten years."""


class NotAMonday(DomainError):
    """A simulation begins on a Monday."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One simulation; the same plan makes the same history."""

    mentees: int
    mentors: int
    weeks: int
    seed: int
    begins_at: datetime

    def __post_init__(self) -> None:
        people = (self.mentees, self.mentors)
        if not (all(1 <= each <= MOST_PEOPLE for each in people) and 1 <= self.weeks <= MOST_WEEKS):
            raise WrongSize
        if self.begins_at.astimezone(ZONE).weekday() != 0:
            raise NotAMonday

    @property
    def ends_at(self) -> datetime:
        """The Monday after the last week, by the wall clock."""
        return self.monday(self.weeks)

    @property
    def name(self) -> UUID:
        """What tells this simulation from any other; it does not depend on when it was run."""
        return uuid5(SIMULATIONS, f"{self.mentees}:{self.mentors}:{self.weeks}:{self.seed}")

    def monday(self, week: int) -> datetime:
        """When a week begins, by the wall clock."""
        local = self.begins_at.astimezone(ZONE) + timedelta(weeks=week)
        return local.astimezone(UTC)

    def id_of(self, key: str) -> UUID:
        """The id of something that the simulation itself names."""
        return uuid5(self.name, key)

    def chance(self, key: str) -> Random:
        """A person's own chance: what others do never changes what befalls them."""
        return self.chance_of(self.seed, key)

    @staticmethod
    def chance_of(seed: int, key: str) -> Random:
        """The same, for who knows no more of a plan than its seed."""
        return Random(f"{seed}:{key}")  # noqa: S311 - chance tells a story here, it keeps no secret

    def coordinators(self) -> int:
        """One for every sixty mentees."""
        return 1 + self.mentees // 60


def monday_before(now: datetime, weeks: int) -> datetime:
    """Opening time on the Monday of that week, or so many weeks before."""
    today = now.astimezone(ZONE).date()
    return opening_on(today - timedelta(days=today.weekday(), weeks=weeks))


def opening_on(day: date) -> datetime:
    """Opening time on that day."""
    return datetime.combine(day, OPENS, tzinfo=ZONE).astimezone(UTC)
