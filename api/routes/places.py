"""Places: one practitioner's right to be mentored, with its ledger of sessions."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
)
from domain.commands.places import extend_place, grant_place, return_unused
from domain.place import MOST_SESSIONS, Place

router = APIRouter(tags=["places"])


class GrantPlace(Body):
    """A place under a funding agreement."""

    agreement: UUID = Field(examples=["6f9619ff-8b86-4d11-b42d-00c04fc964ff"])
    sessions: int | None = Field(
        default=None,
        ge=1,
        le=MOST_SESSIONS,
        examples=[3],
        description="As many as the agreement says, unless fewer are named.",
    )
    mentee: UUID | None = Field(
        default=None, examples=[None], description="Whose it is; else whoever is told of it asks."
    )


class ExtendPlace(Body):
    """How many sessions more; somebody else than the mentor decides that."""

    sessions: int = Field(ge=1, le=MOST_SESSIONS, examples=[1])


class PlaceAnswer(BaseModel):
    """The ledger of a place: granted = free + reserved + used."""

    id: UUID
    agreement: UUID
    mentee: UUID | None
    relationship: UUID | None
    granted: int
    reserved: int
    used: int
    free: int


@router.post("/places", status_code=201)
def grant(
    body: GrantPlace,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Grant a place."""
    return carrier.carry_out(
        grant_place,
        # The command's id, which a repetition shares.
        id=carrier.order.command_id,
        agreement=body.agreement,
        sessions=body.sessions,
        mentee=body.mentee,
    )


@router.get("/places/{id}")
def show(
    id: UUID, caller: CoordinatorCaller, mentoring: MentoringPart, response: Response
) -> PlaceAnswer:
    """Show the ledger of a place."""
    place = mentoring.load(Place, id)
    response.headers["ETag"] = f'"{place.version}"'
    return PlaceAnswer(
        id=place.id,
        agreement=place.agreement,
        mentee=place.mentee,
        relationship=place.relationship,
        granted=place.granted,
        reserved=len(place.reserved),
        used=len(place.used),
        free=place.free,
    )


@router.post("/places/{id}/extension")
def extend(
    id: UUID,
    body: ExtendPlace,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Grant more sessions, where funding is free."""
    return carrier.carry_out(extend_place, place=id, sessions=body.sessions)


@router.post("/places/{id}/return")
def give_back(
    id: UUID,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Give what a place does not use back to its agreement."""
    return carrier.carry_out(return_unused, place=id)
