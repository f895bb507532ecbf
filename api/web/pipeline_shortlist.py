"""A shortlist on a coordinator's page: drawn for one request, ranked by the mentee, proposed from."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.auth.callers import CoordinatorCaller
from api.dependencies import (
    CarrierPart,
    CommandResult,
    OrderPart,
)
from api.routes import shortlists
from api.routes.matching import GatheringPart
from api.web.answers import go_to, require_not_recorded
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.rendering import page

router = APIRouter(
    prefix="/pipeline/{relationship}/shortlist",
    include_in_schema=False,
    dependencies=[ReadForm],
)


class ChooseForm(TypedForm):
    """One mentor of the shortlist."""

    faults: ClassVar[Mapping[str, str]] = {"mentor": "Choose one of the mentors."}
    blamed: ClassVar[str] = "mentor"

    mentor: UUID


@router.get("")
def show(
    relationship: UUID, request: Request, caller: CoordinatorCaller, gathering: GatheringPart
) -> Response:
    """Whom it names, in the mentee's order if they said one."""
    return _page(relationship, request, gathering)


@router.post("")
def draw(
    relationship: UUID,
    request: Request,
    caller: CoordinatorCaller,
    order: OrderPart,
    gathering: GatheringPart,
) -> Response:
    """Draw another."""
    require_not_recorded(request)
    shortlists.draw(relationship, caller, order, gathering, Response())
    return go_to(f"/pipeline/{relationship}/shortlist")


@router.post("/proposals")
def propose(
    relationship: UUID,
    request: Request,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
    gathering: GatheringPart,
) -> Response:
    """Propose one of them."""

    def carry(form: ChooseForm) -> CommandResult:
        body = shortlists.ProposeShortlisted(mentor=form.mentor)
        return shortlists.propose(relationship, body, caller, carrier)

    return carried_out(
        request, ChooseForm, carry, lambda filled: _page(relationship, request, gathering, filled)
    )


def _page(
    relationship: UUID, request: Request, gathering: GatheringPart, filled: Filled = NOTHING_FILLED
) -> Response:
    shown = shortlists.show(
        relationship, gathering.caller, gathering.mentoring, gathering.openings, gathering.now
    )
    return page(
        request,
        "pipeline_shortlist.html",
        status=filled.status,
        caller=gathering.caller,
        filled=filled,
        relationship=relationship,
        shown=shown,
    )
