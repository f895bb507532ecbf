"""Mentors: their application, their capacity, and what they chose to show of themselves."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller, MentorCaller, Now, SchemeCaller
from api.dependencies import (
    ApartPart,
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
)
from api.fields import OwnWords, PersonName
from api.records.openings import Openings, Why
from api.records.profiles import Shown, open_profile, seal_profile
from api.records.relations import as_participant, proposal_now
from api.records.shortlists import is_shortlisted
from api.records.words import WordsAnswer, WordsState, open_words, seal_words
from crypto.errors import Erased
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands.mentor_profiles import (
    apply_to_mentor,
    approve_mentor,
    leave_mentoring,
    limit_programmes,
    offer_kinds,
    pause_mentor,
    publish_profile,
    resume_mentor,
    set_capacity,
    turn_down_mentor,
)
from domain.mentor_profile import MOST_CAPACITY, MentorProfile
from domain.mentor_profile_events import DecisionReason, ProfileStage
from domain.mentoring import Mentoring, NotFound
from domain.relationship_events import Kind
from domain.values import Role

router = APIRouter(tags=["mentor profiles"])

PROFILE = RecordKind.PROFILE
MOST_PROGRAMMES = 50
ONES_OWN = Why(PROFILE, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)
BY_DUTY = Why(PROFILE, AccessPurpose.MATCHING, Authority.ASSIGNED_DUTY)


class ApplyToMentor(Body):
    """An offer to mentor, with words for the coordinator."""

    words: OwnWords | None = Field(default=None, examples=["I have led two teams through change."])


class PublishProfile(Body):
    """What a mentor chose to show to those they are proposed to."""

    display_name: PersonName = Field(examples=["Grace"])
    words: OwnWords = Field(examples=["Twenty years in rural practice; I listen first."])


class SetCapacity(Body):
    """How many relationships at once."""

    capacity: int = Field(ge=0, le=MOST_CAPACITY, examples=[2])


class OfferKinds(Body):
    """Which kinds of mentoring one offers; two who found each other need no offer."""

    kinds: list[Kind] = Field(min_length=1, max_length=len(Kind), examples=[["formal", "reverse"]])


class LimitProgrammes(Body):
    """The only programmes in which somebody mentors."""

    programmes: list[UUID] = Field(max_length=MOST_PROGRAMMES, examples=[[]])


class StandingAnswer(BaseModel):
    """How a mentor stands with the scheme; for coordinators and the mentor alone."""

    stage: ProfileStage
    capacity: int
    free: int
    kinds: list[Kind]
    programmes: list[UUID] = Field(description="Where alone they mentor; none means everywhere.")
    application: WordsAnswer


class ProfileAnswer(BaseModel):
    """What a mentor shows, as far as it can be shown."""

    person: UUID
    state: WordsState
    display_name: str | None = None
    words: str | None = None
    standing: StandingAnswer | None = None


class TurnDown(Body):
    """Why an offer is not taken up; no reason is needed."""

    reason: DecisionReason = Field(
        default=DecisionReason.NO_REASON_GIVEN, examples=["not_the_right_time"]
    )


@router.post("/me/mentor-profile", status_code=201)
def apply(
    body: ApplyToMentor,
    caller: MentorCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Offer to mentor."""
    return carrier.carry_out(
        lambda mentoring, order: apply_to_mentor(
            mentoring,
            order,
            person=caller.person,
            words=seal_words(openings, caller.person, "application", body.words),
        )
    )


