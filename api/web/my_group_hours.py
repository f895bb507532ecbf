"""The hours of a group on its facilitator's pages: planned, moved, cancelled, and who came."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import ConfigDict, Field

from api.auth.callers import may_call
from api.dependencies import CommandResult
from api.records.groups import as_facilitator
from api.routes import group_hours, groups, sessions
from api.web.filled import NOTHING_FILLED, AnyForm, ButtonForm, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.group_view import HourShown, hour_shown
from api.web.pair_session_page import CANCELLATIONS
from api.web.pair_sessions import CancelForm, LinkForm, PlanForm
from api.web.party import Party, PartyPart, Sender, SenderPart
from domain.meeting import (
    MeetingTerms,
)
from domain.programme import Programme
from domain.session import (
    MOST_MINUTES_HELD,
    NoSuchSession,
)
from domain.values import Role

router = APIRouter(
    prefix="/my-groups/{group}/hours",
    include_in_schema=False,
    dependencies=[ReadForm, Depends(may_call(Role.MENTOR))],
)
CAME = "came-"
"""How the field of each member is called; each is yes or no."""


class AttendanceForm(TypedForm):
    """Who came, a field for each member, and for how long."""

    model_config = ConfigDict(extra="allow")
    faults: ClassVar[Mapping[str, str]] = {
        "minutes": "Enter how many minutes you met, from 1 to 120.",
    }
    blamed: ClassVar[str] = "minutes"

    minutes: int = Field(default=60, ge=1, le=MOST_MINUTES_HELD)

    @property
    def present(self) -> list[UUID]:
        """The relationships of those who came; what names nobody is nobody."""
        found = []
        for name, value in (self.model_extra or {}).items():
            with suppress(ValueError):
                if name.startswith(CAME) and value == "yes":
                    found.append(UUID(name.removeprefix(CAME)))
        return found


@router.get("/new")
def show_plan(group: UUID, party: PartyPart) -> Response:
    """The days on which everybody can meet; who said when they can is told of the look."""
    return _plan_page(party, group, _hours(party, group))


@router.get("/new/{day}")
def show_hours(group: UUID, day: date, party: PartyPart) -> Response:
    """The hours of one day on which everybody can meet."""
    filled = Filled({"day": str(day)}, form="hours")
    return _plan_page(party, group, _hours(party, group, day), filled=filled)


@router.post("")
def plan(group: UUID, sender: SenderPart) -> Response:
    """Plan one hour for all who can come."""
    party = sender.party
    zone = _terms(party, group).time_zone

    def carry(form: PlanForm) -> CommandResult:
        return group_hours.plan(group, form.plan(zone), *sender.carried_with_words)

    def again(filled: Filled) -> Response:
        return _plan_page(party, group, filled=filled)

    return carried_out(party.request, PlanForm, carry, again)


@router.get("/{hour}")
def show(group: UUID, hour: UUID, party: PartyPart) -> Response:
    """One hour, who is expected, and what can be done about it."""
    return _page(party, group, hour)


@router.post("/{hour}/move")
def move(group: UUID, hour: UUID, sender: SenderPart) -> Response:
    """Move it for everybody."""
    zone = _terms(sender.party, group).time_zone

    def carry(form: PlanForm) -> CommandResult:
        return group_hours.move(group, hour, form.plan(zone), *sender.carried_with_words)

    return _sent(sender, (group, hour), PlanForm, carry)


@router.post("/{hour}/expected")
def expect(group: UUID, hour: UUID, sender: SenderPart) -> Response:
    """Expect those too who can come by now."""

    def carry(_form: ButtonForm) -> CommandResult:
        return group_hours.expect(group, hour, *sender.carried_with_words)

    return _sent(sender, (group, hour), ButtonForm, carry)


@router.post("/{hour}/video-link")
def set_video_link(group: UUID, hour: UUID, sender: SenderPart) -> Response:
    """Say where everybody clicks."""

    def carry(form: LinkForm) -> CommandResult:
        body = sessions.SetVideoLink(video_link=form.video_link)
        return group_hours.set_video_link(group, hour, body, *sender.carried_with_words)

    return _sent(sender, (group, hour), LinkForm, carry)


@router.post("/{hour}/cancellation")
def cancel(group: UUID, hour: UUID, sender: SenderPart) -> Response:
    """Cancel it for everybody."""

    def carry(form: CancelForm) -> CommandResult:
        body = sessions.CancelSession(reason=form.reason)
        return group_hours.cancel(group, hour, body, *sender.carried)

    return _sent(sender, (group, hour), CancelForm, carry)


@router.post("/{hour}/attendance")
def attend(group: UUID, hour: UUID, sender: SenderPart) -> Response:
    """Say who came."""

    def carry(form: AttendanceForm) -> CommandResult:
        body = group_hours.RecordHour(present=form.present, minutes=form.minutes)
        return group_hours.record(group, hour, body, *sender.carried)

    return _sent(sender, (group, hour), AttendanceForm, carry)


@router.post("/{hour}/absence")
def miss(group: UUID, hour: UUID, sender: SenderPart) -> Response:
    """Say that one could not be there oneself."""

    def carry(_form: ButtonForm) -> CommandResult:
        return group_hours.miss(group, hour, *sender.carried)

    return _sent(sender, (group, hour), ButtonForm, carry)


def _sent(
    sender: Sender,
    which: tuple[UUID, UUID],
    kind: type[AnyForm],
    carry: Callable[[AnyForm], CommandResult],
) -> Response:
    party = sender.party
    as_facilitator(party.mentoring, party.caller, which[0])
    return carried_out(party.request, kind, carry, lambda filled: _page(party, *which, filled))


def _hours(party: Party, group: UUID, day: date | None = None) -> list[datetime]:
    """When an hour could begin, by the programme's clock; on one day, or in the next 31."""
    found = group_hours.times(
        group, party.caller, party.mentoring, party.openings, party.now, day, day
    )
    return [each.starts_at for each in found.hours]


def _terms(party: Party, group: UUID) -> MeetingTerms:
    subject = as_facilitator(party.mentoring, party.caller, group)
    settings = party.mentoring.load(Programme, subject.programme).settings
    return MeetingTerms(settings.working_hours, settings.time_zone)


def _plan_page(
    party: Party,
    group: UUID,
    hours: Sequence[datetime] = (),
    filled: Filled = NOTHING_FILLED,
) -> Response:
    return party.page(
        "plan_hour.html",
        filled=filled,
        back=f"/my-groups/{group}",
        address=f"/my-groups/{group}/hours",
        terms=_terms(party, group),
        days=sorted({each.date() for each in hours}),
        hours=hours,
        chosen=filled.of("hours").fields.get("day") if hours else None,
    )


def _page(party: Party, group: UUID, hour: UUID, filled: Filled = NOTHING_FILLED) -> Response:
    subject = as_facilitator(party.mentoring, party.caller, group)
    seen = groups.seen_by(party.mentoring, subject, party.caller)
    found = next((each for each in seen.hours if each.id == hour), None)
    if found is None:
        raise NoSuchSession
    shown = hour_shown(found, party.now)
    return party.page(
        "group_hour.html",
        filled=filled,
        hour=shown,
        back=f"/my-groups/{group}",
        address=f"/my-groups/{group}/hours/{hour}",
        is_open=seen.is_open,
        more=_more(shown, len(seen.people or ())),
        reasons=CANCELLATIONS,
        terms=_terms(party, group),
    )


def _more(hour: HourShown, members: int) -> bool:
    """Whether somebody is in the group who is not expected at this hour."""
    return hour.is_ahead and members > len(hour.answer.coming)
