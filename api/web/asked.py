"""Where somebody who came by a mentee's link reads what they are asked, and says yes or no."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Response

from api.auth.callers import MentorCaller
from api.dependencies import CommandResult
from api.routes import partners
from api.web.answers import go_to
from api.web.asking import MODES
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.pair_view import CADENCES
from api.web.party import Party, PartyPart, SenderPart
from domain.commands.loading import find_ledger
from domain.values import Purpose

router = APIRouter(
    prefix="/my-caseload/{relationship}/asked",
    include_in_schema=False,
    dependencies=[ReadForm],
)


class YesForm(TypedForm):
    """A yes, with nothing to fill in."""

    faults: ClassVar[Mapping[str, str]] = {}
    blamed: ClassVar[str] = ""


@router.get("")
def show(relationship: UUID, caller: MentorCaller, party: PartyPart) -> Response:
    """What the mentee chose to say; the look is recorded and they can see it."""
    return _page(party, relationship)


@router.post("/acceptance")
def accept(relationship: UUID, caller: MentorCaller, sender: SenderPart) -> Response:
    """Say yes."""

    def carry(_form: YesForm) -> CommandResult:
        return partners.accept(relationship, *sender.carried_with_words)

    party = sender.party
    return carried_out(
        party.request, YesForm, carry, lambda filled: _page(party, relationship, filled)
    )


@router.post("/refusal")
def refuse(relationship: UUID, caller: MentorCaller, sender: SenderPart) -> Response:
    """Say no; the relationship is not theirs to see any more."""
    done = partners.refuse(relationship, *sender.carried)
    return go_to(f"/my-caseload?at_least={done.position}")


def _page(party: Party, relationship: UUID, filled: Filled = NOTHING_FILLED) -> Response:
    asked = partners.show(relationship, party.caller, party.mentoring, party.openings, party.now)
    ledger = find_ledger(party.mentoring, party.caller.person)
    return party.page(
        "asked.html",
        filled=filled,
        relationship=relationship,
        asked=asked,
        mode=MODES[asked.mode],
        cadence=CADENCES[asked.cadence],
        takes_part=ledger is not None and ledger.is_live(Purpose.TAKE_PART, party.now),
    )
