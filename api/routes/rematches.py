"""Going on with somebody else: one step for a mentee, and the list of who waits for a coordinator."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller, MenteeCaller
from api.dependencies import Body, CarrierPart, CommandResult, MentoringPart, ReaderPart
from api.errors import NotThereYet
from api.fields import Limit
from api.records.relations import as_participant, own_partners
from domain.commands.rematches import NextRequest, ask_again
from domain.relationship_events import Part, RematchReason
from projections.reader import NotYet
from projections.rematch_questions import rematches

router = APIRouter(tags=["relationships"])


class AskAgain(Body):
    """What of the earlier request is taken over, and why somebody else is wanted; no reason is needed."""

    keeps_words: bool = Field(default=True, description="Themes and preferences.")
    keeps_identity_preference: bool = Field(
        default=False, description="Only while the consent for it is live."
    )
    reason: RematchReason = Field(
        default=RematchReason.RELATIONSHIP_ENDED, examples=["relationship_ended"]
    )


class WishAnswer(BaseModel):
    """Somebody who waits for another partner, under their pseudonym; a mentee's next request, once they made it."""

    relationship: UUID
    person: UUID
    part: Part
    reason: RematchReason
    wished_at: datetime
    has_ended: bool
    next_request: UUID | None


class WishPage(BaseModel):
    """A page of those who wait, the longest first, and where the next one begins."""

    wishes: list[WishAnswer]
    next: int | None


@router.post("/relationships/{id}/next-request", status_code=201)
def ask(
    id: UUID,
    body: AskAgain,
    caller: MenteeCaller,
    mentoring: MentoringPart,
    carrier: CarrierPart,
) -> CommandResult:
    """Ask for another mentoring partner on what is left of the place; answers the new request."""
    as_participant(mentoring, caller, id)
    asked = NextRequest(id, body.keeps_words, body.keeps_identity_preference, body.reason)
    return carrier.carry_out(ask_again, asked=asked)


@router.get("/rematches")
def list_them(
    caller: CoordinatorCaller,
    reader: ReaderPart,
    cursor: Annotated[int, Query(ge=0, le=10**15)] = 0,
    limit: Limit = 50,
) -> WishPage:
    """List who waits for somebody else; none that the coordinator is or was mentored with."""
    try:
        rows = rematches(reader, after=cursor, most=limit)
        own = own_partners(reader, caller.person)
    except NotYet:
        raise NotThereYet from None
    wishes = [
        WishAnswer(
            relationship=row.relationship,
            person=row.person,
            part=row.part,
            reason=row.reason,
            wished_at=row.wished_at,
            has_ended=row.is_closed,
            next_request=row.next_request,
        )
        for row in rows
        if row.person not in own
    ]
    return WishPage(wishes=wishes, next=rows[-1].position if len(rows) == limit else None)
