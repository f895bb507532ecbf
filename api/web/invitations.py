"""Issuing invitations on a page: links to hand out, shown once or taken away as a file."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from api.auth.callers import CoordinatorCaller, InvitingCaller
from api.dependencies import (
    Body,
    CarrierPart,
    MentoringPart,
)
from api.inviting import MOST_AT_ONCE, InvitingPart, require_looks_after
from api.routes import invitations as routes
from api.web.answers import go_to
from api.web.forms import ReadForm, posted
from api.web.rendering import page

router = APIRouter(
    prefix="/agreements/{agreement}/invitations",
    include_in_schema=False,
    dependencies=[ReadForm],
)

AS_A_FILE = {"Content-Disposition": 'attachment; filename="invitations.csv"'}


class IssueForm(Body):
    """How many, until when, and as what."""

    count: int = Field(ge=1, le=MOST_AT_ONCE)
    expires_on: date | None = None
    shown_as: Literal["page", "csv"] = "page"


@router.get("")
def show(
    agreement: UUID, request: Request, caller: InvitingCaller, mentoring: MentoringPart
) -> Response:
    """Ask how many; how many there are or were used is not shown."""
    require_looks_after(mentoring, caller, agreement)
    return page(
        request,
        "invitations.html",
        caller=caller,
        agreement=agreement,
        most=MOST_AT_ONCE,
        issued=None,
    )


@router.post("")
def issue(
    agreement: UUID,
    request: Request,
    caller: InvitingCaller,
    form: Annotated[IssueForm, Depends(posted(IssueForm))],
    inviting: InvitingPart,
) -> Response:
    """Issue them, and hand out their links; sent twice, the form shows the same ones."""
    issued = inviting.issue(agreement, form.count, form.expires_on)
    if form.shown_as == "csv":
        return Response(issued.as_csv(), media_type="text/csv", headers=AS_A_FILE)
    return page(
        request,
        "invitations.html",
        caller=caller,
        agreement=agreement,
        most=MOST_AT_ONCE,
        issued=issued,
    )


@router.post("/withdrawal")
def withdraw(agreement: UUID, caller: CoordinatorCaller, carrier: CarrierPart) -> Response:
    """Withdraw all that nobody has used."""
    routes.withdraw(agreement, caller, carrier)
    return go_to(f"/agreements/{agreement}/invitations")
