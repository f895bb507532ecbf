"""A session as a calendar entry for one person: RFC 5545 and 5546, in the form that Google, Outlook and Apple act on.

It names the receiver and the service and nobody else. The entry of each person has an id of its own, so that
two calendars of one employer do not show who meets whom.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from api.messages.time_zone import time_zone_component
from domain.values import TimeSpan

PRODUCT = "-//Professional development//EN"


class Method(StrEnum):
    """What a calendar is to do with an entry."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Entry:
    """One session, in one edition, for one person."""

    method: Method
    session: UUID
    person: UUID
    edition: int
    span: TimeSpan

    @property
    def uid(self) -> str:
        """The same for every edition."""
        return str(uuid5(self.session, f"calendar:{self.person}"))


@dataclass(frozen=True)
class Said:
    """What an entry says, in the receiver's language, and between which two addresses it goes."""

    title: str
    details: str
    service_url: str
    organizer: str
    organizer_name: str
    attendee: str


def calendar_text(entry: Entry, said: Said, now: datetime) -> str:
    """The whole calendar object, its lines folded and ended as the format demands."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", entry.method.value)
    zone = time_zone_component(entry.span.time_zone, entry.span.starts_at)
    if zone is not None:
        calendar.add_component(zone)
    calendar.add_component(_event(entry, said, now, has_zone=zone is not None))
    text: str = calendar.to_ical().decode()
    return text


def _event(entry: Entry, said: Said, now: datetime, *, has_zone: bool) -> Event:
    zone = ZoneInfo(entry.span.time_zone) if has_zone else UTC
    is_cancelled = entry.method is Method.CANCEL
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.edition)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", entry.span.starts_at.astimezone(zone))
    event.add("dtend", entry.span.ends_at.astimezone(zone))
    event.add("summary", said.title)
    event.add("description", said.details)
    event.add("url", said.service_url)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    # Who may look into somebody's calendar at work sees that they are busy, and no more.
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    event.add("x-microsoft-disallow-counter", vText("TRUE"))
    event.add("organizer", _organizer(said))
    event.add("attendee", _attendee(said))
    return event


def _organizer(said: Said) -> vCalAddress:
    """The sender of the mail, or else Google does not take a cancellation from it."""
    address = vCalAddress(f"mailto:{said.organizer}")
    address.params["CN"] = vText(said.organizer_name)
    return address


def _attendee(said: Said) -> vCalAddress:
    address = vCalAddress(f"mailto:{said.attendee}")
    address.params["CUTYPE"] = vText("INDIVIDUAL")
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("NEEDS-ACTION")
    # Whether they come is said in the service, not by mail.
    address.params["RSVP"] = vText("FALSE")
    return address
