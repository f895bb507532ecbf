"""When one person can usually meet: hours of the week by the wall clock, apart from days away.

Somebody who named no hours can meet at any, apart from their days away. docs/specs/availability.md has the stored form.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Self

from domain.errors import DomainError
from domain.values import TimeSpan, require_zone
from domain.working_time import WorkingHours, wall_clock_pieces

MOST_WINDOWS = 50
MOST_DAYS_AWAY = 50
LONGEST_AWAY = timedelta(days=366)
"""More than this is no week and no holiday, but a mistake."""

HALF_AN_HOUR = timedelta(minutes=30)
HOUR = timedelta(hours=1)

STORED_VERSION = 1
LAST_WEEKDAY = 6


class NotAWindow(DomainError):
    """Hours are on one day of the week, in whole minutes, and end after they begin."""


class TooManyWindows(DomainError):
    """A week has room for at most 50 stretches of hours."""


class NotDaysAway(DomainError):
    """Days away run from a first day to a last one that is no earlier, for at most a year."""


class TooManyDaysAway(DomainError):
    """At most 50 stretches of days away are kept; leave out those that are over."""


class NotAnAvailability(DomainError):
    """This does not say when somebody can meet."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Hours of one day of the week, Monday being 0."""

    weekday: int
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= LAST_WEEKDAY or self.opens >= self.closes:
            raise NotAWindow
        if any(
            each.second or each.microsecond or each.tzinfo for each in (self.opens, self.closes)
        ):
            raise NotAWindow

    def holds(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether a piece of the wall clock lies within these hours of one day."""
        return (
            starts_at.date() == ends_at.date()
            and starts_at.weekday() == self.weekday
            and self.opens <= starts_at.time()
            and ends_at.time() <= self.closes
        )


@dataclass(frozen=True, slots=True, order=True)
class DaysAway:
    """Whole days on which somebody cannot meet, the first and the last included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not timedelta() <= self.last - self.first < LONGEST_AWAY:
            raise NotDaysAway

    def touch(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether a piece of the wall clock lies on one of these days, if only in part."""
        last_moment = ends_at - timedelta.resolution
        return self.first <= last_moment.date() and starts_at.date() <= self.last


@dataclass(frozen=True, slots=True)
class Availability:
    """What one person said; hours that overlap or touch become one, so that equal ones are equal."""

    time_zone: str
    windows: tuple[Window, ...] = ()
    away: tuple[DaysAway, ...] = ()

    def __post_init__(self) -> None:
        require_zone(self.time_zone)
        if len(self.windows) > MOST_WINDOWS:
            raise TooManyWindows
        if len(self.away) > MOST_DAYS_AWAY:
            raise TooManyDaysAway
        object.__setattr__(self, "windows", tuple(_joined(self.windows)))
        object.__setattr__(self, "away", tuple(sorted(set(self.away))))

    def contains(self, span: TimeSpan) -> bool:
        """Whether the person can meet all through the span.

        The clocks may change within it: each piece of it is held against the wall clock as it then runs.
        """
        return all(self._suits(*piece) for piece in wall_clock_pieces(span, self.time_zone))

    def _suits(self, starts_at: datetime, ends_at: datetime) -> bool:
        if any(each.touch(starts_at, ends_at) for each in self.away):
            return False
        return not self.windows or any(each.holds(starts_at, ends_at) for each in self.windows)

    def encode(self) -> str:
        """The stored form: one text for one availability."""
        stored = {
            "version": STORED_VERSION,
            "time_zone": self.time_zone,
            "windows": [[w.weekday, _clock(w.opens), _clock(w.closes)] for w in self.windows],
            "away": [[each.first.isoformat(), each.last.isoformat()] for each in self.away],
        }
        return json.dumps(stored, separators=(",", ":"), ensure_ascii=True)

    @classmethod
    def decode(cls, text: str) -> Self:
        """Read the stored form back; raises NotAnAvailability for any other text."""
        try:
            read = cls._read(json.loads(text))
        except (ValueError, TypeError, KeyError, RecursionError, DomainError):
            raise NotAnAvailability from None
        if read.encode() != text:
            raise NotAnAvailability
        return read

    @classmethod
    def _read(cls, stored: Any) -> Self:
        windows = (
            Window(weekday, time.fromisoformat(opens), time.fromisoformat(closes))
            for weekday, opens, closes in stored["windows"]
        )
        away = (
            DaysAway(date.fromisoformat(first), date.fromisoformat(last))
            for first, last in stored["away"]
        )
        return cls(stored["time_zone"], tuple(windows), tuple(away))


def free_hours(
    between: TimeSpan,
    working_hours: WorkingHours,
    said: Iterable[Availability],
    length: timedelta = HOUR,
) -> Iterator[TimeSpan]:
    """Every span of that length, begun on a half hour of the wall clock, that suits the hours and everybody."""
    by_everybody = tuple(said)
    for starts_at in _half_hours(between, length):
        span = TimeSpan(starts_at, starts_at + length, between.time_zone)
        if working_hours.contain(span) and all(each.contains(span) for each in by_everybody):
            yield span


def _half_hours(between: TimeSpan, length: timedelta) -> Iterator[datetime]:
    shown = between.local_start
    since_midnight = timedelta(
        hours=shown.hour,
        minutes=shown.minute,
        seconds=shown.second,
        microseconds=shown.microsecond,
    )
    starts_at = between.starts_at + -since_midnight % HALF_AN_HOUR
    while starts_at + length <= between.ends_at:
        yield starts_at
        # Clocks are changed by whole half hours, so the wall clock stays on them.
        starts_at += HALF_AN_HOUR


def _joined(windows: Iterable[Window]) -> Iterator[Window]:
    """The same hours with each stretch once, in the order of the week."""
    for weekday, of_day in groupby(sorted(windows), key=lambda each: each.weekday):
        first, *others = of_day
        for other in others:
            if other.opens > first.closes:
                yield first
                first = other
            else:
                first = Window(weekday, first.opens, max(first.closes, other.closes))
        yield first


def _clock(moment: time) -> str:
    return moment.isoformat("minutes")
