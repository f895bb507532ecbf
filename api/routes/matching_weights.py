"""How much each aspect counts in the matching of a programme: set by a coordinator, in versions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller
from api.dependencies import Body, CarrierPart, CommandResult, MentoringPart
from api.fields import named_by
from domain.commands import matching as commands
from domain.matching.aspects import Aspect
from domain.matching.weights import HEAVIEST, as_mapping
from domain.programme import Programme

router = APIRouter(tags=["matching"])

AWeight = Annotated[int, Field(ge=0, le=HEAVIEST)]


class SetWeights(Body):
    """How much each aspect counts, from 0 to 10; what is left out counts as usual."""

    weights: Annotated[dict[Aspect, AWeight], named_by(Aspect)] = Field(
        max_length=len(Aspect), examples=[{"themes": 6}]
    )


class WeightsAnswer(BaseModel):
    """The weights of a programme; each set of them is another version, and 0 is the usual one."""

    version: int
    weights: dict[Aspect, int]


@router.put("/programmes/{id}/weights")
def set_weights(
    id: UUID,
    body: SetWeights,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Say how much each aspect counts in the matching from now on."""
    return carrier.carry_out(commands.set_weights, programme=id, weights=body.weights)


@router.get("/programmes/{id}/weights")
def show_weights(id: UUID, caller: CoordinatorCaller, mentoring: MentoringPart) -> WeightsAnswer:
    """Show how much each aspect counts."""
    programme = mentoring.load(Programme, id)
    return WeightsAnswer(
        version=programme.weights_version, weights=dict(as_mapping(programme.weights))
    )
