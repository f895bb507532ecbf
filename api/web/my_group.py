"""A group as its people see it on pages: the facilitator all of it, a member how many they are and their own hours."""

from collections.abc import Callable, Mapping
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Response

from api.dependencies import CommandResult
from api.records.groups import as_facilitator, as_member
from api.routes import groups
from api.routes.arrangements import ChangeCadence
from api.routes.relationships import SaidReason
from api.web.filled import NOTHING_FILLED, AnyForm, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.group_view import group_shown
from api.web.looking import AtLeast
from api.web.pair_arrangements import CLOSING_REASONS
from api.web.pair_view import CADENCE_CHOICES
from api.web.party import Party, PartyPart, Sender, SenderPart
from domain.relationship_events import Cadence, ClosingReason
from domain.values import Role

router = APIRouter(prefix="/my-groups/{group}", include_in_schema=False, dependencies=[ReadForm])


class CadenceForm(TypedForm):
    """How often all of them meet."""

    faults: ClassVar[Mapping[str, str]] = {"cadence": "Choose how often the group meets."}
    blamed: ClassVar[str] = "cadence"

    cadence: Cadence


class EndingForm(TypedForm):
    """Why it ends for everybody."""

    blamed: ClassVar[str] = "reason"

    reason: SaidReason = ClosingReason.NO_FAULT


@router.get("")
def show(group: UUID, party: PartyPart, at_least: AtLeast = None) -> Response:
    """The group, its hours and, for its facilitator, its members; it is shown as it is recorded now."""
    # Forms lead here with a position, and nothing has to be waited for.
    del at_least
    return _page(party, group)


@router.post("/cadence")
def change_cadence(group: UUID, sender: SenderPart) -> Response:
    """Meet more or less often, all of them."""

    def carry(form: CadenceForm) -> CommandResult:
        body = ChangeCadence(cadence=form.cadence)
        return groups.change_cadence(group, body, *sender.carried)

    return _sent(sender, group, CadenceForm, carry)


@router.post("/closing")
def close(group: UUID, sender: SenderPart) -> Response:
    """End it for everybody."""

    def carry(form: EndingForm) -> CommandResult:
        return groups.close(group, groups.CloseGroup(reason=form.reason), *sender.carried)

    return _sent(sender, group, EndingForm, carry)


def _sent(
    sender: Sender, group: UUID, kind: type[AnyForm], carry: Callable[[AnyForm], CommandResult]
) -> Response:
    party = sender.party
    as_facilitator(party.mentoring, party.caller, group)
    return carried_out(party.request, kind, carry, lambda filled: _page(party, group, filled))


def _page(party: Party, group: UUID, filled: Filled = NOTHING_FILLED) -> Response:
    subject = as_member(party.mentoring, party.caller, group)
    seen = groups.seen_by(party.mentoring, subject, party.caller)
    return party.page(
        "my_group.html",
        filled=filled,
        group=group_shown(seen, party.now),
        own=next((id for id, who in subject.members.items() if who == party.caller.person), None),
        cadences=CADENCE_CHOICES,
        closing_reasons=CLOSING_REASONS[Role.MENTOR],
    )
