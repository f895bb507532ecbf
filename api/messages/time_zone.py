"""A time zone as calendars take it: by yearly rules, which Outlook needs, where others would do with a list of days."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

EVERY_YEAR = 2
"""Into summer time and out of it."""
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEK = 7


@dataclass(frozen=True)
class _Change:
    """One moment at which a zone's clocks change."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_daylight: bool

    @property
    def wall(self) -> datetime:
        """What the clocks show when they are changed."""
        return (self.at + self.before).replace(tzinfo=None)

    @property
    def rule(self) -> dict[str, object]:
        """On which day of which month, counted from the end where it is in the last week."""
        is_last = (self.wall + timedelta(days=WEEK)).month != self.wall.month
        number = -1 if is_last else (self.wall.day - 1) // WEEK + 1
        day = f"{number}{DAYS[self.wall.weekday()]}"
        return {"freq": "yearly", "byday": day, "bymonth": self.wall.month}

    @property
    def habit(self) -> tuple[object, ...]:
        """What is the same every year."""
        return (str(self.rule), self.wall.time(), self.before, self.after)


def time_zone_component(name: str, moment: datetime) -> Timezone | None:
    """The zone around a moment; None where no yearly rule says it, so that only UTC is right everywhere."""
    zone = ZoneInfo(name)
    year = moment.astimezone(zone).year
    changes = _changes(zone, year - 1)
    if [each.habit for each in changes] != [each.habit for each in _changes(zone, year)]:
        return None
    if len(changes) not in {0, EVERY_YEAR} or name.endswith("UTC"):
        return None
    component = Timezone()
    component.add("tzid", name)
    for change in changes:
        component.add_component(_observance(change))
    if not changes:
        component.add_component(_always(zone, moment))
    return component


def _changes(zone: ZoneInfo, year: int) -> list[_Change]:
    hours = int((datetime(year + 1, 1, 1) - datetime(year, 1, 1)).total_seconds()) // 3600  # noqa: DTZ001 - how long a year is
    start = datetime(year, 1, 1, tzinfo=UTC)
    moments = [start + timedelta(hours=hour) for hour in range(0, hours, 24)]
    return [
        _change_between(zone, before, before + timedelta(days=1))
        for before in moments
        if _offset(zone, before) != _offset(zone, before + timedelta(days=1))
    ]


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> _Change:
    """The minute of the change."""
    was = _offset(zone, before)
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        if _offset(zone, middle) == was:
            before = middle
        else:
            after = middle
    at = after.replace(second=0, microsecond=0)
    local = at.astimezone(zone)
    is_daylight = bool(local.dst())
    return _Change(at, was, _offset(zone, at), local.tzname() or "", is_daylight)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _observance(change: _Change) -> TimezoneStandard | TimezoneDaylight:
    component = TimezoneDaylight() if change.is_daylight else TimezoneStandard()
    component.add("dtstart", change.wall)
    component.add("rrule", change.rule)
    component.add("tzname", change.name)
    component.add("tzoffsetfrom", change.before)
    component.add("tzoffsetto", change.after)
    return component


def _always(zone: ZoneInfo, moment: datetime) -> TimezoneStandard:
    component = TimezoneStandard()
    component.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - a wall clock's, as the format wants it
    component.add("tzname", moment.astimezone(zone).tzname() or "")
    component.add("tzoffsetfrom", _offset(zone, moment))
    component.add("tzoffsetto", _offset(zone, moment))
    return component