@router.post("/mentor-profiles/{person}/approval", status_code=201)
def approve(
    person: UUID,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Accept an application."""
    return carrier.carry_out(approve_mentor, person=person)


@router.post("/mentor-profiles/{person}/refusal", status_code=201)
def turn_down(
    person: UUID,
    body: TurnDown,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Decide against an application; who applied is told that there is news, and never the reason."""
    return carrier.carry_out(turn_down_mentor, person=person, reason=body.reason)


@router.put("/me/mentor-profile/published")
def publish(
    body: PublishProfile,
    caller: MentorCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Choose what to show."""
    shown = Shown(body.display_name, body.words)
    return carrier.carry_out(
        lambda mentoring, order: publish_profile(
            mentoring,
            order,
            person=caller.person,
            profile=seal_profile(openings, caller.person, shown),
        )
    )


@router.put("/me/mentor-profile/capacity")
def capacity(
    body: SetCapacity,
    caller: MentorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Say how many relationships one can be in at once."""
    return carrier.carry_out(set_capacity, person=caller.person, capacity=body.capacity)


@router.put("/me/mentor-profile/kinds")
def kinds(body: OfferKinds, caller: MentorCaller, carrier: CarrierPart) -> CommandResult:
    """Say which kinds of mentoring one offers, instead of those before."""
    return carrier.carry_out(offer_kinds, person=caller.person, kinds=body.kinds)


@router.put("/mentor-profiles/{person}/programmes")
def programmes(
    person: UUID, body: LimitProgrammes, caller: CoordinatorCaller, carrier: CarrierPart
) -> CommandResult:
    """Say in which programmes alone somebody mentors; with none named, in all of them."""
    return carrier.carry_out(limit_programmes, person=person, programmes=body.programmes)


@router.post("/me/mentor-profile/pause")
def pause(caller: MentorCaller, carrier: CarrierPart) -> CommandResult:
    """Take no new relationships for a while; those that run go on."""
    return carrier.carry_out(pause_mentor, person=caller.person)


@router.post("/me/mentor-profile/resumption")
def resume(caller: MentorCaller, carrier: CarrierPart) -> CommandResult:
    """Take new relationships again."""
    return carrier.carry_out(resume_mentor, person=caller.person)


@router.post("/me/mentor-profile/leaving")
def leave(caller: MentorCaller, carrier: CarrierPart) -> CommandResult:
    """Leave the scheme; the clerk then closes each relationship, and sessions ahead cost nobody anything."""
    return carrier.carry_out(leave_mentoring, person=caller.person)


def require_apart(person: UUID, caller: SchemeCaller, apart: ApartPart) -> None:
    """Refuse a coordinator whose own partner it is."""
    apart.require(caller, person)


@router.get("/mentor-profiles/{person}", dependencies=[Depends(require_apart)])
def show(
    person: UUID,
    caller: SchemeCaller,
    now: Now,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    response: Response,
    relationship: Annotated[
        UUID | None, Query(description="A mentee's relationship in which they are proposed.")
    ] = None,
) -> ProfileAnswer:
    """Open what a mentor shows; the look is recorded and they can see it."""
    why = _reason(caller, person) or _as_mentee(mentoring, caller, person, relationship, now)
    try:
        profile = mentoring.load(MentorProfile, MentorProfile.id_of(person))
    except Erased:
        return ProfileAnswer(person=person, state=WordsState.ERASED)
    answer = _published(openings, caller, profile, why, now)
    if caller.role is not Role.MENTEE:
        answer.standing = _standing(openings, caller, profile, why, now)
    response.headers["ETag"] = f'"{profile.version}"'
    return answer


def _reason(caller: Caller, person: UUID) -> Why | None:
    """Why the caller may look wherever they are in, if they may."""
    if caller.role is Role.COORDINATOR:
        return BY_DUTY
    if caller.person == person and caller.role is Role.MENTOR:
        return ONES_OWN
    return None


def _as_mentee(
    mentoring: Mentoring, caller: Caller, person: UUID, relationship: UUID | None, now: datetime
) -> Why:
    """Why a mentee may look; to whom it is not shown, it is absent."""
    if relationship is None or caller.role is not Role.MENTEE:
        raise NotFound
    subject = as_participant(mentoring, caller, relationship)
    proposal = proposal_now(subject, now)
    is_theirs = person in {subject.mentor, proposal.mentor if proposal else None}
    if not (is_theirs or is_shortlisted(mentoring, subject, person)):
        raise NotFound
    return Why(PROFILE, AccessPurpose.MATCHING, Authority.CONSENT, relationship)


def _published(
    openings: Openings, caller: Caller, profile: MentorProfile, why: Why, now: datetime
) -> ProfileAnswer:
    state, shown = open_profile(
        openings, caller, profile.published, why, now=now, shown_to=(caller.person,)
    )
    if shown is None:
        return ProfileAnswer(person=profile.person, state=state)
    return ProfileAnswer(
        person=profile.person,
        state=state,
        display_name=shown.display_name,
        words=shown.words,
    )


def _standing(
    openings: Openings, caller: Caller, profile: MentorProfile, why: Why, now: datetime
) -> StandingAnswer:
    return StandingAnswer(
        stage=profile.stage,
        capacity=profile.capacity,
        free=profile.free,
        kinds=sorted(profile.kinds),
        programmes=sorted(profile.programmes),
        application=open_words(openings, caller, profile.words, why, now=now),
    )
