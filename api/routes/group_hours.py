"""The hours of a group: its facilitator plans, moves, cancels and records them for everybody."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.auth.callers import MentorCaller, Now
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MadeResult,
    MentoringPart,
    OpeningsPart,
)
from api.records.groups import Meeting, as_facilitator, link_of_hour
from api.routes.session_reading import HourAnswer, TimesAnswer, days_between
from api.routes.sessions import CancelSession, PlanSession, SetVideoLink, plan_of, sealed_link
from domain.commands import groups as commands
from domain.commands.groups import Hour
from domain.meeting import (
    MeetingTerms,
    Plan,
)
from domain.programme import LARGEST_GROUP, Programme
from domain.session import (
    MOST_MINUTES_HELD,
)

router = APIRouter(prefix="/groups/{id}/hours", tags=["groups"])


class RecordHour(Body):
    """Who came, by their relationships, and for how long; everybody else who was expected did not."""

    present: list[UUID] = Field(
        max_length=LARGEST_GROUP, examples=[["0f0e8a52-5f0b-4a3c-9d7e-2a6b3f1c9d10"]]
    )
    minutes: int = Field(default=60, ge=1, le=MOST_MINUTES_HELD, examples=[60])


@router.get("/times")
def times(
    id: UUID,
    caller: MentorCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    now: Now,
    first: Annotated[
        date | None,
        Query(alias="from", description="The first day, in the programme's zone; today."),
    ] = None,
    last: Annotated[
        date | None, Query(alias="to", description="The last day, at most 31 days in all.")
    ] = None,
    moving: Annotated[UUID | None, Query(description="An hour that is to be moved.")] = None,
) -> TimesAnswer:
    """List the hours at which everybody can meet; who said when they can reads of it."""
    group = as_facilitator(mentoring, caller, id)
    settings = mentoring.load(Programme, group.programme).settings
    terms = MeetingTerms(settings.working_hours, settings.time_zone)
    between = days_between(first, last, terms, now)
    meeting = Meeting(mentoring, openings, caller, group, now, moving)
    hours = meeting.bookable_hours(between) if between else []
    return TimesAnswer(
        time_zone=terms.time_zone,
        hours=[HourAnswer(starts_at=each.local_start, ends_at=each.local_end) for each in hours],
    )


@router.post("", status_code=201)
def plan(
    id: UUID,
    body: PlanSession,
    caller: MentorCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> MadeResult:
    """Plan one hour; it reserves a session on the place of everybody who can come."""
    group = as_facilitator(carrier.mentoring, caller, id)
    meeting = Meeting(carrier.mentoring, openings, caller, group, carrier.order.act.at)
    return carrier.make(
        lambda mentoring, order: commands.plan_hour(
            mentoring,
            order,
            which=Hour(id, order.command_id),
            plan=plan_of(body, openings, caller),
            stated=meeting.stated(),
        )
    )


@router.post("/{hour}/reschedule")
def move(
    id: UUID,
    hour: UUID,
    body: PlanSession,
    caller: MentorCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Move an hour that lies ahead, for everybody who comes."""
    group = as_facilitator(carrier.mentoring, caller, id)
    meeting = Meeting(carrier.mentoring, openings, caller, group, carrier.order.act.at, hour)
    return carrier.carry_out(
        lambda mentoring, order: commands.move_hour(
            mentoring,
            order,
            which=Hour(id, hour),
            plan=plan_of(body, openings, caller),
            stated=meeting.stated(),
        )
    )


@router.post("/{hour}/expected")
def expect(
    id: UUID, hour: UUID, caller: MentorCaller, carrier: CarrierPart, openings: OpeningsPart
) -> CommandResult:
    """Expect those too who joined or agreed since; where to click they are told as the others were."""
    group = as_facilitator(carrier.mentoring, caller, id)
    meeting = Meeting(carrier.mentoring, openings, caller, group, carrier.order.act.at)
    planned = Plan(group.session(hour).span, link_of_hour(carrier.mentoring, group, hour))
    return carrier.carry_out(
        lambda mentoring, order: commands.expect_more(
            mentoring,
            order,
            which=Hour(id, hour),
            plan=planned,
            stated=meeting.stated(),
        )
    )


@router.put("/{hour}/video-link")
def set_video_link(
    id: UUID,
    hour: UUID,
    body: SetVideoLink,
    caller: MentorCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Say where everybody clicks; null where there is nowhere to any more."""
    as_facilitator(carrier.mentoring, caller, id)
    return carrier.carry_out(
        lambda mentoring, order: commands.set_hour_link(
            mentoring,
            order,
            which=Hour(id, hour),
            video_link=sealed_link(openings, caller.person, body.video_link),
        )
    )


@router.post("/{hour}/cancellation")
def cancel(
    id: UUID, hour: UUID, body: CancelSession, caller: MentorCaller, carrier: CarrierPart
) -> CommandResult:
    """Cancel an hour that lies ahead for everybody, at nobody's cost."""
    as_facilitator(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.cancel_hour, which=Hour(id, hour), reason=body.reason)


@router.post("/{hour}/attendance")
def record(
    id: UUID, hour: UUID, body: RecordHour, caller: MentorCaller, carrier: CarrierPart
) -> CommandResult:
    """Record who came; each member confirms or disputes their own record within 14 days."""
    as_facilitator(carrier.mentoring, caller, id)
    present = frozenset(body.present)
    return carrier.carry_out(
        commands.record_hour, which=Hour(id, hour), present=present, minutes=body.minutes
    )


@router.post("/{hour}/absence")
def miss(id: UUID, hour: UUID, caller: MentorCaller, carrier: CarrierPart) -> CommandResult:
    """Record that the facilitator did not come, which costs nobody anything."""
    as_facilitator(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.miss_hour, which=Hour(id, hour))
