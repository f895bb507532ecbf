"""What a pair changes between them: how often they meet, and whether one would like another partner."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from api.auth.callers import PartyCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    OpeningsPart,
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
    carrier: CarrierPart,
) -> CommandResult:
    """Meet more or less often."""
    as_participant(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.change_cadence, relationship=id, cadence=body.cadence)


@router.post("/rematch")
def request_rematch(
    id: UUID,
    body: RequestRematch,
    caller: PartyCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Ask for another mentoring partner, during or after the relationship; it closes nothing by itself."""
    as_participant(carrier.mentoring, caller, id)
    return carrier.carry_out(
        lambda mentoring, order: commands.request_rematch(
            mentoring,
            order,
            relationship=id,
            reason=body.reason,
            words=seal_words(openings, caller.person, "rematch", body.words),
        )
    )
