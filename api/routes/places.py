"""Places: one practitioner's right to be mentored, with its ledger of sessions."""

from uuid import UUID, uuid4

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller
from api.carrying_out import carry_out
from api.dependencies import Body, CommandResult, MentoringPart, OrderPart, result_of
from domain.commands.places import grant_place
from domain.place import MOST_SESSIONS, Place

router = APIRouter(tags=["places"])


class GrantPlace(Body):
    """A place under a funding agreement."""

    agreement: UUID = Field(examples=["6f9619ff-8b86-4d11-b42d-00c04fc964ff"])
    sessions: int = Field(ge=1, le=MOST_SESSIONS, examples=[3])


class PlaceAnswer(BaseModel):
    """The ledger of a place: granted = free + reserved + used."""

    id: UUID
    agreement: UUID
    relationship: UUID | None
    granted: int
    reserved: int
    used: int
    free: int


@router.post("/places", status_code=201)
def grant(
    body: GrantPlace,
    caller: CoordinatorCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Grant a place."""
    id = uuid4()
    recorded = carry_out(
        lambda: grant_place(
            mentoring, order, id=id, agreement=body.agreement, sessions=body.sessions
        )
    )
    return result_of(recorded, response)


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
        relationship=place.relationship,
        granted=place.granted,
        reserved=len(place.reserved),
        used=len(place.used),
        free=place.free,
    )
