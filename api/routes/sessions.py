"""Sessions of a relationship: planned, moved, cancelled, held, missed, disputed, corrected."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field

from api.auth.callers import CoordinatorCaller, Now, PartyCaller
from api.carrying_out import carry_out
from api.dependencies import (
    Body,
    CommandResult,
    MadeResult,
    MentoringPart,
    OpeningsPart,
    OrderPart,
    made_by,
    result_of,
)
from api.records.openings import Openings, Whose, Why
from api.records.relations import as_coordinator, as_participant
from api.records.words import LONGEST_LINK, LONGEST_WORDS, WordsAnswer, open_words, seal_words
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands import sessions as commands
from domain.commands.sessions import Which
from domain.mentoring import NotFound
from domain.person import CONTACT_PURPOSE
from domain.relationship import Relationship
from domain.relationship_events import Part
from domain.sealed_words import video_link_of
from domain.session import MOST_MINUTES_HELD, CancellationReason, CorrectionReason, Outcome, Plan
from domain.values import Compartment, Sealed, TimeSpan

router = APIRouter(prefix="/relationships/{id}/sessions", tags=["sessions"])

SaidReason = Literal[
    CancellationReason.NO_REASON_GIVEN,
    CancellationReason.CANNOT_ATTEND,
    CancellationReason.TECHNICAL,
]
"""The end of a relationship cancels by itself."""


class PlanSession(Body):
    """One hour, in the zone that the pair agreed on."""

    starts_at: AwareDatetime = Field(examples=["2031-03-03T10:00:00+00:00"])
    ends_at: AwareDatetime = Field(examples=["2031-03-03T11:00:00+00:00"])
    time_zone: str = Field(min_length=1, max_length=64, examples=["Europe/London"])
    video_link: str | None = Field(
        default=None,
        max_length=LONGEST_LINK,
        pattern=r"^https://",
        examples=["https://meet.example/plimsoll"],
    )


class CancelSession(Body):
    """Why a session is cancelled; health and family are nobody's business here."""

    reason: SaidReason = Field(
        default=CancellationReason.NO_REASON_GIVEN, examples=["cannot_attend"]
    )


class ConfirmAttendance(Body):
    """That the pair met, and for how long."""

    minutes: int = Field(ge=1, le=MOST_MINUTES_HELD, examples=[60])


class RecordAbsence(Body):
    """Who did not come."""

    who: Part = Field(examples=["mentor"])


class DisputeAttendance(Body):
    """That the record is wrong, in words if one likes."""

    words: str | None = Field(
        default=None, min_length=1, max_length=LONGEST_WORDS, examples=["In my own words."]
    )


class CorrectAttendance(Body):
    """What the record should say."""

    outcome: Outcome = Field(examples=["held"])
    reason: CorrectionReason = Field(examples=["dispute_upheld"])


class VideoLinkAnswer(BaseModel):
    """Where to click."""

    video_link: WordsAnswer


@router.post("", status_code=201)
def schedule(
    id: UUID,
    body: PlanSession,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    response: Response,
) -> MadeResult:
    """Plan one hour; it reserves a session of the place."""
    as_participant(mentoring, caller, id)
    span = TimeSpan(body.starts_at, body.ends_at, body.time_zone)
    recorded = carry_out(
        lambda: commands.schedule_session(
            mentoring,
            order,
            which=Which(id, order.command_id),
            plan=Plan(span, _sealed_link(openings, caller.person, body.video_link)),
        )
    )
    return made_by(order, recorded, response)


@router.get("/{session}/video-link")
def show_video_link(
    id: UUID,
    session: UUID,
    caller: PartyCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    at: Now,
) -> VideoLinkAnswer:
    """Open the link of a session that lies ahead or is on, for those who meet."""
    subject = as_participant(mentoring, caller, id)
    subject.require_joinable(session, at)
    why = Why(RecordKind.SESSION_DETAILS, AccessPurpose.MENTORING, Authority.AGREEMENT, id)
    link = open_words(
        openings,
        caller,
        video_link_of(mentoring, id, session),
        why,
        now=at,
        shown_to=subject.people,
    )
    return VideoLinkAnswer(video_link=link)


@router.post("/{session}/reschedule")
def reschedule(
    id: UUID,
    session: UUID,
    body: PlanSession,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    response: Response,
) -> CommandResult:
    """Move a session that lies ahead."""
    as_participant(mentoring, caller, id)
    span = TimeSpan(body.starts_at, body.ends_at, body.time_zone)
    recorded = carry_out(
        lambda: commands.reschedule_session(
            mentoring,
            order,
            which=Which(id, session),
            plan=Plan(span, _sealed_link(openings, caller.person, body.video_link)),
        )
    )
    return result_of(recorded, response)


@router.post("/{session}/cancellation")
def cancel(
    id: UUID,
    session: UUID,
    body: CancelSession,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Cancel a session that lies ahead; only a mentee's late notice uses it."""
    as_participant(mentoring, caller, id)
    which = Which(id, session)
    recorded = carry_out(
        lambda: commands.cancel_session(mentoring, order, which=which, reason=body.reason)
    )
    return result_of(recorded, response)


@router.post("/{session}/attendance")
def hold(
    id: UUID,
    session: UUID,
    body: ConfirmAttendance,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Confirm that the pair met."""
    people = tuple(as_participant(mentoring, caller, id).people)
    recorded = carry_out(
        lambda: commands.hold_session(
            mentoring,
            order,
            which=Which(id, session),
            minutes=body.minutes,
            attended_by=people,
        )
    )
    return result_of(recorded, response)


@router.post("/{session}/absence")
def record_absence(
    id: UUID,
    session: UUID,
    body: RecordAbsence,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Record who did not come."""
    who = _person_of(as_participant(mentoring, caller, id), body.who)
    which = Which(id, session)
    recorded = carry_out(lambda: commands.record_absence(mentoring, order, which=which, who=who))
    return result_of(recorded, response)


@router.post("/{session}/dispute")
def dispute(
    id: UUID,
    session: UUID,
    body: DisputeAttendance,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    response: Response,
) -> CommandResult:
    """Say within 14 days that the record of a session is wrong."""
    as_participant(mentoring, caller, id)
    recorded = carry_out(
        lambda: commands.dispute_attendance(
            mentoring,
            order,
            which=Which(id, session),
            words=seal_words(openings, caller.person, "dispute", body.words),
        )
    )
    return result_of(recorded, response)


@router.post("/{session}/correction")
def correct(
    id: UUID,
    session: UUID,
    body: CorrectAttendance,
    caller: CoordinatorCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Correct a record openly, and the place with it."""
    as_coordinator(mentoring, caller, id)
    recorded = carry_out(
        lambda: commands.correct_attendance(
            mentoring,
            order,
            which=Which(id, session),
            outcome=body.outcome,
            reason=body.reason,
        )
    )
    return result_of(recorded, response)


def _sealed_link(openings: Openings, owner: UUID, link: str | None) -> Sealed | None:
    if link is None:
        return None
    return openings.seal(Whose(Compartment.CONTACT, owner, CONTACT_PURPOSE, "video_link"), link)


def _person_of(subject: Relationship, part: Part) -> UUID:
    for participant in subject.participants:
        if participant.part is part:
            return participant.person
    raise NotFound
