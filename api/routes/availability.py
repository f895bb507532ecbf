"""When a party can meet, as they say it themselves; for their own pair's planning and nobody else's eyes."""

from datetime import date, time

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.auth.callers import Now, PartyCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
)
from api.records.availability import record_of, seal_availability
from api.records.openings import Why
from api.records.words import WordsState, open_words
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.availability import MOST_DAYS_AWAY, MOST_WINDOWS, Availability, DaysAway, Window
from domain.commands import mentor_profiles, people
from domain.mentor_profile import MentorProfile
from domain.relationship_events import Part

router = APIRouter(tags=["availability"])

ONES_OWN = Why(RecordKind.AVAILABILITY, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)


class WindowBody(Body):
    """Hours of one day of the week."""

    weekday: int = Field(ge=0, le=6, description="Monday is 0.", examples=[0])
    opens: time = Field(examples=["09:00"])
    closes: time = Field(examples=["12:30"])


class DaysAwayBody(Body):
    """Days on which one cannot meet, the first and the last included."""

    first: date = Field(examples=["2031-08-04"])
    last: date = Field(examples=["2031-08-15"])


class SetAvailability(Body):
    """When one can meet; without hours any hour suits, apart from days away."""

    time_zone: str = Field(min_length=1, max_length=64, examples=["Europe/London"])
    windows: list[WindowBody] = Field(
        default_factory=list,
        max_length=MOST_WINDOWS,
        examples=[[{"weekday": 0, "opens": "09:00", "closes": "12:30"}]],
    )
    away: list[DaysAwayBody] = Field(
        default_factory=list,
        max_length=MOST_DAYS_AWAY,
        examples=[[{"first": "2031-08-04", "last": "2031-08-15"}]],
    )


class AvailabilityAnswer(BaseModel):
    """What one said, as far as it can be shown."""

    state: WordsState
    availability: SetAvailability | None = None


@router.put("/me/availability")
def set_availability(
    body: SetAvailability,
    caller: PartyCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Say when one can meet; a mentor's is part of their profile, if they have one."""
    said = _said(body)
    record = record_of(carrier.mentoring, caller.person, Part(caller.role.value))
    in_profile = isinstance(record, MentorProfile)
    command = mentor_profiles.set_availability if in_profile else people.set_availability
    return carrier.carry_out(
        lambda mentoring, order: command(
            mentoring,
            order,
            person=caller.person,
            availability=seal_availability(openings, caller.person, said),
        )
    )


@router.get("/me/availability")
def show(
    caller: PartyCaller,
    now: Now,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    response: Response,
) -> AvailabilityAnswer:
    """Open what one said oneself; like every look it is recorded."""
    record = record_of(mentoring, caller.person, Part(caller.role.value))
    response.headers["ETag"] = f'"{record.version}"'
    opened = open_words(openings, caller, record.availability, ONES_OWN, now=now)
    if opened.text is None:
        return AvailabilityAnswer(state=opened.state)
    said = Availability.decode(opened.text)
    return AvailabilityAnswer(state=opened.state, availability=_shown(said))


def _said(body: SetAvailability) -> Availability:
    return Availability(
        body.time_zone,
        tuple(Window(each.weekday, each.opens, each.closes) for each in body.windows),
        tuple(DaysAway(each.first, each.last) for each in body.away),
    )


def _shown(said: Availability) -> SetAvailability:
    return SetAvailability(
        time_zone=said.time_zone,
        windows=[
            WindowBody(weekday=each.weekday, opens=each.opens, closes=each.closes)
            for each in said.windows
        ],
        away=[DaysAwayBody(first=each.first, last=each.last) for each in said.away],
    )
