"""Issuing invitations on a page: links to hand out, shown once or taken away as a file."""

from dataclasses import dataclass
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
from api.inviting import MOST_AT_ONCE, InvitingPart, Links, require_looks_after
from api.routes import invitations as routes
from api.web.answers import go_to
from api.web.forms import ReadForm, posted
from api.web.rendering import page, short_reference
from domain.access import Caller
from domain.commands.footing import Footing
from domain.commands.places import ceiling_of
from domain.programme import Programme

router = APIRouter(include_in_schema=False, dependencies=[ReadForm])

AS_A_FILE = {"Content-Disposition": 'attachment; filename="invitations.csv"'}


class IssueForm(Body):
    """How many, until when, and as what."""

    count: int = Field(ge=1, le=MOST_AT_ONCE)
    expires_on: date | None = None
    shown_as: Literal["page", "csv"] = "page"


@dataclass(frozen=True)
class Pool:
    """Whose invitations a page is about, and where it leads back to."""

    address: str
    back: str
    back_words: str
    title: str
    lasts: str

    def page(self, request: Request, caller: Caller, issued: Links | None = None) -> Response:
        """Ask how many, and show the links that were made; how many there are or were used is not shown."""
        return page(
            request,
            "invitations.html",
            caller=caller,
            pool=self,
            most=MOST_AT_ONCE,
            issued=issued,
        )

    def answer(self, request: Request, caller: Caller, form: IssueForm, issued: Links) -> Response:
        """Show the links, or hand them out as a file."""
        if form.shown_as == "csv":
            return Response(issued.as_csv(), media_type="text/csv", headers=AS_A_FILE)
        return self.page(request, caller, issued)


def pool_of_agreement(agreement: UUID) -> Pool:
    """What an organisation pays for."""
    return Pool(
        f"/agreements/{agreement}/invitations",
        "/places-and-money",
        "Back to places and money",
        f"Invitations of agreement {short_reference(agreement)}",
        "as long as the agreement lasts",
    )


def pool_of_programme(programme: Programme) -> Pool:
    """What nobody has to pay for; raises PlaceNeedsFunding where somebody has."""
    ceiling_of(Footing(programme))
    here = f"/programmes/{programme.id}"
    name = programme.settings.name
    back = f"Back to {name}"
    return Pool(f"{here}/invitations", here, back, f"Invitations to {name}", "ninety days")


@router.get("/agreements/{agreement}/invitations")
def show(
    agreement: UUID, request: Request, caller: InvitingCaller, mentoring: MentoringPart
) -> Response:
    """Ask how many."""
    require_looks_after(mentoring, caller, agreement)
    return pool_of_agreement(agreement).page(request, caller)


@router.post("/agreements/{agreement}/invitations")
def issue(
    agreement: UUID,
    request: Request,
    caller: InvitingCaller,
    form: Annotated[IssueForm, Depends(posted(IssueForm))],
    inviting: InvitingPart,
) -> Response:
    """Issue them, and hand out their links; sent twice, the form shows the same ones."""
    issued = inviting.issue(agreement, form.count, form.expires_on)
    return pool_of_agreement(agreement).answer(request, caller, form, issued)


@router.post("/agreements/{agreement}/invitations/withdrawal")
def withdraw(agreement: UUID, caller: CoordinatorCaller, carrier: CarrierPart) -> Response:
    """Withdraw all that nobody has used."""
    routes.withdraw(agreement, caller, carrier)
    return go_to(f"/agreements/{agreement}/invitations")


@router.get("/programmes/{programme}/invitations")
def show_for_programme(
    programme: UUID, request: Request, caller: CoordinatorCaller, mentoring: MentoringPart
) -> Response:
    """Ask how many, for a programme whose places nobody has to pay for."""
    return pool_of_programme(mentoring.load(Programme, programme)).page(request, caller)


@router.post("/programmes/{programme}/invitations")
def issue_for_programme(
    programme: UUID,
    request: Request,
    caller: CoordinatorCaller,
    form: Annotated[IssueForm, Depends(posted(IssueForm))],
    inviting: InvitingPart,
) -> Response:
    """Issue them, and hand out their links."""
    issued = inviting.issue_without_agreement(programme, form.count, form.expires_on)
    pool = pool_of_programme(inviting.mentoring.load(Programme, programme))
    return pool.answer(request, caller, form, issued)


@router.post("/programmes/{programme}/invitations/withdrawal")
def withdraw_for_programme(
    programme: UUID, caller: CoordinatorCaller, carrier: CarrierPart
) -> Response:
    """Withdraw all that nobody has used."""
    routes.withdraw_from_programme(programme, caller, carrier)
    return go_to(f"/programmes/{programme}/invitations")
