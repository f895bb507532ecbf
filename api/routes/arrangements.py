"""What a pair changes between them: how often they meet, and whether one would like another partner."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from api.auth.callers import PartyCaller
from api.carrying_out import carry_out
from api.dependencies import (
    Body,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    OrderPart,
    result_of,
)
from api.records.relations import as_participant
from api.records.words import LONGEST_WORDS, seal_words
from domain.commands import relationships as commands
from domain.relationship_events import Cadence, RematchReason

router = APIRouter(prefix="/relationships/{id}", tags=["relationships"])


class ChangeCadence(Body):
    """How often the pair would like to meet from now on."""

    cadence: Cadence = Field(examples=["weekly"])


class RequestRematch(Body):
    """That somebody would like another mentoring partner; no reason is needed."""

    reason: RematchReason = Field(
        default=RematchReason.NO_REASON_GIVEN, examples=["not_the_right_match"]
    )
    words: str | None = Field(
        default=None, min_length=1, max_length=LONGEST_WORDS, examples=["In my own words."]
    )


@router.post("/cadence")
def change_cadence(
    id: UUID,
    body: ChangeCadence,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Meet more or less often."""
    as_participant(mentoring, caller, id)
    recorded = carry_out(
        lambda: commands.change_cadence(mentoring, order, relationship=id, cadence=body.cadence)
    )
    return result_of(recorded, response)


@router.post("/rematch")
def request_rematch(
    id: UUID,
    body: RequestRematch,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    response: Response,
) -> CommandResult:
    """Ask for another mentoring partner, during or after the relationship; it closes nothing by itself."""
    as_participant(mentoring, caller, id)
    recorded = carry_out(
        lambda: commands.request_rematch(
            mentoring,
            order,
            relationship=id,
            reason=body.reason,
            words=seal_words(openings, caller.person, "rematch", body.words),
        )
    )
    return result_of(recorded, response)
