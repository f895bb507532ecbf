"""Moments in words, as the wall clock of their zone shows them, with the zone beside them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.proposal import HOME_ZONE

NOON = 12


def day(moment: datetime, zone: str = HOME_ZONE) -> str:
    """Thursday 26 November 2026."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B %Y}"


def clock(moment: datetime, zone: str = HOME_ZONE) -> str:
    """10am, or 2:30pm."""
    return wall_clock(moment.astimezone(ZoneInfo(zone)).time())


def weekday(day: date) -> str:
    """Thu 26 Nov."""
    return f"{day:%a} {day.day} {day:%b}"


def wall_clock(at: time) -> str:
    """10am, or 2:30pm, as a clock shows it."""
    minutes = f":{at:%M}" if at.minute else ""
    return f"{at.hour % NOON or NOON}{minutes}{'am' if at.hour < NOON else 'pm'}"


def moment(moment: datetime, zone: str = HOME_ZONE) -> str:
    """Thursday 26 November 2026 at 10am, London time."""
    return f"{day(moment, zone)} at {clock(moment, zone)}, {zone_name(zone)}"


def brief(moment: datetime, zone: str = HOME_ZONE) -> str:
    """Thu 26 Nov, 10am."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b}, {clock(moment, zone)}"


def zone_name(zone: str) -> str:
    """London time, out of Europe/London."""
    return f"{zone.rpartition('/')[2].replace('_', ' ')} time"


def how_long(since: datetime, now: datetime) -> str:
    """How long ago, as people say it."""
    days = max(now - since, timedelta()).days
    if days == 0:
        return "less than a day"
    return "1 day" if days == 1 else f"{days} days"
