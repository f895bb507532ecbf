"""Working days and working hours by the wall clock, right across daylight-saving changes.

Public holidays differ between nations and employers; until an agreement names them, none counts.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.errors import DomainError
from domain.values import TimeSpan

MONDAY_TO_FRIDAY = frozenset(range(5))
WHOLE_WEEK = frozenset(range(7))


class WrongHours(DomainError):
    """Working hours close after they open, on at least one day of the week: 0 is Monday, 6 is Sunday."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When an agreement lets sessions happen, in the zone that the people agreed on."""

    opens: time = time(8)
    closes: time = time(20)
    days: frozenset[int] = MONDAY_TO_FRIDAY

    def __post_init__(self) -> None:
        # Hours of the wall clock have no zone of their own, and could not be compared with one that has.
        is_of_the_wall = self.opens.tzinfo is None and self.closes.tzinfo is None
        if not (is_of_the_wall and self.opens < self.closes and self._are_days(self.days)):
            raise WrongHours

    @staticmethod
    def _are_days(days: frozenset[int]) -> bool:
        return bool(days) and days <= WHOLE_WEEK

    def contain(self, span: TimeSpan) -> bool:
        """Whether the whole span lies within one working day, by the wall clock of its zone."""
        pieces = list(wall_clock_pieces(span, span.time_zone))
        return all(self._hold(*piece) for piece in pieces) and _are_of_one_day(pieces)

    def _hold(self, starts_at: datetime, ends_at: datetime) -> bool:
        return (
            starts_at.date() == ends_at.date()
            and starts_at.weekday() in self.days
            and self.opens <= starts_at.time()
            and ends_at.time() <= self.closes
        )


Piece = tuple[datetime, datetime]


def wall_clock_pieces(span: TimeSpan, time_zone: str) -> Iterator[Piece]:
    """What wall clocks in a zone show at the start and end of a span: in two pieces where they are changed within it.

    Each piece runs evenly, so what holds at both its ends holds all through it. Clocks change at most
    once in a day, and a span here is no longer.
    """
    zone = ZoneInfo(time_zone)
    first, last = _offset(span.starts_at, zone), _offset(span.ends_at, zone)
    if first == last:
        yield _shown(span.starts_at, first), _shown(span.ends_at, last)
        return
    change = _clock_change(span.starts_at, span.ends_at, zone)
    yield _shown(span.starts_at, first), _shown(change, first)
    if change < span.ends_at:
        yield _shown(change, last), _shown(span.ends_at, last)


def _clock_change(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> datetime:
    """The moment within a span from which its last offset holds."""
    last = _offset(ends_at, zone)
    seconds = range(int(starts_at.timestamp()), int(ends_at.timestamp()) + 1)
    index = bisect_left(seconds, x=True, key=lambda each: _offset(_moment(each), zone) == last)
    return min(_moment(seconds[0] + index), ends_at)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _shown(moment: datetime, offset: timedelta) -> datetime:
    return (moment + offset).replace(tzinfo=None)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _are_of_one_day(pieces: Sequence[Piece]) -> bool:
    return len({starts_at.date() for starts_at, _ in pieces}) == 1


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
