"""What either party can change between the two: how often they meet, a pause, another partner, an ending."""

from collections.abc import Callable, Mapping
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from api.dependencies import CommandResult
from api.records.words import LONGEST_WORDS
from api.routes import arrangements, relationships
from api.web.filled import NOTHING_FILLED, AnyForm, ButtonForm, Filled, TypedForm, carried_out
from api.web.pair_view import CADENCE_CHOICES, MATCHED
from api.web.party import Party, PartyPart, Sender, SenderPart
from domain.relationship_events import Cadence, ClosingReason, RematchReason
from domain.values import Role

router = APIRouter(prefix="/{relationship}", include_in_schema=False)

TOO_LONG: Mapping[str, str] = {"words": "Write at most 4,000 characters."}

CLOSING_REASONS: Mapping[Role, Mapping[ClosingReason, str]] = {
    Role.MENTEE: {
        ClosingReason.NO_FAULT: "No particular reason",
        ClosingReason.GOALS_MET: "I have reached what I set out to do",
        ClosingReason.COMPLETED: "We have finished",
        ClosingReason.MENTEE_LEFT: "I cannot go on",
    },
    Role.MENTOR: {
        ClosingReason.NO_FAULT: "No particular reason",
        ClosingReason.GOALS_MET: "What was set out to be done is reached",
        ClosingReason.COMPLETED: "We have finished",
        ClosingReason.MENTOR_UNAVAILABLE: "I cannot go on",
    },
}
REMATCH_REASONS = {
    RematchReason.NO_REASON_GIVEN: "I would rather not say",
    RematchReason.NOT_THE_RIGHT_MATCH: "I do not think we are the right match",
    RematchReason.AVAILABILITY: "We do not find times that suit us both",
    RematchReason.RELATIONSHIP_ENDED: "This has ended, and I would like to go on with somebody else",
}


class CadenceForm(TypedForm):
    """How often."""

    faults: ClassVar[Mapping[str, str]] = {"cadence": "Choose how often you would like to meet."}
    blamed: ClassVar[str] = "cadence"

    cadence: Cadence


class RematchForm(TypedForm):
    """That one would like another partner; no reason is needed."""

    faults: ClassVar[Mapping[str, str]] = TOO_LONG
    blamed: ClassVar[str] = "reason"

    reason: RematchReason = RematchReason.NO_REASON_GIVEN
    words: str | None = Field(default=None, max_length=LONGEST_WORDS)


class ClosingForm(TypedForm):
    """Why it ends; "no fault" is always an answer."""

    faults: ClassVar[Mapping[str, str]] = TOO_LONG
    blamed: ClassVar[str] = "reason"

    reason: relationships.SaidReason = ClosingReason.NO_FAULT
    words: str | None = Field(default=None, max_length=LONGEST_WORDS)


@router.get("/arrangements")
def show(relationship: UUID, party: PartyPart) -> Response:
    """What can be changed between the two."""
    return _page(party, relationship)


@router.post("/cadence")
def change_cadence(relationship: UUID, sender: SenderPart) -> Response:
    """Meet more or less often."""

    def carry(form: CadenceForm) -> CommandResult:
        body = arrangements.ChangeCadence(cadence=form.cadence)
        return arrangements.change_cadence(relationship, body, *sender.carried)

    return _sent(sender, relationship, CadenceForm, carry)


@router.post("/pause")
def pause(relationship: UUID, sender: SenderPart) -> Response:
    """Plan nothing for a while."""

    def carry(_form: ButtonForm) -> CommandResult:
        return relationships.pause(relationship, *sender.carried)

    return _sent(sender, relationship, ButtonForm, carry)


@router.post("/resumption")
def resume(relationship: UUID, sender: SenderPart) -> Response:
    """Go on after a pause."""

    def carry(_form: ButtonForm) -> CommandResult:
        return relationships.resume(relationship, *sender.carried)

    return _sent(sender, relationship, ButtonForm, carry)


@router.post("/rematch")
def request_rematch(relationship: UUID, sender: SenderPart) -> Response:
    """Ask for another mentoring partner."""

    def carry(form: RematchForm) -> CommandResult:
        body = arrangements.RequestRematch(reason=form.reason, words=form.words)
        return arrangements.request_rematch(relationship, body, *sender.carried_with_words)

    return _sent(sender, relationship, RematchForm, carry)


@router.post("/closing")
def close(relationship: UUID, sender: SenderPart) -> Response:
    """End it, without fault."""

    def carry(form: ClosingForm) -> CommandResult:
        body = relationships.CloseRelationship(reason=form.reason, words=form.words)
        return relationships.close(relationship, body, *sender.carried_with_words)

    return _sent(sender, relationship, ClosingForm, carry)


def _sent(
    sender: Sender,
    relationship: UUID,
    kind: type[AnyForm],
    carry: Callable[[AnyForm], CommandResult],
) -> Response:
    sender.party.relationship(relationship)
    return carried_out(
        sender.party.request,
        kind,
        carry,
        lambda filled: _page(sender.party, relationship, filled),
    )


def _page(party: Party, relationship: UUID, filled: Filled = NOTHING_FILLED) -> Response:
    subject = party.relationship(relationship)
    return party.page(
        "arrangements.html",
        filled=filled,
        relationship=subject.id,
        back=party.side.home(subject.id),
        stage=subject.stage,
        group=subject.group if subject.stage in MATCHED else None,
        is_matched=subject.stage in MATCHED,
        cadence=subject.cadence,
        cadences=CADENCE_CHOICES,
        wants_rematch=party.caller.person in subject.rematch_wanted_by,
        rematch_reasons=REMATCH_REASONS,
        closing_reasons=CLOSING_REASONS[party.caller.role],
    )
