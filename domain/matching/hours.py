"""When somebody can begin an hour's session in a usual week, as one bit for each half hour; days away are left out.

A week is seen through the wall clock of the programme's zone.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.availability import Availability
from domain.working_time import WorkingHours

HALVES_A_DAY = 48
HALVES_A_WEEK = 7 * HALVES_A_DAY
HALVES_A_SESSION = 2
MINUTES = 30


def hours_of(said: Availability | None, working: WorkingHours, zone: str, week_of: date) -> bytes:
    """The half hours at which a session can begin; who named no hours can begin at any of the working hours."""
    bits = [False] * HALVES_A_WEEK
    allowed = [_starts(day, working.opens, working.closes, 0) for day in sorted(working.days)]
    working_starts = {start for starts in allowed for start in starts}
    for start in working_starts & _said(said, zone, week_of) if said else working_starts:
        bits[start] = True
    return bytes(bits)


def _said(said: Availability, zone: str, week_of: date) -> set[int]:
    if not said.windows:
        return set(range(HALVES_A_WEEK))
    shift = _minutes_ahead(zone, week_of) - _minutes_ahead(said.time_zone, week_of)
    return {
        start % HALVES_A_WEEK
        for window in said.windows
        for start in _starts(window.weekday, window.opens, window.closes, shift)
    }


def _starts(day: int, opens: time, closes: time, shift: int) -> range:
    """Half hours of the week from which an hour fits in before the end."""
    begin = _minutes(opens) + shift
    end = _minutes(closes) + shift
    first = day * HALVES_A_DAY - (-begin // MINUTES)
    return range(first, day * HALVES_A_DAY + end // MINUTES - HALVES_A_SESSION + 1)


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _minutes_ahead(zone: str, day: date) -> int:
    noon = datetime.combine(day, time(12), tzinfo=ZoneInfo(zone))
    return (noon.utcoffset() or timedelta()) // timedelta(minutes=1)
