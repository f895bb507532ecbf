"""Invitations: pools of single-use links that are handed out, and withdrawn all at once, never one by one."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller, InvitingCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
)
from api.inviting import MOST_AT_ONCE, InvitingPart, Links
from domain.commands.invitations import withdraw_invitations, withdraw_without_agreement

router = APIRouter(tags=["invitations"])


class IssueInvitations(Body):
    """How many, and their last day; without one they last as long as the agreement, or ninety days."""

    count: int = Field(ge=1, le=MOST_AT_ONCE, examples=[1])
    expires_on: date | None = Field(default=None, examples=[None])


class InvitationsAnswer(BaseModel):
    """Links to hand out, one to each practitioner; they are kept nowhere and seen this once."""

    links: list[str]
    expires_on: date


@router.post("/agreements/{id}/invitations", status_code=201)
def issue(
    id: UUID, body: IssueInvitations, caller: InvitingCaller, inviting: InvitingPart
) -> InvitationsAnswer:
    """Issue invitations; a sponsor contact issues as many as their agreement has places, once."""
    return _answer(inviting.issue(id, body.count, body.expires_on))


@router.post("/agreements/{id}/invitations/withdrawal")
def withdraw(
    id: UUID,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Withdraw all that nobody has used."""
    return carrier.carry_out(withdraw_invitations, agreement=id)


@router.post("/programmes/{id}/invitations", status_code=201)
def issue_without_agreement(
    id: UUID, body: IssueInvitations, caller: CoordinatorCaller, inviting: InvitingPart
) -> InvitationsAnswer:
    """Issue invitations into a programme whose places nobody has to pay for."""
    return _answer(inviting.issue_without_agreement(id, body.count, body.expires_on))


@router.post("/programmes/{id}/invitations/withdrawal")
def withdraw_from_programme(
    id: UUID, caller: CoordinatorCaller, carrier: CarrierPart
) -> CommandResult:
    """Withdraw all that were issued under the programme itself and that nobody has used."""
    return carrier.carry_out(withdraw_without_agreement, programme=id)


def _answer(issued: Links) -> InvitationsAnswer:
    return InvitationsAnswer(links=list(issued.links), expires_on=issued.expires_on)
