"""Sessions as either party arranges them on pages: planned, looked at, moved, cancelled, joined."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response
from pydantic import Field

from api.dependencies import CommandResult
from api.records.words import LONGEST_LINK
from api.routes import session_reading, sessions
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.pair_session_page import sent, session_page, terms_of
from api.web.party import Party, PartyPart, SenderPart
from domain.meeting import (
    SESSION_LENGTH,
)
from domain.relationship import Relationship
from domain.session import (
    CancellationReason,
)

router = APIRouter(prefix="/{relationship}/sessions", include_in_schema=False)


class PlanForm(TypedForm):
    """A day and a time, by the wall clock that was agreed on."""

    faults: ClassVar[Mapping[str, str]] = {
        "day": "Choose a day, such as 2031-03-03.",
        "at": "Choose when it begins, such as 10:00.",
        "video_link": "Enter an address that begins with https://, or leave it empty.",
    }
    blamed: ClassVar[str] = "day"

    day: date
    at: time
    video_link: str | None = Field(default=None, max_length=LONGEST_LINK, pattern=r"^https://")

    def plan(self, time_zone: str) -> sessions.PlanSession:
        """The hour that it names."""
        local = datetime.combine(self.day, self.at.replace(tzinfo=None), ZoneInfo(time_zone))
        starts_at = local.astimezone(UTC)
        return sessions.PlanSession(
            starts_at=starts_at,
            ends_at=starts_at + SESSION_LENGTH,
            time_zone=time_zone,
            video_link=self.video_link,
        )


class LinkForm(TypedForm):
    """Where to click; empty where there is nowhere to any more."""

    faults: ClassVar[Mapping[str, str]] = {
        "video_link": "Enter an address that begins with https://, or leave it empty."
    }
    blamed: ClassVar[str] = "video_link"

    video_link: str | None = Field(default=None, max_length=LONGEST_LINK, pattern=r"^https://")


class CancelForm(TypedForm):
    """Why, which is never needed."""

    reason: sessions.SaidReason = CancellationReason.NO_REASON_GIVEN


@router.get("/new")
def show_plan(relationship: UUID, party: PartyPart) -> Response:
    """The days on which both can meet; who said when they can is told of the look."""
    return _plan_page(party, party.relationship(relationship), _hours(party, relationship))


@router.get("/new/{day}")
def show_hours(relationship: UUID, day: date, party: PartyPart) -> Response:
    """The hours of one day on which both can meet."""
    subject = party.relationship(relationship)
    hours = _hours(party, relationship, day)
    return _plan_page(party, subject, hours, filled=Filled({"day": str(day)}, form="sessions"))


@router.post("")
def plan(relationship: UUID, sender: SenderPart) -> Response:
    """Plan one hour."""
    party = sender.party
    subject = party.relationship(relationship)
    zone = terms_of(party, subject).time_zone

    def carry(form: PlanForm) -> CommandResult:
        return sessions.schedule(relationship, form.plan(zone), *sender.carried_with_words)

    def again(filled: Filled) -> Response:
        return _plan_page(party, subject, filled=filled)

    return carried_out(party.request, PlanForm, carry, again)


@router.get("/{session}")
def show(relationship: UUID, session: UUID, party: PartyPart) -> Response:
    """One session, and what can be done about it."""
    return session_page(party, relationship, session)


@router.post("/{session}/move")
def move(relationship: UUID, session: UUID, sender: SenderPart) -> Response:
    """Move a session that lies ahead."""
    subject = sender.party.relationship(relationship)
    zone = terms_of(sender.party, subject).time_zone

    def carry(form: PlanForm) -> CommandResult:
        return sessions.reschedule(
            relationship, session, form.plan(zone), *sender.carried_with_words
        )

    return sent(sender, (relationship, session), PlanForm, carry)


@router.post("/{session}/cancellation")
def cancel(relationship: UUID, session: UUID, sender: SenderPart) -> Response:
    """Cancel a session that lies ahead."""
    sender.party.relationship(relationship)

    def carry(form: CancelForm) -> CommandResult:
        body = sessions.CancelSession(reason=form.reason)
        return sessions.cancel(relationship, session, body, *sender.carried)

    return sent(sender, (relationship, session), CancelForm, carry)


@router.get("/{session}/video-link")
def show_video_link(relationship: UUID, session: UUID, party: PartyPart) -> Response:
    """Where to click, opened for this page; who gave it can read of the look."""
    answer = sessions.show_video_link(
        relationship, session, party.caller, party.mentoring, party.openings, party.now
    )
    address = f"{party.side.prefix}/{relationship}/sessions/{session}"
    return party.page("video_link.html", link=answer.video_link, back=address)


@router.post("/{session}/video-link")
def set_video_link(relationship: UUID, session: UUID, sender: SenderPart) -> Response:
    """Say where to click, anew, or that there is nowhere to."""
    sender.party.relationship(relationship)

    def carry(form: LinkForm) -> CommandResult:
        body = sessions.SetVideoLink(video_link=form.video_link)
        return sessions.set_video_link(relationship, session, body, *sender.carried_with_words)

    return sent(sender, (relationship, session), LinkForm, carry)


def _hours(party: Party, relationship: UUID, day: date | None = None) -> list[datetime]:
    """When a session could begin, by the agreed clock; on one day, or in the next 31."""
    found = session_reading.times(
        relationship, party.caller, party.mentoring, party.openings, party.now, day, day
    )
    return [each.starts_at for each in found.hours]


def _plan_page(
    party: Party,
    subject: Relationship,
    hours: Sequence[datetime] = (),
    filled: Filled = NOTHING_FILLED,
) -> Response:
    return party.page(
        "plan_session.html",
        filled=filled,
        relationship=subject.id,
        address=f"{party.side.prefix}/{subject.id}/sessions",
        terms=terms_of(party, subject),
        days=sorted({each.date() for each in hours}),
        hours=hours,
        chosen=filled.of("sessions").fields.get("day") if hours else None,
    )
