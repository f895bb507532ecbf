"""Sessions as they can be read: the hours to which a pair could plan one, and what became of one."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.auth.callers import Now, PartyCaller, SchemeCaller
from api.dependencies import MentoringPart, OpeningsPart
from api.records.availability import Arranging
from api.records.relations import as_coordinator, as_participant
from domain.commands.meeting_terms import read_meeting_terms
from domain.errors import DomainError
from domain.meeting import (
    FARTHEST_AHEAD,
    MeetingTerms,
)
from domain.place import NoSessionsLeft, Place
from domain.relationship import Relationship
from domain.relationship_events import Part
from domain.session import (
    DISPUTE_PERIOD,
    CancellationNotice,
    CancellationReason,
    CorrectionReason,
    Outcome,
    WhereToMeet,
)
from domain.session_history import Happening, Step, session_history
from domain.values import Act, TimeSpan

router = APIRouter(prefix="/relationships/{id}/sessions", tags=["sessions"])

LONGEST_LIST = timedelta(days=31)
Who = Literal["mentee", "mentor", "coordinator"]


class TooLongAList(DomainError):
    """Ask for the hours of at most 31 days at a time, the first day before the last."""


class HourAnswer(BaseModel):
    """One hour that could be planned."""

    starts_at: datetime
    ends_at: datetime


class TimesAnswer(BaseModel):
    """Hours that both can meet, as far as they said; the zone is the agreed one, and the times are told in it."""

    time_zone: str
    hours: list[HourAnswer]


class StepAnswer(BaseModel):
    """One thing that happened to a session; `by` is null where the end of the relationship did it."""

    what: Happening
    recorded_at: datetime
    by: Who | None
    starts_at: datetime | None
    ends_at: datetime | None
    outcome: Outcome | None
    minutes: int | None
    notice: CancellationNotice | None
    reason: CancellationReason | CorrectionReason | None


class SessionRecordAnswer(BaseModel):
    """One session and all that became of it; never any words."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    sequence: int
    where: WhereToMeet = Field(description='"no_link_yet" where a virtual pair has none yet.')
    outcome: Outcome | None
    recorded_by: Part | None = Field(description="Who recorded attendance; the other confirms it.")
    confirmed: bool
    disputed: bool
    stands_from: datetime | None = Field(description="Until then it can be disputed.")
    history: list[StepAnswer]


@router.get("/times")
def times(
    id: UUID,
    caller: PartyCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    now: Now,
    first: Annotated[
        date | None, Query(alias="from", description="The first day, in the agreed zone; today.")
    ] = None,
    last: Annotated[
        date | None, Query(alias="to", description="The last day, at most 31 days in all.")
    ] = None,
    moving: Annotated[UUID | None, Query(description="A session that is to be moved.")] = None,
) -> TimesAnswer:
    """List the hours to which the pair could plan a session, or move one; who said when they can meet reads of it."""
    subject, act = as_participant(mentoring, caller, id), Act(caller.person, now)
    place = mentoring.load(Place, subject.place)
    agreed = read_meeting_terms(mentoring, place)
    terms = agreed.terms
    _require_plannable(subject, place, terms, act, moving)
    between = days_between(first, last, terms, now)
    if between is None:
        return TimesAnswer(time_zone=terms.time_zone, hours=[])
    bounds = Arranging(mentoring, openings, caller, subject, now).stated().bounds(terms)
    found = subject.bookable_hours(between, bounds, act, moving=moving)
    hours = [
        HourAnswer(starts_at=each.local_start, ends_at=each.local_end)
        for each in found
        if agreed.is_paid_for(each, now)
    ]
    return TimesAnswer(time_zone=terms.time_zone, hours=hours)


@router.get("/{session}")
def show(
    id: UUID, session: UUID, caller: SchemeCaller, mentoring: MentoringPart, response: Response
) -> SessionRecordAnswer:
    """Show a session and its history to its parties and their coordinator."""
    find = as_participant if caller.is_party() else as_coordinator
    subject = find(mentoring, caller, id)
    known = subject.session(session)
    steps = session_history(mentoring.events.get(id), session)
    response.headers["ETag"] = f'"{subject.version}"'
    return SessionRecordAnswer(
        id=session,
        starts_at=known.span.starts_at,
        ends_at=known.span.ends_at,
        time_zone=known.span.time_zone,
        sequence=known.sequence,
        where=subject.where_to_meet(session),
        outcome=known.outcome,
        recorded_by=subject.part_of(known.recorded_by) if known.recorded_by else None,
        confirmed=known.is_confirmed,
        disputed=known.disputed,
        stands_from=known.settled_at + DISPUTE_PERIOD if known.settled_at else None,
        history=[_shown(subject, each) for each in steps],
    )


def _require_plannable(
    subject: Relationship, place: Place, terms: MeetingTerms, act: Act, moving: UUID | None
) -> None:
    """Refuse in words where no hour could be planned, instead of listing none."""
    if moving is not None:
        subject.require_movable(moving, terms, act)
        return
    subject.require_active()
    if place.free < 1:
        raise NoSessionsLeft


def days_between(
    first: date | None, last: date | None, terms: MeetingTerms, now: datetime
) -> TimeSpan | None:
    """From the beginning of the first day to the end of the last, as far as sessions can be planned."""
    zone = ZoneInfo(terms.time_zone)
    today, farthest = now.astimezone(zone).date(), (now + FARTHEST_AHEAD).astimezone(zone).date()
    first = first or today
    last = last or min(first, farthest) + LONGEST_LIST - timedelta(days=1)
    if not timedelta() <= last - first < LONGEST_LIST:
        raise TooLongAList
    first, last = max(first, today), min(last, farthest)
    if last < first:
        return None
    begins, ends = (
        datetime.combine(day, time(), tzinfo=zone) for day in (first, last + timedelta(days=1))
    )
    return TimeSpan(begins, ends, terms.time_zone)


def _shown(subject: Relationship, step: Step) -> StepAnswer:
    return StepAnswer(
        what=step.what,
        recorded_at=step.recorded_at,
        by=_who(subject, step.by),
        starts_at=step.span.starts_at if step.span else None,
        ends_at=step.span.ends_at if step.span else None,
        outcome=step.outcome,
        minutes=step.minutes,
        notice=step.notice,
        reason=step.reason,
    )


def _who(subject: Relationship, person: UUID | None) -> Who | None:
    if person is None:
        return None
    if person not in subject.people:
        return "coordinator"
    return subject.part_of(person).value
