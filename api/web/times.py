"""Moments in words, as the wall clock of their zone shows them, with the zone beside them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.proposal import HOME_ZONE

NOON = 12


def day(moment: datetime, zone: str = HOME_ZONE) -> str:
    """Thursday 26 November 2026."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B %Y}"


def clock(moment: datetime, zone: str = HOME_ZONE) -> str:
    """10am, or 2:30pm."""
    local = moment.astimezone(ZoneInfo(zone))
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % NOON or NOON}{minutes}{'am' if local.hour < NOON else 'pm'}"


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
