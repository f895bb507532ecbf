"""Places: one practitioner's right to be mentored, with its ledger of sessions."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from api.auth.callers import CoordinatorCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
)
from domain.commands.footing import footing_under
from domain.commands.places import extend_place, grant_place, return_unused
from domain.place import MOST_SESSIONS, Place

router = APIRouter(tags=["places"])


class GrantPlace(Body):
    """A place under a funding agreement, or under a programme whose places nobody has to pay for: name one of them."""

    agreement: UUID | None = Field(default=None, examples=["6f9619ff-8b86-4d11-b42d-00c04fc964ff"])
    programme: UUID | None = Field(default=None, examples=[None])
    sessions: int | None = Field(
        default=None,
        ge=1,
        le=MOST_SESSIONS,
        examples=[3],
        description="As many as the agreement or the programme says, unless fewer are named.",
    )
    mentee: UUID | None = Field(
        default=None, examples=[None], description="Whose it is; else whoever is told of it asks."
    )

    @model_validator(mode="after")
    def _under_one(self) -> "GrantPlace":
        if (self.agreement is None) == (self.programme is None):
            raise PydanticCustomError("one_of_two", "Name an agreement or a programme.")
        return self

    @property
    def under(self) -> UUID:
        """Whichever was named."""
        found = self.agreement or self.programme
        assert found is not None  # noqa: S101 - the validator has seen to it
        return found


class ExtendPlace(Body):
    """How many sessions more; somebody else than the mentor decides that."""

    sessions: int = Field(ge=1, le=MOST_SESSIONS, examples=[1])


class PlaceAnswer(BaseModel):
    """The ledger of a place: granted = free + reserved + used; without an agreement nobody pays for it."""

    id: UUID
    programme: UUID
    agreement: UUID | None
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
        agreement=body.under,
        sessions=body.sessions,
        mentee=body.mentee,
    )


@router.get("/places/{id}")
def show(
    id: UUID, caller: CoordinatorCaller, mentoring: MentoringPart, response: Response
) -> PlaceAnswer:
    """Show the ledger of a place."""
    place = mentoring.load(Place, id)
    footing = footing_under(mentoring, place.agreement)
    response.headers["ETag"] = f'"{place.version}"'
    return PlaceAnswer(
        id=place.id,
        programme=footing.programme.id,
        agreement=footing.agreement.id if footing.agreement else None,
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
