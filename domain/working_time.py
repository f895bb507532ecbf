"""Working days and working hours by the wall clock, right across daylight-saving changes.

Public holidays differ between nations and employers; until an agreement names them, none counts.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.values import TimeSpan

MONDAY_TO_FRIDAY = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When an agreement lets sessions happen, in the zone that the people agreed on."""

    opens: time = time(8)
    closes: time = time(20)
    days: frozenset[int] = MONDAY_TO_FRIDAY

    def contain(self, span: TimeSpan) -> bool:
        """Whether the whole span lies within one working day."""
        starts_at, ends_at = span.local_start, span.local_end
        return (
            starts_at.date() == ends_at.date()
            and starts_at.weekday() in self.days
            and starts_at.time() >= self.opens
            and ends_at.time() <= self.closes
        )


USUAL_HOURS = WorkingHours()
"""Rule 6: Monday to Friday, 08:00 to 20:00, until a funding agreement says otherwise."""


def after_working_days(start: datetime, days: int, *, time_zone: str) -> datetime:
    """The same time on the wall clock so many working days later."""
    moment = start.astimezone(ZoneInfo(time_zone))
    while days > 0:
        # Adding a day to a zoned datetime moves the wall clock, which is what is wanted here.
        moment += timedelta(days=1)
        days -= moment.weekday() in MONDAY_TO_FRIDAY
    return moment.astimezone(UTC)
