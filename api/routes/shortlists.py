"""Shortlists: up to three mentors for one request, whom the mentee may rank once they have read about them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller, MenteeCaller, Now, may_call
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MadeResult,
    MentoringPart,
    OpeningsPart,
    OrderPart,
    result_of,
)
from api.errors import NotThereYet
from api.records.finding import Finding
from api.records.openings import Why
from api.records.relations import as_coordinator, as_participant
from api.records.shortlists import standing_shortlist
from api.records.words import WordsAnswer, WordsState, open_words
from api.routes.matching import GatheringPart
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands import matching as commands
from domain.values import Role, Sealed
from projections.reader import NotBuiltYet

router = APIRouter(prefix="/relationships/{id}/shortlist", tags=["shortlists"])

MOST = 3
ShortlistReader = Annotated[Caller, Depends(may_call(Role.MENTEE, Role.COORDINATOR))]


class RankMentors(Body):
    """Every mentor of the shortlist, the one whom the mentee would rather have first."""

    mentors: list[UUID] = Field(
        min_length=1, max_length=MOST, examples=[["3d0c7a4e-8d0f-4b8e-a9c5-6c1f0b7f2e21"]]
    )


class ProposeShortlisted(Body):
    """One mentor of the shortlist."""

    mentor: UUID = Field(examples=["3d0c7a4e-8d0f-4b8e-a9c5-6c1f0b7f2e21"])


class ShortlistedAnswer(BaseModel):
    """One mentor; the reasons are opened for the mentee alone."""

    mentor: UUID
    reasons: WordsAnswer


class ShortlistAnswer(BaseModel):
    """The mentors in the order of the mentee, or else as they were found; or why there is nobody."""

    mentors: list[ShortlistedAnswer]
    is_ranked: bool
    nobody_found: WordsAnswer


NOT_GIVEN = WordsAnswer(state=WordsState.NOT_GIVEN)
NOTHING = ShortlistAnswer(mentors=[], is_ranked=False, nobody_found=NOT_GIVEN)


@router.post("", status_code=201)
def draw(
    id: UUID,
    caller: CoordinatorCaller,
    order: OrderPart,
    gathering: GatheringPart,
    response: Response,
) -> CommandResult:
    """Draw a shortlist for one request, or tell the mentee why there is nobody; the newest stands."""
    as_coordinator(gathering.mentoring, caller, id)
    try:
        recorded = Finding(gathering).draw_shortlist(order, id)
    except NotBuiltYet:
        raise NotThereYet from None
    return result_of(recorded, response)


@router.get("")
def show(
    id: UUID, caller: ShortlistReader, mentoring: MentoringPart, openings: OpeningsPart, now: Now
) -> ShortlistAnswer:
    """Show a mentee their shortlist with the reasons, and a coordinator whom it names in which order."""
    if caller.role is Role.COORDINATOR:
        request = as_coordinator(mentoring, caller, id)
    else:
        request = as_participant(mentoring, caller, id)
    shortlist = standing_shortlist(mentoring, request)
    if shortlist is None:
        return NOTHING
    why = Why(RecordKind.PREFERENCES, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD, id)

    def shown(value: Sealed | None) -> WordsAnswer:
        if caller.role is Role.COORDINATOR:
            return NOT_GIVEN
        return open_words(openings, caller, value, why, now=now)

    return ShortlistAnswer(
        mentors=[
            ShortlistedAnswer(mentor=each, reasons=shown(shortlist.of(each).reasons_for_mentee))
            for each in shortlist.in_order
        ],
        is_ranked=bool(shortlist.ranking),
        nobody_found=shown(shortlist.nobody),
    )


@router.put("/ranking")
def rank(
    id: UUID,
    body: RankMentors,
    caller: MenteeCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Say whom one would rather have; a coordinator reads the order, and nobody is told of a lower rank."""
    as_participant(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.rank_shortlist, relationship=id, mentors=tuple(body.mentors))


@router.post("/proposals", status_code=201)
def propose(
    id: UUID,
    body: ProposeShortlisted,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> MadeResult:
    """Propose one mentor of the shortlist, with the reasons that were worked out."""
    as_coordinator(carrier.mentoring, caller, id)
    return carrier.make(commands.propose_shortlisted, relationship=id, mentor=body.mentor)
