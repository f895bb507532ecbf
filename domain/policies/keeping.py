"""Rule 20: on which day a record that nobody uses any more comes to its end, by the calendar of the provider's zone.

A relationship has no key of its own: what it holds is sealed under the keys of its people. So a person's keys are kept
for as long as any relationship of theirs is, and go on the person's own day.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.proposal import HOME_ZONE

ANNOUNCED_BEFORE = timedelta(days=30)
"""Time enough to take away what one wants to keep, or to say that it is to be kept."""


@dataclass(frozen=True, slots=True)
class Periods:
    """For how many days the provider keeps something: after a relationship closed, and after anybody was heard of."""

    relationship: int
    person: int


@dataclass(frozen=True, slots=True)
class Heard:
    """When somebody last did anything, and when the last of their relationships closed."""

    active_at: datetime
    closed_at: datetime | None = None


def day_of(moment: datetime) -> date:
    """The day that a calendar on the wall shows."""
    return moment.astimezone(ZoneInfo(HOME_ZONE)).date()


def end_of(heard: Heard, periods: Periods) -> date:
    """The first day on which neither period runs any more."""
    ends = [day_of(heard.active_at) + timedelta(days=periods.person)]
    if heard.closed_at is not None:
        ends.append(day_of(heard.closed_at) + timedelta(days=periods.relationship))
    return max(ends)


def announced_end(heard: Heard, periods: Periods, now: datetime) -> date | None:
    """The day to announce now, never sooner than in thirty days; None while there is more time than that."""
    earliest = day_of(now) + ANNOUNCED_BEFORE
    ends_on = end_of(heard, periods)
    return max(ends_on, earliest) if ends_on <= earliest else None
