"""Where a mentor writes down what must be told outside: the form, and that it was handed over."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from api.auth.callers import MentorCaller, Now
from api.dependencies import CarrierPart, CommandResult, MentoringPart, OpeningsPart
from api.records.relations import as_participant
from api.routes import disclosing as routes
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.looking import AtLeast
from api.web.rendering import page
from domain.access import Caller
from domain.disclosure import Ground, NotToldReason
from domain.mentoring import NotFound

router = APIRouter(
    prefix="/my-caseload/{relationship}/disclosure",
    include_in_schema=False,
    dependencies=[ReadForm],
)

LOOKED_AT_AGAIN = timedelta(days=7)
"""When telling the mentee is looked at again, unless the safeguarding lead says another day."""

GROUNDS = {
    Ground.SERIOUS_HARM: "Somebody may come to serious harm",
    Ground.LEGAL_DUTY: "The law says that it must be told",
    Ground.SERIOUS_MISCONDUCT: "Serious professional misconduct",
}


class Known(StrEnum):
    """Whether the mentee knows, as the form asks it."""

    TOLD = "told"
    WOULD_RAISE_RISK = NotToldReason.WOULD_RAISE_RISK.value
    CANNOT_BE_REACHED = NotToldReason.CANNOT_BE_REACHED.value
    LAW_FORBIDS = NotToldReason.LAW_FORBIDS.value


NOT_TOLD = {
    NotToldReason.WOULD_RAISE_RISK: "telling them now would put somebody at risk",
    NotToldReason.CANNOT_BE_REACHED: "they cannot be reached",
    NotToldReason.LAW_FORBIDS: "the law forbids it",
}
KNOWN = {"told": "Yes, I told them"} | {
    each.value: f"Not yet: {words}" for each, words in NOT_TOLD.items()
}


class DisclosureForm(TypedForm):
    """What must be told, to whom, and whether the mentee knows."""

    faults: ClassVar[Mapping[str, str]] = {
        "ground": "Choose why it must be told.",
        "facts": "Write the least that must be told, in 2,000 characters at most.",
        "recipient": "Write who has to be told, in 400 characters at most.",
        "known": "Say whether your mentee knows.",
    }
    blamed: ClassVar[str] = "known"

    ground: Ground
    facts: str = Field(min_length=1, max_length=2000)
    recipient: str = Field(min_length=1, max_length=400)
    known: Known


@router.get("")
def show(
    relationship: UUID, request: Request, caller: MentorCaller, mentoring: MentoringPart
) -> Response:
    """The form, with what happens to it."""
    as_participant(mentoring, caller, relationship)
    return _page(request, caller, relationship)


@router.post("")
def write(
    relationship: UUID,
    request: Request,
    caller: MentorCaller,
    carrier: CarrierPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    at: Now,
) -> Response:
    """Hand it over."""
    as_participant(mentoring, caller, relationship)

    def carry(form: DisclosureForm) -> CommandResult:
        is_told = form.known is Known.TOLD
        body = routes.WriteDisclosure(
            ground=form.ground,
            facts=form.facts,
            recipient=form.recipient,
            mentee_is_told=is_told,
            not_told_reason=None if is_told else NotToldReason(form.known.value),
            look_again_on=None if is_told else (at + LOOKED_AT_AGAIN).date(),
        )
        return routes.write(relationship, body, caller, carrier, openings)

    def again(filled: Filled) -> Response:
        return _page(request, caller, relationship, filled)

    return carried_out(request, DisclosureForm, carry, again)


@router.get("/handed-over")
def show_handed_over(
    relationship: UUID,
    request: Request,
    caller: MentorCaller,
    mentoring: MentoringPart,
    at_least: AtLeast = None,
) -> Response:
    """That it was handed over; of what became of it nothing is shown here."""
    as_participant(mentoring, caller, relationship)
    if at_least is None:
        # Only whoever has just sent the form comes here.
        raise NotFound
    return page(request, "handed_over.html", caller=caller, relationship=relationship)


def _page(
    request: Request, caller: Caller, relationship: UUID, filled: Filled = NOTHING_FILLED
) -> Response:
    return page(
        request,
        "disclosing.html",
        status=filled.status,
        caller=caller,
        filled=filled,
        relationship=relationship,
        grounds=GROUNDS,
        known=KNOWN,
    )
