"""When simulated people do things: on working days and in office hours, by the wall clock."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from api.simulate.plan import ZONE
from api.simulate.rates import Days
from domain.values import TimeSpan

OFFICE_OPENS = 8 * 60 + 30
OFFICE_CLOSES = 17 * 60 + 30
SATURDAY = 5
HOURS_TO_MEET = (9, 10, 11, 13, 14, 15, 16)
HOUR = timedelta(hours=1)
EVENING = time(20, 30)


def after(now: datetime, takes: Days, chance: Random) -> datetime:
    """A moment in office hours, that much later or on the next working day."""
    local = (now + timedelta(days=chance.uniform(*takes))).astimezone(ZONE)
    minute = local.hour * 60 + local.minute
    if local.weekday() < SATURDAY and OFFICE_OPENS <= minute < OFFICE_CLOSES:
        return local.astimezone(UTC)
    day = local.date() if minute < OFFICE_OPENS else local.date() + timedelta(days=1)
    opens, closes = OFFICE_OPENS, OFFICE_CLOSES
    return _at(_working_day(day), chance.randrange(opens, closes))


def hour_to_meet(day: date, chance: Random) -> TimeSpan:
    """One hour on that day or the next working day."""
    starts_at = _at(_working_day(day), 60 * chance.choice(HOURS_TO_MEET))
    return TimeSpan(starts_at, starts_at + HOUR, str(ZONE))


def day_after(now: datetime, takes: Days, chance: Random) -> date:
    """A day that much later."""
    return (now + timedelta(days=chance.uniform(*takes))).astimezone(ZONE).date()


def evening(now: datetime) -> datetime:
    """The next evening, after everybody has gone home."""
    local = now.astimezone(ZONE)
    today = datetime.combine(local.date(), EVENING, tzinfo=ZONE)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), EVENING, tzinfo=ZONE)
    return (today if local < today else tomorrow).astimezone(UTC)


def _working_day(day: date) -> date:
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day


def _at(day: date, minute: int) -> datetime:
    local = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=ZONE)
    return local.astimezone(UTC)
