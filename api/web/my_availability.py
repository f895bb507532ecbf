"""When somebody can meet, as a week that they fill in: for planning sessions with their own pair, and nobody else's eyes."""

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Response
from pydantic import AfterValidator, Field, create_model

from api.dependencies import CommandResult
from api.routes import availability
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.looking import AtLeast
from api.web.party import Party, PartyPart, SenderPart
from domain.errors import DomainError, UnknownTimeZone
from domain.mentoring import NotFound
from domain.proposal import HOME_ZONE
from domain.values import require_zone

router = APIRouter(prefix="/availability", include_in_schema=False)

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STRETCHES = 2
"""So many stretches of hours a day fit on the page, and of days away; more can be said through the API."""


ZONES = (
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Paris",
    "Europe/Athens",
    "Africa/Lagos",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Australia/Sydney",
)
"""What is offered as somebody types; any other zone that has a name can be typed too."""


def _known_zone(name: str) -> str:
    try:
        require_zone(name)
    except UnknownTimeZone:
        raise ValueError("no zone has this name") from None
    return name


class HalfFilled(DomainError):
    """Fill in both ends of each stretch, or neither."""


Ends = tuple[str, str]
DAYS: Mapping[int, list[Ends]] = {
    day: [(f"opens_{day}_{n}", f"closes_{day}_{n}") for n in range(STRETCHES)]
    for day in range(len(WEEK))
}
AWAY: list[Ends] = [(f"first_{n}", f"last_{n}") for n in range(STRETCHES)]


class WeekBase(TypedForm):
    """A week and days away; whatever is empty is not said."""

    faults: ClassVar[Mapping[str, str]] = {
        **{
            name: "Enter a time, such as 09:00."
            for day in DAYS.values()
            for ends in day
            for name in ends
        },
        **{name: "Enter a day, such as 2031-08-04." for ends in AWAY for name in ends},
        "time_zone": "Enter the name of a time zone, such as Europe/London.",
    }
    blamed: ClassVar[str] = "opens_0_0"

    time_zone: Annotated[str, Field(max_length=64), AfterValidator(_known_zone)] = HOME_ZONE

    def said(self) -> availability.SetAvailability:
        """The same as the API takes it."""
        return availability.SetAvailability(
            time_zone=self.time_zone,
            windows=[
                availability.WindowBody(weekday=day, opens=opens, closes=closes)
                for day, stretches in DAYS.items()
                for opens, closes in self._pairs(stretches)
            ],
            away=[
                availability.DaysAwayBody(first=first, last=last)
                for first, last in self._pairs(AWAY)
            ],
        )

    def _pairs(self, stretches: list[Ends]) -> Iterator[tuple[Any, Any]]:
        for begin, end in stretches:
            pair = getattr(self, begin), getattr(self, end)
            if (pair[0] is None) != (pair[1] is None):
                raise HalfFilled
            if pair[0] is not None:
                yield pair


FIELDS: dict[str, Any] = {
    **{name: (time | None, None) for day in DAYS.values() for ends in day for name in ends},
    **{name: (date | None, None) for ends in AWAY for name in ends},
}
WeekForm = create_model("WeekForm", __base__=WeekBase, **FIELDS)


@router.get("")
def show(party: PartyPart, at_least: AtLeast = None) -> Response:
    """What they said, opened for this page; that is recorded as their own look."""
    said = _said(party)
    filled = Filled(_fields(said), form="availability") if said else NOTHING_FILLED
    return _page(
        party, filled, is_saved=at_least is not None, has_more=said is not None and _has_more(said)
    )


@router.post("")
def save(sender: SenderPart) -> Response:
    """Say when one can meet."""

    def carry(form: WeekBase) -> CommandResult:
        return availability.set_availability(form.said(), *sender.carried_with_words)

    party = sender.party
    return carried_out(party.request, WeekForm, carry, lambda filled: _page(party, filled))


def _page(
    party: Party, filled: Filled, *, is_saved: bool = False, has_more: bool = False
) -> Response:
    return party.page(
        "my_availability.html",
        filled=filled,
        week=WEEK,
        days=DAYS,
        away=AWAY,
        home_zone=HOME_ZONE,
        zones=ZONES,
        is_saved=is_saved,
        has_more=has_more,
    )


def _said(party: Party) -> availability.SetAvailability | None:
    try:
        return availability.show(
            party.caller, party.now, party.mentoring, party.openings, Response()
        ).availability
    except NotFound:
        return None


def _fields(said: availability.SetAvailability) -> dict[str, str]:
    """The form as it was sent."""
    fields: dict[str, str] = {"time_zone": said.time_zone}
    for day, stretches in DAYS.items():
        windows = [each for each in said.windows if each.weekday == day]
        for (begin, end), window in zip(stretches, windows, strict=False):
            fields |= {begin: f"{window.opens:%H:%M}", end: f"{window.closes:%H:%M}"}
    for (begin, end), days in zip(AWAY, said.away, strict=False):
        fields |= {begin: str(days.first), end: str(days.last)}
    return fields


def _has_more(said: availability.SetAvailability) -> bool:
    """Whether more was said than the page has room for."""
    most = max(([each.weekday for each in said.windows].count(day) for day in DAYS), default=0)
    return max(most, len(said.away)) > STRETCHES
