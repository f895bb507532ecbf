"""Sessions of a relationship: planned, moved and cancelled, and where to click for them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from api.auth.callers import Now, PartyCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MadeResult,
    MentoringPart,
    OpeningsPart,
)
from api.records.availability import Arranging
from api.records.openings import Openings, Whose, Why
from api.records.relations import as_participant
from api.records.words import LONGEST_LINK, WordsAnswer, open_words
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands import sessions as commands
from domain.commands.sessions import Which
from domain.meeting import (
    Plan,
)
from domain.person import CONTACT_PURPOSE
from domain.sealed_words import video_link_of
from domain.session import (
    CancellationReason,
)
from domain.values import Compartment, Sealed, TimeSpan

router = APIRouter(prefix="/relationships/{id}/sessions", tags=["sessions"])

SaidReason = Literal[
    CancellationReason.NO_REASON_GIVEN,
    CancellationReason.CANNOT_ATTEND,
    CancellationReason.TECHNICAL,
]
"""The end of a relationship cancels by itself."""


VideoLink = Annotated[str, Field(max_length=LONGEST_LINK, pattern=r"^https://")]


class PlanSession(Body):
    """One hour; moved without a link, it keeps the one that it has."""

    starts_at: AwareDatetime = Field(examples=["2031-03-03T10:00:00+00:00"])
    ends_at: AwareDatetime = Field(examples=["2031-03-03T11:00:00+00:00"])
    time_zone: str = Field(min_length=1, max_length=64, examples=["Europe/London"])
    video_link: VideoLink | None = Field(default=None, examples=["https://meet.example/plimsoll"])


class SetVideoLink(Body):
    """Where to click, or null."""

    video_link: VideoLink | None = Field(examples=["https://meet.example/plimsoll"])


class CancelSession(Body):
    """Why a session is cancelled; health and family are nobody's business here."""

    reason: SaidReason = Field(
        default=CancellationReason.NO_REASON_GIVEN, examples=["cannot_attend"]
    )


class VideoLinkAnswer(BaseModel):
    """Where to click."""

    video_link: WordsAnswer


@router.post("", status_code=201)
def schedule(
    id: UUID,
    body: PlanSession,
    caller: PartyCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> MadeResult:
    """Plan one hour; it reserves a session of the place."""
    subject = as_participant(carrier.mentoring, caller, id)
    arranging = Arranging(carrier.mentoring, openings, caller, subject, carrier.order.act.at)
    return carrier.make(
        lambda mentoring, order: commands.schedule_session(
            mentoring,
            order,
            which=Which(id, order.command_id),
            plan=plan_of(body, openings, caller),
            stated=arranging.stated(),
        )
    )


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


@router.put("/{session}/video-link")
def set_video_link(
    id: UUID,
    session: UUID,
    body: SetVideoLink,
    caller: PartyCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Say where to click for a session that stays when it is; null where there is nowhere to any more."""
    as_participant(carrier.mentoring, caller, id)
    return carrier.carry_out(
        lambda mentoring, order: commands.set_video_link(
            mentoring,
            order,
            which=Which(id, session),
            video_link=sealed_link(openings, caller.person, body.video_link),
        )
    )


@router.post("/{session}/reschedule")
def reschedule(
    id: UUID,
    session: UUID,
    body: PlanSession,
    caller: PartyCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Move a session that lies ahead."""
    subject = as_participant(carrier.mentoring, caller, id)
    arranging = Arranging(carrier.mentoring, openings, caller, subject, carrier.order.act.at)
    return carrier.carry_out(
        lambda mentoring, order: commands.reschedule_session(
            mentoring,
            order,
            which=Which(id, session),
            plan=plan_of(body, openings, caller),
            stated=arranging.stated(),
        )
    )


@router.post("/{session}/cancellation")
def cancel(
    id: UUID,
    session: UUID,
    body: CancelSession,
    caller: PartyCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Cancel a session that lies ahead; only a mentee's late notice uses it."""
    as_participant(carrier.mentoring, caller, id)
    which = Which(id, session)
    return carrier.carry_out(commands.cancel_session, which=which, reason=body.reason)


def plan_of(body: PlanSession, openings: Openings, caller: Caller) -> Plan:
    """What is planned, its link sealed under the key of whoever plans it."""
    span = TimeSpan(body.starts_at, body.ends_at, body.time_zone)
    return Plan(span, sealed_link(openings, caller.person, body.video_link))


def sealed_link(openings: Openings, owner: UUID, link: str | None) -> Sealed | None:
    """Where to click, if anywhere, under its owner's key."""
    if link is None:
        return None
    return openings.seal(Whose(Compartment.CONTACT, owner, CONTACT_PURPOSE, "video_link"), link)
