"""Mentors as a coordinator sees them: who applied, who takes how many more; a profile only when it is opened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import ConfigDict

from api.auth.callers import CoordinatorCaller, Now
from api.dependencies import (
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    ReaderPart,
    WaitingPart,
)
from api.records.openings import Openings
from api.records.relations import own_partners
from api.routes import mentor_profiles
from api.web.answers import show_effect
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.forms import ReadForm, posted
from api.web.looking import AtLeast, is_there, looked_up
from api.web.rendering import page
from domain.access import Caller
from domain.mentor_profile_events import DecisionReason, ProfileStage
from domain.mentoring import Mentoring
from domain.relationship_events import Kind
from projections.mentor_questions import mentors
from projections.my_caseload import MY_CASELOAD
from projections.programme_questions import programmes
from projections.reader import Reader

router = APIRouter(prefix="/mentors", include_in_schema=False, dependencies=[ReadForm])

KIND_WORDS = {
    Kind.FORMAL: "formal",
    Kind.GROUP: "group",
    Kind.INFORMAL: "informal",
    Kind.REVERSE: "reverse",
    Kind.FOR_DIVERSITY: "for diversity",
}
ROWS_A_PAGE = 25
STAGES: Mapping[ProfileStage, str] = {
    ProfileStage.APPLIED: "Applied",
    ProfileStage.APPROVED: "Approved",
    ProfileStage.NOT_APPROVED: "Not approved",
    ProfileStage.PAUSED: "Paused",
    ProfileStage.LEFT: "Left",
}

REFUSALS: Mapping[DecisionReason, str] = {
    DecisionReason.NO_REASON_GIVEN: "I would rather not say",
    DecisionReason.NOT_THE_RIGHT_TIME: "It is not the right time",
    DecisionReason.EXPERIENCE_NEEDED: "More experience is needed first",
    DecisionReason.CHECKS_INCOMPLETE: "What has to be checked is not complete",
}


@router.get("")
def show(
    request: Request,
    caller: CoordinatorCaller,
    reader: ReaderPart,
    waiting: WaitingPart,
    after: Annotated[int, Query(ge=0, le=10**15)] = 0,
    at_least: AtLeast = None,
) -> Response:
    """Everybody who applied, in that order; nobody with whom the coordinator is or was in a relationship."""
    is_current = is_there(waiting, MY_CASELOAD.name, at_least)
    found = looked_up(lambda: mentors(reader, after=after, most=ROWS_A_PAGE + 1))
    own = looked_up(lambda: own_partners(reader, caller.person))
    return page(
        request,
        "mentors.html",
        caller=caller,
        is_current=is_current,
        rows=[each for each in found[:ROWS_A_PAGE] if each.person not in own],
        stages=STAGES,
        is_first=after == 0,
        next=found[ROWS_A_PAGE - 1].position if len(found) > ROWS_A_PAGE else None,
    )


class ProgrammesForm(TypedForm):
    """Ticks: each field is named by the programme that is ticked."""

    model_config = ConfigDict(extra="allow")
    faults: ClassVar[Mapping[str, str]] = {}
    blamed: ClassVar[str] = "programmes"

    def limits(self) -> mentor_profiles.LimitProgrammes:
        """The same as the API has it."""
        return mentor_profiles.LimitProgrammes.model_validate(
            {"programmes": list(self.model_extra or {})}
        )


class Opening:
    """A coordinator who opens the profile of one mentor."""

    def __init__(
        self,
        request: Request,
        caller: CoordinatorCaller,
        mentoring: MentoringPart,
        openings: OpeningsPart,
        reader: ReaderPart,
        now: Now,
    ) -> None:
        self.request: Request = request
        self.caller: Caller = caller
        self._mentoring: Mentoring = mentoring
        self._openings: Openings = openings
        self._reader: Reader = reader
        self._now: datetime = now

    def page(self, person: UUID, filled: Filled = NOTHING_FILLED) -> Response:
        """Their profile and application, opened for this page; they can read of the look."""
        profile = mentor_profiles.show(
            person, self.caller, self._now, self._mentoring, self._openings, Response()
        )
        return page(
            self.request,
            "mentor.html",
            status=filled.status,
            caller=self.caller,
            filled=filled,
            person=person,
            profile=profile,
            programmes=looked_up(lambda: programmes(self._reader)),
            stages=STAGES,
            refusals=REFUSALS,
            kinds=KIND_WORDS,
        )


OpeningPart = Annotated[Opening, Depends()]


@router.get("/{person}", dependencies=[Depends(mentor_profiles.require_apart)])
def show_one(
    person: UUID, caller: CoordinatorCaller, opening: OpeningPart, at_least: AtLeast = None
) -> Response:
    """One mentor; always as they are now."""
    del at_least
    return opening.page(person)


@router.post("/{person}/programmes", dependencies=[Depends(mentor_profiles.require_apart)])
def limit_programmes(
    person: UUID, caller: CoordinatorCaller, opening: OpeningPart, carrier: CarrierPart
) -> Response:
    """Say in which programmes alone they mentor; with none ticked, in all of them."""

    def carry(form: ProgrammesForm) -> CommandResult:
        return mentor_profiles.programmes(person, form.limits(), caller, carrier)

    return carried_out(
        opening.request, ProgrammesForm, carry, lambda filled: opening.page(person, filled)
    )


@router.post("/{person}/refusal")
def turn_down(
    person: UUID,
    request: Request,
    caller: CoordinatorCaller,
    form: Annotated[mentor_profiles.TurnDown, Depends(posted(mentor_profiles.TurnDown))],
    carrier: CarrierPart,
) -> Response:
    """Decide against an application."""
    done = mentor_profiles.turn_down(person, form, caller, carrier)
    return show_effect(request, done.position)


@router.post("/{person}/approval")
def approve(
    person: UUID,
    request: Request,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> Response:
    """Accept an application."""
    done = mentor_profiles.approve(person, caller, carrier)
    return show_effect(request, done.position)
